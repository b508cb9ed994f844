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

const trafficProtocols = ({ targetGroup }: Seat): readonly FlowProtocol[] => {
  const protocols = CARRIED_BY.get(targetGroup.protocol);
  if (protocols === undefined) {
    throw new RangeError(
      `Target group ${targetGroup.name} has protocol ${targetGroup.protocol}, whose flows are not known`,
    );
  }
  return protocols;
};

/** Health checks are HTTP, HTTPS or TCP for every kind of balancer, so TCP carries them all (facts 2.4). */
const healthFlow = (seat: Seat): Flow => {
  const { port } = seat.targetGroup.healthCheck;
  return { name: 'health', protocol: 'tcp', port: port === 'traffic-port' ? seat.target.port : port, seat };
};

/**
 * The flows that must pass for a seat to serve: its traffic, then its health check, from balancer to target.
 * Groups of type lambda and alb have no path of their own, hence no flows.
 * @throws {RangeError} for a protocol that ELB has grown since
 */
export const requiredFlows = (seat: Seat): readonly Flow[] => {
  if (seat.targetGroup.targetType === 'lambda' || seat.targetGroup.targetType === 'alb') return [];
  const traffic = trafficProtocols(seat).map(
    (protocol) => ({ name: 'traffic', protocol, port: seat.target.port, seat }) as const,
  );
  return [...traffic, healthFlow(seat)];
};
