import type { FindingReason } from '../../finding.ts';
import { valueRead } from '../../network/hop.ts';
import { regionOption } from '../../network/remedies.ts';
import type { HealthCheck } from '../../target-group.ts';
import type { Evidence } from '../evidence.ts';
import type { Member } from '../members.ts';
import { unhealthy } from '../members.ts';
import type { Check, Found } from './check.ts';
import { finding, together } from './check.ts';
import { codesOf, gotNoAnswer, healthCheckOf, portAsked, saidOf } from './health-check.ts';

/** Ports that speak TLS by custom. */
const TLS_PORTS: ReadonlySet<number | undefined> = new Set([443, 8443]);
const PLAIN_PORT = 80;

/** Whether the port that is asked is the one that carries the group's own protocol. */
const isTrafficPort = (member: Member, check: HealthCheck): boolean =>
  portAsked(member, check) === member.health.target.port;

const speaksTls = (member: Member, check: HealthCheck, evidence: Evidence): boolean =>
  TLS_PORTS.has(portAsked(member, check)) ||
  (valueRead(evidence.targetGroup)?.protocol === 'HTTPS' && isTrafficPort(member, check));

const speaksPlain = (member: Member, check: HealthCheck, evidence: Evidence): boolean =>
  portAsked(member, check) === PLAIN_PORT ||
  (valueRead(evidence.targetGroup)?.protocol === 'HTTP' && isTrafficPort(member, check));

/** What a wrong code means; `undefined` for a code that says no more than itself. */
const meaningOf = (code: number, member: Member, check: HealthCheck, evidence: Evidence): FindingReason | undefined => {
  if (code >= 300 && code < 400) return 'HealthCheckRedirected';
  if (code === 401 || code === 403) return 'HealthCheckNeedsLogin';
  if (code === 404) return 'HealthCheckPathMissing';
  if (code >= 500) return 'HealthCheckServerError';
  const isPlainOnTls = code === 400 && check.protocol === 'HTTP' && speaksTls(member, check, evidence);
  return isPlainOnTls ? 'HealthCheckPlainOnTls' : undefined;
};

const setProtocol = (protocol: 'HTTP' | 'HTTPS', { subject: { targetGroupArn } }: Evidence): string | undefined =>
  targetGroupArn === undefined
    ? undefined
    : `aws elbv2 modify-target-group --target-group-arn ${targetGroupArn} --health-check-protocol ${protocol}${regionOption(targetGroupArn)}`;

const answered = (member: Member, check: HealthCheck, evidence: Evidence): readonly Found[] =>
  codesOf(member).flatMap((code) => {
    const reason = meaningOf(code, member, check, evidence);
    if (reason === undefined) return [];
    const facts = { code, port: portAsked(member, check), path: check.path, matcher: evidence.matcher };
    const remedy =
      reason === 'HealthCheckPlainOnTls' ? setProtocol('HTTPS', evidence) : saidOf(member, evidence).remedy;
    return [{ member, finding: finding(reason, 'warning', facts, remedy) }];
  });

/** Targets answer, with a code that the matcher doesn't take: what the code tells of path, login, application, protocol. */
export const checkAnswers: Check = (evidence) => {
  const check = healthCheckOf(evidence);
  if (check === undefined) return [];
  return together(
    unhealthy(evidence).flatMap((member) => answered(member, check, evidence)),
    evidence,
  );
};

/** Whether every code a member answered with has a finding of its own. */
export const isAnswerExplained = (member: Member, evidence: Evidence): boolean => {
  const check = healthCheckOf(evidence);
  const codes = codesOf(member);
  return (
    check !== undefined &&
    codes.length > 0 &&
    codes.every((code) => meaningOf(code, member, check, evidence) !== undefined)
  );
};

/** Asked by TLS where plain HTTP is spoken, no connection comes about; and a target may speak newer TLS than it is asked by. */
export const checkTls: Check = (evidence) => {
  const check = healthCheckOf(evidence);
  if (check?.protocol !== 'HTTPS') return [];
  const failing = unhealthy(evidence).filter((member) => gotNoAnswer(member) && member.path?.verdict !== 'blocked');
  const plain = failing.filter((member) => speaksPlain(member, check, evidence));
  // NLB and GWLB ask by TLS 1.2 at most (facts 2.4).
  const asksByOlderTls = evidence.subject.kind === 'network' || evidence.subject.kind === 'gateway';
  const newer = asksByOlderTls ? failing.filter((member) => !speaksPlain(member, check, evidence)) : [];
  const found = (reason: FindingReason, who: readonly Member[], remedy: string | undefined): readonly Found[] =>
    who.map((member) => ({
      member,
      finding: finding(reason, 'warning', { port: portAsked(member, check), path: check.path }, remedy),
    }));
  return together(
    [...found('HealthCheckTlsOnPlain', plain, setProtocol('HTTP', evidence)), ...found('TlsTooNew', newer, undefined)],
    evidence,
  );
};
