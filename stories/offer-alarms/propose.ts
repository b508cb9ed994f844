import type { OfferedAlarm } from '../../domain/alarms/plan.ts';
import { alarmsOfferedReport } from '../../domain/alarms/reports.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import type { AlarmPorts } from './ports.ts';

/** Groups in one offer: as many as one press makes in a minute. The others' turn comes with the next look. */
const GROUPS_PER_OFFER = 50;

const propose = async (ports: AlarmPorts, offered: readonly OfferedAlarm[]): Promise<void> => {
  const [first] = offered;
  if (first === undefined) return;
  const { mayMake, record } = first;
  const report = alarmsOfferedReport(offered, !mayMake, record.destination, ports.stage, ports.now());
  if (mayMake) {
    const targetGroups = offered.map(({ record: each }) => each.targetGroup);
    const plan = newPlan(ports.newId(), { kind: 'alarms', targetGroups }, record.destination, ports.now());
    await ports.plans.store(plan);
    const object = { kind: 'alarms', count: offered.length } as const;
    await ports.reports.publish({ ...report, buttons: [{ verb: 'approve', planId: plan.planId, object }] });
  } else await ports.reports.publish(report);
  await ports.alarms.write(offered.map(({ record: each }) => ({ ...each, isTold: true })));
};

/** Offers alarms for groups of which that was not said yet: one message for each destination, with one button for all. */
export const proposeAlarms = async (ports: AlarmPorts, offer: readonly OfferedAlarm[]): Promise<void> => {
  const together = Map.groupBy(offer, ({ record, mayMake }) => `${record.destination}|${mayMake}`);
  for (const offered of together.values()) await propose(ports, offered.slice(0, GROUPS_PER_OFFER));
};
