import type { MovedBecause, NotUndoneBecause } from '../../domain/answer.ts';
import type { DeregisterTarget } from '../../domain/change.ts';
import { changeKey } from '../../domain/change.ts';
import { isInstanceId } from '../../domain/instance.ts';
import type { Ownership } from '../../domain/ledger.ts';
import { permit } from '../../domain/permit.ts';
import type { PlanContent, StoredPlan, UndoableSeat } from '../../domain/stored-plan.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { GroupsBusyError } from '../seat-instances/approved.ts';
import { membershipSettlement } from '../settle-ledger/story.ts';
import { readStops } from '../stops.ts';
import { deregister, takeRoom } from '../take-out.ts';
import { holdersOf } from '../unseat-instances/observe.ts';
import type { OrderPorts } from './ports.ts';

type UndoContent = Extract<PlanContent, { readonly kind: 'undo' }>;
type UndoPlan = Pick<StoredPlan, 'planId' | 'destination'>;

/** What came of undoing. Only `undone` changed anything, now or when an earlier run of the same plan died. */
export type Undoing =
  | { readonly kind: 'undone' }
  | {
      readonly kind: 'moved';
      readonly moved: readonly { readonly name: string; readonly because: MovedBecause }[];
      /** What of it could still be undone. */
      readonly remaining: readonly UndoableSeat[];
    }
  | { readonly kind: 'not-undone'; readonly because: NotUndoneBecause };

/** What an earlier run of this plan began and never settled; that run is over, for its group's lease is ours. */
const settleOwn = async (
  ports: OrderPorts,
  planId: string,
  targetGroupArn: string,
  members: readonly TargetHealth[] | undefined,
): Promise<void> => {
  for (const entry of await ports.ledger.listOpen(targetGroupArn)) {
    const { change, status } = entry;
    if (status === 'intended' && change.kind === 'deregister-target' && change.planId === planId)
      await ports.ledger.settle(entry, membershipSettlement(change, members), ports.now());
  }
};

type Standing = { readonly kind: 'ready' | 'undone' } | { readonly kind: 'moved'; readonly because: MovedBecause };

/** Whether one target is still the one that we registered then, and in the group as it was. */
const standingOf = (
  seat: UndoableSeat,
  owned: Ownership | undefined,
  members: readonly TargetHealth[] | undefined,
  planId: string,
): Standing => {
  if (owned?.undoneBy === planId) return { kind: 'undone' };
  if (members === undefined) return { kind: 'moved', because: 'GroupGone' };
  const member = members.find(({ target }) => targetKey(target) === targetKey(seat.target));
  if (member === undefined) return { kind: 'moved', because: 'NotInGroup' };
  if (member.state === 'draining') return { kind: 'moved', because: 'Leaving' };
  return owned === undefined || owned.undoneBy !== undefined || owned.entryId !== seat.entryId
    ? { kind: 'moved', because: 'RegisteredAnew' }
    : { kind: 'ready' };
};

/** The group with its tags as they are now; `undefined` when it is gone. */
const readGroup = async (ports: OrderPorts, arn: string): Promise<TargetGroup | undefined> => {
  const tagged = await ports.tagging.readTargetGroups('with-any-tag');
  const tags = tagged.find((group) => group.arn === arn)?.tags ?? {};
  return (await ports.loadBalancing.readTargetGroups(new Map([[arn, tags]])))[0];
};

const removalOf = ({ target, instanceId }: UndoableSeat, group: TargetGroup, planId: string): DeregisterTarget => ({
  kind: 'deregister-target',
  targetGroupArn: group.arn,
  target,
  instanceId,
  vpcId: group.vpcId ?? '',
  reason: 'Undone',
  ours: true,
  planId,
});

/** Removals of addresses that another interface holds by now: whom they reach there is not who was registered. */
const heldByOthers = async (
  ports: OrderPorts,
  group: TargetGroup,
  removals: readonly DeregisterTarget[],
): Promise<readonly DeregisterTarget[]> => {
  const byAddress = removals.filter(({ target }) => !isInstanceId(target.id));
  if (byAddress.length === 0) return [];
  const holders = await holdersOf(ports, group, [...new Set(byAddress.map(({ target }) => target.id))]);
  return byAddress.filter(({ target, instanceId }) => holders.get(target.id)?.some((holder) => holder !== instanceId));
};

