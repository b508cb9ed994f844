import type { WithoutHealthy } from '../reported.ts';
import type { TargetGroup } from '../target-group.ts';
import type { Flow, FlowProtocol, Seat } from './model.ts';

/** What carries each protocol a target group can have. @see ELBv2 API reference, `TargetGroup.Protocol` */
const CARRIED_BY: ReadonlyMap<string | undefined, readonly FlowProtocol[]> = new Map([
  ['HTTP', ['tcp']],
  ['HTTPS', ['tcp']],
  ['TCP', ['tcp']],
  ['TLS', ['tcp']],
  ['UDP', ['udp']],
  ['TCP_UDP', ['tcp', 'udp']],
  ['QUIC', ['udp']],
  ['TCP_QUIC', ['tcp', 'udp']],
  ['GENEVE', ['udp']],
]);

const protocolsOf = ({ targetGroup }: Seat): readonly FlowProtocol[] => {
  const protocols = CARRIED_BY.get(targetGroup.protocol);
  if (protocols === undefined) {
    throw new RangeError(
      `Target group ${targetGroup.name} has protocol ${targetGroup.protocol}, whose flows are not known`,
    );
  }
  return protocols;
};

/** What a Classic balancer speaks is carried by TCP, whatever the listener (HTTP, HTTPS, TCP or SSL). */
const throughListeners = (instancePorts: readonly number[], seat: Seat): readonly Flow[] =>
  instancePorts.map((port) => ({ name: 'traffic', protocol: 'tcp', port, seat }));

/** Traffic to the one port that the target is registered on. */
const toItsPort = (port: number, seat: Seat): readonly Flow[] =>
  protocolsOf(seat).map((protocol) => ({ name: 'traffic', protocol, port, seat }));

const trafficFlows = (seat: Seat): readonly Flow[] => {
  const { instancePorts } = seat.targetGroup;
  if (instancePorts !== undefined) return throughListeners(instancePorts, seat);
  return seat.target.port === undefined ? [] : toItsPort(seat.target.port, seat);
};

/** Whether the group's traffic comes through a tunnel, as a Gateway Load Balancer sends it (facts 4). */
export const isTunnelled = ({ protocol }: Pick<TargetGroup, 'protocol'>): boolean => protocol === 'GENEVE';

/** What a group's balancer does where no target is healthy; `undefined` where it sends to all of them (facts 2.3). */
export const withoutHealthyOf = (
  group: Pick<TargetGroup, 'protocol' | 'instancePorts'>,
): WithoutHealthy | undefined => {
  if (group.instancePorts !== undefined) return 'refuses';
  return isTunnelled(group) ? 'drops' : undefined;
};

/** What an appliance sends back goes to the tunnel's port too, and is therefore no reply to anything (facts 4). */
const returnFlows = (seat: Seat): readonly Flow[] =>
  isTunnelled(seat.targetGroup) ? trafficFlows(seat).map((flow) => ({ ...flow, name: 'return' })) : [];

/**
 * Health checks are HTTP, HTTPS, SSL or TCP for every kind of balancer, so TCP carries them all (facts 2.4, 2.7). A check
 * of the traffic's port needs a target that has one, which is what every target of a target group has.
 */
const healthFlow = (seat: Seat): readonly Flow[] => {
  const { port } = seat.targetGroup.healthCheck;
  const asked = port === 'traffic-port' ? seat.target.port : port;
  return asked === undefined ? [] : [{ name: 'health', protocol: 'tcp', port: asked, seat }];
};

/** Whether traffic to the group's targets has a way through a network of ours; to a function or another balancer it has not. */
export const hasPath = ({ targetType }: Pick<TargetGroup, 'targetType'>): boolean =>
  targetType !== 'lambda' && targetType !== 'alb';

/**
 * The flows that must pass for a seat to serve: its traffic, behind a Classic balancer once for each port that listeners
 * send to, then its health check, from balancer to target; behind a Gateway Load Balancer also what comes back.
 * Groups of type lambda and alb have no path of their own, hence no flows.
 * @throws {RangeError} for a protocol that ELB has grown since
 */
export const requiredFlows = (seat: Seat): readonly Flow[] => {
  return hasPath(seat.targetGroup) ? [...trafficFlows(seat), ...returnFlows(seat), ...healthFlow(seat)] : [];
};
