import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { given } from '../answer.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { CompanionGroups, GroupToMake } from './companion-port.ts';
import { findSecurityGroups } from './find-security-groups.ts';
import { ec2 } from './matching.ts';

/** What AWS puts into a new group: everything may leave, over IPv6 too where the VPC has it. @see VPC guide, "Security group rules" */
const EVERYTHING_OUT = [
  { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
];

/** A rule that isn't there is what was wanted. */
const unlessMissing = async (act: () => Promise<unknown>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.meaning !== 'not-found') throw error;
  }
};

const createGroup =
  (client: EC2Client): CompanionGroups['createGroup'] =>
  async ({ name, description, vpcId, tags }: GroupToMake) => {
    const call = ec2('CreateSecurityGroup');
    let groupId: string;
    try {
      const answer = await callAws(call, () =>
        client.send(
          new CreateSecurityGroupCommand({
            GroupName: name,
            Description: description,
            VpcId: vpcId,
            TagSpecifications: [
              {
                ResourceType: 'security-group',
                Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
              },
            ],
          }),
        ),
      );
      groupId = given(call, 'GroupId', answer.GroupId);
    } catch (error) {
      if (error instanceof AwsCallError && error.meaning === 'already-there') return { kind: 'taken' };
      throw error;
    }
    // One call each: where one of two isn't there, EC2 takes away neither (facts 3.3).
    for (const permission of EVERYTHING_OUT)
      await unlessMissing(() =>
        callAws(ec2('RevokeSecurityGroupEgress'), () =>
          client.send(new RevokeSecurityGroupEgressCommand({ GroupId: groupId, IpPermissions: [permission] })),
        ),
      );
    return { kind: 'created', groupId };
  };

const deleteGroup =
  (client: EC2Client): CompanionGroups['deleteGroup'] =>
  async (GroupId) => {
    try {
      await callAws(ec2('DeleteSecurityGroup'), () => client.send(new DeleteSecurityGroupCommand({ GroupId })));
      return 'deleted';
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      if (error.meaning === 'not-found') return 'gone';
      if (error.meaning === 'in-use') return 'in-use';
      throw error;
    }
  };

/** Makes, finds and deletes security groups of our own, and puts them on interfaces. */
export const companionGroups = (client: EC2Client): CompanionGroups => ({
  readNamed: async (vpcId, name) => {
    const found = await findSecurityGroups(client, [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'group-name', Values: [name] },
    ]);
    return found.find((group) => group.name === name && group.vpcId === vpcId);
  },
  readTagged: (key, value) => findSecurityGroups(client, [{ Name: `tag:${key}`, Values: [value] }]),
  readNaming: async (groupId) => {
    // Filters are and-ed, so each direction has a call. @see EC2 API reference, `DescribeSecurityGroups`
    const found = [
      ...(await findSecurityGroups(client, [{ Name: 'ip-permission.group-id', Values: [groupId] }])),
      ...(await findSecurityGroups(client, [{ Name: 'egress.ip-permission.group-id', Values: [groupId] }])),
    ];
    return [...new Map(found.map((group) => [group.groupId, group])).values()];
  },
  createGroup: createGroup(client),
  deleteGroup: deleteGroup(client),
  async setInterfaceGroups(NetworkInterfaceId, groupIds) {
    await callAws(ec2('ModifyNetworkInterfaceAttribute'), () =>
      client.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [...groupIds] })),
    );
  },
});
