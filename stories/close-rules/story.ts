import { planClosings } from '../../domain/closing/plan.ts';
import { shortDigest } from '../../domain/report-frame.ts';
import type { CloseRules } from '../../events/closing-note.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { observe } from './observe.ts';
import type { ClosingPorts } from './ports.ts';
import type { Proposed } from './propose.ts';
import { propose, proposedIn } from './propose.ts';
import { CLOSINGS_LEASE, remove } from './remove.ts';
import { tellClosings } from './tell.ts';

/** A security group whose broader rules stay as they are is looked at so seldom. */
const DAY_MILLISECONDS = 86_400_000;
/** Security groups in one run: each is some reads for every target group of its VPC, four a second. */
const GROUPS_AT_ONCE = 3;
/** After so long no further one is begun: the function runs a minute at most, and a large VPC takes half of it. */
const ENOUGH_MILLISECONDS = 15_000;

/** What one security group came to. */
interface GroupClosed {
  readonly proposed: Proposed | undefined;
  /** Whether all of it was decided: what waits for room within the hour is looked at again by the next sweep. */
  readonly isDecided: boolean;
}

const closeUnderLease = async (
  ports: ClosingPorts,
  groupId: string,
  ruleIds: ReadonlySet<string>,
  going: Set<string>,
): Promise<GroupClosed> => {
  const observed = await observe(ports, groupId, ruleIds, going);
  if (observed === undefined) {
    ports.log({ event: 'not-closed', groupId, because: 'who relies on it could not be told' });
    return { proposed: undefined, isDecided: true };
  }
  const { grounds } = observed;
  if (grounds.isPaused) return { proposed: undefined, isDecided: false };
  const { removals, proposals } = planClosings(grounds);
  for (const { change } of [...removals, ...proposals]) going.add(change.ruleId);
  let isDecided = true;
  for (const closing of removals) {
    const removed = await remove(ports, observed, closing);
    if (removed === 'too-many-removals') {
      ports.log({ event: 'not-closed', groupId, because: removed });
      isDecided = false;
    }
  }
  return { proposed: proposedIn(observed, proposals), isDecided };
};

const fingerprintOf = ({ stage }: ClosingPorts, ruleIds: readonly string[]): string =>
  shortDigest(
    [stage.defaultPolicy, stage.maximumPolicy, stage.managedByTags.join(), [...ruleIds].sort().join()].join('|'),
  );

/** Whether a security group was looked at within the day, and its broader rules are the same still. */
const isKnown = async (ports: ClosingPorts, { groupId, ruleIds }: CloseRules['groups'][number]): Promise<boolean> => {
  const last = await ports.closings.lastLook(groupId);
  return (
    last?.fingerprint === fingerprintOf(ports, ruleIds) && ports.now().getTime() - last.at.getTime() < DAY_MILLISECONDS
  );
};

const closeIn = async (
  ports: ClosingPorts,
  group: CloseRules['groups'][number],
  going: Set<string>,
): Promise<GroupClosed | 'left' | undefined> => {
  const { groupId, ruleIds } = group;
  const lease = await ports.leases.acquire(
    [CLOSINGS_LEASE, groupId],
    `close-${ports.newId()}`,
    ports.now(),
    LEASE_SECONDS,
  );
  if (lease === undefined) return undefined;
  try {
    return await closeUnderLease(ports, groupId, new Set(ruleIds), going);
  } catch (error) {
    ports.log({ event: 'not-closed', groupId, because: error instanceof Error ? error.message : String(error) });
    return 'left';
  } finally {
    await ports.leases.release(lease);
  }
};

/**
 * Closes, or proposes to close, what lets more to targets than their balancer, in the security groups where a sweep saw such
 * rules: a few at a time, each at most once a day while nothing of it changes. What fails for one stops no other.
 * @throws what the table or the queues failed with; the message comes back
 */
export const closeRules =
  (ports: ClosingPorts) =>
  async ({ groups }: CloseRules): Promise<string> => {
    const due: CloseRules['groups'][number][] = [];
    for (const group of groups) {
      if (due.length === GROUPS_AT_ONCE) break;
      if (!(await isKnown(ports, group))) due.push(group);
    }
    const proposed: Proposed[] = [];
    const decided: CloseRules['groups'][number][] = [];
    const startedAt = ports.now().getTime();
    // Judged as gone for the groups that follow: each alone may be needed by nobody, and both together by somebody.
    const going = new Set<string>();
    for (const group of due) {
      if (ports.now().getTime() - startedAt > ENOUGH_MILLISECONDS) break;
      const closed = await closeIn(ports, group, going);
      if (closed === undefined || closed === 'left') continue;
      if (closed.proposed !== undefined) proposed.push(closed.proposed);
      if (closed.isDecided) decided.push(group);
    }
    await tellClosings(ports);
    await propose(ports, proposed);
    // Only once it is told: whoever dies before looks again, and what was said is not said twice.
    for (const { groupId, ruleIds } of decided)
      await ports.closings.noteLook(groupId, fingerprintOf(ports, ruleIds), ports.now());
    return `${due.length} looked at`;
  };
