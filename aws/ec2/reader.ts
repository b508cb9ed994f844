import type { EC2Client, InstanceStatus } from '@aws-sdk/client-ec2';
import {
  DescribeInstancesCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import type { NetworkAcl, PrefixList, SecurityGroupRule, Wearer } from '../../domain/network/model.ts';
import { given } from '../answer.ts';
import { readPages } from '../pages.ts';
import {
  toInstance,
  toInterfaceWithInstance,
  toNetworkAcl,
  toPrefixList,
  toSecurityGroup,
  toSecurityGroupRule,
  toSubnet,
  toVpc,
  toWearer,
} from './answers.ts';
import { readBalancerInterfaces } from './balancer-interfaces.ts';
import { readEndpointServiceBalancers } from './endpoint-services.ts';
import { DESCRIBE_INSTANCE_STATUS, readInstanceStatuses } from './instance-statuses.ts';
import { ec2, MaxResults, readMatching, underKeys } from './matching.ts';
import type { Ec2Reader } from './port.ts';
import { readRouteTables } from './route-tables.ts';

/** @see EC2 API reference, `DescribeManagedPrefixLists` and `GetManagedPrefixListEntries` */
const PREFIX_LIST_PAGE = 100;

const readInstances = (client: EC2Client): Ec2Reader['readInstances'] => {
  const call = ec2('DescribeInstances');
  return async (instanceIds) => {
    const reservations = await readMatching(
      call,
      'instance-id',
      instanceIds,
      (filter, NextToken) => client.send(new DescribeInstancesCommand({ Filters: [filter], MaxResults, NextToken })),
      ({ Reservations }) => given(call, 'Reservations', Reservations),
    );
    return reservations.flatMap(({ Instances }) =>
      given(call, 'Instances of a reservation', Instances).map((instance) => toInstance(call, instance)),
    );
  };
};

const passes = ({ InstanceStatus, SystemStatus, AttachedEbsStatus }: InstanceStatus): boolean =>
  InstanceStatus?.Status === 'ok' && SystemStatus?.Status === 'ok' && AttachedEbsStatus?.Status !== 'impaired';

const readPassingChecks =
  (client: EC2Client): Ec2Reader['readPassingChecks'] =>
  async (instanceIds) => {
    const passing = (await readInstanceStatuses(client, instanceIds)).filter(passes);
    return new Set(passing.map(({ InstanceId }) => given(DESCRIBE_INSTANCE_STATUS, 'InstanceId', InstanceId)));
  };

const readSecurityGroupRules = (client: EC2Client): Ec2Reader['readSecurityGroupRules'] => {
  const call = ec2('DescribeSecurityGroupRules');
  return async (groupIds) => {
    const rules: readonly SecurityGroupRule[] = await readMatching(
      call,
      'group-id',
      groupIds,
      (filter, NextToken) =>
        client.send(new DescribeSecurityGroupRulesCommand({ Filters: [filter], MaxResults, NextToken })),
      ({ SecurityGroupRules }) =>
        given(call, 'SecurityGroupRules', SecurityGroupRules).map((rule) => toSecurityGroupRule(call, rule)),
    );
    return underKeys(groupIds, rules, ({ groupId }) => [groupId]);
  };
};

const readSecurityGroups = (client: EC2Client): Ec2Reader['readSecurityGroups'] => {
  const call = ec2('DescribeSecurityGroups');
  return async (groupIds) => {
    const groups = await readMatching(
      call,
      'group-id',
      groupIds,
      (filter, NextToken) =>
        client.send(new DescribeSecurityGroupsCommand({ Filters: [filter], MaxResults, NextToken })),
      ({ SecurityGroups }) =>
        given(call, 'SecurityGroups', SecurityGroups).map((group) => toSecurityGroup(call, group)),
    );
    return new Map(groups.map((group) => [group.groupId, group]));
  };
};

const readNetworkAcls = (client: EC2Client): Ec2Reader['readNetworkAcls'] => {
  const call = ec2('DescribeNetworkAcls');
  return async (subnetIds) => {
    const asked = new Set(subnetIds);
    const acls = await readMatching(
      call,
      'association.subnet-id',
      subnetIds,
      (filter, NextToken) => client.send(new DescribeNetworkAclsCommand({ Filters: [filter], MaxResults, NextToken })),
      ({ NetworkAcls }) => given(call, 'NetworkAcls', NetworkAcls),
    );
    return new Map(
      acls.flatMap((acl) => {
        const guarding: NetworkAcl = toNetworkAcl(call, acl);
        return given(call, 'Associations of a network ACL', acl.Associations)
          .flatMap(({ SubnetId }) => (SubnetId !== undefined && asked.has(SubnetId) ? [SubnetId] : []))
          .map((subnetId) => [subnetId, guarding] as const);
      }),
    );
  };
};

const readSubnets = (client: EC2Client): Ec2Reader['readSubnets'] => {
  const call = ec2('DescribeSubnets');
  return async (subnetIds) => {
    const subnets = await readMatching(
      call,
      'subnet-id',
      subnetIds,
      (filter, NextToken) => client.send(new DescribeSubnetsCommand({ Filters: [filter], MaxResults, NextToken })),
      ({ Subnets }) => given(call, 'Subnets', Subnets).map((subnet) => toSubnet(call, subnet)),
    );
    return new Map(subnets.map((subnet) => [subnet.subnetId, subnet]));
  };
};

const readVpcs = (client: EC2Client): Ec2Reader['readVpcs'] => {
  const call = ec2('DescribeVpcs');
  return async (vpcIds) => {
    const vpcs = await readMatching(
      call,
      'vpc-id',
      vpcIds,
      (filter, NextToken) => client.send(new DescribeVpcsCommand({ Filters: [filter], MaxResults, NextToken })),
      ({ Vpcs }) => given(call, 'Vpcs', Vpcs).map((vpc) => toVpc(call, vpc)),
    );
    return new Map(vpcs.map((vpc) => [vpc.vpcId, vpc]));
  };
};

const INTERFACES = ec2('DescribeNetworkInterfaces');

const readWearers =
  (client: EC2Client): Ec2Reader['readWearers'] =>
  async (groupIds) => {
    const wearers = await readMatching(
      INTERFACES,
      'group-id',
      groupIds,
      (filter, NextToken) =>
        client.send(new DescribeNetworkInterfacesCommand({ Filters: [filter], MaxResults, NextToken })),
      ({ NetworkInterfaces }) =>
        given(INTERFACES, 'NetworkInterfaces', NetworkInterfaces).map((eni) => toWearer(INTERFACES, eni)),
    );
    // Two batches of groups may both find an interface that wears a group of each.
    const distinct = [
      ...new Map(wearers.map((wearer): [string, Wearer] => [wearer.networkInterfaceId, wearer])).values(),
    ];
    return underKeys(groupIds, distinct, ({ securityGroupIds }) => securityGroupIds);
  };

/** Filters are AND-ed, so the two families take a call each. */
const readInterfacesByAddress =
  (client: EC2Client): Ec2Reader['readInterfacesByAddress'] =>
  async (vpcId, addresses) => {
    const inVpc = { Name: 'vpc-id', Values: [vpcId] };
    const readHolders = (filterName: string, held: readonly string[]) =>
      readMatching(
        INTERFACES,
        filterName,
        held,
        (filter, NextToken) =>
          client.send(new DescribeNetworkInterfacesCommand({ Filters: [inVpc, filter], MaxResults, NextToken })),
        ({ NetworkInterfaces }) =>
          given(INTERFACES, 'NetworkInterfaces', NetworkInterfaces).map((eni) =>
            toInterfaceWithInstance(INTERFACES, eni),
          ),
      );
    const isIpv6 = (address: string): boolean => address.includes(':');
    const holders = [
      ...(await readHolders(
        'addresses.private-ip-address',
        addresses.filter((address) => !isIpv6(address)),
      )),
      ...(await readHolders('ipv6-addresses.ipv6-address', addresses.filter(isIpv6))),
    ];
    return [...new Map(holders.map((holder) => [holder.networkInterfaceId, holder])).values()];
  };

const readEntries = async (client: EC2Client, PrefixListId: string) => {
  const call = ec2('GetManagedPrefixListEntries');
  const pages = await readPages(
    call,
    (NextToken) =>
      client.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, MaxResults: PREFIX_LIST_PAGE, NextToken })),
    ({ NextToken }) => NextToken,
  );
  return pages.flatMap(({ Entries }) => given(call, 'Entries', Entries));
};

