import type { Finding } from '../../finding.ts';
import { valueRead } from '../../network/hop.ts';
import type { Evidence } from '../evidence.ts';
import { isHealthy, membersOf, notHealthy } from '../members.ts';
import type { Check } from './check.ts';
import { about, finding } from './check.ts';
import { gotNoAnswer } from './health-check.ts';

const codeOf = ({ symptom }: Evidence): string | undefined =>
  symptom.kind === 'balancer-error' && symptom.code !== 'other' ? symptom.code : undefined;

/** 503: the balancer has nobody who is well. @see ALB guide, "HTTP 503: Service unavailable" */
export const checkNoHealthyTarget: Check = (evidence) => {
  const all = membersOf(evidence);
  return codeOf(evidence) === '503' && all.length > 0 && !all.some(isHealthy)
    ? about(all, evidence, 'NoHealthyTarget', 'warning', { code: '503' })
    : [];
};

const isAboutConnections = (evidence: Evidence): boolean => {
  const { symptom } = evidence;
  return symptom.kind === 'connection-errors' || (symptom.kind === 'balancer-error' && symptom.code !== '503');
};

/** 502, 504, connection errors: no connection to a target that gets requests. @see ALB guide, "HTTP 502", "HTTP 504" */
export const checkUnreachable: Check = (evidence) => {
  if (!isAboutConnections(evidence)) return [];
  const unreached = membersOf(evidence).filter(
    (member) => member.path?.verdict === 'blocked' || (!isHealthy(member) && gotNoAnswer(member)),
  );
  return about(unreached, evidence, 'TargetUnreachable', 'warning', { code: codeOf(evidence) });
};

/** All are well, and the way is free: what goes wrong does so between request and answer. */
const areAllWell = (evidence: Evidence): boolean => {
  const all = membersOf(evidence);
  return all.length > 0 && notHealthy(evidence).length === 0 && all.every(({ path }) => path?.verdict !== 'blocked');
};

const idleTimeout = (evidence: Evidence) => valueRead(evidence.attributes)?.idleTimeoutSeconds;

/**
 * 502 or 504 from targets that are well. An application that closes idle connections before the balancer does lets requests
 * fall into the closing; one that answers later than the balancer waits gets none through.
 * @see ALB guide, "Connection idle timeout"
 */
const answeredBadly = (evidence: Evidence): readonly Finding[] => {
  const facts = { code: codeOf(evidence), idleTimeoutSeconds: idleTimeout(evidence) };
  switch (codeOf(evidence)) {
    case '502':
      return [finding('TargetClosedConnection', 'warning', facts)];
    case '504':
      return [finding('ApplicationSlow', 'warning', facts)];
    default:
      return [];
  }
};

export const checkAnswersOfBalancer: Check = (evidence) => (areAllWell(evidence) ? answeredBadly(evidence) : []);

/** What targets answer by themselves: late, or with errors. */
export const checkAnswersOfTargets: Check = (evidence) => {
  if (!membersOf(evidence).some(isHealthy)) return [];
  switch (evidence.symptom.kind) {
    case 'slow':
      return [finding('ApplicationSlow', 'warning', { idleTimeoutSeconds: idleTimeout(evidence) })];
    case 'target-error':
      return [finding('ApplicationErrors', 'warning', {})];
    default:
      return [];
  }
};

/** A target that asks its own balancer and is sent to itself sees its own address on both ends, and drops it (facts 2.5). */
export const checkHairpin: Check = (evidence) => {
  const balancer = valueRead(evidence.loadBalancer);
  const preserves = valueRead(evidence.attributes)?.preservesClientAddresses === true;
  const isAsked = evidence.symptom.kind === 'connection-errors' || evidence.symptom.kind === 'slow';
  return balancer?.kind === 'network' && balancer.scheme === 'internal' && preserves && isAsked && areAllWell(evidence)
    ? [
        finding('HairpinWithPreservedAddresses', 'information', {
          loadBalancer: balancer.name,
          targetGroup: valueRead(evidence.targetGroup)?.name,
        }),
      ]
    : [];
};
