import type { Evidence } from '../evidence.ts';
import type { Member } from '../members.ts';
import { isHealthy, membersOf, unhealthy } from '../members.ts';
import type { Check } from './check.ts';
import { finding, together } from './check.ts';
import { gotNoAnswer, healthCheckOf } from './health-check.ts';

/** The one port that all healthy targets are registered on; `undefined` where there are several, or none is healthy. */
const provenPort = (evidence: Evidence): number | undefined => {
  const [port, ...others] = new Set(
    membersOf(evidence)
      .filter(isHealthy)
      .map(({ health }) => health.target.port),
  );
  return others.length === 0 ? port : undefined;
};

/** Unhealthy members on another port than the one that all healthy ones prove: what is wrong is the port, not the way to it. */
export const onAnotherPort = (evidence: Evidence): readonly Member[] => {
  const proven = provenPort(evidence);
  return proven === undefined
    ? []
    : unhealthy(evidence).filter(({ health }) => health.target.port !== undefined && health.target.port !== proven);
};

/** Registered on another port than the one that all healthy targets are registered on. */
export const checkPorts: Check = (evidence) => {
  const otherPort = provenPort(evidence);
  return together(
    onAnotherPort(evidence).map((member) => ({
      member,
      finding: finding('PortDiffers', 'warning', { port: member.health.target.port, otherPort }),
    })),
    evidence,
  );
};

/** Ports that carry a member's requests; a Classic balancer's listeners say them. */
const trafficPorts = ({ health }: Member, { targetGroup }: Evidence): readonly number[] => {
  const ports = targetGroup.kind === 'read' ? targetGroup.value?.instancePorts : undefined;
  return ports ?? (health.target.port === undefined ? [] : [health.target.port]);
};

/** The check asks a port of its own, and nobody answers there. Whoever is healthy shows that the port is served. */
export const checkHealthCheckPort: Check = (evidence) => {
  const check = healthCheckOf(evidence);
  if (check === undefined || check.port === 'traffic-port' || membersOf(evidence).some(isHealthy)) return [];
  const { port } = check;
  return together(
    unhealthy(evidence)
      .filter((member) => gotNoAnswer(member) && member.path?.verdict !== 'blocked')
      .filter((member) => !trafficPorts(member, evidence).includes(port))
      .map((member) => ({
        member,
        finding: finding('HealthCheckPortDiffers', 'warning', {
          port,
          targetPort: trafficPorts(member, evidence).join(', '),
        }),
      })),
    evidence,
  );
};
