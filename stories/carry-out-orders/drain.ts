import { targetChangeKey } from '../../domain/change.ts';
import { compareText } from '../../domain/difference.ts';
import type { Instance } from '../../domain/instance.ts';
import { instanceName, isInstanceId } from '../../domain/instance.ts';
import type { OwnedSeat, Ownership } from '../../domain/ledger.ts';
import type { Order } from '../../domain/order.ts';
import type { Named } from '../../domain/report.ts';
import { placementsFor, targetGroupName } from '../../domain/seating/placements.ts';
import { targetKey } from '../../domain/target.ts';
import type { DrainedGroup, VerbAnswer } from '../../domain/verb-answer.ts';
import { settleLedger } from '../settle-ledger/story.ts';
import type { OrderPorts } from './ports.ts';
import { undoSeats } from './undo.ts';

/** The record of a registration of ours, with what was registered. */
interface OwnSeat extends Ownership {
  readonly seat: OwnedSeat;
}

/** Whom a person means: an instance that EC2 shows, or one of which only our own records are left. */
interface Meant {
  readonly instance: Named;
  readonly seen: Instance | undefined;
  readonly seats: readonly OwnSeat[];
}

const seatsOf = async (ports: OrderPorts, instanceId: string): Promise<readonly OwnSeat[]> =>
  (await ports.ledger.readSeats([instanceId])).flatMap((owned) =>
    owned.seat === undefined ? [] : [{ ...owned, seat: owned.seat }],
  );

const named = (instance: Instance): Named => ({ id: instance.instanceId, name: instanceName(instance) });

const findInstance = async (ports: OrderPorts, said: string): Promise<Meant | VerbAnswer> => {
  const found = isInstanceId(said) ? await ports.ec2.readInstances([said]) : await ports.fleet.readInstancesNamed(said);
  const [seen, second] = [...found].sort((a, b) => compareText(a.instanceId, b.instanceId));
  if (seen !== undefined && second !== undefined)
    return { kind: 'ambiguous-instance', said, candidates: found.map(named) };
  const instanceId = seen?.instanceId ?? said;
  const seats = isInstanceId(instanceId) ? await seatsOf(ports, instanceId) : [];
  const name = seen === undefined ? seats[0]?.seat.name : instanceName(seen);
  return name === undefined ? { kind: 'no-such-instance', said } : { instance: { id: instanceId, name }, seen, seats };
};

/** Who took it out: the hold that stays names this order. */
const planIdOf = ({ orderId }: Order): string => `drain|${orderId}`;

/** Whether a target that we took out, or had taken out, is in its group all the same: put back by somebody else. */
const isThereAgain = async (ports: OrderPorts, { targetGroup, target }: OwnedSeat): Promise<boolean> => {
  const members = (await ports.loadBalancing.readTargetHealth(targetGroup.id)) ?? [];
  return members.some((member) => member.state !== 'draining' && targetKey(member.target) === targetKey(target));
};

/** Takes one seat of ours, by the same story as an undo: under the lease, within floor and budgets, held from then on. */
const leaveSeat = async (
  ports: OrderPorts,
  order: Order,
  { key, entryId, undoneBy, leaving, seat }: OwnSeat,
): Promise<DrainedGroup> => {
  const { targetGroup, target, instanceId, name, destination } = seat;
  const planId = planIdOf(order);
  if (leaving !== undefined || (undoneBy !== undefined && undoneBy !== planId))
    return {
      targetGroup,
      outcome: (await isThereAgain(ports, seat)) ? { kind: 'stays', because: 'NotOurs' } : { kind: 'out-already' },
    };
  const entries = [{ entryId, changeKey: key, instanceId, name, target }];
  const undoing = await undoSeats(ports)({ planId, destination }, { kind: 'undo', targetGroup, entries, rules: [] });
  switch (undoing.kind) {
    case 'undone':
      return { targetGroup, outcome: { kind: 'taken-out' } };
    case 'not-undone':
      return { targetGroup, outcome: { kind: 'not-taken-out', because: undoing.because } };
    case 'moved': {
      const because = undoing.moved[0]?.because ?? 'NotInGroup';
      const isOut = because === 'NotInGroup' || because === 'Leaving' || because === 'GroupGone';
      return { targetGroup, outcome: isOut ? { kind: 'out-already' } : { kind: 'stays', because } };
    }
  }
};

const idsOf = ({ instanceId, networkInterfaces }: Instance): ReadonlySet<string> =>
  new Set([
    instanceId,
    ...networkInterfaces.flatMap(({ privateIpv4Addresses, ipv6Addresses }) => [
      ...privateIpv4Addresses,
      ...ipv6Addresses,
    ]),
  ]);

/** Groups where its tags bring it and somebody else registered it: an order to us does not reach there. */
const othersGroups = async (ports: OrderPorts, { seen, seats }: Meant): Promise<readonly DrainedGroup[]> => {
  if (seen === undefined) return [];
  const { placements } = placementsFor([seen], await ports.tagging.readTargetGroups('with-any-tag'));
  const ours = new Set(seats.map(({ key }) => key));
  const ids = idsOf(seen);
  const groups: DrainedGroup[] = [];
  for (const { targetGroupArn } of placements) {
    const members = (await ports.loadBalancing.readTargetHealth(targetGroupArn)) ?? [];
    const isThere = members.some(
      ({ target, state }) =>
        state !== 'draining' && ids.has(target.id) && !ours.has(targetChangeKey(targetGroupArn, targetKey(target))),
    );
    if (isThere)
      groups.push({
        targetGroup: { id: targetGroupArn, name: targetGroupName(targetGroupArn) },
        outcome: { kind: 'stays', because: 'NotOurs' },
      });
  }
  return groups;
};

/**
 * Takes an instance out of every group that Usher registered it in, each within its floor and budgets, and holds it there;
 * answers what came of each group. Any number of times, the same order ends in the same state.
 * @throws {GroupsBusyError} when somebody else plans against one of them; what was done until then stays done
 * @throws whatever a read or write of AWS failed with
 */
export const drainInstance = async (ports: OrderPorts, order: Order, words: readonly string[]): Promise<VerbAnswer> => {
  const said = words.join(' ');
  if (said === '') return { kind: 'say-which', verb: 'drain' };
  await settleLedger(ports);
  const meant = await findInstance(ports, said);
  if ('kind' in meant) return meant;
  const groups: DrainedGroup[] = [];
  for (const seat of meant.seats) groups.push(await leaveSeat(ports, order, seat));
  groups.push(...(await othersGroups(ports, meant)));
  const { instance } = meant;
  ports.log({ event: 'drained', instanceId: instance.id, groups: groups.length });
  return groups.length === 0
    ? { kind: 'in-no-group', instance }
    : { kind: 'drained', byUserId: order.by.userId, instance, groups };
};
