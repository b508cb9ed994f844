import type { Finding } from '../../finding.ts';
import { healthFinding } from '../../following.ts';
import { valueRead } from '../../network/hop.ts';
import type { HealthCheck } from '../../target-group.ts';
import type { Evidence } from '../evidence.ts';
import type { Member } from '../members.ts';

/** What the balancer says of one member, in the words of every report. */
export const saidOf = ({ health: { target, state, reason, description } }: Member, evidence: Evidence): Finding =>
  healthFinding(
    { kind: 'not-in-service', state, reason, description, sinceSeconds: 0, last: true },
    target.port,
    valueRead(evidence.targetGroup)?.healthCheck,
  );

export const healthCheckOf = (evidence: Evidence): HealthCheck | undefined =>
  valueRead(evidence.targetGroup)?.healthCheck;

/** The port a member is asked on. */
export const portAsked = ({ health }: Member, { port }: HealthCheck): number | undefined =>
  port === 'traffic-port' ? health.target.port : port;

/** HTTP codes that AWS's sentence names in brackets: `Health checks failed with these codes: [404]`. @see facts 2.3 */
export const codesOf = ({ health: { reason, description } }: Member): readonly number[] =>
  reason === 'Target.ResponseCodeMismatch'
    ? (/\[([\d,\s]+)\]/.exec(description ?? '')?.[1] ?? '')
        .split(',')
        .map(Number)
        .filter((code) => code >= 100)
    : [];

/** Whether nobody answered, or not in a way that is understood: what an ALB tells apart, and the others don't (facts 2.3). */
export const gotNoAnswer = ({ health: { reason } }: Member): boolean =>
  reason === 'Target.FailedHealthChecks' || reason === 'Target.Timeout';
