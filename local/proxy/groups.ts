import { readBalancers } from './interfaces.ts';
import type { Answer, Call } from './protocol.ts';
import { Refusal, values } from './protocol.ts';
import type { Room } from './room.ts';
import { askAll, filterParameters } from './room.ts';
import { rulesOf } from './world.ts';
import { textOf } from './xml.ts';

/** Groups on one interface (facts 3.1). */
const GROUPS_PER_INTERFACE = 5;

/** @throws {Refusal} for more groups than an interface may wear */
export const refuseManyGroups = (groupIds: readonly string[]): void => {
  if (groupIds.length > GROUPS_PER_INTERFACE)
    throw new Refusal(
      'SecurityGroupsPerInterfaceLimitExceeded',
      'You have exceeded the number of security groups allowed per network interface.',
    );
};

/** Whether an interface or a balancer wears a group, or a rule of another group names it. */
const isInUse = async (room: Room, call: Call, groupId: string): Promise<boolean> => {
  const worn = await askAll(
    room,
    call,
    'ec2',
    'DescribeNetworkInterfaces',
    ['networkInterfaceSet'],
    filterParameters(['group-id', groupId]),
  );
  if (worn.length > 0) return true;
  if ((await readBalancers(room, call)).some(({ groupIds }) => groupIds.includes(groupId))) return true;
  const groups = await askAll(room, call, 'ec2', 'DescribeSecurityGroups', ['securityGroupInfo']);
  return groups.some(
    (group) =>
      textOf(group, 'groupId') !== groupId &&
      (['ipPermissions', 'ipPermissionsEgress'] as const)
        .flatMap((list) => rulesOf(group, list))
        .some(({ peer }) => peer.kind === 'group' && peer.groupId === groupId),
  );
};

/** DeleteSecurityGroup of a group that nobody uses. @see EC2 API reference, DeleteSecurityGroup */
export const deleteSecurityGroup =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    const groupId = call.parameters.get('GroupId');
    if (groupId !== undefined && (await isInUse(room, call, groupId)))
      throw new Refusal('DependencyViolation', `resource ${groupId} has a dependent object`);
    return room.upstream.forward(call);
  };

/** ModifyNetworkInterfaceAttribute with as many groups as an interface may wear. */
export const modifyNetworkInterface =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    refuseManyGroups(values(call.parameters, 'SecurityGroupId'));
    return room.upstream.forward(call);
  };
