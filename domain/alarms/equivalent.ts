import type { WatchedMetric } from '../diagnosis/alarm.ts';
import type { StandingAlarm } from './definition.ts';
import type { HostSeries } from './desired.ts';

/** Both count the same hosts, from either end. */
const HOST_METRICS: ReadonlySet<string> = new Set(['UnHealthyHostCount', 'HealthyHostCount']);

/** Gateway balancers are spelt in two ways (facts 1.6). */
const finalPart = (text: string | undefined): string | undefined => text?.replace(/^gateway\//, 'gwy/');

/** A series of the same hosts, in one zone or in all. One that names another balancer, or none, has no data. */
const isSameHosts = (series: WatchedMetric, { namespace, dimensions }: HostSeries): boolean =>
  series.namespace === namespace &&
  HOST_METRICS.has(series.name) &&
  series.dimensions['LoadBalancerName'] === dimensions['LoadBalancerName'] &&
  series.dimensions['TargetGroup'] === dimensions['TargetGroup'] &&
  finalPart(series.dimensions['LoadBalancer']) === finalPart(dimensions['LoadBalancer']);

const NAMES_ONE = /targetgroup\/|loadbalancername\s*(?:=|in)/i;

/** Whether a text holds a name by itself, and not as a part of a longer one; names hold letters, digits, `-` and `/`. */
const holdsName = (text: string, name: string): boolean => {
  const around = text.split(name);
  return around.slice(1).some((after, index) => !/^[\w-]/.test(after) && !/[\w-]$/.test(around[index] ?? ''));
};

/** A query over the hosts of the group's kind of balancer, of all groups or of this one among others. */
const queriesHosts = (expression: string, { namespace, dimensions }: HostSeries): boolean => {
  if (!/\b(?:Un)?HealthyHostCount\b/i.test(expression) || !expression.includes(namespace)) return false;
  const own = dimensions['TargetGroup'] ?? dimensions['LoadBalancerName'] ?? '';
  return !NAMES_ONE.test(expression) || holdsName(expression, own);
};

/**
 * Whether an alarm tells of a group's hosts: by itself, by an expression over them, as the child of a composite, or by a
 * query. Whoever made it has decided how much a group is watched, so how it is set is not asked.
 */
export const tellsOfHosts = ({ series, expressions }: StandingAlarm, hosts: HostSeries): boolean =>
  series.some((each) => isSameHosts(each, hosts)) || expressions.some((each) => queriesHosts(each, hosts));
