import { expect, test } from '@jest/globals';
import type { Ec2Reader } from '../../../aws/ec2/port.ts';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';

/** A balancer in a VPC whose subnets are routed by its main table, and no endpoint service. */
export interface Surroundings {
  readonly ec2: Ec2Reader;
  readonly loadBalancer: LoadBalancer;
  readonly vpcId: string;
  readonly cidr: string;
}

const GONE = 'vpc-0123456789abcdef0';

/** What the reads around a balancer tell, whoever answers them. */
export const surroundingsContract = (makeSurroundings: () => Promise<Surroundings>): void => {
  test('Given a balancer and one that is gone, when their interfaces are read, then the one has one in each zone, with an address of it, and the other has none', async () => {
    const { ec2, loadBalancer } = await makeSurroundings();
    const gone = { ...loadBalancer, arn: loadBalancer.arn.replace(/[^/]+$/, '0000000000000000') };
    const interfaces = await ec2.readBalancerInterfaces([loadBalancer, gone]);
    expect([...interfaces.keys()]).toEqual([loadBalancer.arn, gone.arn]);
    expect(interfaces.get(gone.arn)).toEqual([]);
    const own = interfaces.get(loadBalancer.arn) ?? [];
    expect(own.map(({ subnetId }) => subnetId).sort()).toEqual(
      loadBalancer.zones.map(({ subnetId }) => subnetId).sort(),
    );
    for (const { privateIpv4Addresses } of own) expect(privateIpv4Addresses).toHaveLength(1);
  });

  test('Given its subnets, when their route tables are read, then each has one that keeps the VPC inside, and a VPC that is gone has none', async () => {
    const { ec2, loadBalancer, vpcId, cidr } = await makeSurroundings();
    const subnets = loadBalancer.zones.map(({ subnetId }) => ({ subnetId, vpcId }));
    const tables = await ec2.readRouteTables([...subnets, { subnetId: 'subnet-0123456789abcdef0', vpcId: GONE }]);
    expect([...tables.keys()]).toEqual(subnets.map(({ subnetId }) => subnetId));
    for (const { routes } of tables.values())
      expect(routes).toContainEqual({ destination: cidr, to: 'local', via: 'local', isBlackhole: false });
  });

  test('Given its VPC and one that is gone, when VPCs are read, then the one has its block, and the other is absent', async () => {
    const { ec2, vpcId, cidr } = await makeSurroundings();
    expect(await ec2.readVpcs([vpcId, GONE])).toEqual(new Map([[vpcId, { vpcId, ipv4Cidrs: [cidr], ipv6Cidrs: [] }]]));
  });

  test('Given no endpoint service leads to it, when services are read, then it is not among their balancers', async () => {
    const { ec2, loadBalancer } = await makeSurroundings();
    expect((await ec2.readEndpointServiceBalancers()).has(loadBalancer.arn)).toBe(false);
  });
};
