import { compareText } from '../difference.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { Named } from '../named.ts';
import type { Network } from '../network/model.ts';
import { ruleCount } from '../network/rule-quota.ts';

/** Something of which AWS allows only so many, and of which there are many already. */
export interface NearLimit {
  readonly kind: 'rules-ipv4' | 'rules-ipv6' | 'targets-in-group' | 'targets-in-zone' | 'targets-behind-balancer';
  readonly of: Named;
  readonly used: number;
  readonly limit: number;
}

/** Warned from here on. */
const SHARE = 0.8;

/** Defaults of AWS; all but a gateway balancer's can be raised (facts 2.1, 3.1). */
export const RULES_PER_GROUP = 60;
const TARGETS_PER_GROUP = 1_000;
/** Of a gateway's group, which may hold as many in each zone. */
const TARGETS_PER_ZONE = 300;
const TARGETS_PER_BALANCER: Readonly<Record<LoadBalancer['kind'], number>> = {
  application: 1_000,
  network: 3_000,
  gateway: 300,
  classic: 1_000,
};

const isNear = ({ used, limit }: NearLimit): boolean => used >= limit * SHARE;

const rulesIn = (groupId: string, network: Network): readonly NearLimit[] => {
  const group = network.securityGroups.get(groupId);
  const of = { id: groupId, name: group?.kind === 'read' ? group.value.name : groupId };
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const count = ruleCount(groupId, direction, network);
    if (count === undefined) return [];
    return (['ipv4', 'ipv6'] as const).map(
      (family): NearLimit => ({ kind: `rules-${family}`, of, used: count[family], limit: RULES_PER_GROUP }),
    );
  });
};

/** A group with its members; of a gateway's by zone instead, as far as the zones of members are known. */
export type FilledGroup =
  | { readonly group: Named; readonly members: number }
  | { readonly group: Named; readonly byZone: ReadonlyMap<string, number> };

/** What one look at some groups saw of how full they are. */
export interface Filled {
  readonly targetGroups: readonly FilledGroup[];
  readonly balancers: readonly { readonly balancer: LoadBalancer; readonly members: number }[];
  readonly network: Network;
}

const targetsIn = (filled: FilledGroup): readonly NearLimit[] => {
  const { group: of } = filled;
  return 'byZone' in filled
    ? [...filled.byZone.values()].map((used) => ({ kind: 'targets-in-zone', of, used, limit: TARGETS_PER_ZONE }))
    : [{ kind: 'targets-in-group', of, used: filled.members, limit: TARGETS_PER_GROUP }];
};

/** One per resource and kind: the fullest, by direction, by zone or by slice. */
const fullest = (limits: readonly NearLimit[]): readonly NearLimit[] => {
  const byKey = new Map<string, NearLimit>();
  for (const limit of limits) {
    const key = `${limit.of.id}|${limit.kind}`;
    const before = byKey.get(key);
    if (before === undefined || before.used < limit.used) byKey.set(key, limit);
  }
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, limit]) => limit);
};

/** What is four fifths full or more. Rules of a list whose weight was not read are not counted at all. */
export const nearLimits = ({ targetGroups, balancers, network }: Filled): readonly NearLimit[] =>
  fullest(
    [
      ...[...network.rules.keys()].flatMap((groupId) => rulesIn(groupId, network)),
      ...targetGroups.flatMap(targetsIn),
      ...balancers.map(
        ({ balancer: { arn, name, kind }, members }): NearLimit => ({
          kind: 'targets-behind-balancer',
          of: { id: arn, name },
          used: members,
          limit: TARGETS_PER_BALANCER[kind],
        }),
      ),
    ].filter(isNear),
  );

export const mergeLimits = (a: readonly NearLimit[], b: readonly NearLimit[]): readonly NearLimit[] =>
  fullest([...a, ...b]);
