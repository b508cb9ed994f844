import { compareText } from '../difference.ts';
import type { Announced } from './announced.ts';
import type { Certificate, CertificateUse } from './certificate.ts';
import type { ReportedRecord } from './report.ts';
import type { CertificateStanding } from './standing.ts';
import type { Telling } from './telling.ts';

/** A certificate that needs somebody, with all that a message about it holds. */
export interface NeedyCertificate {
  readonly certificate: Certificate;
  readonly standing: Exclude<CertificateStanding, { kind: 'fine' | 'renewing-by-itself' }>;
  readonly telling: Telling;
  readonly uses: readonly CertificateUse[];
  /** Records to enter; empty where it waits for something else. */
  readonly records: readonly ReportedRecord[];
  readonly emails: readonly string[];
  readonly destination: string;
  /** What was announced of it and is not over. */
  readonly announced: Announced | undefined;
}

/** Certificates that one deed of somebody's would help. */
export interface CertificateGroup {
  /** The same from the first word to the ending. */
  readonly matter: string;
  readonly destination: string;
  /** What ends first, first; never empty. */
  readonly members: readonly [NeedyCertificate, ...NeedyCertificate[]];
}

/** What several certificates may wait for together. Who hears of them is part of it: each destination gets its own message. */
const sharedKeys = ({ certificate, standing, records, destination }: NeedyCertificate): readonly string[] => {
  const waitsForRecords =
    (standing.kind === 'stuck' || standing.kind === 'pending-issuance') && standing.because === 'DnsRecord';
  const waited = waitsForRecords ? records.filter(({ verdict }) => verdict !== 'right') : [];
  return waited.length === 0
    ? [`${destination}|${certificate.arn}`]
    : waited.map(({ name, value }) => `${destination}|${name.toLowerCase()} ${value.toLowerCase()}`);
};

/** Members joined, directly or through others, by a key they share. */
const connected = (members: readonly NeedyCertificate[]): readonly (readonly NeedyCertificate[])[] => {
  const leaders = new Map<string, string>();
  const leaderOf = (key: string): string => {
    let at = key;
    for (let above = leaders.get(at); above !== undefined && above !== at; above = leaders.get(at)) at = above;
    return at;
  };
  const keyed = members.map((member) => ({ member, keys: sharedKeys(member) }));
  for (const { keys } of keyed) {
    const [first = ''] = keys;
    for (const key of keys) leaders.set(leaderOf(key), leaderOf(first));
  }
  return [...Map.groupBy(keyed, ({ keys }) => leaderOf(keys[0] ?? '')).values()].map((group) =>
    group.map(({ member }) => member),
  );
};

const byEnd = (one: NeedyCertificate, other: NeedyCertificate): number =>
  (one.certificate.notAfter?.getTime() ?? Number.POSITIVE_INFINITY) -
    (other.certificate.notAfter?.getTime() ?? Number.POSITIVE_INFINITY) ||
  compareText(one.certificate.arn, other.certificate.arn);

/** The matter that some of them already are, else one named after the first. */
const matterOf = (members: readonly [NeedyCertificate, ...NeedyCertificate[]]): string => {
  const known = members.flatMap(({ announced, destination }) =>
    announced?.destination === destination ? announced : [],
  );
  const oldest = known.sort((a, b) => compareText(a.announcedAt, b.announcedAt) || compareText(a.matter, b.matter))[0];
  return oldest?.matter ?? `certificate|${members[0].certificate.arn}`;
};

/** Certificates that wait for the same record are one matter; every other one is its own. In order of their ends. */
export const groupCertificates = (needy: readonly NeedyCertificate[]): readonly CertificateGroup[] =>
  connected(needy)
    .flatMap((group): readonly CertificateGroup[] => {
      const [first, ...others] = [...group].sort(byEnd);
      if (first === undefined) return [];
      const members: CertificateGroup['members'] = [first, ...others];
      return [{ matter: matterOf(members), destination: first.destination, members }];
    })
    .sort((one, other) => byEnd(one.members[0], other.members[0]));
