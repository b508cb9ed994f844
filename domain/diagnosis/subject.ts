import { classicArnOf, partitionOf } from '../classic-load-balancer.ts';
import type { LoadBalancerKind } from '../load-balancer.ts';
import type { Alarm, BalancerNamespace, WatchedMetric } from './alarm.ts';
import { BALANCER_NAMESPACES } from './alarm.ts';

/** What an alarm or a person asks about: at least one of balancer and group is known. */
export interface DiagnosisSubject {
  readonly kind: LoadBalancerKind;
  /** `undefined` where the alarm names the group only. */
  readonly loadBalancerArn: string | undefined;
  /** `undefined` where it names the balancer only; a Classic balancer's is its own ARN. */
  readonly targetGroupArn: string | undefined;
  readonly availabilityZone: string | undefined;
}

/** What is amiss, by the metric that tells. */
export type Symptom =
  | { readonly kind: 'unhealthy-hosts' }
  /** `needed`: so many have to be healthy for the alarm to end, where its threshold counts them. */
  | { readonly kind: 'too-few-healthy-hosts'; readonly needed?: number | undefined }
  /** The balancer itself answered so, for want of an answer of a target's. */
  | { readonly kind: 'balancer-error'; readonly code: '502' | '503' | '504' | 'other' }
  /** Targets answered with a server error. */
  | { readonly kind: 'target-error' }
  | { readonly kind: 'connection-errors' }
  | { readonly kind: 'slow' }
  /** Another metric of a balancer, a query, or a band that was learned: told for what it is. */
  | { readonly kind: 'other'; readonly metric: string | undefined };

/** Where the resources are that an alarm names: the account and Region it watches. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

const KINDS: Readonly<Record<BalancerNamespace, LoadBalancerKind>> = {
  'AWS/ApplicationELB': 'application',
  'AWS/NetworkELB': 'network',
  'AWS/GatewayELB': 'gateway',
  'AWS/ELB': 'classic',
};

const namespaceOf = ({ namespace }: WatchedMetric): BalancerNamespace | undefined =>
  BALANCER_NAMESPACES.find((known) => known === namespace);

/** Whether a series is one of a balancer's. */
export const isOfBalancer = (metric: WatchedMetric): boolean => namespaceOf(metric) !== undefined;

