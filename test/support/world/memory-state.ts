import { boundedEntry } from '../../../aws/state/bounded-entry.ts';
import { lowestLimits } from '../../../aws/state/budgets.ts';
import type { Closings } from '../../../aws/state/closings-port.ts';
import type {
  Budgets,
  DeliveredReports,
  Leases,
  Ledger,
  Orders,
  Pauses,
  QuietMatters,
  ShownChanges,
  StoredPlans,
  Threads,
  Watches,
} from '../../../aws/state/port.ts';
import { EntryExistsError, EntryUnknownError } from '../../../aws/state/port.ts';
import { isOpen, ownershipEffect, settleEntry } from '../../../aws/state/settling.ts';
import type { WatchChain } from '../../../aws/state/watch-chain.ts';
import { askFor, endChain, goOn, revive, takeLook, watchOf } from '../../../aws/state/watch-chain.ts';
import { countAdditions } from '../../../domain/addition-budget.ts';
import { compareText } from '../../../domain/difference.ts';
import type { LedgerEntry, Ownership } from '../../../domain/ledger.ts';
import type { OrderProgress } from '../../../domain/order-progress.ts';
import { beginOrder, giveBackOrder, MAXIMUM_ANSWERS } from '../../../domain/order-progress.ts';
import type { Pause, StoppedGroup } from '../../../domain/pause.ts';
import { takeRemovals } from '../../../domain/removal-budget.ts';
import type { StoredPlan } from '../../../domain/stored-plan.ts';
import { endPlan, takePlan } from '../../../domain/stored-plan.ts';
import { tellingsBefore, tellTargets } from '../../../domain/telling.ts';
import type { Thread } from '../../../domain/thread.ts';
import { memoryClosings } from './memory-closings.ts';

/** The state ports over maps, with the same semantics as the table (held to by `contracts/state-contract.ts`). */
export interface MemoryState {
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly budgets: Budgets;
  readonly watches: Watches;
  readonly deliveredReports: DeliveredReports;
  readonly threads: Threads;
  readonly orders: Orders;
  readonly plans: StoredPlans;
  readonly quietMatters: QuietMatters;
  readonly pauses: Pauses;
  readonly closings: Closings;
  readonly shownChanges: ShownChanges;
  readonly storedPlans: ReadonlyMap<string, StoredPlan>;
  readonly orderProgress: ReadonlyMap<string, OrderProgress>;
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  readonly ownership: ReadonlyMap<string, Ownership>;
  readonly heldLeases: ReadonlyMap<string, { readonly owner: string; readonly expiresAt: Date }>;
  readonly chains: ReadonlyMap<string, WatchChain>;
}

const byAge = (a: LedgerEntry, b: LedgerEntry): number => compareText(a.entryId, b.entryId);

const memoryLedger = (entries: Map<string, LedgerEntry>, ownership: Map<string, Ownership>): Ledger => {
  const stored = (entryId: string): LedgerEntry => {
    const entry = entries.get(entryId);
    if (entry === undefined) throw new EntryUnknownError(`no entry ${entryId}`);
    return entry;
  };
  const own = (settled: LedgerEntry): void => {
    const effect = ownershipEffect(settled);
    if (effect.kind === 'gained')
      for (const key of [effect.ownership.key, ...effect.aliases]) ownership.set(key, effect.ownership);
    if (effect.kind === 'lost') {
      const lost = ownership.get(effect.key);
      ownership.delete(effect.key);
      if (lost !== undefined && ownership.get(lost.key)?.entryId === lost.entryId) ownership.delete(lost.key);
    }
  };
  return {
    intend: async (intended) => {
      const taken = intended.find(
        ({ entryId }, index) =>
          entries.has(entryId) || intended.findIndex((other) => other.entryId === entryId) < index,
      );
      if (taken !== undefined) throw new EntryExistsError(`entry ${taken.entryId} exists already`);
      for (const entry of intended)
        entries.set(entry.entryId, { ...boundedEntry(entry), status: 'intended', telling: 'open' });
    },
    settle: async ({ entryId }, settlement, at) => {
      const before = stored(entryId);
      if (before.status !== 'intended') return before;
      const settled = settleEntry(before, settlement, at);
      entries.set(entryId, settled);
      own(settled);
      return settled;
    },
    listOpen: async (targetGroupArn) =>
      [...entries.values()]
        .filter((entry) => isOpen(entry) && (targetGroupArn ?? entry.targetGroupArn) === entry.targetGroupArn)
        .sort(byAge),
    listRecent: async (targetGroupArns, since) =>
      [...entries.values()]
        .filter(({ targetGroupArn }) => targetGroupArns.includes(targetGroupArn))
        .filter(({ intendedAt }) => Date.parse(intendedAt) >= since.getTime())
        .sort(byAge),
    tell: async (told, telling, targetKeys) => {
      for (const { entryId } of told) {
        const entry = entries.get(entryId);
        if (entry === undefined || entry.status === 'intended') continue;
        if (targetKeys !== undefined && entry.matter.targets.some(({ key }) => !targetKeys.has(key)))
          entries.set(entryId, tellTargets(entry, telling, targetKeys));
        else if (tellingsBefore(telling).includes(entry.telling)) entries.set(entryId, { ...entry, telling });
      }
    },
    readOwnership: async (keys) =>
      new Map(
        keys.flatMap((key) => {
          const owned = ownership.get(key);
          return owned === undefined ? [] : [[key, owned] as const];
        }),
      ),
    readSeats: async (instanceIds) =>
      [...ownership.values()]
        .filter(({ seat }) => seat !== undefined && instanceIds.includes(seat.instanceId))
        .sort((a, b) => compareText(a.key, b.key)),
    forget: async (ownerships) => {
      for (const { key, entryId } of ownerships) if (ownership.get(key)?.entryId === entryId) ownership.delete(key);
    },
    saw: async (ownerships, at) => {
      for (const { key, entryId } of ownerships) {
        const kept = ownership.get(key);
        if (kept?.entryId === entryId) ownership.set(key, { ...kept, since: at.toISOString() });
      }
    },
  };
};

