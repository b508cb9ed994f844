import type { PlanDecision, StoredPlan } from '../../domain/stored-plan.ts';
import { endPlan, takePlan } from '../../domain/stored-plan.ts';
import { planKey, timeToLive } from './keys.ts';
import type { StoredPlans } from './port.ts';
import type { Condition, Item, ItemWrite, Table } from './table.ts';
import { decideAndWrite } from './table.ts';

/** A plan is kept beyond its end, so that a late press is told what became of it. */
const KEPT_DAYS = 90;

/** JSON, because a plan is read and written as a whole, and no `undefined` of its content may become something else. */
const toItem = (plan: StoredPlan): Item => ({
  ...planKey(plan.planId),
  plan: JSON.stringify(plan),
  version: plan.version,
  ttl: timeToLive(new Date(plan.createdAt), KEPT_DAYS),
});

const toPlan = (item: Item): StoredPlan => {
  const stored = JSON.parse(String(item['plan'])) as StoredPlan;
  const { decidedBy, decidedAt, applying } = stored;
  return { ...stored, decidedBy, decidedAt, applying };
};

const isStill = (version: number): Condition => ({
  expression: '#version = :version',
  names: { '#version': 'version' },
  values: { ':version': version },
});

/** Plans in the table, changed only as they were read. */
export const tableStoredPlans = (table: Table): StoredPlans => {
  const find = async (planId: string): Promise<StoredPlan | undefined> => {
    const item = await table.get(planKey(planId));
    return item && toPlan(item);
  };
  const replacing = (before: StoredPlan, after: StoredPlan): ItemWrite => ({
    kind: 'put',
    item: toItem(after),
    condition: isStill(before.version),
  });
  return {
    async store(plan) {
      await table.transact([
        { kind: 'put', item: toItem(plan), condition: { expression: 'attribute_not_exists(pk)' } },
      ]);
    },
    find,
    take: (planId, by, now, lapseSeconds) =>
      decideAndWrite<PlanDecision>(table, async () => {
        const before = await find(planId);
        const decision = takePlan(before, by, now, lapseSeconds);
        const writes = before !== undefined && decision.kind === 'taken' ? [replacing(before, decision.plan)] : [];
        return { writes, result: decision };
      }),
    finish: (planId, orderId, status) =>
      decideAndWrite<boolean>(table, async () => {
        const before = await find(planId);
        const after = endPlan(before, orderId, status);
        return before === undefined || after === undefined
          ? { writes: [], result: false }
          : { writes: [replacing(before, after)], result: true };
      }),
  };
};
