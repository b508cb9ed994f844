import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeInstancesCommand, DescribeSecurityGroupRulesCommand } from '@aws-sdk/client-ec2';
import { tagValue } from '../../domain/tags.ts';
import { given } from '../answer.ts';
import { callAws } from '../call-aws.ts';
import { readPages } from '../pages.ts';
import { toInstance, toSecurityGroupRule } from './answers.ts';
import { findSecurityGroups } from './find-security-groups.ts';
import type { FleetReader } from './fleet-port.ts';
import { ec2, MaxResults } from './matching.ts';

/** A page of instances is some kilobytes each, several times over while it is read: half the largest keeps a sweep small. */
const INSTANCES_PER_PAGE = 500;

/** Who may come back, or has not left yet. */
const STATES = ['pending', 'running', 'stopping', 'stopped'];

const readEveryInstance = (client: EC2Client): FleetReader['readEveryInstance'] => {
  const call = ec2('DescribeInstances');
  const Filters = [{ Name: 'instance-state-name', Values: STATES }];
  return async (take) => {
    // A page is let go once it was taken: ten thousand instances as AWS tells of them are more than a function's memory.
    await readPages(
      call,
      async (NextToken) => {
        const answer = await client.send(
          new DescribeInstancesCommand({ Filters, MaxResults: INSTANCES_PER_PAGE, NextToken }),
        );
        take(
          given(call, 'Reservations', answer.Reservations).flatMap(({ Instances }) =>
            given(call, 'Instances of a reservation', Instances).map((instance) => toInstance(call, instance)),
          ),
        );
        return { NextToken: answer.NextToken };
      },
      ({ NextToken }) => NextToken,
    );
  };
};

const readRulesTagged = (client: EC2Client): FleetReader['readRulesTagged'] => {
  const call = ec2('DescribeSecurityGroupRules');
  return async (key, value) => {
    const Filters = [{ Name: `tag:${key}`, Values: [value] }];
    const pages = await readPages(
      call,
      (NextToken) => client.send(new DescribeSecurityGroupRulesCommand({ Filters, MaxResults, NextToken })),
      ({ NextToken }) => NextToken,
    );
    return pages
      .flatMap(({ SecurityGroupRules }) => given(call, 'SecurityGroupRules', SecurityGroupRules))
      .map((rule) => toSecurityGroupRule(call, rule));
  };
};

const readGroupsNamed =
  (client: EC2Client): FleetReader['readGroupsNamed'] =>
  (pattern) =>
    findSecurityGroups(client, [{ Name: 'group-name', Values: [pattern] }]);

/** A filter's value in which `*` and `?` stand for themselves. @see EC2 user guide, "Filter using the CLI" */
const literally = (value: string): string => value.replace(/[*?\\]/g, '\\$&');

const readInstancesNamed = (client: EC2Client): FleetReader['readInstancesNamed'] => {
  const call = ec2('DescribeInstances');
  return async (name) => {
    const Filters = [
      { Name: 'tag:Name', Values: [literally(name)] },
      { Name: 'instance-state-name', Values: STATES },
    ];
    const pages = await readPages(
      call,
      (NextToken) => client.send(new DescribeInstancesCommand({ Filters, MaxResults, NextToken })),
      ({ NextToken }) => NextToken,
    );
    return pages
      .flatMap(({ Reservations }) => given(call, 'Reservations', Reservations))
      .flatMap(({ Instances }) => given(call, 'Instances of a reservation', Instances))
      .map((instance) => toInstance(call, instance))
      .filter(({ tags }) => tagValue(tags, 'Name') === name);
  };
};

/** By the filter: an unknown id is then merely absent. */
const readRule = (client: EC2Client): FleetReader['readRule'] => {
  const call = ec2('DescribeSecurityGroupRules');
  return async (ruleId) => {
    const Filters = [{ Name: 'security-group-rule-id', Values: [literally(ruleId)] }];
    const { SecurityGroupRules } = await callAws(call, () =>
      client.send(new DescribeSecurityGroupRulesCommand({ Filters })),
    );
    const [rule] = given(call, 'SecurityGroupRules', SecurityGroupRules);
    return rule && toSecurityGroupRule(call, rule);
  };
};

/** Reads all instances and all rules of ours from EC2. */
export const fleetReader = (client: EC2Client): FleetReader => ({
  readEveryInstance: readEveryInstance(client),
  readRulesTagged: readRulesTagged(client),
  readInstancesNamed: readInstancesNamed(client),
  readRule: readRule(client),
  readGroupsNamed: readGroupsNamed(client),
});
