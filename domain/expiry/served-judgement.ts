import type { Severity } from '../finding.ts';
import { daysAfter, daysLeft } from './days-left.ts';
import type { ServedCertificateWrong } from './report.ts';
import type { Endpoint, Handshake, ServedCertificate } from './served.ts';
import type { Telling } from './telling.ts';
import { crossedThreshold, severityAt } from './thresholds.ts';

/** A certificate that AWS says is attached where we looked; a listener may have several, RSA and ECDSA among them. */
export interface AttachedCertificate {
  readonly arn: string;
  readonly name: string;
  readonly notAfter: Date | undefined;
  /** As AWS writes it; known where it was read in detail. */
  readonly serial: string | undefined;
  /** When the certificate as it stands was issued or imported; known where it was read in detail. */
  readonly renewedAt: Date | undefined;
}

/** What an endpoint serves, judged. */
export type ServedJudgement =
  | { readonly kind: 'right'; readonly notAfter: Date }
  /** It serves what is attached, and that has expired: told of the certificate itself. */
  | { readonly kind: 'told-of-certificate' }
  | { readonly kind: 'wrong'; readonly body: ServedCertificateWrong; readonly telling: Telling };

type Finding = ServedCertificateWrong['finding'];

/** So long after a renewal the old certificate may still be served, while AWS hands out the new one. */
const ROLL_OUT_DAYS = 1;

/** Who renews what is not in ACM is not known; most do it at 30 days, and a nearer end is late. */
const OUTSIDE_IS_LATE_DAYS = 14;

const plainSerial = (serial: string): string =>
  serial
    .replaceAll(/[^0-9a-f]/gi, '')
    .replace(/^0+/, '')
    .toUpperCase();

const wholeSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** Whether a server serves this very certificate: by its serial number, else, as far as a list tells, by its end. */
export const isServed = (leaf: ServedCertificate, { serial, notAfter }: AttachedCertificate): boolean =>
  serial === undefined
    ? notAfter !== undefined && wholeSeconds(leaf.notAfter) === wholeSeconds(notAfter)
    : plainSerial(leaf.serial) === plainSerial(serial);

const isRollingOut = ({ renewedAt }: AttachedCertificate, now: Date): boolean =>
  renewedAt !== undefined && now.getTime() < daysAfter(renewedAt, ROLL_OUT_DAYS).getTime();

/** What was read to judge an endpoint. */
export interface ServedLook {
  readonly endpoint: Endpoint;
  readonly handshake: Handshake;
  /** Everything attached there; empty for endpoints that the stage lists by hand. */
  readonly attached: readonly AttachedCertificate[];
  /** From far to near. */
  readonly thresholdsDays: readonly number[];
  readonly now: Date;
}

type Served = Extract<Handshake, { kind: 'served' }>;

const SERVED_WRONG: Readonly<Record<Served['trust'], Finding | undefined>> = {
  trusted: undefined,
  expired: 'expired',
  'incomplete-chain': 'incomplete-chain',
  'self-signed': 'untrusted',
  untrusted: 'untrusted',
};

const SEVERITY: Readonly<Record<Exclude<Finding, 'expiring'>, Severity>> = {
  expired: 'critical',
  'name-mismatch': 'critical',
  'incomplete-chain': 'warning',
  untrusted: 'warning',
  'not-the-attached': 'information',
  'could-not-connect': 'information',
};

const isExpired = (leaf: ServedCertificate, now: Date): boolean => daysLeft(leaf.notAfter, now) < 0;

/** The worst that can be said of what is served: what visitors see as an error first. */
const findingOf = (
  served: Served,
  leaf: ServedCertificate,
  { attached, thresholdsDays, now }: ServedLook,
): { readonly finding: Finding; readonly thresholdDays?: number } | undefined => {
  if (isExpired(leaf, now)) return { finding: 'expired' };
  if (!served.namesHost) return { finding: 'name-mismatch' };
  const untrusted = SERVED_WRONG[served.trust];
  if (untrusted !== undefined) return { finding: untrusted };
  if (attached.some((one) => isServed(leaf, one) || isRollingOut(one, now))) return undefined;
  const late = thresholdsDays.filter((threshold) => threshold <= OUTSIDE_IS_LATE_DAYS);
  const thresholdDays = crossedThreshold(daysLeft(leaf.notAfter, now), late);
  if (thresholdDays !== undefined) return { finding: 'expiring', thresholdDays };
  return attached.length > 0 ? { finding: 'not-the-attached' } : undefined;
};

const wrong = (
  look: ServedLook,
  found: { readonly finding: Finding; readonly thresholdDays?: number; readonly detail?: string },
  leaf: ServedCertificate | undefined,
): ServedJudgement => {
  const { endpoint, attached, now } = look;
  const days = leaf && daysLeft(leaf.notAfter, now);
  // Of several that a listener has, the one that was looked for.
  const meant = attached.find(({ arn }) => arn === endpoint.certificateArn) ?? attached[0];
  const endsAt = leaf?.notAfter.toISOString();
  return {
    kind: 'wrong',
    body: {
      kind: 'served-certificate-wrong',
      host: endpoint.host,
      port: endpoint.port,
      finding: found.finding,
      servedNames: leaf?.names ?? [],
      servedNotAfter: endsAt,
      issuer: leaf?.issuer,
      daysLeft: days,
      attached: meant && { name: meant.name, id: meant.arn },
      detail: found.detail,
    },
    telling: {
      standing: found.finding,
      endsAt,
      daysLeft: days,
      thresholdDays: found.thresholdDays,
      severity: found.finding === 'expiring' ? severityAt(days ?? 0) : SEVERITY[found.finding],
    },
  };
};

/** What one handshake shows of an endpoint, beside what should be attached there. */
export const judgeServed = (look: ServedLook): ServedJudgement => {
  const { handshake, attached, now } = look;
  if (handshake.kind === 'could-not-connect')
    return wrong(look, { finding: 'could-not-connect', detail: handshake.detail }, undefined);
  const [leaf] = handshake.chain;
  if (leaf === undefined) return wrong(look, { finding: 'could-not-connect', detail: 'no certificate' }, undefined);
  if (isExpired(leaf, now) && attached.some((one) => isServed(leaf, one))) return { kind: 'told-of-certificate' };
  const found = findingOf(handshake, leaf, look);
  return found === undefined ? { kind: 'right', notAfter: leaf.notAfter } : wrong(look, found, leaf);
};
