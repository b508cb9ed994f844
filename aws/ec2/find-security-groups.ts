import type { EC2Client, Filter } from '@aws-sdk/client-ec2';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import type { SecurityGroup } from '../../domain/network/model.ts';
import { given } from '../answer.ts';
import { readPages } from '../pages.ts';
import { toSecurityGroup } from './answers.ts';
import { ec2, MaxResults } from './matching.ts';

/** Security groups that meet every one of some filters, page after page. */
export const findSecurityGroups = async (client: EC2Client, Filters: Filter[]): Promise<readonly SecurityGroup[]> => {
  const call = ec2('DescribeSecurityGroups');
  const pages = await readPages(
    call,
    (NextToken) => client.send(new DescribeSecurityGroupsCommand({ Filters, MaxResults, NextToken })),
    ({ NextToken }) => NextToken,
  );
  return pages
    .flatMap(({ SecurityGroups }) => given(call, 'SecurityGroups', SecurityGroups))
    .map((group) => toSecurityGroup(call, group));
};
