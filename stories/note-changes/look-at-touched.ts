import type { Instance } from '../../domain/instance.ts';
import type { Touched } from '../../domain/recent-change.ts';
import type { TaggedGroup } from '../../domain/seating/placements.ts';
import { placementsFor } from '../../domain/seating/placements.ts';
import { cautionOf, groundsOf } from '../../domain/sweep/caution.ts';
import type { PlacedGroup, SweepSlice } from '../../domain/sweep/slices.ts';
import { sliceUp } from '../../domain/sweep/slices.ts';
import { changesIn } from '../../domain/sweep/tally.ts';
import type { TouchableGroup } from '../../domain/sweep/touched.ts';
import { balancersOf, groupsTouched, idsOf, needsBalancers } from '../../domain/sweep/touched.ts';
import type { LookAtTouched } from '../../events/look-at-touched.ts';
import { serializeLookAtTouched } from '../../events/look-at-touched.ts';
import { serializeSweepMessage } from '../../events/sweep-message.ts';
import { planInstances } from '../seat-instances/plan.ts';
import { tellHeld } from '../seat-instances/tell-held.ts';
import { settleLedger } from '../settle-ledger/story.ts';
import { lookAtSlice } from '../sweep/look-at-slice.ts';
import { sayingOnce } from '../sweep/say-once.ts';
import type { ChangePorts } from './ports.ts';

/** What became of a look, for the log. */
export type LookedAround =
  /** Nothing waits, or nothing of ours was touched. */
  | 'nothing'
  | 'looked'
  /** So much was touched that the sweep does it, step by step. */
  | 'swept'
  | 'tried-again'
  /** The next sweep sees it. */
  | 'given-up';

const ATTEMPTS = 3;
const AGAIN_SECONDS = 60;

const isUshers = ({ tags }: TaggedGroup): boolean => Object.keys(tags).some((key) => key.startsWith('usher:'));

/** Instances by the groups they belong into. A page that fails fails it all. */
const placeAll = async (ports: ChangePorts, groups: readonly TaggedGroup[]) => {
  const placed = new Map<string, Map<string, Instance>>();
  await ports.fleet.readEveryInstance((page) => {
    for (const { targetGroupArn, instance } of placementsFor(page, groups).placements) {
      const members = placed.get(targetGroupArn) ?? new Map<string, Instance>();
      placed.set(targetGroupArn, members.set(instance.instanceId, instance));
    }
  });
  return placed;
};

const readBalancers = async (ports: ChangePorts, groups: readonly TaggedGroup[], touched: readonly Touched[]) => {
  if (!needsBalancers(touched)) return { targetGroups: new Map(), balancers: [] };
  const read = await ports.loadBalancing.readTargetGroups(new Map(groups.map(({ arn, tags }) => [arn, tags])));
  const arns = [...new Set(read.flatMap(({ loadBalancerArns }) => loadBalancerArns))].sort();
  return {
    targetGroups: new Map(read.map((group) => [group.arn, group])),
    balancers: arns.length === 0 ? [] : await ports.loadBalancing.readLoadBalancers(arns),
  };
};

/** ACLs guard subnets, and only they name them. */
const readAcls = async (
  ports: ChangePorts,
  subnetIds: readonly string[],
  touched: readonly Touched[],
): Promise<ReadonlyMap<string, string>> => {
  if (subnetIds.length === 0 || !touched.some(({ kind }) => kind === 'network-acl')) return new Map();
  const acls = await ports.ec2.readNetworkAcls(subnetIds);
  return new Map([...acls].map(([subnetId, { networkAclId }]) => [subnetId, networkAclId]));
};

