import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Followed } from '../../domain/following.ts';
import type { Instance } from '../../domain/instance.ts';
import { primaryInterface } from '../../domain/instance.ts';
import { pathFinding, summarize } from '../../domain/network/findings.ts';
import type { Seat, Verdict } from '../../domain/network/model.ts';
import { seatKey, seatKeyOf } from '../../domain/network/model.ts';
import type { Reach } from '../../domain/network/reach.ts';
import { reachOf } from '../../domain/network/reach.ts';
import { withoutHealthyOf } from '../../domain/network/required-flows.ts';
import type { WithoutHealthy } from '../../domain/report.ts';
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
  readonly withoutHealthy: WithoutHealthy | undefined;
  /** Instances of the group that the same read showed; none when it could not be made. */
  readonly instances: readonly Instance[];
}

/** The id that a target's key in its group begins with; behind a Classic balancer it has no port, and the key is the id. */
const targetIdOf = (key: string, port: number | undefined): string =>
  port === undefined ? key : key.slice(0, key.lastIndexOf(':'));

interface SeatsNow {
  readonly seats: readonly Seat[];
  readonly healthCheck: HealthCheck | undefined;
  readonly withoutHealthy: WithoutHealthy | undefined;
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
  const [instances, groups, tags] = await Promise.all([
    ports.ec2.readInstances(memberIds(members, followedIds)),
    ports.loadBalancing.readTargetGroups(new Map([[targetGroupArn, {}]])),
    ports.tags.readTags([targetGroupArn]),
  ]);
  const [found] = groups;
  if (found === undefined) return { seats: [], healthCheck: undefined, withoutHealthy: undefined, instances };
  const targetGroup = { ...found, tags: tags.get(targetGroupArn) ?? {} };
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
  const { healthCheck } = targetGroup;
  return { seats, healthCheck, withoutHealthy: withoutHealthyOf(targetGroup), instances };
};

/** Why nothing can be said of the paths, when what they hang on may not even be read. */
const pathUnknown = ({ service, action }: AwsCallError): PathVerdict => ({
  verdict: 'unknown',
  findings: [pathFinding('PathUnknown', { because: 'ReadDenied', why: `${service} ${action} was denied` })],
  healthCheck: undefined,
  withoutHealthy: undefined,
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
    const { seats, ...now } = await seatsNow(ports, targetGroupArn, followed, members);
    if (seats.length === 0) return { verdict: 'unknown', findings: [], ...now };
    return { ...summarize(judgeSeats(seats, await observeNetwork(ports, seats))), ...now };
  } catch (error) {
    if (error instanceof AwsCallError && error.meaning === 'denied') return pathUnknown(error);
    throw error;
  }
};

/** Whether their traffic gets to targets that answer their health check, by their keys. */
export type Reaches = ReadonlyMap<string, Reach>;

/**
 * Judges on a fresh read whether these targets' traffic gets to them, each by itself; whose group or instance is gone is left
 * out. What AWS denies us to read leaves all of it unsure.
 * @throws {AwsCallError} for any other failure
 */
export const lookAtTraffic = async (
  ports: FollowingPorts,
  targetGroupArn: string,
  followed: readonly Followed[],
  members: readonly TargetHealth[],
): Promise<Reaches> => {
  try {
    const { seats } = await seatsNow(ports, targetGroupArn, followed, members);
    const network = await observeNetwork(ports, seats);
    const judged = Map.groupBy(judgeSeats(seats, network), ({ flow }) => seatKey(flow.seat));
    return new Map(
      followed.flatMap(({ key }) => {
        const own = judged.get(seatKeyOf(targetGroupArn, key));
        return own === undefined ? [] : [[key, reachOf(own, network)] as const];
      }),
    );
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.meaning !== 'denied') throw error;
    const { findings } = pathUnknown(error);
    return new Map(followed.map(({ key }) => [key, { kind: 'unsure', findings }]));
  }
};