/** Why some of the removals may not be made, by change key: a yes overrules only the wish to be asked (domain/permit.ts). */
const withheldRemovals = async (
  ports: OrderPorts,
  group: TargetGroup,
  removals: readonly DeregisterTarget[],
): Promise<ReadonlyMap<string, MovedBecause>> => {
  const held = await heldByOthers(ports, group, removals);
  const instances = await ports.ec2.readInstances([...new Set(removals.map(({ instanceId }) => instanceId))]);
  const { withheld } = permit(removals, {
    stage: ports.stage,
    ...(await readStops(ports)),
    targetGroupTags: new Map([[group.arn, group.tags]]),
    instanceTags: new Map(instances.map(({ instanceId, tags }) => [instanceId, tags])),
    securityGroups: new Map(),
    ruleTags: new Map(),
    heldKeys: new Set(),
    approvedKeys: new Set(removals.map(changeKey)),
  });
  return new Map<string, MovedBecause>([
    ...held.map((removal) => [changeKey(removal), 'AddressHeld'] as const),
    ...withheld.map(
      ({ change, because }) =>
        [changeKey(change), because === 'Ask' || because === 'TooManyAdditions' ? 'NotWanted' : because] as const,
    ),
  ]);
};

/** Takes them out, if the accounts of the group and of the stage allow all of them. Answers why not. */
const takeOut = async (
  ports: OrderPorts,
  { targetGroup, entries }: UndoContent,
  removals: readonly DeregisterTarget[],
  { members, destination }: { readonly members: readonly TargetHealth[]; readonly destination: string },
): Promise<NotUndoneBecause | undefined> => {
  const keys = new Set(removals.map(({ target }) => targetKey(target)));
  const noRoom = await takeRoom(ports, targetGroup.id, keys, members);
  if (noRoom !== undefined) return noRoom;
  const names = new Map(entries.map((seat) => [seat.changeKey, seat.name]));
  const intended = removals.map((change) => {
    const { target, instanceId } = change;
    const name = names.get(changeKey(change)) ?? target.id;
    const reported = { key: targetKey(target), name, instanceId, port: target.port, availabilityZone: undefined };
    return { change, matter: { targetGroup, targets: [reported], findings: [], destination } };
  });
  const { refusal } = await deregister(ports, targetGroup.id, intended);
  return refusal && { kind: 'RefusedByAws', code: refusal.code };
};

/** Nothing more is owed about what was undone: whoever had it undone is answered. */
const closeTelling = async (ports: OrderPorts, { targetGroup, entries }: UndoContent): Promise<void> => {
  const keys = new Set(entries.map(({ target }) => targetKey(target)));
  const open = await ports.ledger.listOpen(targetGroup.id);
  const concerned = open.filter(({ matter }) => matter.targets.some(({ key }) => keys.has(key)));
  if (concerned.length > 0) await ports.ledger.tell(concerned, 'closed', keys);
};

/** Under the lease: looks afresh, and takes out all of them or none. */
const undo = async (ports: OrderPorts, { planId, destination }: UndoPlan, content: UndoContent): Promise<Undoing> => {
  const { targetGroup, entries } = content;
  const members = await ports.loadBalancing.readTargetHealth(targetGroup.id);
  await settleOwn(ports, planId, targetGroup.id, members);
  const owned = await ports.ledger.readOwnership(entries.map(({ changeKey: key }) => key));
  const group = members && (await readGroup(ports, targetGroup.id));
  const seen = entries.map((seat) => ({
    seat,
    standing: standingOf(seat, owned.get(seat.changeKey), group && members, planId),
  }));
  const ready = seen.filter(({ standing }) => standing.kind === 'ready').map(({ seat }) => seat);
  const removals = group === undefined ? [] : ready.map((seat) => removalOf(seat, group, planId));
  const withheld: ReadonlyMap<string, MovedBecause> =
    group === undefined ? new Map() : await withheldRemovals(ports, group, removals);
  const moved = seen.flatMap(({ seat, standing }) => {
    const because = standing.kind === 'moved' ? standing.because : withheld.get(seat.changeKey);
    return because === undefined ? [] : [{ name: seat.name, because }];
  });
  if (moved.length > 0)
    return { kind: 'moved', moved, remaining: ready.filter((seat) => !withheld.has(seat.changeKey)) };
  if (group !== undefined && members !== undefined && removals.length > 0) {
    const because = await takeOut(ports, content, removals, { members, destination });
    if (because !== undefined) return { kind: 'not-undone', because };
  }
  await closeTelling(ports, content);
  return { kind: 'undone' };
};

/**
 * Takes out again what Usher registered, when every target is still in its group by that very registration; from then on
 * each is held. The rules added for them stay: others may rely on them. Any number of times, it ends in the same state.
 * @throws {GroupsBusyError} when somebody else has the lease; nothing was changed
 * @throws whatever a read or write of AWS failed with
 */
export const undoSeats =
  (ports: OrderPorts) =>
  async (plan: UndoPlan, content: UndoContent): Promise<Undoing> => {
    const { targetGroup } = content;
    const owner = `undo-${ports.newId()}`;
    const lease = await ports.leases.acquire([targetGroup.id], owner, ports.now(), LEASE_SECONDS);
    if (lease === undefined) throw new GroupsBusyError(`the group ${targetGroup.name} is leased to others`);
    try {
      return await undo(ports, plan, content);
    } finally {
      await ports.leases.release(lease);
    }
  };
