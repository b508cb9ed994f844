import { classicNameOf } from '../classic-load-balancer.ts';
import type { BalancerNamespace } from '../diagnosis/alarm.ts';
import { shortDigest } from '../report-frame.ts';
import type { Stage } from '../stage.ts';
import type { TargetGroup } from '../target-group.ts';
import type { AlarmDefinition } from './definition.ts';

/** The series of a group that tells how many of its targets are unhealthy, as CloudWatch names it. */
export interface HostSeries {
  readonly namespace: BalancerNamespace;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * How CloudWatch spells the balancers of Gateway groups, by the group's dimension: the guide says `gateway/…`, ARNs say
 * `gwy/…` (facts 1.6), and an alarm on the wrong one never rings. Read from the series that exist.
 */
export type GatewaySpelling = ReadonlyMap<string, string>;

/** The final part of a group's or balancer's ARN, as a dimension has it. */
const lastPart = (arn: string, before: RegExp): string => arn.replace(before, '');

/** A target group as a dimension. */
export const groupDimension = (arn: string): string => lastPart(arn, /^.*:(?=targetgroup\/)/);

/** A load balancer as a dimension. */
export const balancerDimension = (arn: string): string => lastPart(arn, /^.*:loadbalancer\//);

const NAMESPACES: readonly (readonly [prefix: string, namespace: BalancerNamespace])[] = [
  ['app/', 'AWS/ApplicationELB'],
  ['net/', 'AWS/NetworkELB'],
  ['gwy/', 'AWS/GatewayELB'],
];

/** CloudWatch's namespace for a balancer, by its ARN. */
const namespaceOf = (balancerArn: string): BalancerNamespace | undefined =>
  classicNameOf(balancerArn) === undefined
    ? NAMESPACES.find(([prefix]) => balancerDimension(balancerArn).startsWith(prefix))?.[1]
    : 'AWS/ELB';

/** Whether a group's series can only be named once CloudWatch has it. */
export const isGatewayGroup = ({ loadBalancerArns: [first] }: Pick<TargetGroup, 'loadBalancerArns'>): boolean =>
  first !== undefined && namespaceOf(first) === 'AWS/GatewayELB';

/**
 * The series of a group's unhealthy hosts; why there is none: nothing sends to the group, or its targets are not counted
 * (functions, balancers), or CloudWatch has no series yet by which to spell it.
 * @see facts 1.6: only exact sets of dimensions have data, and there is none for a balancer without its group
 */
export const hostSeriesOf = (
  { arn, targetType, loadBalancerArns: [balancerArn] }: Pick<TargetGroup, 'arn' | 'targetType' | 'loadBalancerArns'>,
  gateways: GatewaySpelling,
): HostSeries | 'Unused' | 'NotCounted' | 'NoSeriesYet' => {
  if (targetType === 'lambda' || targetType === 'alb') return 'NotCounted';
  if (balancerArn === undefined) return 'Unused';
  const namespace = namespaceOf(balancerArn);
  const classicName = classicNameOf(balancerArn);
  if (classicName !== undefined) return { namespace: 'AWS/ELB', dimensions: { LoadBalancerName: classicName } };
  if (namespace === undefined) return 'NotCounted';
  const TargetGroup = groupDimension(arn);
  const LoadBalancer = namespace === 'AWS/GatewayELB' ? gateways.get(TargetGroup) : balancerDimension(balancerArn);
  return LoadBalancer === undefined ? 'NoSeriesYet' : { namespace, dimensions: { LoadBalancer, TargetGroup } };
};

/**
 * What the nodes of a balancer report differs: the least of it is what all agree on, which is AWS's advice for Application
 * and Network Load Balancers (facts 1.6). For the two others AWS gives none; their nodes count their own zone's targets
 * alone by default, so that the least of it would leave out a zone in which all are well, and with it the failure in another.
 */
const STATISTICS: Readonly<Record<BalancerNamespace, 'Minimum' | 'Maximum'>> = {
  'AWS/ApplicationELB': 'Minimum',
  'AWS/NetworkELB': 'Minimum',
  'AWS/GatewayELB': 'Maximum',
  'AWS/ELB': 'Maximum',
};

/**
 * The alarm that a group should have: an unhealthy host in two of three minutes ("more than one datapoint", facts 1.6). A
 * minute without data is none of them: there is no traffic, or nobody registered (docs/decisions/0028-alarms-offered.md).
 */
export const desiredAlarm = ({ namespace, dimensions }: HostSeries): AlarmDefinition => ({
  namespace,
  metric: 'UnHealthyHostCount',
  dimensions,
  statistic: STATISTICS[namespace],
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  threshold: 0,
  comparison: 'GreaterThanThreshold',
  missingData: 'notBreaching',
});

/** @see CloudWatch API reference, `PutMetricAlarm`, AlarmName */
const LONGEST_NAME = 255;

/** What all alarms begin with that a stage makes: its permissions reach no others. */
export const alarmNamePrefix = ({ name }: Pick<Stage, 'name'>): string => `usher-${name}-unhealthy-`;

/** A name that people can read, one for each group and stage: groups of one name come one after the other, with other ARNs. */
export const alarmNameFor = ({ arn, name }: Pick<TargetGroup, 'arn' | 'name'>, stage: Pick<Stage, 'name'>): string => {
  const end = `-${shortDigest(arn).slice(0, 8)}`;
  return `${alarmNamePrefix(stage)}${name}`.slice(0, LONGEST_NAME - end.length) + end;
};

/** What whoever finds the alarm in the console reads. */
export const alarmDescription = ({ name }: Pick<TargetGroup, 'name'>, stage: Pick<Stage, 'name'>): string =>
  `Unhealthy targets of ${name} in two of three minutes. Made by Usher (${stage.name}), which says why in Slack. Goes with the target group; deleted by hand, it is not made again unasked.`;

/**
 * US dollars a month for one alarm on one series at standard resolution, in most Regions; an account's first ten are free.
 * @see https://aws.amazon.com/cloudwatch/pricing/ ("Alarms", standard resolution; read 2026-11)
 */
export const ALARM_MONTHLY_PRICE = '0.10';
