import type { AuthorizeRule, RegisterTarget } from '../change.ts';
import { peerText } from '../change.ts';
import { destinationFor } from '../destination.ts';
import type { Finding } from '../finding.ts';
import { instanceName } from '../instance.ts';
import type { Matter } from '../ledger.ts';
import type { Network } from '../network/model.ts';
import { seatKey, seatKeyOf } from '../network/model.ts';
import type { Named, ReportedTarget } from '../report.ts';
import type { Stage } from '../stage.ts';
import type { Target } from '../target.ts';
import { targetKey } from '../target.ts';
import type { TargetGroup } from '../target-group.ts';
import type { DesiredSeat } from './seats.ts';

/** A target as people know it: by its instance's name. */
export const reportedTarget = (instance: DesiredSeat['instance'], port: number | undefined): ReportedTarget => ({
  name: instanceName(instance),
  instanceId: instance.instanceId,
  port,
  availabilityZone: instance.availabilityZone,
});

export const namedGroup = ({ arn, name }: TargetGroup): Named => ({ name, id: arn });

/** A security group by its name where it was read, else by its id alone. */
export const namedSecurityGroup = (groupId: string, network: Network): Named => {
  const group = network.securityGroups.get(groupId);
  return { id: groupId, name: group?.kind === 'read' ? group.value.name : groupId };
};

/** Seats by `seatKey`, so that the matter of each of many changes is found at once. */
export type SeatsByKey = ReadonlyMap<string, readonly DesiredSeat[]>;

export const seatsByKey = (seats: readonly DesiredSeat[]): SeatsByKey =>
  Map.groupBy(seats, ({ seat }) => seatKey(seat));

const seatsOfTargets = (seats: SeatsByKey, targetGroupArn: string, keys: readonly string[]) =>
  keys.flatMap((key) => seats.get(seatKeyOf(targetGroupArn, key)) ?? []);

const matterOf = (seats: readonly DesiredSeat[], findings: readonly Finding[], stage: Stage): Matter | undefined => {
  const first = seats[0];
  if (first === undefined) return undefined;
  return {
    targetGroup: namedGroup(first.seat.targetGroup),
    targets: seats.map(({ seat, instance }) => ({
      key: targetKey(seat.target),
      ...reportedTarget(instance, seat.target.port),
    })),
    findings,
    destination: destinationFor(first.seat.targetGroup.tags, stage),
  };
};

/** What the report will say of a registration. `undefined` for a change about none of these seats. */
export const registrationMatter = (
  change: RegisterTarget & { readonly target: Target },
  seats: SeatsByKey,
  findings: readonly Finding[],
  stage: Stage,
): Matter | undefined => {
  const own = seatsOfTargets(seats, change.targetGroupArn, [targetKey(change.target)]);
  const matter = matterOf(own, findings, stage);
  const launchedAt = own[0]?.instance.launchedAt.toISOString();
  return matter && { ...matter, ...(launchedAt === undefined ? {} : { occasion: launchedAt }) };
};

/**
 * What the report will say of an added rule. `undefined` for a change about none of these seats.
 * @param findings what stands in these seats' way all the same
 */
export const ruleMatter = (
  change: AuthorizeRule,
  seats: SeatsByKey,
  network: Network,
  stage: Stage,
  findings: readonly Finding[] = [],
): Matter | undefined => {
  const matter = matterOf(seatsOfTargets(seats, change.targetGroupArn, change.targetKeys), findings, stage);
  if (matter === undefined) return undefined;
  const peer = change.peer.kind === 'security-group' ? namedSecurityGroup(change.peer.groupId, network) : undefined;
  const text = peerText(change.peer);
  return {
    ...matter,
    securityGroup: namedSecurityGroup(change.groupId, network),
    peer: peer ?? { id: text, name: text },
  };
};
