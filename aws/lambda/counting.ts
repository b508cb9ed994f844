import type { Settings } from '../../domain/settings.ts';
import { text } from '../../domain/settings.ts';

/** What is counted for whoever wants to see it over time. */
type Counted = 'AlarmsIgnored';

/** Counts one, with what is worth keeping beside it in the log. */
export type Counting = (what: Counted, beside: Readonly<Record<string, string>>) => void;

/** One dimension: each combination of several would be a metric of its own, and paid for. */
const DIMENSION = 'Stage';

/**
 * Counts into CloudWatch by a line of the log. The line has to be JSON and nothing else, so that it passes by `console`, which
 * puts time and request in front of its own in Lambda.
 * @see CloudWatch user guide, "Specification: Embedded metric format"
 * @throws {SettingError} when the stage is not set
 */
export const countingInto = (
  settings: Settings,
  now: () => Date,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Counting => {
  const stage = text(settings, 'USHER_STAGE');
  return (what, beside) => {
    const metric = {
      Timestamp: now().getTime(),
      CloudWatchMetrics: [{ Namespace: 'Usher', Dimensions: [[DIMENSION]], Metrics: [{ Name: what, Unit: 'Count' }] }],
    };
    write(`${JSON.stringify({ ...beside, _aws: metric, [DIMENSION]: stage, [what]: 1 })}\n`);
  };
};
