import type { ServedCertificateWrong } from '../../domain/expiry/report.ts';
import type { Phrase } from '../phrase.ts';
import { joined, outside, say, words } from '../phrase.ts';
import { and, inDays, NAMES_SHOWN, NO_LINE, NOTHING_TO_DO, next, since, told } from './english-expiry-phrases.ts';
import type { ExpiryCatalogue, ExpirySurroundings } from './expiry.ts';

const served = ({ host, port }: { readonly host: string; readonly port: number }, limit: number): Phrase =>
  say`${outside(host, limit)}${words(port === 443 ? '' : `:${port}`)}`;

const servedHeadline = (body: ServedCertificateWrong, around: ExpirySurroundings, limit: number) => {
  const place = served(body, limit);
  const { servedNotAfter: endsAt } = body;
  switch (body.finding) {
    case 'expired':
      return {
        strong: say`${place}: HTTPS has failed${since(endsAt, around)}`,
        rest: say` – the certificate served has ended`,
      };
    case 'expiring':
      return {
        strong: say`${place}: HTTPS stops${inDays(body.daysLeft, endsAt, around)}`,
        rest: say` – the certificate served ends`,
      };
    case 'not-the-attached':
      return {
        strong: say`${place} serves another certificate than the one attached`,
        rest: endsAt === undefined ? [] : say` – it ends ${words(around.times.date(endsAt))}`,
      };
    case 'name-mismatch':
      return { strong: say`${place}: browsers refuse the certificate`, rest: say` – it is for other names` };
    case 'incomplete-chain':
      return { strong: say`${place}: some visitors are refused`, rest: say` – an intermediate certificate is missing` };
    case 'untrusted':
      return {
        strong: say`${place}: browsers refuse the certificate`,
        rest: say` – no authority they trust issued it`,
      };
    case 'could-not-connect':
      return { strong: say`${place}: HTTPS could not be looked at`, rest: say` – no connection from here` };
  }
};

const SERVED_EFFECT: Readonly<Record<ServedCertificateWrong['finding'], string>> = {
  expired: 'Visitors: affected. Browsers show a warning instead of the site.',
  expiring: 'Visitors: not affected until then.',
  'not-the-attached': 'Visitors: not affected as long as that one is valid.',
  'name-mismatch': 'Visitors: affected. Browsers show a warning instead of the site.',
  'incomplete-chain':
    'Visitors: likely affected. Many browsers fetch what is missing; apps, mail and other programs don’t.',
  untrusted: 'Visitors: affected, unless they were given the authority by hand.',
  'could-not-connect': 'Visitors: not known. It may be closed to the place Usher looks from.',
};

const SERVED_STEP: Readonly<Record<ServedCertificateWrong['finding'], Phrase>> = {
  expired: say`${next(say`attach a valid certificate where this name is served`)}.`,
  expiring: say`${next(say`renew it where this name is served`)}; what ACM holds may already be newer.`,
  'not-the-attached': say`${next(say`look where the name points in DNS`)}: another server, another balancer or another listener answers.`,
  'name-mismatch': say`${next(say`attach a certificate with this name, or point the name elsewhere`)}.`,
  'incomplete-chain': say`${next(say`install the chain with its intermediate certificates`)}; for an imported one, import it again with its chain.`,
  untrusted: say`${next(say`attach a certificate of a public authority`)}, such as one of ACM’s.`,
  'could-not-connect': say`${next(say`if visitors can’t reach it either, start with the balancer`)}; if it is closed on purpose, take it off the list.`,
};

const servedEvidence = (
  { servedNames, servedNotAfter, issuer, attached, detail }: ServedCertificateWrong,
  { times }: ExpirySurroundings,
): Phrase => {
  const shown = servedNames.slice(0, NAMES_SHOWN).map((name) => [outside(name)]);
  const parts: readonly Phrase[] = [
    ...(shown.length === 0
      ? []
      : [
          say`Served: ${and(shown, servedNames.length - shown.length)}${issuer === undefined ? [] : say`, by ${outside(issuer)}`}${servedNotAfter === undefined ? [] : say`, until ${words(times.date(servedNotAfter))}`}.`,
        ]),
    ...(attached === undefined ? [] : [say`Attached: ${outside(attached.name)}.`]),
    ...(detail === undefined ? [] : [say`Cause: ${told(detail)}`]),
  ];
  return joined(parts, ' ');
};

/** What Usher says in English about certificates as servers serve them. */
export const ENGLISH_SERVED_CERTIFICATES: Pick<ExpiryCatalogue, 'servedWrong' | 'servedRight'> = {
  servedWrong: {
    headline: servedHeadline,
    effect: ({ finding }) => [words(SERVED_EFFECT[finding])],
    next: ({ finding }) => SERVED_STEP[finding],
    evidence: servedEvidence,
    closing: () => say`I look every day and tell you here. Nothing was changed.`,
  },
  servedRight: {
    headline: (body, { times }, limit) => ({
      strong: say`${served(body, limit)}: served as it should be again.`,
      rest: say` Valid until ${words(times.date(body.notAfter))}.${NOTHING_TO_DO}`,
    }),
    effect: () => NO_LINE,
    next: () => NO_LINE,
    evidence: () => NO_LINE,
    closing: () => NO_LINE,
  },
};
