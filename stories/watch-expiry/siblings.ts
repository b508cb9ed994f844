import type { Certificate } from '../../domain/expiry/certificate.ts';
import { needsDetail } from '../../domain/expiry/evaluate.ts';
import { readLists } from './lists.ts';
import { readDetails } from './read-details.ts';
import type { Run } from './run.ts';

/** So many that may wait for the same record are read beside those that a look is about. */
const MOST_SIBLINGS = 60;

/** Others that may wait for the same record: AWS's own, near their end or not issued yet, with names that are akin first. */
export const readSiblings =
  (run: Run, certificates: readonly Certificate[]) => async (): Promise<readonly Certificate[]> => {
    const { ports } = run;
    const { summaries } = await readLists(ports, ports.settings.regions);
    const farthest = Math.max(...ports.settings.thresholdsDays);
    const known = new Set(certificates.map(({ arn }) => arn));
    const domains = new Set(certificates.flatMap(({ names }) => names.map((name) => ports.registrableDomain(name))));
    const isAkin = (names: readonly string[]): number =>
      names.some((name) => domains.has(ports.registrableDomain(name))) ? 0 : 1;
    const others = summaries
      .filter(
        (summary) =>
          summary.type === 'AMAZON_ISSUED' &&
          (summary.status === 'ISSUED' || summary.status === 'PENDING_VALIDATION') &&
          !known.has(summary.arn) &&
          needsDetail(summary, farthest, ports.now()),
      )
      .sort((one, other) => isAkin(one.names) - isAkin(other.names));
    const read = await readDetails(
      run,
      others.slice(0, MOST_SIBLINGS).map(({ arn }) => arn),
    );
    return read.certificates;
  };
