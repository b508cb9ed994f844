import { isGatewayGroup } from '../../domain/alarms/desired.ts';
import type { AlarmsSeen } from '../../domain/alarms/plan.ts';
import { planAlarms } from '../../domain/alarms/plan.ts';
import { sameRecord } from '../../domain/alarms/record.ts';
import type { AlarmNotMade } from '../../domain/alarms/report.ts';
import { destinationFor } from '../../domain/destination.ts';
import { wearsOurTag } from '../../domain/tags.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import type { AlarmsDue } from '../../events/alarms-due.ts';
import { serializeAlarmsDue } from '../../events/alarms-due.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { createAlarms } from './create.ts';
import type { AlarmPorts } from './ports.ts';
import { proposeAlarms } from './propose.ts';
import { removeAlarms } from './remove.ts';
import { tellAlarms } from './tell.ts';

/** What became of a look at alarms, for the log. */
export type AlarmsLooked =
  | 'looked'
  /** Nothing is written while a person stopped every write. */
  | 'paused'
  /** Another look is under way; this one comes again. */
  | 'busy'
  /** There was more to make than one look does; the next does the rest. */
  | 'more';

/** What is read of the account, what is planned on it and what is written is one thing: two looks would make one alarm twice. */
const ALARMS = 'alarms';
const BUSY_SECONDS = 30;

/** CloudWatch takes a few of these calls a second, and a look has a minute. @see CloudWatch user guide, "service quotas" */
const MADE_AT_ONCE = 25;
const REST_SECONDS = 10;

const readGroups = async ({ balancingFleet }: AlarmPorts): Promise<readonly TargetGroup[]> => {
  const all = await balancingFleet.readEveryTargetGroup();
  const tags = await balancingFleet.readTags(all.map(({ arn }) => arn));
  return all.map((group) => ({ ...group, tags: tags.get(group.arn) ?? {} }));
};

/** Reads everything afresh. A page that fails fails it all: alarms half read would make some twice. */
const observe = async (ports: AlarmPorts, { wanted }: AlarmsDue): Promise<AlarmsSeen> => {
  const groups = await readGroups(ports);
  const hasGateways = groups.some((group) => isGatewayGroup(group) && wearsOurTag(group.tags));
  return {
    stage: ports.stage,
    groups,
    alarms: await ports.cloudWatch.readEveryMetricAlarm(),
    gateways: hasGateways ? await ports.cloudWatch.readGatewaySpelling() : new Map(),
    records: await ports.alarms.list(),
    wanted,
  };
};

/** What a refusal is told once for: the order, or the day. */
const occasionOf = (ports: AlarmPorts, { wanted }: AlarmsDue): string =>
  wanted?.orderId ?? ports.now().toISOString().slice(0, 10);

const addressed = (ports: AlarmPorts, groups: readonly TargetGroup[], refused: readonly AlarmNotMade[]) => {
  const tags = new Map(groups.map((group) => [group.arn, group.tags]));
  return refused.map((each) => ({
    ...each,
    destination: destinationFor(tags.get(each.targetGroup.id) ?? {}, ports.stage),
  }));
};

const look = async (ports: AlarmPorts, note: AlarmsDue): Promise<AlarmsLooked> => {
  const seen = await observe(ports, note);
  const plan = planAlarms(seen, ports.now());
  const before = new Map(seen.records.map((record) => [record.targetGroup.id, record]));
  await ports.alarms.write(
    plan.keep.filter((record) => {
      const known = before.get(record.targetGroup.id);
      return known === undefined || !sameRecord(known, record);
    }),
    plan.forget.map(({ targetGroup }) => targetGroup.id),
  );
  const refused = await createAlarms(ports, plan.create.slice(0, MADE_AT_ONCE), seen.records);
  await removeAlarms(ports, plan.remove);
  const rest = plan.create.slice(MADE_AT_ONCE);
  // Where AWS refused them all, another look would only be refused again, and again: what is left counts as refused with them.
  const isAllRefused = refused.length >= MADE_AT_ONCE;
  const hasMore = rest.length > 0 && !isAllRefused;
  // What is not made is said with the last of them.
  const alike = isAllRefused
    ? rest.flatMap(({ record: { targetGroup } }) => refused.slice(-1).map((one) => ({ ...one, targetGroup })))
    : [];
  const refusals = [...(hasMore ? [] : plan.notMade), ...refused, ...alike];
  await tellAlarms(ports, addressed(ports, seen.groups, refusals), occasionOf(ports, note));
  await proposeAlarms(ports, plan.offer);
  if (hasMore) await ports.sweepQueue.sendLater(serializeAlarmsDue(note), REST_SECONDS);
  ports.log({
    event: 'alarms-looked-at',
    groups: seen.groups.length,
    alarms: seen.alarms.length,
    made: plan.create.length - rest.length - refused.length,
    removed: plan.remove.length,
    offered: plan.offer.length,
  });
  return hasMore ? 'more' : 'looked';
};

/** Somebody pressed a button while everything is stopped: they are told. */
const tellPaused = async (ports: AlarmPorts, { wanted }: AlarmsDue): Promise<void> => {
  if (wanted === undefined) return;
  const refusals = wanted.targetGroups.map((targetGroup): AlarmNotMade => ({ targetGroup, because: 'Paused' }));
  await tellAlarms(ports, addressed(ports, [], refusals), wanted.orderId);
};

/**
 * Looks which groups have no alarm on unhealthy hosts, makes those that were asked for by tag or by a press, offers the
 * others once, and takes away our own whose groups are gone. Killed anywhere and taken again, it comes to the same end.
 * @throws what AWS, the table or the queues failed with; the message comes back
 */
export const lookAfterAlarms =
  (ports: AlarmPorts) =>
  async (note: AlarmsDue): Promise<AlarmsLooked> => {
    const lease = await ports.leases.acquire([ALARMS], `alarms-${ports.newId()}`, ports.now(), LEASE_SECONDS);
    if (lease === undefined) {
      await ports.sweepQueue.sendLater(serializeAlarmsDue(note), BUSY_SECONDS);
      return 'busy';
    }
    try {
      if ((await ports.pauses.find()) === undefined) return await look(ports, note);
      await tellPaused(ports, note);
      return 'paused';
    } finally {
      await ports.leases.release(lease);
    }
  };