/** Reads what is tagged, and finds which groups of it a change concerns. */
const findTouched = async (ports: ChangePorts, touched: readonly Touched[]): Promise<readonly PlacedGroup[]> => {
  const groups = (await ports.tagging.readTargetGroups('with-any-tag')).filter(isUshers);
  if (groups.length === 0) return [];
  const placed = await placeAll(ports, groups);
  const { targetGroups, balancers } = await readBalancers(ports, groups, touched);
  const instancesIn = (arn: string): readonly Instance[] => [...(placed.get(arn)?.values() ?? [])];
  const subnetsOf = (arn: string): readonly string[] => [
    ...instancesIn(arn).flatMap(({ networkInterfaces }) => networkInterfaces.map(({ subnetId }) => subnetId)),
    ...balancersOf(targetGroups.get(arn), balancers).flatMap(({ zones }) => zones.map(({ subnetId }) => subnetId)),
  ];
  const subnets = [...new Set(groups.flatMap(({ arn }) => subnetsOf(arn)))].sort();
  const acls = await readAcls(ports, subnets, touched);
  return groupsTouched(
    groups.map(
      ({ arn }): TouchableGroup => ({
        targetGroupArn: arn,
        instanceIds: instancesIn(arn).map(({ instanceId }) => instanceId),
        around: new Set([
          ...instancesIn(arn).flatMap(idsOf),
          ...subnetsOf(arn).flatMap((subnetId) => acls.get(subnetId) ?? []),
        ]),
        balancers: balancersOf(targetGroups.get(arn), balancers),
      }),
    ),
    touched,
  );
};

/** Whether sweeps may change things now; else it is only said what is held. */
const mayAct = async (ports: ChangePorts): Promise<boolean> => {
  const { record } = (await ports.sweeps.read()).state;
  const grounds = groundsOf(ports.stage, ports.version);
  const caution = record.caution ?? cautionOf(record.accepted, grounds, record.completedAt, ports.now());
  return caution === undefined && (await ports.pauses.find()) === undefined;
};

const lookOnly = async (ports: ChangePorts, { instanceIds }: SweepSlice): Promise<void> => {
  const planned = instanceIds.length === 0 ? undefined : await planInstances(ports)(instanceIds);
  if (planned === undefined) return;
  await tellHeld({ ...sayingOnce(ports), isPatient: true }, planned.leased.seats, planned.decided);
};

const lookAt = async (ports: ChangePorts, slice: SweepSlice): Promise<void> => {
  await settleLedger(ports);
  if (!(await mayAct(ports))) return lookOnly(ports, slice);
  const { tally } = await lookAtSlice(ports, slice, 'apply');
  ports.log({ event: 'looked-at-touched', targetGroups: tally.targetGroups, changes: changesIn(tally) });
};

const lookAround = async (ports: ChangePorts, touched: readonly Touched[]): Promise<LookedAround> => {
  const [slice, ...others] = sliceUp(await findTouched(ports, touched));
  if (slice === undefined) return 'nothing';
  if (others.length > 0) {
    await ports.sweepQueue.sendLater(serializeSweepMessage({ kind: 'sweep-due', attempt: 0 }), 0);
    return 'swept';
  }
  await lookAt(ports, slice);
  return 'looked';
};

/**
 * Looks at everything that others changed since the last such look: by the sweep's own stories, at no more than one of its
 * slices. What is changed while it looks has a look of its own. Killed anywhere and taken again, it comes to the same end.
 * @throws what the table or the queues failed with; the message comes back
 */
export const lookAtTouched =
  (ports: ChangePorts) =>
  async ({ attempt }: LookAtTouched): Promise<LookedAround> => {
    await ports.touches.setNextLook(undefined);
    const waiting = await ports.touches.list();
    if (waiting.length === 0) return 'nothing';
    try {
      const looked = await lookAround(
        ports,
        waiting.map(({ touched }) => touched),
      );
      await ports.touches.done(waiting);
      return looked;
    } catch (error) {
      ports.log({ event: 'look-failed', because: error instanceof Error ? error.message : String(error) });
      if (attempt + 1 < ATTEMPTS) {
        const again = serializeLookAtTouched({ kind: 'look-at-touched', attempt: attempt + 1 });
        await ports.sweepQueue.sendLater(again, AGAIN_SECONDS * (attempt + 1));
        return 'tried-again';
      }
      await ports.touches.done(waiting);
      return 'given-up';
    }
  };
