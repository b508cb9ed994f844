import { planClosings } from '../../domain/closing/plan.ts';
import { compareText } from '../../domain/difference.ts';
import type { LeftAsItIs } from '../../domain/fleet-plan.ts';
import type { Network, Seat } from '../../domain/network/model.ts';
import type { Consenting } from '../consent.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { broaderIn } from '../sweep/look-at-slice.ts';
import { observe } from './observe.ts';
import type { RemovingPorts } from './ports.ts';
import { CLOSINGS_LEASE, remove, securityGroupOf } from './remove.ts';

/** What was seen of a fleet on the way. */
interface Seen {
  readonly seats: readonly Seat[];
  readonly network: Network;
}

/** Words for why a rule is left to a person, among those that anything may be left for. */
const LEFT = { OtherWearers: 'NotOurs', CoversOtherPorts: 'NotWorldOpen' } as const;

type Because = ReturnType<typeof planClosings>['proposals'][number]['because'];

const leftBecause = (because: Because): LeftAsItIs['because'] =>
  because === 'OtherWearers' || because === 'CoversOtherPorts' ? LEFT[because] : because;

const closeGroup = async (
  ports: RemovingPorts & Consenting,
  groupId: string,
  ruleIds: ReadonlySet<string>,
  going: Set<string>,
): Promise<readonly LeftAsItIs[]> => {
  const lease = await ports.leases.acquire(
    [CLOSINGS_LEASE, groupId],
    `close-${ports.newId()}`,
    ports.now(),
    LEASE_SECONDS,
  );
  if (lease === undefined) return [];
  try {
    const observed = await observe(ports, groupId, ruleIds, going);
    if (observed === undefined) return [];
    const { removals, proposals } = planClosings(observed.grounds);
    for (const { change } of [...removals, ...proposals]) going.add(change.ruleId);
    const left = {
      what: 'revoke-rule',
      targetGroup: { id: '', name: '' },
      of: securityGroupOf(observed.grounds),
    } as const;
    const waiting: LeftAsItIs[] = proposals.map(({ because }) => ({
      ...left,
      because: leftBecause(because),
      findings: [],
    }));
    for (const closing of removals) {
      if (ports.consent?.(closing.change) === false) continue;
      const removed = await remove(ports, observed, closing);
      if (removed === 'too-many-removals') waiting.push({ ...left, because: 'TooManyRemovals', findings: [] });
    }
    return waiting;
  } finally {
    await ports.leases.release(lease);
  }
};

/**
 * Closes what a sweep would close, in every security group of a fleet where something lets more to targets than their
 * balancer; answers what is left to a person. Over a rehearsal's ports it is the plan of that.
 * @throws whatever a read or write of AWS failed with; what was done until then is in the ledger
 */
export const closeInFleet = async (
  ports: RemovingPorts & Consenting,
  looks: readonly Seen[],
): Promise<readonly LeftAsItIs[]> => {
  const broader = looks.flatMap(({ seats, network }) => broaderIn(ports, seats, network));
  const left: LeftAsItIs[] = [];
  const going = new Set<string>();
  const byGroup = [...Map.groupBy(broader, ({ groupId }) => groupId)].sort(([a], [b]) => compareText(a, b));
  for (const [groupId, rules] of byGroup)
    left.push(...(await closeGroup(ports, groupId, new Set(rules.map(({ ruleId }) => ruleId)), going)));
  return left;
};
