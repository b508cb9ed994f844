import type { EC2Client, RouteTableAssociation as Ec2Association } from '@aws-sdk/client-ec2';
import { DescribeRouteTablesCommand } from '@aws-sdk/client-ec2';
import { given } from '../answer.ts';
import { toRouteTable } from './answers.ts';
import { ec2, readMatching } from './matching.ts';
import type { Ec2Reader } from './port.ts';

/** The largest page. @see EC2 API reference, `DescribeRouteTables` */
const MaxResults = 100;

/** A subnet that is being taken from a table is routed by the VPC's main one. @see EC2 API reference, `RouteTableAssociation` */
const isInEffect = ({ AssociationState }: Ec2Association): boolean =>
  AssociationState?.State === undefined || ['associated', 'associating'].includes(AssociationState.State);

/** By VPC, because which subnets have no table of their own is told only by the tables of all the others. */
export const readRouteTables = (client: EC2Client): Ec2Reader['readRouteTables'] => {
  const call = ec2('DescribeRouteTables');
  return async (subnets) => {
    const tables = await readMatching(
      call,
      'vpc-id',
      subnets.map(({ vpcId }) => vpcId),
      (filter, NextToken) => client.send(new DescribeRouteTablesCommand({ Filters: [filter], MaxResults, NextToken })),
      ({ RouteTables }) => given(call, 'RouteTables', RouteTables),
    );
    const associations = tables.flatMap((table) =>
      given(call, 'Associations of a route table', table.Associations)
        .filter(isInEffect)
        .map(({ SubnetId, Main }) => ({ table, subnetId: SubnetId, isMain: Main === true })),
    );
    return new Map(
      subnets.flatMap(({ subnetId, vpcId }) => {
        const routing =
          associations.find((own) => own.subnetId === subnetId) ??
          associations.find(({ isMain, table }) => isMain && table.VpcId === vpcId);
        return routing === undefined ? [] : [[subnetId, toRouteTable(call, routing.table)] as const];
      }),
    );
  };
};
