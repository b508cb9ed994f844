import type { PathFinding } from '../../domain/invalidation/paths.ts';
import type { Asker, InvalidationRequest } from '../../domain/invalidation/request.ts';
import { placeKey } from '../../domain/invalidation/request.ts';
import type { AskedBy, Named, Report, ReportBody } from '../../domain/report.ts';
import { reportOf } from '../../domain/report-frame.ts';
import type { Stage } from '../../domain/stage.ts';

/** As many as a message could show; a report is a message of a queue and is kept small. */
const PATHS_SHOWN = 20;

const FINDINGS_SHOWN = 20;
/** A path that CloudFront would take is 4,000 characters at the most; what was asked for may be anything. */
const PATH_CHARACTERS = 4_000;

const clipped = (text: string, characters: number): string =>
  text.length > characters ? `${text.slice(0, characters)}…` : text;

/** As many findings as are of use, each short enough; an offer that is cut is none. */
export const shownFindings = (findings: readonly PathFinding[]): readonly PathFinding[] =>
  findings.slice(0, FINDINGS_SHOWN).map(({ offer, ...rest }) => ({
    ...rest,
    offer: offer === undefined || offer.length > PATH_CHARACTERS ? undefined : offer,
  }));

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
  paths: paths.slice(0, PATHS_SHOWN).map((path) => clipped(path, PATH_CHARACTERS)),
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
