import { regionOption } from '../../network/remedies.ts';
import type { Evidence } from '../evidence.ts';
import type { Member } from '../members.ts';
import { notHealthy, unhealthy } from '../members.ts';
import { isAnswerExplained } from './answers.ts';
import type { Check, Found } from './check.ts';
import { finding, together } from './check.ts';
import { healthCheckOf, portAsked, saidOf } from './health-check.ts';

/**
 * What is left when the network passes: nobody listens, or nobody answers in time. Only an ALB tells the two apart (facts 2.3).
 */
const inApplication = (member: Member, evidence: Evidence): 'ApplicationRefuses' | 'ApplicationSilent' | undefined => {
  if (evidence.subject.kind !== 'application' || member.path?.verdict !== 'passes') return undefined;
  if (member.health.reason === 'Target.FailedHealthChecks') return 'ApplicationRefuses';
  return member.health.reason === 'Target.Timeout' ? 'ApplicationSilent' : undefined;
};

export const checkApplication: Check = (evidence) => {
  const check = healthCheckOf(evidence);
  const found = unhealthy(evidence).flatMap((member): readonly Found[] => {
    const reason = inApplication(member, evidence);
    if (reason === undefined || check === undefined) return [];
    const facts = {
      port: portAsked(member, check),
      code: member.health.reason,
      ...(reason === 'ApplicationSilent' ? { timeoutSeconds: check.timeoutSeconds } : {}),
    };
    return [{ member, finding: finding(reason, 'warning', facts, saidOf(member, evidence).remedy) }];
  });
  return together(found, evidence);
};

/** By default an ALB waits so long for an answer; a check that waits for less may give up too early (facts 2.4). */
const DEFAULT_TIMEOUT_SECONDS = 5;

/** No answer in time, over a network that passes, to a check that waits for less than it would by default. */
export const checkPatience: Check = (evidence) => {
  const check = healthCheckOf(evidence);
  const { targetGroupArn } = evidence.subject;
  if (check === undefined || check.timeoutSeconds >= DEFAULT_TIMEOUT_SECONDS) return [];
  const remedy =
    targetGroupArn === undefined || check.intervalSeconds <= DEFAULT_TIMEOUT_SECONDS
      ? undefined
      : `aws elbv2 modify-target-group --target-group-arn ${targetGroupArn} --health-check-timeout-seconds ${DEFAULT_TIMEOUT_SECONDS}${regionOption(targetGroupArn)}`;
  const { timeoutSeconds } = check;
  const found = unhealthy(evidence)
    .filter((member) => inApplication(member, evidence) === 'ApplicationSilent')
    .map((member) => ({
      member,
      finding: finding(
        'HealthCheckTimeoutShort',
        'warning',
        { timeoutSeconds, port: portAsked(member, check) },
        remedy,
      ),
    }));
  return together(found, evidence);
};

/** Codes that name an obstacle which a path that is judged names too, with more to say. */
const OF_THE_PATH: ReadonlySet<string | undefined> = new Set([
  'Target.Timeout',
  'Target.FailedHealthChecks',
  'Target.NotInUse',
  'Target.InvalidState',
]);

/** Whether another check says more than the code itself. */
const isExplained = (member: Member, evidence: Evidence): boolean => {
  if (member.path?.verdict === 'blocked' && OF_THE_PATH.has(member.health.reason)) return true;
  return inApplication(member, evidence) !== undefined || isAnswerExplained(member, evidence);
};

/** States and codes of themselves that pass by waiting. */
const PASSING: ReadonlySet<string> = new Set(['Elb.RegistrationInProgress', 'Elb.InitialHealthChecking']);

/** What the balancer says of those of whom no more is known. */
export const checkReasonCodes: Check = (evidence) =>
  together(
    notHealthy(evidence)
      .filter((member) => !isExplained(member, evidence))
      .map((member): Found => {
        const said = saidOf(member, evidence);
        return { member, finding: { ...said, severity: PASSING.has(said.reason) ? 'information' : said.severity } };
      }),
    evidence,
  );