const readPrefixLists = (client: EC2Client): Ec2Reader['readPrefixLists'] => {
  const call = ec2('DescribeManagedPrefixLists');
  return async (prefixListIds) => {
    const lists = await readMatching(
      call,
      'prefix-list-id',
      prefixListIds,
      (filter, NextToken) =>
        client.send(
          new DescribeManagedPrefixListsCommand({ Filters: [filter], MaxResults: PREFIX_LIST_PAGE, NextToken }),
        ),
      ({ PrefixLists }) => given(call, 'PrefixLists', PrefixLists),
    );
    const read = new Map<string, PrefixList>();
    for (const list of lists) {
      const prefixListId = given(call, 'PrefixListId', list.PrefixListId);
      read.set(prefixListId, toPrefixList(call, list, await readEntries(client, prefixListId)));
    }
    return read;
  };
};

/** Reads instances and the network around them from EC2. */
export const ec2Reader = (client: EC2Client): Ec2Reader => ({
  readInstances: readInstances(client),
  readPassingChecks: readPassingChecks(client),
  readSecurityGroupRules: readSecurityGroupRules(client),
  readSecurityGroups: readSecurityGroups(client),
  readNetworkAcls: readNetworkAcls(client),
  readSubnets: readSubnets(client),
  readWearers: readWearers(client),
  readBalancerInterfaces: readBalancerInterfaces(client),
  readRouteTables: readRouteTables(client),
  readEndpointServiceBalancers: readEndpointServiceBalancers(client),
  readVpcs: readVpcs(client),
  readPrefixLists: readPrefixLists(client),
  readInterfacesByAddress: readInterfacesByAddress(client),
});
