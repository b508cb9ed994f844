import { randomUUID } from 'node:crypto';
import type { Lifecycle, Publisher } from './lifecycle.ts';
import type { Answer, Call } from './protocol.ts';
import type { Room } from './room.ts';
import { ACCOUNT } from './room.ts';
import { itemsOf, textOf } from './xml.ts';

/** An instance of an Auto Scaling group. */
interface Member {
  readonly group: string;
  readonly groupArn: string;
  readonly zone: string;
}

const readMembers = async ({ upstream }: Room, call: Call): Promise<ReadonlyMap<string, Member>> => {
  const answer = await upstream.ask(call, 'autoscaling', 'DescribeAutoScalingGroups');
  return new Map(
    itemsOf(answer, 'DescribeAutoScalingGroupsResult', 'AutoScalingGroups').flatMap((item) =>
      itemsOf(item, 'Instances').map((instance) => {
        const member = {
          group: textOf(item, 'AutoScalingGroupName'),
          groupArn: textOf(item, 'AutoScalingGroupARN'),
          zone: textOf(instance, 'AvailabilityZone'),
        };
        return [textOf(instance, 'InstanceId'), member] as const;
      }),
    ),
  );
};

type Activity = 'Launch' | 'Terminate';

/** `StatusCode` really is `InProgress` in the events of success (facts 1.3). */
const activityDetail = (activity: Activity, instanceId: string, { group, zone }: Member, at: Date): object => ({
  StatusCode: 'InProgress',
  Description: `${activity === 'Launch' ? 'Launching a new' : 'Terminating'} EC2 instance: ${instanceId}`,
  AutoScalingGroupName: group,
  ActivityId: randomUUID(),
  Details: { 'Availability Zone': zone },
  RequestId: randomUUID(),
  StatusMessage: '',
  StartTime: at.toISOString(),
  EndTime: at.toISOString(),
  EC2InstanceId: instanceId,
  Cause: `At ${at.toISOString()} the group's instances were changed.`,
  Origin: activity === 'Launch' ? 'EC2' : 'AutoScalingGroup',
  Destination: activity === 'Launch' ? 'AutoScalingGroup' : 'EC2',
});

/** Any write to Auto Scaling: instances that came or went by it have their states and events like all others. */
export const changeScaling =
  (room: Room, lifecycle: Lifecycle, publisher: Publisher) =>
  async (call: Call): Promise<Answer> => {
    const before = await readMembers(room, call);
    const answer = await room.upstream.forward(call);
    const after = await readMembers(room, call);
    const tell = (activity: Activity, instanceId: string, member: Member) => (): void =>
      publisher.publish({
        source: 'aws.autoscaling',
        detailType: `EC2 Instance ${activity} Successful`,
        region: call.region,
        resources: [member.groupArn, `arn:aws:ec2:${call.region}:${ACCOUNT}:instance/${instanceId}`],
        detail: activityDetail(activity, instanceId, member, room.now()),
      });
    for (const [id, member] of after) {
      if (!before.has(id)) lifecycle.enter(id, 'pending', call.region, tell('Launch', id, member));
    }
    for (const [id, member] of before) {
      if (!after.has(id)) lifecycle.enter(id, 'shutting-down', call.region, tell('Terminate', id, member));
    }
    return answer;
  };
