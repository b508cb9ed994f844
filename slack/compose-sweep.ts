import type { Severity } from '../domain/finding.ts';
import type { SweepEnded, SweepReportBody, WeeklyStatus } from '../domain/sweep/report.ts';
import { changesIn } from '../domain/sweep/tally.ts';
import type { Times } from './catalogue/moment.ts';
import type { SweepAbout, SweepCatalogue } from './catalogue/sweep.ts';
import type { Phrase } from './phrase.ts';
import { joined } from './phrase.ts';

const LINES = 4;

/** What comes first: what was done, then what waits, what could not be seen, what is nearly full. */
const aboutOf = (body: SweepEnded): SweepAbout => {
  if (changesIn(body) > 0) return body.mode === 'applied' ? 'done' : 'proposed';
  if (body.notLookedAt !== undefined) return 'not-looked-at';
  return body.limits.length > 0 ? 'limits' : 'nothing';
};

const EMOJI: Readonly<Record<SweepAbout, string>> = {
  done: 'white_check_mark',
  proposed: 'grey_question',
  'not-looked-at': 'warning',
  limits: 'warning',
  nothing: 'white_check_mark',
};

const together = (...phrases: readonly Phrase[]): Phrase =>
  joined(
    phrases.filter((phrase) => phrase.length > 0),
    ' ',
  );

const ended = (body: SweepEnded, severity: Severity, catalogue: SweepCatalogue) => {
  const about = aboutOf(body);
  const missed = body.mode === 'applied' && body.missedEvents > 0 ? catalogue.missed(body.missedEvents) : [];
  const failed = body.notLookedAt === undefined ? [] : catalogue.notLookedAt(body.notLookedAt);
  return {
    emoji: severity === 'warning' ? 'warning' : EMOJI[about],
    headline: (nameLimit: number) => catalogue.headline(body, about, nameLimit),
    lines: [
      catalogue.targets(body),
      together(catalogue.rules(body), missed),
      together(
        failed,
        // The first one is the headline.
        catalogue.limits({ limits: about === 'limits' ? body.limits.slice(1) : body.limits }),
        catalogue.leftAlone(body.leftAlone),
      ),
      catalogue.next(body, about),
    ].filter((line) => line.length > 0),
    ids: body.rulesRemoved.map(({ ruleId }) => ruleId).slice(0, 2),
    hurtsVisitors: false,
  };
};

const status = (body: WeeklyStatus, { status: said, leftAlone, limits }: SweepCatalogue, times: Times) => ({
  emoji: body.pausedSince === undefined ? 'spiral_calendar_pad' : 'double_vertical_bar',
  headline: () => said.headline(body),
  lines: [
    said.paused(body, times),
    leftAlone(body.leftAlone),
    together(said.stopped(body), said.unused(body), limits(body), said.ends(body, times)),
    said.closing,
  ]
    .filter((line) => line.length > 0)
    .slice(0, LINES),
  ids: [],
  hurtsVisitors: false,
});

/** What a sweep came to, or what stands once a week, in the words of one language. */
export const composeSweep = (body: SweepReportBody, severity: Severity, catalogue: SweepCatalogue, times: Times) =>
  body.kind === 'sweep-ended' ? ended(body, severity, catalogue) : status(body, catalogue, times);
