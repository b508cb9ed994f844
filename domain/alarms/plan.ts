import { destinationFor } from '../destination.ts';
import { compareText } from '../difference.ts';
import { effectivePolicy } from '../permit.ts';
import type { Stage } from '../stage.ts';
import { isTagTrue, tagValue, USHER_TAG, wearsOurTag } from '../tags.ts';
import type { TargetGroup } from '../target-group.ts';
import type { AlarmDefinition, StandingAlarm } from './definition.ts';
import { sameDefinition } from './definition.ts';
import type { GatewaySpelling, HostSeries } from './desired.ts';
import { alarmNameFor, desiredAlarm, groupDimension, hostSeriesOf } from './desired.ts';
import { tellsOfHosts } from './equivalent.ts';
import type { AlarmRecord, AlarmStanding } from './record.ts';
import type { NoAlarmBecause } from './report.ts';

/** What somebody pressed a button for. */
export interface WantedAlarms {
  readonly orderId: string;
  readonly targetGroups: readonly AlarmRecord['targetGroup'][];
}

/** Everything planning looks at, read before. */
export interface AlarmsSeen {
  readonly stage: Stage;
  /** Every target group of the account in this Region with its tags: what is not among them is gone. */
  readonly groups: readonly TargetGroup[];
  /** Every metric alarm of the account in this Region. */
  readonly alarms: readonly StandingAlarm[];
  readonly gateways: GatewaySpelling;
  readonly records: readonly AlarmRecord[];
  readonly wanted: WantedAlarms | undefined;
}

/** An alarm to be made, or made anew over our own that watches what the group has left. */
export interface PlannedAlarm {
  readonly group: TargetGroup;
  readonly definition: AlarmDefinition;
  readonly record: AlarmRecord;
}

/** A group without an alarm that nobody has been told of yet. */
export interface OfferedAlarm {
  readonly record: AlarmRecord;
  /** Somebody deleted the one that we had made. */
  readonly isHeld: boolean;
  /** Whether we would make it if told to: not where we only report. */
  readonly mayMake: boolean;
}

export interface AlarmPlan {
  readonly create: readonly PlannedAlarm[];
  /** Ours, whose group is gone. */
  readonly remove: readonly AlarmRecord[];
  readonly offer: readonly OfferedAlarm[];
  /** Records as what was seen makes them. */
  readonly keep: readonly AlarmRecord[];
  /** Groups of which nothing is left to know. */
  readonly forget: readonly AlarmRecord[];
  readonly notMade: readonly { readonly targetGroup: AlarmRecord['targetGroup']; readonly because: NoAlarmBecause }[];
}

/** Between the two looks that find a group gone. */
const BETWEEN_LOOKS_MILLISECONDS = 15 * 60 * 1000;

/** Why the group is none of ours, whoever asks. */
const outOfScope = ({ vpcId, tags }: TargetGroup, stage: Stage): NoAlarmBecause | undefined => {
  if (stage.vpcIds !== 'all' && (vpcId === undefined || !stage.vpcIds.includes(vpcId))) return 'OutsideVpcs';
  const owner = tagValue(tags, USHER_TAG.stage)?.trim();
  if (owner !== undefined && owner !== stage.name) return 'OtherStage';
  return isTagTrue(tags, USHER_TAG.ignore) ? 'Ignored' : undefined;
};

/** Whether our alarm is as we make them but for the balancer: the group has another by now, and nobody has changed the alarm. */
const isLeftBehind = (alarm: StandingAlarm | undefined, desired: AlarmDefinition): boolean => {
  if (alarm?.definition === undefined || alarm.hasActions) return false;
  const { LoadBalancer, ...others } = alarm.definition.dimensions;
  const moved = desired.dimensions['LoadBalancer'];
  return (
    moved !== undefined &&
    LoadBalancer !== moved &&
    sameDefinition({ ...alarm.definition, dimensions: { ...others, LoadBalancer: moved } }, desired)
  );
};

/** What is news of a group that stands so now. That somebody else put our alarm back is none. */
const isToldOf = (before: AlarmRecord | undefined, standing: AlarmStanding): boolean => {
  if (before === undefined) return false;
  if (before.standing === standing) return before.isTold;
  return standing === 'made' && (before.standing !== 'intended' || before.isTold);
};

