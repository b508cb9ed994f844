import type { StoredPlans } from '../aws/state/port.ts';
import { EXPIRY_SNOOZE_SECONDS, quietMatterOf, SNOOZE_SECONDS } from '../domain/quiet.ts';
import type { Report, ReportBody } from '../domain/report.ts';
import { newPlan } from '../domain/stored-plan.ts';
import type { Surroundings } from './log.ts';

export interface SnoozingPorts extends Pick<Surroundings, 'now' | 'newId'> {
  readonly plans: Pick<StoredPlans, 'store'>;
}

/** What has an end is snoozed for less: the end comes nearer all the while. */
const HAS_AN_END: ReadonlySet<ReportBody['kind']> = new Set<ReportBody['kind']>([
  'certificates-need-action',
  'validation-records-missing',
  'served-certificate-wrong',
  'domain-needs-action',
]);

/** The report with a button to hear nothing more of it for a week, or three days of what has an end; as it is, where it is said whatever anybody wants. */
export const withSnooze = async (ports: SnoozingPorts, report: Report): Promise<Report> => {
  const matter = quietMatterOf(report);
  if (matter === undefined) return report;
  const seconds = HAS_AN_END.has(report.body.kind) ? EXPIRY_SNOOZE_SECONDS : SNOOZE_SECONDS;
  const plan = newPlan(ports.newId(), { kind: 'quiet', matter, seconds }, report.destination, ports.now());
  await ports.plans.store(plan);
  const button = { verb: 'snooze', planId: plan.planId, object: { kind: 'matter', seconds } } as const;
  return { ...report, buttons: [...(report.buttons ?? []), button] };
};