/** The final part of an ARN as a dimension; Gateway ones are written in two ways (facts 1.6). */
const finalPart = (text: string): string => text.replace(/^gateway\//, 'gwy/');

const LOAD_BALANCER = /^(?:app|net|gwy|gateway)\/[^/]+\/[^/]+$/;
const TARGET_GROUP = /^targetgroup\/[^/]+\/[^/]+$/;

const shaped = (text: string | undefined, shape: RegExp): string | undefined =>
  text !== undefined && shape.test(text) ? text : undefined;

const subjectOf = (metric: WatchedMetric, place: Place): DiagnosisSubject | undefined => {
  const namespace = namespaceOf(metric);
  if (namespace === undefined) return undefined;
  const { LoadBalancer, TargetGroup, LoadBalancerName, AvailabilityZone } = metric.dimensions;
  // A monitoring account has alarms on others' series: the resources are where those are.
  const owner = { ...place, account: metric.accountId ?? place.account };
  const common = { kind: KINDS[namespace], availabilityZone: AvailabilityZone };
  if (namespace === 'AWS/ELB') {
    const arn = LoadBalancerName === undefined ? undefined : classicArnOf(LoadBalancerName, owner);
    return arn === undefined ? undefined : { ...common, loadBalancerArn: arn, targetGroupArn: arn };
  }
  const arnOf = (part: string): string =>
    `arn:${partitionOf(place.region)}:elasticloadbalancing:${owner.region}:${owner.account}:${part}`;
  const balancer = shaped(LoadBalancer, LOAD_BALANCER);
  const group = shaped(TargetGroup, TARGET_GROUP);
  if (balancer === undefined && group === undefined) return undefined;
  return {
    ...common,
    loadBalancerArn: balancer === undefined ? undefined : arnOf(`loadbalancer/${finalPart(balancer)}`),
    targetGroupArn: group === undefined ? undefined : arnOf(group),
  };
};

/** Where a subject is; `undefined` where nothing says. */
export const placeOf = ({ targetGroupArn, loadBalancerArn }: DiagnosisSubject): Place | undefined => {
  const [, , , region, account] = (targetGroupArn ?? loadBalancerArn ?? '').split(':');
  return region && account ? { region, account } : undefined;
};

/** Whether somewhere is elsewhere than here: what is there can't be looked at from here. */
export const isElsewhere = (place: Place, here: Place): boolean =>
  place.account !== here.account || place.region !== here.region;

/** What a subject's story is kept under: its group, else its balancer. Zones of one group are one subject. */
export const subjectKey = ({ targetGroupArn, loadBalancerArn }: DiagnosisSubject): string =>
  targetGroupArn ?? loadBalancerArn ?? '-';

/** Several namings of one subject as one: its balancer if any names it, its zone only if all agree on it. */
export const merged = (same: readonly DiagnosisSubject[]): readonly DiagnosisSubject[] => {
  const [first, ...others] = same;
  if (first === undefined) return [];
  const agree = others.every(({ availabilityZone }) => availabilityZone === first.availabilityZone);
  return [
    {
      ...first,
      loadBalancerArn: same.find(({ loadBalancerArn }) => loadBalancerArn !== undefined)?.loadBalancerArn,
      availabilityZone: agree ? first.availabilityZone : undefined,
    },
  ];
};

/**
 * Balancers and groups that an alarm's series are about, each once, in their order; a balancer named beside one of its groups
 * is that group's. None for a query, a composite (ask its children), or dimensions that name neither.
 */
export const subjectsOf = (alarm: Alarm, place: Place): readonly DiagnosisSubject[] => {
  if (alarm.basis.kind !== 'metrics') return [];
  const named = alarm.basis.metrics.flatMap((metric) => subjectOf(metric, place) ?? []);
  const subjects = [...Map.groupBy(named, subjectKey).values()].flatMap(merged);
  const ofGroups = new Set(
    subjects.flatMap(({ targetGroupArn, loadBalancerArn }) => (targetGroupArn ? [loadBalancerArn] : [])),
  );
  return subjects.filter(({ targetGroupArn, loadBalancerArn }) => targetGroupArn || !ofGroups.has(loadBalancerArn));
};

/** Metrics that tell of hosts, errors and time, by name; those of all four namespaces. @see ELB guides, CloudWatch metrics */
const SYMPTOMS: ReadonlyMap<string, Symptom> = new Map<string, Symptom>([
  ['UnHealthyHostCount', { kind: 'unhealthy-hosts' }],
  ['UnhealthyRoutingFlowCount', { kind: 'unhealthy-hosts' }],
  ['UnhealthyRoutingRequestCount', { kind: 'unhealthy-hosts' }],
  ['UnhealthyStateDNS', { kind: 'unhealthy-hosts' }],
  ['UnhealthyStateRouting', { kind: 'unhealthy-hosts' }],
  ['HealthyHostCount', { kind: 'too-few-healthy-hosts' }],
  ['HealthyStateDNS', { kind: 'too-few-healthy-hosts' }],
  ['HealthyStateRouting', { kind: 'too-few-healthy-hosts' }],
  ['HTTPCode_ELB_502_Count', { kind: 'balancer-error', code: '502' }],
  ['HTTPCode_ELB_503_Count', { kind: 'balancer-error', code: '503' }],
  ['HTTPCode_ELB_504_Count', { kind: 'balancer-error', code: '504' }],
  ['HTTPCode_ELB_500_Count', { kind: 'balancer-error', code: 'other' }],
  ['HTTPCode_ELB_5XX_Count', { kind: 'balancer-error', code: 'other' }],
  ['HTTPCode_ELB_5XX', { kind: 'balancer-error', code: 'other' }],
  ['HTTPCode_Target_5XX_Count', { kind: 'target-error' }],
  ['HTTPCode_Backend_5XX', { kind: 'target-error' }],
  ['TargetConnectionErrorCount', { kind: 'connection-errors' }],
  ['TargetTLSNegotiationErrorCount', { kind: 'connection-errors' }],
  ['BackendConnectionErrors', { kind: 'connection-errors' }],
  ['TCP_Target_Reset_Count', { kind: 'connection-errors' }],
  ['TargetResponseTime', { kind: 'slow' }],
  ['Latency', { kind: 'slow' }],
]);

/** What is amiss when this series of a balancer is out of bounds. */
export const symptomOf = (metric: WatchedMetric): Symptom =>
  (isOfBalancer(metric) ? SYMPTOMS.get(metric.name) : undefined) ?? { kind: 'other', metric: metric.name };

/** The most telling first: an alarm over several series is about the first of these that it watches. */
const MOST_TELLING: readonly Symptom['kind'][] = [
  'unhealthy-hosts',
  'too-few-healthy-hosts',
  'balancer-error',
  'target-error',
  'connection-errors',
  'slow',
  'other',
];

/** The first of the most telling kind; `undefined` of none. */
export const mostTellingOf = (symptoms: readonly Symptom[]): Symptom | undefined =>
  MOST_TELLING.flatMap((kind) => symptoms.find((symptom) => symptom.kind === kind) ?? [])[0];

/** Each node tells how many are healthy, so that sums count every host several times. @see ELB guides, CloudWatch metrics */
const COUNTS_HOSTS: ReadonlySet<string | undefined> = new Set(['Minimum', 'Maximum', 'Average']);

/** Hosts are whole: fewer than 2.5 are two at most. Only a plain alarm's threshold is a number of hosts. */
const withNeeded = (
  symptom: Symptom | undefined,
  { basis, threshold, breachesAtThreshold = false }: Alarm,
): Symptom | undefined => {
  if (symptom?.kind !== 'too-few-healthy-hosts' || basis.kind !== 'metrics' || threshold === undefined) return symptom;
  const [metric] = basis.metrics;
  if (basis.isMath || basis.metrics.length !== 1 || metric?.name !== 'HealthyHostCount') return symptom;
  if (!COUNTS_HOSTS.has(metric.statistic)) return symptom;
  return { ...symptom, needed: breachesAtThreshold ? Math.floor(threshold) + 1 : Math.ceil(threshold) };
};

/**
 * What is amiss by an alarm's own word. A learned band is left by being unusual, whichever way, so that nothing is amiss but the
 * metric itself; a query or a composite names no series.
 */
export const symptomOfAlarm = (alarm: Alarm): Symptom => {
  const { basis } = alarm;
  if (basis.kind !== 'metrics') return { kind: 'other', metric: undefined };
  const [metric] = basis.metrics;
  if (basis.isAnomaly) return { kind: 'other', metric: metric?.name };
  const symptoms = basis.metrics.map(symptomOf);
  return withNeeded(mostTellingOf(symptoms), alarm) ?? { kind: 'other', metric: undefined };
};
