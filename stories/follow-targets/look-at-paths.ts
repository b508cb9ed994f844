import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Followed } from '../../domain/following.ts';
import type { Instance } from '../../domain/instance.ts';
import { primaryInterface } from '../../domain/instance.ts';
import { pathFinding, summarize } from '../../domain/network/findings.ts';
import type { Seat, Verdict } from '../../domain/network/model.ts';
import type { TargetHealth } from '../../domain/target.ts';
import type { HealthCheck } from '../../domain/target-group.ts';
import { memberIds } from '../group-members.ts';
import { judgeSeats, observeNetwork } from '../observe-network.ts';
import type { FollowingPorts } from './ports.ts';

/** The network's answer about targets that do not answer. */
export interface PathVerdict {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** What they are asked, as the group stands now; `undefined` when it could not be read, or is gone. */
  readonly healthCheck: HealthCheck | undefined;
  /** Instances of the group that the same read showed; none when it could not be made. */
  readonly instances: readonly Instance[];
}

/** The id that a target's key in its group begins with; behind a Classic balancer it has no port, and the key is the id. */
const targetIdOf = (key: string, port: number | undefined): string =>
  port === undefined ? key : key.slice(0, key.lastIndexOf(':'));

interface SeatsNow {
  readonly seats: readonly Seat[];
  readonly healthCheck: HealthCheck | undefined;
  readonly instances: readonly Instance[];
}

/** Seats of followed targets, as they stand now; a target whose group or instance is gone has none. */
const seatsNow = async (
  ports: FollowingPorts,
  targetGroupArn: string,
  followed: readonly Followed[],
  members: readonly TargetHealth[],
): Promise<SeatsNow> => {
  const followedIds = followed.flatMap(({ target }) => target.instanceId ?? []);
  const [instances, groups] = await Promise.all([
    ports.ec2.readInstances(memberIds(members, followedIds)),
    ports.loadBalancing.readTargetGroups(new Map([[targetGroupArn, {}]])),
  ]);
  const [targetGroup] = groups;
  if (targetGroup === undefined) return { seats: [], healthCheck: undefined, instances };
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
  return { seats, healthCheck: targetGroup.healthCheck, instances };
};

/** Why nothing can be said of the paths, when what they hang on may not even be read. */
const pathUnknown = ({ service, action }: AwsCallError): PathVerdict => ({
  verdict: 'unknown',
  findings: [pathFinding('PathUnknown', { because: 'ReadDenied', why: `${service} ${action} was denied` })],
  healthCheck: undefined,
  instances: [],
});

/**
 * Judges the paths of these targets on a fresh read, so that nothing is said from memory. What AWS denies us to read leaves
 * them unknown. The rest of the group is seen by the same call.
 * @throws {AwsCallError} for any other failure
 */
export const lookAtPaths = async (
  ports: FollowingPorts,
  targetGroupArn: string,
  followed: readonly Followed[],
  members: readonly TargetHealth[],
): Promise<PathVerdict> => {
  try {
    const { seats, healthCheck, instances } = await seatsNow(ports, targetGroupArn, followed, members);
    if (seats.length === 0) return { verdict: 'unknown', findings: [], healthCheck, instances };
    return { ...summarize(judgeSeats(seats, await observeNetwork(ports, seats))), healthCheck, instances };
  } catch (error) {
    if (error instanceof AwsCallError && error.meaning === 'denied') return pathUnknown(error);
    throw error;
  }
};