const recordOf = (
  group: TargetGroup,
  before: AlarmRecord | undefined,
  standing: AlarmStanding,
  stage: Stage,
  now: Date,
): AlarmRecord => ({
  targetGroup: { id: group.arn, name: group.name },
  destination: destinationFor(group.tags, stage),
  alarmName: alarmNameFor(group, stage),
  isTagged: isTagTrue(group.tags, USHER_TAG.alarms),
  standing,
  since: before?.standing === standing ? before.since : now.toISOString(),
  isTold: isToldOf(before, standing),
  ...(before?.orderId === undefined || standing === 'offered' || standing === 'held'
    ? {}
    : { orderId: before.orderId }),
});

/** What one group comes to; parts of the plan. */
type Verdict = Partial<{ readonly [Part in keyof AlarmPlan]: AlarmPlan[Part] }>;

const notMade = (group: TargetGroup, because: NoAlarmBecause, isWanted: boolean): Verdict =>
  isWanted ? { notMade: [{ targetGroup: { id: group.arn, name: group.name }, because }] } : {};

/** A group with an alarm that tells of its hosts, or with one of ours that somebody made into another. */
const covered = (
  group: TargetGroup,
  before: AlarmRecord | undefined,
  ours: StandingAlarm | undefined,
  { stage, wanted }: AlarmsSeen,
  isWanted: boolean,
  now: Date,
): Verdict => {
  const isOurs = ours !== undefined && before !== undefined && before.standing !== 'offered';
  if (isOurs) {
    const isOfOrder = before.orderId !== undefined && before.orderId === wanted?.orderId;
    return {
      keep: [recordOf(group, before, 'made', stage, now)],
      ...(isOfOrder || before.standing === 'intended' ? {} : notMade(group, 'HasOne', isWanted)),
    };
  }
  return { ...notMade(group, 'HasOne', isWanted), ...(before === undefined ? {} : { forget: [before] }) };
};

/** A group without an alarm: one is made, or offered. */
const bare = (
  group: TargetGroup,
  hosts: HostSeries,
  before: AlarmRecord | undefined,
  { stage, wanted }: AlarmsSeen,
  isWanted: boolean,
  now: Date,
): Verdict => {
  const isTagged = isTagTrue(group.tags, USHER_TAG.alarms);
  const policy = effectivePolicy(group.tags, stage);
  const isDeleted = before?.standing === 'made' || before?.standing === 'held';
  // Tagged anew since it was deleted: somebody wants it back.
  const isHeld = isDeleted && !(before.standing === 'held' && isTagged && !before.isTagged);
  const mayMake = policy !== 'report-only';
  if (mayMake && (isWanted || (isTagged && !isHeld && policy !== 'ask'))) {
    const record = recordOf(group, undefined, 'intended', stage, now);
    const { orderId } = isWanted && wanted !== undefined ? wanted : { orderId: undefined };
    return {
      create: [
        { group, definition: desiredAlarm(hosts), record: orderId === undefined ? record : { ...record, orderId } },
      ],
    };
  }
  const record = recordOf(group, before, isHeld ? 'held' : 'offered', stage, now);
  return {
    keep: [record],
    ...(record.isTold ? {} : { offer: [{ record, isHeld, mayMake }] }),
    ...(mayMake ? {} : notMade(group, 'ReportOnly', isWanted)),
  };
};

