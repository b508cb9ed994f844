import { expect, test } from '@jest/globals';
import { AwsCallError } from '../../aws/aws-call-error.ts';
import { primaryInterface } from '../../domain/instance.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type { Seat } from '../../domain/network/model.ts';
import { read, unreadable } from '../../domain/reading.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { observeNetwork } from '../../stories/observe-network.ts';
import { ACCOUNT, anAlb, anInstance, aRouteTable, aTargetGroup, REGION } from '../support/world/builders.ts';
import type { World } from '../support/world/world.ts';
import { aWorld } from '../support/world/world.ts';

/** A Network Load Balancer that wears no group, in two zones. */
const anNlb = (nlb: Partial<LoadBalancer> = {}): LoadBalancer =>
  anAlb({
    arn: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/net/mail/73e2d6bc24d8a067`,
    name: 'mail',
    kind: 'network',
    scheme: 'internal',
    securityGroupIds: [],
    ...nlb,
  });

/** One instance in `subnet-a`, in a group behind the balancer. */
const seated = (loadBalancer: LoadBalancer, group: Partial<TargetGroup> = {}): { world: World; seats: Seat[] } => {
  const instance = anInstance();
  const targetGroup = aTargetGroup({ loadBalancerArns: [loadBalancer.arn], ...group });
  const world = aWorld({ instances: [instance], loadBalancers: [loadBalancer], targetGroups: [targetGroup] });
  const target = { id: instance.instanceId, port: 80 };
  const networkInterface = primaryInterface(instance);
  return { world, seats: [{ targetGroup, loadBalancer, target, instance, networkInterface }] };
};

const readsOf = (world: World): readonly string[] => world.calls.map(({ name }) => name.replace(/^.*\./, '')).sort();

const denied = (action: string) =>
  new AwsCallError({ service: 'EC2', action, code: 'UnauthorizedOperation', meaning: 'denied', awsMessage: 'no' });

test('Given a target of an ALB, when the network is looked at, then three calls tell of it: rules, ACLs and routes', async () => {
  const { world, seats } = seated(anAlb());
  const network = await observeNetwork(world.ports, seats);
  expect(readsOf(world)).toEqual(['readNetworkAcls', 'readRouteTables', 'readSecurityGroupRules']);
  expect([...network.rules.keys()]).toEqual(['sg-alb', 'sg-web']);
  expect(network.routes).toEqual(
    new Map([
      ['subnet-a', read(aRouteTable())],
      ['subnet-c', read(aRouteTable())],
    ]),
  );
});

test('Given no seats, when the network is looked at, then nothing is read', async () => {
  const { world } = seated(anAlb());
  await observeNetwork(world.ports, []);
  expect(readsOf(world)).toEqual([]);
});

test('Given an NLB without groups whose targets see its own addresses, when the network is looked at, then its interfaces are read, and no routes or services', async () => {
  const nlb = anNlb();
  const { world, seats } = seated(nlb, { protocol: 'TCP' });
  world.balancing.preservation.set(seats[0]?.targetGroup.arn ?? '', false);
  const network = await observeNetwork(world.ports, seats);
  expect(readsOf(world)).toEqual([
    'readBalancerInterfaces',
    'readNetworkAcls',
    'readPreservation',
    'readSecurityGroupRules',
  ]);
  expect(network.preservation).toEqual(new Map([[seats[0]?.targetGroup.arn, read(false)]]));
  expect(network.balancerInterfaces.get(nlb.arn)).toEqual(
    read([
      expect.objectContaining({ subnetId: 'subnet-a', privateIpv4Addresses: ['10.0.1.201'] }),
      expect.objectContaining({ subnetId: 'subnet-c', privateIpv4Addresses: ['10.0.2.201'] }),
    ]),
  );
});

test.each([
  ['that asks by its attribute', 'TCP', true],
  ['whose protocol settles it', 'UDP', false],
])(
  'Given an NLB without groups and a group %s that targets see their clients, when the network is looked at, then it is asked whether a service leads to it',
  async (_, protocol, asks) => {
    const nlb = anNlb();
    const { world, seats } = seated(nlb, { protocol });
    world.balancing.preservation.set(seats[0]?.targetGroup.arn ?? '', true);
    world.network.endpointServiceBalancers.add(nlb.arn);
    const network = await observeNetwork(world.ports, seats);
    const reads = readsOf(world);
    expect(reads.filter((method) => method === 'readEndpointServiceBalancers')).toHaveLength(1);
    expect(reads.includes('readPreservation')).toBe(asks);
    expect(network.endpointServices).toEqual(new Map([[nlb.arn, read(true)]]));
  },
);

test('Given a group of which nobody knows whether targets see their clients, when the network is looked at, then that is unreadable', async () => {
  const { world, seats } = seated(anNlb(), { protocol: 'TCP' });
  const network = await observeNetwork(world.ports, seats);
  expect(network.preservation).toEqual(new Map([[seats[0]?.targetGroup.arn, unreadable('not found')]]));
});

test('Given a route that leads the balancer’s packets through an appliance, when the network is looked at, then its interfaces are read besides', async () => {
  const alb = anAlb();
  const { world, seats } = seated(alb);
  world.network.routes.set(
    'subnet-c',
    aRouteTable({
      routeTableId: 'rtb-inspected',
      routes: [
        ...aRouteTable().routes,
        { destination: '10.0.1.0/24', to: 'middlebox', via: 'vpce-1', isBlackhole: false },
      ],
    }),
  );
  const network = await observeNetwork(world.ports, seats);
  expect(readsOf(world)).toContain('readBalancerInterfaces');
  expect([...network.balancerInterfaces.keys()]).toEqual([alb.arn]);
});

test.each([
  ['readRouteTables', 'routes', ['subnet-a', 'subnet-c']],
  ['readNetworkAcls', 'acls', ['subnet-a', 'subnet-c']],
] as const)(
  'Given %s is denied, when the network is looked at, then what it would tell is unreadable, and the rest is read',
  async (method, part, keys) => {
    const { world, seats } = seated(anAlb());
    world.onCall((_, name) => (name.endsWith(`.${method}`) ? denied(method) : 'proceed'));
    const network = await observeNetwork(world.ports, seats);
    expect(network[part]).toEqual(new Map(keys.map((key) => [key, unreadable(`${method} was denied`)])));
    expect(network.rules.get('sg-web')?.kind).toBe('read');
  },
);

test.each([
  ['readBalancerInterfaces', 'balancerInterfaces'],
  ['readPreservation', 'preservation'],
  ['readEndpointServiceBalancers', 'endpointServices'],
] as const)(
  'Given %s is denied, when an NLB’s network is looked at, then what it would tell is unreadable',
  async (method, part) => {
    const { world, seats } = seated(anNlb(), { protocol: method === 'readPreservation' ? 'TCP' : 'UDP' });
    world.onCall((_, name) => (name.endsWith(`.${method}`) ? denied(method) : 'proceed'));
    const network = await observeNetwork(world.ports, seats);
    expect([...network[part].values()]).toEqual([unreadable(`${method} was denied`)]);
  },
);

test('Given the routes are throttled, when the network is looked at, then it fails, for a later look may well succeed', async () => {
  const { world, seats } = seated(anAlb());
  const throttled = new AwsCallError({
    service: 'EC2',
    action: 'DescribeRouteTables',
    code: 'RequestLimitExceeded',
    meaning: 'throttled',
    awsMessage: 'Request limit exceeded.',
  });
  world.onCall((_, name) => (name === 'ec2.readRouteTables' ? throttled : 'proceed'));
  await expect(observeNetwork(world.ports, seats)).rejects.toBe(throttled);
});
