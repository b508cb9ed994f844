import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Followed } from '../../domain/following.ts';
import { primaryInterface } from '../../domain/instance.ts';
import { pathFinding, summarize } from '../../domain/network/findings.ts';
import type { Seat, Verdict } from '../../domain/network/model.ts';
import type { HealthCheck } from '../../domain/target-group.ts';
import { judgeSeats, observeNetwork } from '../observe-network.ts';
import type { FollowingPorts } from './ports.ts';

/** The network's answer about targets that do not answer. */
export interface PathVerdict {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** What they are asked, as the group stands now; `undefined` when it could not be read, or is gone. */
  readonly healthCheck: HealthCheck | undefined;
}

/** The id that a target's key in its group begins with; behind a Classic balancer it has no port, and the key is the id. */
const targetIdOf = (key: string, port: number | undefined): string =>
  port === undefined ? key : key.slice(0, key.lastIndexOf(':'));

/** Seats of followed targets, as they stand now; a target whose group or instance is gone has none. */
const seatsNow = async (
  ports: FollowingPorts,
  targetGroupArn: string,
  followed: readonly Followed[],
): Promise<{ readonly seats: readonly Seat[]; readonly healthCheck: HealthCheck | undefined }> => {
  const instanceIds = [...new Set(followed.flatMap(({ target }) => target.instanceId ?? []))];
  const [instances, groups] = await Promise.all([
    ports.ec2.readInstances(instanceIds),
    ports.loadBalancing.readTargetGroups(new Map([[targetGroupArn, {}]])),
  ]);
  const [targetGroup] = groups;
  if (targetGroup === undefined) return { seats: [], healthCheck: undefined };
  const balancers =
    targetGroup.loadBalancerArns.length === 0
      ? []
      : await ports.loadBalancing.readLoadBalancers(targetGroup.loadBalancerArns.slice(0, 1));
  const seats = followed.flatMap(({ key, target }): readonly Seat[] => {
    const instance = instances.find(({ instanceId }) => instanceId === target.instanceId);
    if (instance === undefined) return [];
    return [
      {
        targetGroup,
        loadBalancer: balancers[0],
        target: { id: targetIdOf(key, target.port), port: target.port },
        instance,
        networkInterface: primaryInterface(instance),
      },
    ];
  });
  return { seats, healthCheck: targetGroup.healthCheck };
};

/** Why nothing can be said of the paths, when what they hang on may not even be read. */
const pathUnknown = ({ service, action }: AwsCallError): PathVerdict => ({
  verdict: 'unknown',
  findings: [pathFinding('PathUnknown', { because: 'ReadDenied', why: `${service} ${action} was denied` })],
  healthCheck: undefined,
});

/**
 * Judges the paths of these targets on a fresh read, so that nothing is said from memory. What AWS denies us to read leaves
 * them unknown.
 * @throws {AwsCallError} for any other failure
 */
export const lookAtPaths = async (
  ports: FollowingPorts,
  targetGroupArn: string,
  followed: readonly Followed[],
): Promise<PathVerdict> => {
  try {
    const { seats, healthCheck } = await seatsNow(ports, targetGroupArn, followed);
    if (seats.length === 0) return { verdict: 'unknown', findings: [], healthCheck };
    return { ...summarize(judgeSeats(seats, await observeNetwork(ports.ec2, seats))), healthCheck };
  } catch (error) {
    if (error instanceof AwsCallError && error.meaning === 'denied') return pathUnknown(error);
    throw error;
  }
};