const judge = (group: TargetGroup, before: AlarmRecord | undefined, seen: AlarmsSeen, now: Date): Verdict => {
  const { stage, alarms, gateways, wanted } = seen;
  const isWanted = wanted?.targetGroups.some(({ id }) => id === group.arn) === true;
  const because = outOfScope(group, stage);
  if (because !== undefined) return notMade(group, because, isWanted);
  if (!wearsOurTag(group.tags) && before === undefined && !isWanted) return {};
  const hosts = hostSeriesOf(group, gateways);
  if (typeof hosts === 'string') return notMade(group, hosts, isWanted);
  const ours = alarms.find(({ name }) => name === (before?.alarmName ?? alarmNameFor(group, stage)));
  const desired = desiredAlarm(hosts);
  const watching = alarms.filter((alarm) => tellsOfHosts(alarm, hosts));
  if (watching.length > 0) return covered(group, before, ours, seen, isWanted, now);
  // Named like ours and telling of something else: left behind by the group, or made into another by somebody.
  if (ours !== undefined && !isLeftBehind(ours, desired)) return covered(group, before, ours, seen, isWanted, now);
  if (ours !== undefined && before !== undefined && before.standing !== 'offered') {
    if (effectivePolicy(group.tags, stage) === 'report-only') return {};
    const record = { ...recordOf(group, before, 'intended', stage, now), isTold: before.standing !== 'intended' };
    return { create: [{ group, definition: desired, record }] };
  }
  return wearsOurTag(group.tags) || isWanted ? bare(group, hosts, before, seen, isWanted, now) : {};
};

/** The same of a group that was once not seen: it is not gone, and the next time it is missed is the first. */
const seenAgain = (verdict: Verdict, before: AlarmRecord | undefined): Verdict => {
  const isSettled = (verdict.keep ?? verdict.forget ?? verdict.create) !== undefined;
  if (before?.goneSince === undefined || isSettled) return verdict;
  const { goneSince, ...record } = before;
  return { ...verdict, keep: [record] };
};

/** What is left of a group that is gone. Only an alarm that still is about that group is taken for ours. */
const afterGone = (record: AlarmRecord, { alarms, stage }: AlarmsSeen, now: Date): Verdict => {
  if (record.standing === 'removed') return { keep: [record] };
  const alarm = alarms.find(({ name }) => name === record.alarmName);
  const classic = record.targetGroup.name;
  const isOurs =
    record.standing !== 'offered' &&
    record.standing !== 'held' &&
    alarm?.series.length === 1 &&
    alarm.series.every(
      ({ dimensions }) =>
        dimensions['TargetGroup'] === groupDimension(record.targetGroup.id) ||
        dimensions['LoadBalancerName'] === classic,
    );
  if (!isOurs)
    return record.standing === 'removing' ? { keep: [{ ...record, standing: 'removed' }] } : { forget: [record] };
  if (record.goneSince === undefined) return { keep: [{ ...record, goneSince: now.toISOString() }] };
  const isSure = now.getTime() - Date.parse(record.goneSince) >= BETWEEN_LOOKS_MILLISECONDS;
  return isSure && stage.maximumPolicy !== 'report-only' ? { remove: [record] } : { keep: [record] };
};

/**
 * What becomes of the groups' alarms: a pure answer to what was read, in the order of the groups' names. Nothing is made where
 * an alarm tells of the same hosts, nor where one of ours was deleted by somebody, unless it is asked for again.
 */
export const planAlarms = (seen: AlarmsSeen, now: Date): AlarmPlan => {
  const before = new Map(seen.records.map((record) => [record.targetGroup.id, record]));
  const there = new Set(seen.groups.map(({ arn }) => arn));
  const inOrder = [...seen.groups].sort((a, b) => compareText(`${a.name}|${a.arn}`, `${b.name}|${b.arn}`));
  const verdicts: readonly Verdict[] = [
    ...inOrder.map((group) => seenAgain(judge(group, before.get(group.arn), seen, now), before.get(group.arn))),
    ...seen.records
      .filter(({ targetGroup }) => !there.has(targetGroup.id))
      .map((record) => afterGone(record, seen, now)),
    ...(seen.wanted?.targetGroups ?? [])
      .filter(({ id }) => !there.has(id))
      .map((targetGroup): Verdict => ({ notMade: [{ targetGroup, because: 'GroupGone' }] })),
  ];
  return {
    create: verdicts.flatMap(({ create = [] }) => create),
    remove: verdicts.flatMap(({ remove = [] }) => remove),
    offer: verdicts.flatMap(({ offer = [] }) => offer),
    keep: verdicts.flatMap(({ keep = [] }) => keep),
    forget: verdicts.flatMap(({ forget = [] }) => forget),
    notMade: verdicts.flatMap((verdict) => verdict.notMade ?? []),
  };
};