const memoryLeases = (held: Map<string, { readonly owner: string; readonly expiresAt: Date }>): Leases => ({
  acquire: async (resources, owner, now, seconds) => {
    const isFree = (resource: string): boolean => {
      const lease = held.get(resource);
      return lease === undefined || lease.owner === owner || lease.expiresAt.getTime() <= now.getTime();
    };
    if (!resources.every(isFree)) return undefined;
    const expiresAt = new Date(now.getTime() + seconds * 1000);
    for (const resource of resources) held.set(resource, { owner, expiresAt });
    return { resources, owner, expiresAt };
  },
  release: async ({ resources, owner }) => {
    for (const resource of resources) if (held.get(resource)?.owner === owner) held.delete(resource);
  },
});

const memoryBudgets = (
  removals: Map<string, readonly Date[]>,
  additions: Map<string, ReadonlyMap<string, Date>>,
): Budgets => ({
  take: async (scopes, count, now) => {
    const after = [...lowestLimits(scopes)].map(([scope, limit]) => ({
      scope,
      dates: takeRemovals(removals.get(scope) ?? [], limit, count, now),
    }));
    if (after.some(({ dates }) => dates === undefined)) return false;
    for (const { scope, dates } of after) if (dates !== undefined) removals.set(scope, dates);
    return true;
  },
  count: async (scope, limit, names, now) => {
    const counted = countAdditions(additions.get(scope) ?? new Map(), limit, names, now);
    if (counted !== undefined) additions.set(scope, counted);
    return counted !== undefined;
  },
});

const memoryWatches = (chains: Map<string, WatchChain>): Watches => ({
  start: async (targetGroupArn, now, firstLookAfterSeconds) => {
    const { chain, tickToSend } = askFor(chains.get(targetGroupArn), now, firstLookAfterSeconds);
    chains.set(targetGroupArn, chain);
    return tickToSend;
  },
  revive: async (targetGroupArn, now, firstLookAfterSeconds) => {
    const { chain, tickToSend } = revive(chains.get(targetGroupArn), now, firstLookAfterSeconds);
    chains.set(targetGroupArn, chain);
    return tickToSend;
  },
  take: async (targetGroupArn, tick, now) => {
    const taken = takeLook(chains.get(targetGroupArn), tick, now);
    if (typeof taken !== 'object') return taken;
    chains.set(targetGroupArn, taken);
    return watchOf(targetGroupArn, taken);
  },
  continue: async (watch, nextLookAt, remembered) => {
    const next = goOn(chains.get(watch.targetGroupArn), watch, nextLookAt, remembered);
    if (next !== undefined) chains.set(watch.targetGroupArn, next);
  },
  end: async (watch, remembered) => {
    const ended = endChain(chains.get(watch.targetGroupArn), watch, remembered);
    if (typeof ended === 'object') chains.set(watch.targetGroupArn, ended);
    return ended !== 'asked-for';
  },
});

