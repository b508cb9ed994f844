import type { PathFinding } from '../domain/invalidation/paths.ts';
import type { ReportBody } from '../domain/report.ts';
import type { Headline, InvalidationCatalogue } from './catalogue/invalidations.ts';
import type { Phrase } from './phrase.ts';
import { code, joined, say, words } from './phrase.ts';

export type InvalidationBody = Extract<
  ReportBody,
  {
    readonly kind:
      | 'invalidation-completed'
      | 'invalidation-failed'
      | 'invalidation-still-running'
      | 'invalidation-queued'
      | 'confirmation-wanted';
  }
>;

const PATHS_SHOWN = 5;
const FINDINGS_SHOWN = 2;

const pathLine = ({ paths, pathCount }: InvalidationBody, more: (count: number) => Phrase): Phrase => {
  const shown = paths.slice(0, PATHS_SHOWN);
  const rest = pathCount - shown.length;
  return joined([...shown.map((path) => [code(path)]), ...(rest > 0 ? [more(rest)] : [])], ' ');
};

const findingLines = (findings: readonly PathFinding[], catalogue: InvalidationCatalogue): readonly Phrase[] =>
  findings.slice(0, FINDINGS_SHOWN).map(({ reason, said, offer }) => {
    const offered = offer === undefined ? [] : catalogue.offer(offer);
    return say`${code(said)} ${words('–')} ${catalogue.finding[reason]}${offered}`;
  });

const spoken = (
  body: InvalidationBody,
  catalogue: InvalidationCatalogue,
): {
  readonly emoji: string;
  readonly headline: (nameLimit: number) => Headline;
  readonly lines: readonly Phrase[];
  readonly findings: readonly PathFinding[];
} => {
  switch (body.kind) {
    case 'invalidation-completed':
      return {
        emoji: 'white_check_mark',
        headline: (limit) => catalogue.completed.headline(body, limit),
        lines: catalogue.completed.lines(body),
        findings: [],
      };
    case 'invalidation-failed':
      return {
        emoji: 'warning',
        headline: (limit) => catalogue.failed.headline(body, limit),
        lines: catalogue.failed.lines(body),
        findings: body.findings,
      };
    case 'invalidation-still-running':
      return {
        emoji: 'hourglass_flowing_sand',
        headline: (limit) => catalogue.stillRunning.headline(body, limit),
        lines: catalogue.stillRunning.lines(body),
        findings: [],
      };
    case 'invalidation-queued':
      return {
        emoji: 'hourglass_flowing_sand',
        headline: (limit) => catalogue.queued.headline(body, limit),
        lines: catalogue.queued.lines(body),
        findings: [],
      };
    case 'confirmation-wanted':
      return {
        emoji: 'grey_question',
        headline: (limit) => catalogue.wanted.headline(body, limit),
        lines: catalogue.wanted.lines(body),
        findings: body.findings,
      };
  }
};

/** A report about an invalidation in the words of one language; line 2 is always the paths. */
export const composeInvalidation = (
  body: InvalidationBody,
  catalogue: InvalidationCatalogue,
  more: (count: number) => Phrase,
) => {
  const { emoji, headline, lines, findings } = spoken(body, catalogue);
  const paths = pathLine(body, more);
  return {
    emoji,
    headline,
    lines: [...(paths.length > 0 ? [paths] : []), ...findingLines(findings, catalogue), ...lines].slice(0, 4),
    ids: [body.place.id],
    hurtsVisitors: false,
  };
};
