import type { Asker, InvalidationRequest } from '../../domain/invalidation/request.ts';
import { placeKey } from '../../domain/invalidation/request.ts';
import type { AskedBy, Named, Report, ReportBody } from '../../domain/report.ts';
import { reportOf } from '../../domain/report-frame.ts';
import type { Stage } from '../../domain/stage.ts';

/** As many as a message could show; a report is a message of a queue and is kept small. */
const PATHS_SHOWN = 20;

/** Who asked, as far as a message needs it. */
export const askedBy = (asker: Asker): AskedBy =>
  asker.kind === 'slack'
    ? { kind: 'person', userId: asker.userId }
    : { kind: 'pipeline', source: asker.source, idempotencyKey: asker.idempotencyKey };

type OfPlace = Pick<InvalidationRequest, 'place' | 'paths'>;

/** What every message about an invalidation shows. */
export const shownPaths = ({
  place,
  paths,
}: OfPlace): { readonly place: Named; readonly paths: readonly string[]; readonly pathCount: number } => ({
  place: { name: place.name, id: place.tenantId ?? place.distributionId },
  paths: paths.slice(0, PATHS_SHOWN),
  pathCount: paths.length,
});

const SEVERITY: Partial<Readonly<Record<ReportBody['kind'], Report['severity']>>> = {
  'invalidation-failed': 'warning',
  'invalidation-still-running': 'warning',
};

/** A report about a place; `of` names what it is said of, so that it is said once. */
export const invalidationReport = (
  { stage, now }: { readonly stage: Stage; readonly now: () => Date },
  { place }: Pick<OfPlace, 'place'>,
  destination: string,
  of: string,
  body: ReportBody,
): Report =>
  reportOf(
    stage,
    {
      destination,
      matter: `invalidation|${placeKey(place)}`,
      severity: SEVERITY[body.kind] ?? 'information',
      identity: of,
    },
    body,
    now(),
  );
