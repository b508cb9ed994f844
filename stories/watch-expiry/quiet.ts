import { quietMatterOf } from '../../domain/quiet.ts';
import type { Report } from '../../domain/report.ts';
import type { Run } from './run.ts';

/**
 * Whether a report is to be said now. While its matter is snoozed it is not, and its subjects are marked as kept quiet up to
 * this look: so the first look after the snooze knows that it has something to say again.
 */
export const isSaid = async (run: Run, report: Report, subjects: readonly string[]): Promise<boolean> => {
  const { ports, announced } = run;
  const now = ports.now();
  const matter = quietMatterOf(report);
  if (matter === undefined || !(await ports.quietMatters.isQuiet(matter, now))) return true;
  for (const subject of subjects) {
    const known = announced.get(subject);
    if (known !== undefined) await run.announce(subject, { ...known, quietUntil: now.toISOString() });
  }
  ports.log({ event: 'kept-quiet', matter });
  return false;
};
