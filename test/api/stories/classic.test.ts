import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { RevokeSecurityGroupIngressCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import {
  AddTagsCommand,
  ConfigureHealthCheckCommand,
  CreateLoadBalancerCommand,
  CreateLoadBalancerListenersCommand,
  DeregisterInstancesFromLoadBalancerCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { autoScalingReader } from '../../../aws/auto-scaling/reader.ts';
import { readerOfBoth, writerOfBoth } from '../../../aws/both-generations.ts';
import { classicAsTargetGroups } from '../../../aws/classic-load-balancing/as-target-groups.ts';
import { classicLoadBalancingReader } from '../../../aws/classic-load-balancing/reader.ts';
import { classicLoadBalancingWriter } from '../../../aws/classic-load-balancing/writer.ts';
import { ec2Reader } from '../../../aws/ec2/reader.ts';
import { ec2Writer } from '../../../aws/ec2/writer.ts';
import { loadBalancingReader } from '../../../aws/elastic-load-balancing/reader.ts';
import { loadBalancingWriter } from '../../../aws/elastic-load-balancing/writer.ts';
import { taggingReader } from '../../../aws/tagging/reader.ts';
import { preparePython } from '../../../local/emulators/python.ts';
import { aJourney, shown, stateChange } from '../../stories/journey.ts';
import { aClock } from '../../support/world/clock.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import type { BehindProxy } from '../proxy/behind-proxy.ts';
import { clientSettings, REGION, startBehindProxy, until } from '../proxy/behind-proxy.ts';
import { launch, makeGroup, makeSubnet, makeVpc, stateOf } from '../proxy/world.ts';

const ROOT = join(import.meta.dirname, '../../..');
const READER = join(ROOT, 'test/support/readers/read_back.py');

const clock = aClock(new Date());
let python: string;
let at: BehindProxy;
let classic: ElasticLoadBalancingClient;
let tagging: ResourceGroupsTaggingAPIClient;
let autoScaling: AutoScalingClient;
let place: { readonly vpcId: string; readonly subnetIds: readonly [string, string] };
let sites = 0;

beforeAll(async () => {
  python = await preparePython({ root: ROOT });
  at = await startBehindProxy({ now: clock.now });
  classic = new ElasticLoadBalancingClient(clientSettings(at.proxy.url));
  tagging = new ResourceGroupsTaggingAPIClient(clientSettings(at.proxy.url));
  autoScaling = new AutoScalingClient(clientSettings(at.proxy.url));
  const vpcId = await makeVpc(at.ec2);
  place = {
    vpcId,
    subnetIds: [
      await makeSubnet(at.ec2, vpcId, '10.0.1.0/24', 'ap-northeast-1c'),
      await makeSubnet(at.ec2, vpcId, '10.0.2.0/24', 'ap-northeast-1a'),
    ],
  };
}, 120_000);
afterAll(async () => {
  for (const client of [classic, tagging, autoScaling]) client.destroy();
  await at.stop();
});

/** Our table and queues in memory, everything of AWS through the real adapters behind the proxy. */
const aServiceBehindProxy = (): World => {
  const memory = aWorld({ clock });
  const ec2 = { ...ec2Reader(at.ec2), ...ec2Writer(at.ec2) };
  const reader = classicLoadBalancingReader(classic);
  const loadBalancing = {
    ...readerOfBoth(loadBalancingReader(at.elb), classicAsTargetGroups(reader, ec2)),
    ...writerOfBoth(loadBalancingWriter(at.elb), classicLoadBalancingWriter(classic, reader)),
  };
  const real = {
    ec2,
    loadBalancing,
    tagging: taggingReader(tagging),
  };
  return {
    ...memory,
    get ports() {
      const { autoScaling: hooks } = memory.ports;
      return { ...memory.ports, ...real, autoScaling: { ...hooks, ...autoScalingReader(autoScaling) } };
    },
  };
};

const running = (instanceId: string) =>
  until(
    () => stateOf(at.ec2, instanceId),
    (state) => state === 'running',
  );

interface Site {
  readonly name: string;
  readonly balancerGroupId: string;
  readonly webGroupId: string;
  readonly instanceId: string;
}

const LISTENERS = [
  { Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 },
  { Protocol: 'HTTP', LoadBalancerPort: 8000, InstanceProtocol: 'HTTP', InstancePort: 8080 },
  { Protocol: 'TCP', LoadBalancerPort: 25, InstanceProtocol: 'TCP', InstancePort: 2525 },
];

/** A Classic balancer with listeners to two ports and its check on a third, and an instance that nothing lets in. */
const makeSite = async (
  tagsOf: (name: string) => { balancer: Record<string, string>; instance: Record<string, string> },
): Promise<Site> => {
  sites += 1;
  const name = `classic-${sites}`;
  const tags = tagsOf(name);
  const [balancerGroupId, webGroupId] = [await makeGroup(at.ec2, place.vpcId), await makeGroup(at.ec2, place.vpcId)];
  await classic.send(
    new CreateLoadBalancerCommand({
      LoadBalancerName: name,
      Listeners: LISTENERS,
      Subnets: [...place.subnetIds],
      SecurityGroups: [balancerGroupId],
    }),
  );
  await classic.send(
    new ConfigureHealthCheckCommand({
      LoadBalancerName: name,
      HealthCheck: { Target: 'HTTP:9000/health', Interval: 30, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 2 },
    }),
  );
  await classic.send(
    new AddTagsCommand({
      LoadBalancerNames: [name],
      Tags: Object.entries(tags.balancer).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  const instanceId = await launch(at.ec2, place.subnetIds[0], webGroupId, { Name: `${name}-web`, ...tags.instance });
  await running(instanceId);
  return { name, balancerGroupId, webGroupId, instanceId };
};

const bySelector = (name: string) => ({ balancer: { 'usher:selector': `Role=${name}` }, instance: { Role: name } });

/** What boto3 finds. */
const readBack = async ({
  name,
  webGroupId,
}: Site): Promise<{ readonly instances: unknown; readonly rules: readonly string[] }> => {
  const env = {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL: at.proxy.url,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIABOTO',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const { stdout } = await promisify(execFile)(python, [READER, 'classic', name, webGroupId], { env });
  const { instances, rules } = JSON.parse(stdout);
  return {
    instances,
    rules: rules
      .map((rule: Record<string, unknown>) =>
        [rule['IpProtocol'], rule['FromPort'], rule['ToPort'], rule['from'], JSON.stringify(rule['tags'])].join(' '),
      )
      .sort(),
  };
};

const ours = (port: number, { balancerGroupId }: Site): string =>
  `tcp ${port} ${port} ${balancerGroupId} {"usher:owner":"prod"}`;

test('Given a Classic balancer with listeners to two ports and its check on a third, when an instance it selects runs, then it is registered, all three are open, and it is said once', async () => {
  const site = await makeSite(bySelector);
  const world = aServiceBehindProxy();
  const journey = aJourney(world);
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  expect(await readBack(site)).toEqual({
    instances: [{ id: site.instanceId, state: 'InService' }],
    rules: [2525, 8080, 9000].map((port) => ours(port, site)),
  });
  expect(shown(world).map(({ body }) => body)).toMatchObject([
    {
      kind: 'targets-in-service',
      targetGroup: {
        name: site.name,
        id: `arn:aws:elasticloadbalancing:${REGION}:123456789012:loadbalancer/${site.name}`,
      },
      targets: [{ instanceId: site.instanceId, name: `${site.name}-web`, port: undefined }],
      health: { healthy: 1, total: 1, zones: [{ name: `${REGION}c`, healthy: 1 }], names: [`${site.name}-web`] },
      changes: [
        { kind: 'rule-added', port: 2525 },
        { kind: 'rule-added', port: 8080 },
        { kind: 'rule-added', port: 9000 },
        { kind: 'target-registered', port: undefined, count: 1 },
      ],
    },
  ]);
});

test('Given all is right already, when its event comes again, then it takes eight reads and no write', async () => {
  const site = await makeSite(bySelector);
  const journey = aJourney(aServiceBehindProxy());
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  at.proxy.resetCalls();
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  expect(at.proxy.counts()).toEqual({
    'ec2:DescribeInstances': 1,
    'tagging:GetResources': 1,
    'elb:DescribeLoadBalancers': 2,
    'ec2:DescribeSubnets': 1,
    'elb:DescribeInstanceHealth': 1,
    'ec2:DescribeSecurityGroupRules': 1,
    'ec2:DescribeNetworkAcls': 1,
    'ec2:DescribeRouteTables': 1,
  });
});

test('Given it is registered, when a listener to another port is added and its event comes again, then that port is opened and nothing is registered anew', async () => {
  const site = await makeSite(bySelector);
  const world = aServiceBehindProxy();
  const journey = aJourney(world);
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  const listener = { Protocol: 'TCP', LoadBalancerPort: 26, InstanceProtocol: 'TCP', InstancePort: 2626 };
  await classic.send(new CreateLoadBalancerListenersCommand({ LoadBalancerName: site.name, Listeners: [listener] }));
  at.proxy.resetCalls();
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  expect((await readBack(site)).rules).toEqual([2525, 2626, 8080, 9000].map((port) => ours(port, site)));
  expect(at.proxy.counts()['elb:RegisterInstancesWithLoadBalancer']).toBeUndefined();
  const registrations = [...world.state.entries.values()].filter(({ change }) => change.kind === 'register-target');
  expect(registrations.map(({ change }) => 'target' in change && change.target)).toEqual([
    { id: site.instanceId, port: undefined },
  ]);
});

test('Given the check is refused on the instance, when it is given up, then the message names the whole check and no port of the instance', async () => {
  const site = await makeSite(bySelector);
  at.proxy.instances.set(site.instanceId, 'refuses');
  const world = aServiceBehindProxy();
  const journey = aJourney(world);
  journey.put(stateChange(site.instanceId));
  await journey.pass(400);
  expect((await readBack(site)).instances).toEqual([{ id: site.instanceId, state: 'OutOfService' }]);
  expect(shown(world).map(({ body }) => body)).toMatchObject([
    {
      kind: 'targets-not-in-service',
      network: 'passes',
      targets: [{ port: undefined, state: 'unhealthy', reason: 'Target.FailedHealthChecks' }],
      findings: [{ reason: 'Target.FailedHealthChecks', evidence: { check: 'HTTP:9000/health' } }],
    },
  ]);
  at.proxy.instances.set(site.instanceId, 'answers');
  await journey.untilQuiet();
  expect(shown(world).at(-1)?.body).toMatchObject({ kind: 'targets-in-service', recovered: true });
});

test('Given an instance that names the balancer itself, when it runs, then it is registered where that is accepted', async () => {
  const site = await makeSite((name) => ({
    balancer: { 'usher:accept-explicit': 'true' },
    instance: { 'usher:targets': `elb/${name}:8080` },
  }));
  const world = aServiceBehindProxy();
  const journey = aJourney(world);
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  expect((await readBack(site)).instances).toEqual([{ id: site.instanceId, state: 'InService' }]);
});

test('Given a port in its tags that no listener sends to, when it runs, then it is not registered and the listeners’ ports are named', async () => {
  const site = await makeSite((name) => ({
    balancer: { 'usher:selector': `Role=${name}` },
    instance: { Role: name, 'usher:port': '8081' },
  }));
  const world = aServiceBehindProxy();
  const journey = aJourney(world);
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  expect(await readBack(site)).toEqual({ instances: [], rules: [] });
  expect(shown(world).map(({ body }) => body)).toMatchObject([
    {
      kind: 'targets-not-registered',
      targets: [{ findings: [{ reason: 'PortNotAllowed', evidence: { port: '8081', listenerPorts: '2525 8080' } }] }],
    },
  ]);
});

test('Given it was seated, when a person takes it out by hand, then its next event leaves it out, and says who holds it', async () => {
  const site = await makeSite(bySelector);
  const world = aServiceBehindProxy();
  const journey = aJourney(world);
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  await classic.send(
    new DeregisterInstancesFromLoadBalancerCommand({
      LoadBalancerName: site.name,
      Instances: [{ InstanceId: site.instanceId }],
    }),
  );
  clock.advance(600);
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  expect((await readBack(site)).instances).toEqual([]);
  expect(shown(world).at(-1)?.body).toMatchObject({
    kind: 'held-by-others',
    targets: [{ instanceId: site.instanceId, port: undefined }],
    remedy: `aws elb register-instances-with-load-balancer --load-balancer-name ${site.name} --instances ${site.instanceId}`,
  });
});

test('Given it was seated by us, when the instance is stopped, then it is taken out, and said', async () => {
  const site = await makeSite(bySelector);
  const world = aServiceBehindProxy();
  const journey = aJourney(world);
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  await at.ec2.send(new StopInstancesCommand({ InstanceIds: [site.instanceId] }));
  await until(
    () => stateOf(at.ec2, site.instanceId),
    (state) => state === 'stopped',
  );
  clock.advance(600);
  journey.put(stateChange(site.instanceId, 'stopped'));
  await journey.untilQuiet();
  expect((await readBack(site)).instances).toEqual([]);
  expect(shown(world).at(-1)?.body).toMatchObject({
    kind: 'targets-taken-out',
    targets: [{ instanceId: site.instanceId, port: undefined }],
  });
});

test('Given two instances in, one of them taken out by hand since, when both are deregistered, then the other goes and it is done', async () => {
  const site = await makeSite(bySelector);
  const other = await launch(at.ec2, place.subnetIds[1], site.webGroupId);
  await running(other);
  const { loadBalancing } = aServiceBehindProxy().ports;
  const arn = `arn:aws:elasticloadbalancing:${REGION}:123456789012:loadbalancer/${site.name}`;
  const targets = [site.instanceId, other].map((id) => ({ id, port: undefined }));
  expect(
    await loadBalancing.registerTargets(arn, [...targets, { id: 'i-0123456789abcdef0', port: undefined }]),
  ).toEqual({
    registered: targets,
    refused: [
      expect.objectContaining({ target: { id: 'i-0123456789abcdef0', port: undefined }, code: 'InvalidInstance' }),
    ],
  });
  expect((await loadBalancing.readTargetHealth(arn))?.map(({ target }) => target).sort()).toEqual([...targets].sort());
  await loadBalancing.deregisterTargets(arn, targets.slice(0, 1));
  await loadBalancing.deregisterTargets(arn, targets);
  expect((await readBack(site)).instances).toEqual([]);
});

test('Given a rule of ours that somebody took away, when its event comes again, then it stays away and is said', async () => {
  const site = await makeSite(bySelector);
  const world = aServiceBehindProxy();
  const journey = aJourney(world);
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  await at.ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: site.webGroupId,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 2525,
          ToPort: 2525,
          UserIdGroupPairs: [{ GroupId: site.balancerGroupId }],
        },
      ],
    }),
  );
  clock.advance(600);
  journey.put(stateChange(site.instanceId));
  await journey.untilQuiet();
  expect((await readBack(site)).rules).toEqual([8080, 9000].map((port) => ours(port, site)));
});
