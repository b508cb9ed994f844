import {
  AssociateRouteTableCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  DescribeNetworkInterfacesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  AddTagsCommand,
  ConfigureHealthCheckCommand,
  CreateLoadBalancerCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ReceivedSlackMessage } from '../../local/slack/stand-in.ts';
import type { Site, SiteNetwork, SmallWorld } from '../../local/world/small-world.ts';
import { launchInto, makeNetwork } from '../../local/world/small-world.ts';
import type { DeployedService } from '../support/deployed-service.ts';
import { callsOfUsher, shownBy, startDeployedService } from '../support/deployed-service.ts';
import { assertCallsAllowed } from '../support/permissions.ts';
import { REGION, resolved } from '../support/template.ts';

jest.setTimeout(120_000);

let usher: DeployedService;
let ec2: EC2Client;
let classic: ElasticLoadBalancingClient;

beforeAll(async () => {
  usher = await startDeployedService();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint: usher.proxy.url, region: REGION, credentials };
  ec2 = new EC2Client(settings);
  classic = new ElasticLoadBalancingClient(settings);
}, 240_000);

afterAll(async () => {
  ec2?.destroy();
  classic?.destroy();
  await usher?.stop();
});

const worlds: SmallWorld[] = [];
const classicSites: SiteNetwork[] = [];

const newSite = async (site: Site): Promise<SmallWorld> => {
  const world = await usher.site(site);
  worlds.push(world);
  return world;
};

const messageAbout = async (name: string): Promise<string> => {
  const matching = (received: ReceivedSlackMessage) => shownBy(received).includes(`*${name} is `);
  return shownBy(await usher.slack.nextMessage({ matching, timeoutMilliseconds: 90_000 }));
};

/** The addresses of a balancer's own interfaces, as blocks of one. */
const nodesOf = async (balancerArn: string): Promise<readonly string[]> => {
  const [, path = ''] = balancerArn.split(':loadbalancer/');
  const Filters = [{ Name: 'description', Values: [`ELB ${path}`] }];
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
  return NetworkInterfaces.map(({ PrivateIpAddress }) => `${PrivateIpAddress}/32`);
};

type Protocol = 'tcp' | 'udp';
const OURS = { 'usher:owner': 'local' };
const ruleFromGroup = (groupId: string, port: number) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  from: groupId,
  tags: OURS,
});
const rulesFrom = (cidrs: readonly string[], protocol: Protocol, port: number) =>
  cidrs.map((CidrIpv4) => ({
    IpProtocol: protocol,
    FromPort: port,
    ToPort: port,
    CidrIpv4,
    from: null,
    tags: OURS,
  }));

const inOrder = (rules: readonly object[]) =>
  rules.map((rule) => JSON.stringify(rule, Object.keys(rule).sort())).sort();

interface Seated {
  readonly title: string;
  readonly site: Site;
  /** What is done to the site before the launch. */
  readonly prepare?: (world: SmallWorld) => Promise<void>;
  readonly port: number;
  readonly rules: (world: SmallWorld, nodes: readonly string[]) => readonly object[];
}

const CLIENTS = ['198.51.100.0/24', '203.0.113.0/24'];
const TAGGED = { 'usher:client-cidrs': CLIENTS.join(' ') };

/** Packets from the target's subnet to the node in the other one are led through an appliance's interface. */
const leadThroughAppliance = async ({ vpcId, subnetIds: [here] }: SmallWorld): Promise<void> => {
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: here }));
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }));
  const RouteTableId = RouteTable?.RouteTableId;
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: here }));
  const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '10.20.2.0/24', NetworkInterfaceId }));
};