const memoryOrders = (progress: Map<string, OrderProgress>): Orders => {
  const answers = new Map<string, number>();
  return {
    begin: async (orderId, now, lapseSeconds) => {
      const { beginning, after } = beginOrder(progress.get(orderId), now, lapseSeconds);
      if (after !== undefined) progress.set(orderId, after);
      return beginning;
    },
    giveBack: async (orderId, now) => {
      const after = giveBackOrder(progress.get(orderId), now);
      if (after !== undefined) progress.set(orderId, after);
    },
    finish: async (orderId, now) => {
      progress.set(orderId, { status: 'done', lapsesAt: now.getTime() });
    },
    takeAnswer: async (orderId) => {
      const count = answers.get(orderId) ?? 0;
      if (count >= MAXIMUM_ANSWERS) return false;
      answers.set(orderId, count + 1);
      return true;
    },
  };
};

const memoryPlans = (plans: Map<string, StoredPlan>): StoredPlans => ({
  store: async (plan) => {
    if (!plans.has(plan.planId)) plans.set(plan.planId, structuredClone(plan));
  },
  find: async (planId) => plans.get(planId),
  take: async (planId, by, now, lapseSeconds) => {
    const decision = takePlan(plans.get(planId), by, now, lapseSeconds);
    if (decision.kind === 'taken') plans.set(planId, decision.plan);
    return decision;
  },
  finish: async (planId, orderId, status) => {
    const after = endPlan(plans.get(planId), orderId, status);
    if (after !== undefined) plans.set(planId, after);
    return after !== undefined;
  },
});

const memoryQuietMatters = (quiet: Map<string, Date>): QuietMatters => ({
  silence: async (matter, until) => {
    quiet.set(matter, until);
  },
  isQuiet: async (matter, now) => (quiet.get(matter)?.getTime() ?? 0) > now.getTime(),
});

const memoryPauses = (stopped: Map<string, StoppedGroup>): Pauses => {
  let pause: Pause | undefined;
  return {
    begin: async (begun) => {
      pause = { ...begun };
    },
    end: async () => {
      pause = undefined;
    },
    find: async () => pause,
    listStoppedGroups: async () => [...stopped.values()],
    resumeGroup: async (targetGroupArn) => {
      stopped.delete(targetGroupArn);
    },
  };
};

const memoryShownChanges = (): ShownChanges => {
  const shown = new Map<string, { readonly at: Date; readonly planIds: readonly (string | undefined)[] }>();
  return {
    show: async (userId, planIds, now) => {
      shown.set(userId, { at: now, planIds: [...planIds] });
    },
    find: async (userId, now) => {
      const found = shown.get(userId);
      return found === undefined || now.getTime() - found.at.getTime() > 86_400_000 ? undefined : found;
    },
  };
};

const memoryThreads = (threads: Map<string, Thread>): Threads => ({
  get: async (destination, matter) => threads.get(`${destination}|${matter}`),
  put: async (destination, matter, thread) => {
    threads.set(`${destination}|${matter}`, thread);
  },
});

export const aMemoryState = (): MemoryState => {
  const entries = new Map<string, LedgerEntry>();
  const ownership = new Map<string, Ownership>();
  const heldLeases = new Map<string, { readonly owner: string; readonly expiresAt: Date }>();
  const chains = new Map<string, WatchChain>();
  const delivered = new Set<string>();
  const storedPlans = new Map<string, StoredPlan>();
  const orderProgress = new Map<string, OrderProgress>();
  const stopped = new Map<string, StoppedGroup>();
  return {
    storedPlans,
    orderProgress,
    orders: memoryOrders(orderProgress),
    plans: memoryPlans(storedPlans),
    quietMatters: memoryQuietMatters(new Map()),
    pauses: memoryPauses(stopped),
    closings: memoryClosings(stopped),
    shownChanges: memoryShownChanges(),
    entries,
    ownership,
    heldLeases,
    chains,
    ledger: memoryLedger(entries, ownership),
    leases: memoryLeases(heldLeases),
    budgets: memoryBudgets(new Map(), new Map()),
    watches: memoryWatches(chains),
    deliveredReports: {
      has: async (destination, key) => delivered.has(`${destination}|${key}`),
      add: async (destination, key) => {
        delivered.add(`${destination}|${key}`);
      },
    },
    threads: memoryThreads(new Map()),
  };
};
