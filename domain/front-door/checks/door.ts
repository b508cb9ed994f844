import type { FrontDoorReason } from '../finding.ts';
import type { NotAnsweredBecause } from '../walk.ts';
import { hostOf, isByCloudFront, lastOf, STEPS } from '../walk.ts';
import type { FrontDoorCheck } from './check.ts';
import { found, NOTHING, portOf, someOf } from './check.ts';

const REASONS: Readonly<Record<NotAnsweredBecause, FrontDoorReason>> = {
  NameNotFound: 'NameNotFound',
  NotPublic: 'NameNotPublic',
  PortNotAsked: 'PortNotAsked',
  Refused: 'NothingListens',
  TimedOut: 'NothingListens',
  Unreachable: 'NothingListens',
  TlsRefused: 'NoTls',
  NotHttp: 'NotHttp',
};

/** The way ended without an answer; where our own time was over, that is no word on who was asked. */
export const door: FrontDoorCheck = (walk) => {
  const last = lastOf(walk);
  if (last.kind === 'answered' || walk.late.includes('page')) return NOTHING;
  const { because, url, addresses } = last;
  const isAsked = because !== 'NotPublic' && because !== 'PortNotAsked';
  return found(REASONS[because], isAsked ? 'critical' : 'warning', {
    host: hostOf(url),
    port: portOf(url),
    because,
    ...(addresses.length === 0 ? {} : { address: someOf(addresses) }),
  });
};

/** The certificate that visitors are shown, wherever on the way they are shown a bad one: browsers stop there. */
export const visitorCertificate: FrontDoorCheck = ({ requests }) => {
  for (const request of requests) {
    if (request.kind !== 'answered' || request.certificate === undefined) continue;
    const { namesHost, trust, names, notAfter } = request.certificate;
    const host = hostOf(request.url);
    if (trust === 'expired') return found('CertificateExpired', 'critical', { host, at: notAfter.toISOString() });
    if (!namesHost) return found('CertificateOtherName', 'critical', { host, names: someOf(names) });
    if (trust !== 'trusted') return found('CertificateUntrusted', 'critical', { host, trust });
  }
  return NOTHING;
};

/** A distribution has the name, and something else answers: DNS was never changed, or changed back. */
export const leadsElsewhere: FrontDoorCheck = (walk) => {
  const last = lastOf(walk);
  if (last.kind !== 'answered' || isByCloudFront(last) || walk.front.kind === 'unreadable') return NOTHING;
  const front = walk.front.value;
  if (front === undefined) return NOTHING;
  return found('NameLeadsElsewhere', 'warning', {
    host: hostOf(last.url),
    distribution: front.distributionId,
    domain: front.domainName,
    address: last.address,
  });
};

/** CloudFront refuses a name that no distribution has; others' distributions are others' business. */
export const nameUnknown: FrontDoorCheck = (walk) => {
  const last = lastOf(walk);
  if (last.kind !== 'answered' || !isByCloudFront(last) || last.status !== 403) return NOTHING;
  if (walk.front.kind === 'unreadable' || walk.front.value !== undefined) return NOTHING;
  return last.headers.server?.toLowerCase() === 'cloudfront'
    ? found('NoDistributionHasName', 'critical', { host: hostOf(last.url) })
    : NOTHING;
};

/** A distribution that is switched off, or not everywhere as it is set up. */
export const distributionState: FrontDoorCheck = (walk) => {
  const front = walk.front.kind === 'read' ? walk.front.value : undefined;
  if (front === undefined) return NOTHING;
  const evidence = { distribution: front.distributionId };
  if (!front.isEnabled) return found('DistributionDisabled', 'critical', evidence);
  return front.isDeployed ? NOTHING : found('DistributionDeploying', 'information', evidence);
};

/** What there was no time for. */
export const notInTime: FrontDoorCheck = ({ late }) =>
  late.length === 0
    ? NOTHING
    : found('TimeRanOut', 'warning', { steps: STEPS.filter((step) => late.includes(step)).join(',') });

/** What AWS did not show. */
export const unread: FrontDoorCheck = ({ front, back, late }) => [
  ...(front.kind === 'read' || late.includes('distributions')
    ? []
    : found('CouldNotLook', 'information', { what: 'distributions', why: front.why })),
  ...(back.kind === 'read' || late.includes('balancer')
    ? []
    : found('CouldNotLook', 'information', { what: 'balancer', why: back.why })),
];
