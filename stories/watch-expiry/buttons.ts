import type { Button, Report } from '../../domain/report.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import { withSnooze } from '../snooze.ts';
import type { Run } from './run.ts';

/** So many are looked at out of turn by one press. */
const MOST_SUBJECTS = 200;

/** A button to look at these out of turn. */
const checking = async ({ ports }: Run, subjects: readonly string[], destination: string): Promise<Button> => {
  const content = { kind: 'look', subjects: subjects.slice(0, MOST_SUBJECTS) } as const;
  const plan = newPlan(ports.newId(), content, destination, ports.now());
  await ports.plans.store(plan);
  return { verb: 'check', planId: plan.planId, object: { kind: 'look' } };
};

/** The report with what can be pressed about it: to look now, and to hear nothing more of it for some days. */
export const withButtons = async (
  run: Run,
  report: Report,
  subjects: readonly string[],
  first: readonly Button[] = [],
): Promise<Report> => {
  const check = await checking(run, subjects, report.destination);
  return withSnooze(run.ports, { ...report, buttons: [...first, check] });
};
