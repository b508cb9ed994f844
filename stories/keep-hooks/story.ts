import type { AutoScalingReader, AutoScalingWriter, HookedInstance } from '../../aws/auto-scaling/port.ts';
import type { Ec2Reader } from '../../aws/ec2/port.ts';
import type { LoadBalancingReader } from '../../aws/elastic-load-balancing/port.ts';
import type { WaitingQueue } from '../../aws/queues/port.ts';
import type { Ledger, Pauses } from '../../aws/state/port.ts';
import type { TaggingReader } from '../../aws/tagging/port.ts';
import type { Instance } from '../../domain/instance.ts';
import type { Ownership } from '../../domain/ledger.ts';
import { drainsHere, isStillIn, mayTouchHook } from '../../domain/seating/drain.ts';
import type { TaggedGroup } from '../../domain/seating/placements.ts';
import { placementsFor } from '../../domain/seating/placements.ts';
import type { Stage } from '../../domain/stage.ts';
import { serializeHookNote } from '../../events/hook-note.ts';
import type { Surroundings } from '../log.ts';

/** Everything the story of keeping hooks reads and writes through. */
export interface HookPorts extends Surroundings {
  readonly stage: Stage;
  readonly ec2: Pick<Ec2Reader, 'readInstances'>;
  readonly loadBalancing: Pick<LoadBalancingReader, 'readTargetHealth'>;
  readonly tagging: TaggingReader;
  readonly autoScaling: AutoScalingReader & AutoScalingWriter;
  readonly ledger: Pick<Ledger, 'readSeats'>;
  readonly pauses: Pick<Pauses, 'find'>;
  /** Where a look is put off to: the queue of `register-targets`. */
  readonly launchQueue: WaitingQueue;
}

/** An instance that waits in a terminate hook, and since when it has been looked at. */
export interface Hooked extends HookedInstance {
  readonly since: Date;
}

/** Shorter than the shortest time-out of a hook (30 s), the queue's batch window included. @see Auto Scaling API reference, `PutLifecycleHook` */
const SECONDS_BETWEEN_LOOKS = 15;

/** A deregistration takes an hour at most (facts 2.2); what is in the group for longer is not being drained. */
const LONGEST_WAIT_SECONDS = 75 * 60;

type HookOutcome = 'no-drain' | 'waits-no-more' | 'waiting' | 'let-go' | 'given-up';

/** The groups tagged `usher:drain` that the instance sits in, or may sit in: by the ledger, its tags, or its Auto Scaling group. */
const groupsToDrain = async (
  ports: HookPorts,
  attachedTo: readonly string[],
  instance: Instance,
  seats: readonly Ownership[],
): Promise<readonly TaggedGroup[]> => {
  const groups = await ports.tagging.readTargetGroups('with-any-tag');
  const { placements } = placementsFor([instance], groups);
  const named = new Set([
    ...attachedTo,
    ...placements.map(({ targetGroupArn }) => targetGroupArn),
    ...seats.flatMap(({ seat }) => seat?.targetGroup.id ?? []),
  ]);
  return groups.filter((group) => named.has(group.arn) && drainsHere(group.tags, ports.stage));
};

/** Whether a target of the instance is still in one of the groups, leaving or not. */
const isInAny = async (
  ports: HookPorts,
  groups: readonly TaggedGroup[],
  instance: Instance,
  seats: readonly Ownership[],
): Promise<boolean> => {
  for (const { arn } of groups) {
    const members = (await ports.loadBalancing.readTargetHealth(arn)) ?? [];
    if (members.some(({ target }) => isStillIn(target, instance, seats))) return true;
  }
  return false;
};

const lookLater = (ports: HookPorts, { since, ...hooked }: Hooked): Promise<void> =>
  ports.launchQueue.sendLater(
    serializeHookNote({ kind: 'look-at-hook', ...hooked, since: since.toISOString() }),
    SECONDS_BETWEEN_LOOKS,
  );

const look = async (ports: HookPorts, hooked: Hooked): Promise<HookOutcome> => {
  const { autoScalingGroupName, instanceId, since } = hooked;
  const scaling = (await ports.autoScaling.readGroups([autoScalingGroupName])).get(autoScalingGroupName);
  const [instance] = await ports.ec2.readInstances([instanceId]);
  if (scaling?.lifecycleStates.get(instanceId) !== 'Terminating:Wait' || instance === undefined) return 'waits-no-more';
  const seats = await ports.ledger.readSeats([instanceId]);
  const groups = await groupsToDrain(ports, scaling.attachedTo, instance, seats);
  if (groups.length === 0 || !mayTouchHook(instance, ports.stage)) return 'no-drain';
  const isIn = await isInAny(ports, groups, instance, seats);
  // Its own time-out ends the wait.
  if (isIn && ports.now().getTime() - since.getTime() > LONGEST_WAIT_SECONDS * 1000) return 'given-up';
  const isPaused = (await ports.pauses.find()) !== undefined;
  if (!isIn && !isPaused) return (await ports.autoScaling.letGo(hooked)) ? 'let-go' : 'waits-no-more';
  if (isIn && !isPaused && !(await ports.autoScaling.keepWaiting(hooked))) return 'waits-no-more';
  await lookLater(ports, hooked);
  return 'waiting';
};

/**
 * Keeps instances in their terminate hooks until they are drained from the groups tagged `usher:drain`, and lets them go
 * then. A hook of an instance in no such group is somebody else's, and is not touched. Any number of times, it ends in the
 * same state: a hook that was let go is not there to be let go again.
 * @throws whatever a read or write of AWS failed with; the queue brings the look again
 */
export const keepHooks =
  (ports: HookPorts) =>
  async (hooked: readonly Hooked[]): Promise<void> => {
    const distinct = new Map(
      hooked.map((one) => [`${one.autoScalingGroupName}|${one.hookName}|${one.instanceId}`, one]),
    ).values();
    for (const one of distinct) {
      const outcome = await look(ports, one);
      ports.log({ event: 'looked-at-hook', instanceId: one.instanceId, hook: one.hookName, outcome });
    }
  };