const SEATED: readonly Seated[] = [
  {
    title: 'an NLB with a security group, whose targets see its clients: its group is let in, once',
    site: { name: 'nlb-group', balancer: { kind: 'network', protocol: 'TCP', hasSecurityGroup: true } },
    port: 80,
    rules: ({ balancerGroupId }) => [ruleFromGroup(balancerGroupId, 80)],
  },
  {
    title: 'an NLB with a security group, whose targets see the balancer: the same',
    site: {
      name: 'nlb-group-own',
      balancer: { kind: 'network', protocol: 'TCP', hasSecurityGroup: true, keepsClientAddresses: false },
      healthCheckPort: 8080,
    },
    port: 80,
    rules: ({ balancerGroupId }) => [ruleFromGroup(balancerGroupId, 80), ruleFromGroup(balancerGroupId, 8080)],
  },
  {
    title: 'an NLB without security groups, whose targets see the balancer: each of its addresses, and nobody else',
    site: {
      name: 'nlb-own',
      balancer: { kind: 'network', protocol: 'TCP', hasSecurityGroup: false, keepsClientAddresses: false },
    },
    port: 80,
    rules: (_, nodes) => rulesFrom(nodes, 'tcp', 80),
  },
  {
    title:
      'an NLB without security groups, whose targets see its clients: those that the tag names, and its own addresses for the check',
    site: {
      name: 'nlb-clients',
      balancer: { kind: 'network', protocol: 'TCP', hasSecurityGroup: false },
      tags: TAGGED,
      healthCheckPort: 8080,
    },
    port: 80,
    rules: (_, nodes) => [...rulesFrom(CLIENTS, 'tcp', 80), ...rulesFrom(nodes, 'tcp', 8080)],
  },
  {
    title: 'an NLB of both TCP and UDP on one port: clients by both, the check by TCP alone',
    site: {
      name: 'nlb-both',
      balancer: { kind: 'network', protocol: 'TCP_UDP', hasSecurityGroup: false },
      tags: TAGGED,
    },
    port: 80,
    rules: (_, nodes) => [
      ...rulesFrom(CLIENTS, 'tcp', 80),
      ...rulesFrom(CLIENTS, 'udp', 80),
      ...rulesFrom(nodes, 'tcp', 80),
    ],
  },
  {
    title: 'a GWLB: GENEVE from each of its addresses, and its check, which knocks elsewhere',
    site: { name: 'gwlb', balancer: { kind: 'gateway' } },
    port: 6081,
    rules: (_, nodes) => [...rulesFrom(nodes, 'udp', 6081), ...rulesFrom(nodes, 'tcp', 80)],
  },
  {
    title: 'an ALB with an appliance on the way from one of its nodes: its group, and that node by its address',
    site: { name: 'detour' },
    prepare: leadThroughAppliance,
    port: 80,
    rules: ({ balancerGroupId }, nodes) => [
      ruleFromGroup(balancerGroupId, 80),
      ...rulesFrom(
        nodes.filter((node) => node.startsWith('10.20.2.')),
        'tcp',
        80,
      ),
    ],
  },
];

describe('An instance that is launched behind', () => {
  interface Seat {
    readonly world: SmallWorld;
    readonly instanceId: string;
    readonly message: string;
  }
  const seats = new Map<string, Promise<Seat>>();
  const seatOf = (name: string): Promise<Seat> => {
    const seat = seats.get(name);
    if (seat === undefined) throw new Error(`nobody was seated at ${name}`);
    return seat;
  };

  beforeAll(() => {
    usher.proxy.changeSettings({ clients: CLIENTS });
    for (const { site, prepare } of SEATED) {
      const seat = async () => {
        const world = await newSite(site);
        await prepare?.(world);
        const instanceId = await world.launch(`${site.name}-1`);
        return { world, instanceId, message: await messageAbout(`${site.name}-1`) };
      };
      seats.set(site.name, seat());
    }
  });

  test.each(SEATED)('$title', async ({ site, port, rules }) => {
    const { world, instanceId, message } = await seatOf(site.name);

    expect(message).toContain(`*${site.name}-1 is in service*`);
    const seen = await usher.readBack(world);
    expect(seen.targets).toEqual([{ id: instanceId, port, state: 'healthy' }]);
    expect(inOrder(seen.rules)).toEqual(inOrder(rules(world, await nodesOf(world.balancerArn))));
    expect(await usher.proxy.reachability(world.targetGroupArn)).toMatchObject([
      { id: instanceId, traffic: { kind: 'passes' }, health: { kind: 'passes' } },
    ]);
  });
});

