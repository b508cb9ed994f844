import type { StoredPlans } from '../aws/state/port.ts';
import { MUTE_SECONDS, quietMatterOf } from '../domain/quiet.ts';
import type { Button, Report } from '../domain/report.ts';
import { newPlan } from '../domain/stored-plan.ts';
import type { Surroundings } from './log.ts';

export interface MutingPorts extends Pick<Surroundings, 'now' | 'newId'> {
  readonly plans: Pick<StoredPlans, 'store'>;
}

/** A button to hear nothing more of it for an hour, where more is to come that may be left unsaid. */
export const muteButtons = async (ports: MutingPorts, report: Report): Promise<readonly Button[]> => {
  const matter = quietMatterOf(report);
  if (matter === undefined) return [];
  const content = { kind: 'quiet', matter, seconds: MUTE_SECONDS } as const;
  const plan = newPlan(ports.newId(), content, report.destination, ports.now());
  await ports.plans.store(plan);
  return [{ verb: 'mute', planId: plan.planId, object: { kind: 'matter', seconds: MUTE_SECONDS } }];
};
