import type { StoredPlans } from '../aws/state/port.ts';
import { quietMatterOf, SNOOZE_SECONDS } from '../domain/quiet.ts';
import type { Report } from '../domain/report.ts';
import { newPlan } from '../domain/stored-plan.ts';
import type { Surroundings } from './log.ts';

export interface SnoozingPorts extends Pick<Surroundings, 'now' | 'newId'> {
  readonly plans: Pick<StoredPlans, 'store'>;
}

/** The report with a button to hear nothing more of it for a week; as it is, where it is said whatever anybody wants. */
export const withSnooze = async (ports: SnoozingPorts, report: Report): Promise<Report> => {
  const matter = quietMatterOf(report);
  if (matter === undefined) return report;
  const seconds = SNOOZE_SECONDS;
  const plan = newPlan(ports.newId(), { kind: 'quiet', matter, seconds }, report.destination, ports.now());
  await ports.plans.store(plan);
  const button = { verb: 'snooze', planId: plan.planId, object: { kind: 'matter', seconds } } as const;
  return { ...report, buttons: [...(report.buttons ?? []), button] };
};