test('Given an NLB whose targets see its clients, when nobody said who they are, then its check alone is let in, and it is said that visitors can’t reach it', async () => {
  const world = await newSite({
    name: 'nlb-strangers',
    balancer: { kind: 'network', protocol: 'TCP', hasSecurityGroup: false },
    healthCheckPort: 8080,
  });
  const instanceId = await world.launch('nlb-strangers-1');

  const message = await messageAbout('nlb-strangers-1');
  expect(message).toContain(
    '*nlb-strangers-1 is healthy, but visitors can’t reach it* – nobody said who its clients are',
  );
  expect(message).toContain('with `usher:client-cidrs`: the clients’ CIDR blocks');
  expect(message).not.toContain('Nothing to do');

  const seen = await usher.readBack(world);
  expect(seen.targets).toEqual([{ id: instanceId, port: 80, state: 'healthy' }]);
  expect(inOrder(seen.rules)).toEqual(inOrder(rulesFrom(await nodesOf(world.balancerArn), 'tcp', 8080)));
  expect(await usher.proxy.reachability(world.targetGroupArn)).toMatchObject([
    { id: instanceId, traffic: { kind: 'blocked' }, health: { kind: 'passes' } },
  ]);
});

test('Given a Classic balancer, when an instance is launched, then it is registered and both ports are let in from the balancer’s group', async () => {
  const name = 'old';
  const network = await makeNetwork(ec2, REGION, { name });
  classicSites.push(network);
  await classic.send(
    new CreateLoadBalancerCommand({
      LoadBalancerName: name,
      Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 }],
      Subnets: [...network.subnetIds],
      SecurityGroups: [network.balancerGroupId],
    }),
  );
  const HealthCheck = { Target: 'HTTP:9000/', Interval: 30, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 2 };
  await classic.send(new ConfigureHealthCheckCommand({ LoadBalancerName: name, HealthCheck }));
  const Tags = [{ Key: 'usher:selector', Value: `Role=${name}` }];
  await classic.send(new AddTagsCommand({ LoadBalancerNames: [name], Tags }));
  const instanceId = await launchInto(ec2, network, 'old-1', 0, name);

  expect(await messageAbout('old-1')).toContain('*old-1 is in service*');

  const { instances, rules } = await usher.readBackClassic(name, network.instanceGroupId);
  expect(instances).toEqual([{ id: instanceId, state: 'InService' }]);
  expect(inOrder(rules)).toEqual(
    inOrder([ruleFromGroup(network.balancerGroupId, 8080), ruleFromGroup(network.balancerGroupId, 9000)]),
  );
});

test('In the end every call that the functions made is one that their deployed roles allow, and nothing was given up', async () => {
  const template = resolved(await usher.template());
  const groups = [...worlds, ...classicSites];
  const known = {
    vpcIdOf: (id: string) =>
      groups.find(({ instanceGroupId, balancerGroupId }) => [instanceGroupId, balancerGroupId].includes(id))?.vpcId ??
      '',
    tagsOf: () => ({ 'usher:selector': 'Role=web' }), // whatever the role, what counts is that there is one
  };
  const calls = callsOfUsher(usher.proxy.calls);
  const asked = new Set(calls.map(({ action }) => action));
  for (const action of ['DescribeTargetGroupAttributes', 'DescribeRouteTables', 'DescribeNetworkInterfaces'])
    expect(asked).toContain(action);
  for (const name of ['register-targets', 'watch-targets']) {
    const own = calls.filter(({ application }) => application === `usher-${name}`);
    await assertCallsAllowed(template, name, own, known);
  }
  await usher.quiet(['LaunchQueue', 'ReportQueue']);
  expect(await usher.deadLetters()).toBe(0);
  expect(usher.proxy.problems).toEqual([]);
});
