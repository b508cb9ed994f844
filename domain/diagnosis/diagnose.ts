import type { Finding, Severity } from '../finding.ts';
import { groupHealth } from '../group-health.ts';
import { worstVerdict } from '../network/findings.ts';
import { valueRead } from '../network/hop.ts';
import type { Verdict } from '../network/model.ts';
import type { GroupHealth } from '../report.ts';
import { CHECKS } from './checks/all.ts';
import { effectOf } from './effect.ts';
import type { Evidence } from './evidence.ts';
import { concerned, isHealthy, membersOf } from './members.ts';
import { ranked } from './rank.ts';
import type { Effect } from './report.ts';

/** What was made of the evidence about one subject. */
export interface Diagnosis {
  /** Ranked, the likeliest cause first; empty when nothing was found amiss. */
  readonly findings: readonly Finding[];
  readonly effect: Effect;
  readonly severity: Severity;
  /** The engine's word on those that are not healthy, or on all where all are. */
  readonly network: Verdict;
  /** `undefined` when the members could not be read. */
  readonly health: GroupHealth | undefined;
}

const networkOf = (evidence: Evidence): Verdict =>
  worstVerdict(concerned(evidence).flatMap(({ path }) => (path === undefined ? [] : [path])));

const healthOf = ({ members, instances }: Evidence): GroupHealth | undefined => {
  const all = valueRead(members);
  return all && groupHealth(all, [...(valueRead(instances)?.values() ?? [])]);
};

/** From the share of the healthy: critical where none is, so that nobody serves; none registered is nobody too. */
const severityOf = (evidence: Evidence, effect: Effect): Severity => {
  if (effect.kind === 'unused') return 'information';
  if (evidence.members.kind === 'unreadable') return 'warning';
  const members = membersOf(evidence);
  if (evidence.targetGroup.kind === 'read' && evidence.targetGroup.value === undefined) return 'warning';
  if (!members.some(isHealthy)) return 'critical';
  return effect.kind === 'none' && members.every(isHealthy) ? 'information' : 'warning';
};

/** All checks run over all that was gathered; nothing is looked up, and equal evidence gives an equal diagnosis. */
export const diagnose = (evidence: Evidence): Diagnosis => {
  const effect = effectOf(evidence);
  return {
    findings: ranked(CHECKS.flatMap((check) => check(evidence))),
    effect,
    severity: severityOf(evidence, effect),
    network: networkOf(evidence),
    health: healthOf(evidence),
  };
};

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'information'];

/**
 * The one to tell of among several groups behind one balancer, when an alarm names the balancer only: the severest, then the one
 * with most to say. `undefined` of none.
 */
export const mostTelling = <T extends { readonly diagnosis: Diagnosis }>(all: readonly T[]): T | undefined =>
  [...all].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.diagnosis.severity) - SEVERITIES.indexOf(b.diagnosis.severity) ||
      b.diagnosis.findings.length - a.diagnosis.findings.length,
  )[0];
