import { compareText } from '../difference.ts';
import type { LedgerEntry } from '../ledger.ts';
import type { Named } from '../named.ts';
import { mergeLimits } from './limits.ts';
import type { LeftAlone, SweepTally, SweptTargets } from './report.ts';

export const NOTHING_SWEPT: SweepTally = {
  instances: 0,
  targetGroups: 0,
  registered: [],
  takenOut: [],
  rulesAdded: 0,
  rulesRemoved: [],
  missedEvents: 0,
  leftAlone: [],
  limits: [],
  notLookedAt: undefined,
};

/** Names kept of each list: a message shows two or three, and the state is one item. */
const NAMES_KEPT = 3;
const GROUPS_KEPT = 20;
const RULES_KEPT = 20;

interface Counted {
  readonly names: readonly string[];
  readonly count: number;
}

const together = (a: Counted | undefined, b: Counted): Counted => ({
  names: [...new Set([...(a?.names ?? []), ...b.names])].slice(0, NAMES_KEPT),
  count: (a?.count ?? 0) + b.count,
});

const merged = <T extends Counted>(items: readonly T[], keyOf: (item: T) => string): readonly T[] => {
  const byKey = new Map<string, T>();
  for (const item of items) byKey.set(keyOf(item), { ...item, ...together(byKey.get(keyOf(item)), item) });
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);
};

/** Groups beyond the first few are counted with the last one kept: none is lost from the number of targets. */
const bounded = (targets: readonly SweptTargets[]): readonly SweptTargets[] => {
  const kept = targets.slice(0, GROUPS_KEPT);
  const beyond = targets.slice(GROUPS_KEPT).reduce((sum, { count }) => sum + count, 0);
  return kept.map((item, index) => (index === GROUPS_KEPT - 1 ? { ...item, count: item.count + beyond } : item));
};

export const mergeLeftAlone = (items: readonly LeftAlone[]): readonly LeftAlone[] =>
  merged(items, ({ because }) => because);

/** Two parts of one sweep as one. What failed first is what is told. */
export const mergeTallies = (a: SweepTally, b: SweepTally): SweepTally => ({
  instances: a.instances + b.instances,
  targetGroups: a.targetGroups + b.targetGroups,
  registered: bounded(merged([...a.registered, ...b.registered], ({ targetGroup }) => targetGroup.id)),
  takenOut: bounded(merged([...a.takenOut, ...b.takenOut], ({ targetGroup }) => targetGroup.id)),
  rulesAdded: a.rulesAdded + b.rulesAdded,
  rulesRemoved: [...a.rulesRemoved, ...b.rulesRemoved].slice(0, RULES_KEPT),
  missedEvents: a.missedEvents + b.missedEvents,
  leftAlone: mergeLeftAlone([...a.leftAlone, ...b.leftAlone]),
  limits: mergeLimits(a.limits, b.limits),
  notLookedAt:
    a.notLookedAt && b.notLookedAt
      ? { ...a.notLookedAt, targetGroups: a.notLookedAt.targetGroups + b.notLookedAt.targetGroups }
      : (a.notLookedAt ?? b.notLookedAt),
});

/** Targets by their group, as a list of what was or would be done. */
export const targetsByGroup = (
  targets: readonly { readonly targetGroup: Named; readonly name: string }[],
): readonly SweptTargets[] =>
  merged(
    targets.map(({ targetGroup, name }) => ({ targetGroup, names: [name], count: 1 })),
    ({ targetGroup }) => targetGroup.id,
  );

/** What some settled changes come to. */
export const tallyOfEntries = (
  entries: readonly LedgerEntry[],
): Pick<SweepTally, 'registered' | 'takenOut' | 'rulesAdded' | 'leftAlone'> => {
  const targetsOf = (kind: 'register-target' | 'deregister-target') =>
    targetsByGroup(
      entries
        .filter(({ change, status }) => change.kind === kind && status === 'applied')
        .map(({ matter }) => ({ targetGroup: matter.targetGroup, name: matter.targets[0]?.name ?? '-' })),
    );
  return {
    registered: targetsOf('register-target'),
    takenOut: targetsOf('deregister-target'),
    rulesAdded: entries.filter(({ change, status }) => change.kind === 'authorize-rule' && status === 'applied').length,
    leftAlone: mergeLeftAlone(
      entries
        .filter(({ status }) => status === 'failed')
        .map(({ matter }) => ({ because: 'RefusedByAws', names: matter.targets.map(({ name }) => name), count: 1 })),
    ),
  };
};

const numberOf = (targets: readonly SweptTargets[]): number => targets.reduce((sum, { count }) => sum + count, 0);

/** How many changes a sweep made, or would make. */
export const changesIn = ({ registered, takenOut, rulesAdded, rulesRemoved }: SweepTally): number =>
  numberOf(registered) + numberOf(takenOut) + rulesAdded + rulesRemoved.length;
