import { join } from 'node:path';
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { autoScalingReader } from '../../../aws/auto-scaling/reader.ts';
import { CLIENT_SETTINGS } from '../../../aws/client-settings.ts';
import { fleetReader } from '../../../aws/ec2/fleet-reader.ts';
import type { RuleToAdd } from '../../../aws/ec2/port.ts';
import { ec2Reader } from '../../../aws/ec2/reader.ts';
import { ec2Writer } from '../../../aws/ec2/writer.ts';
import { balancingFleetReader } from '../../../aws/elastic-load-balancing/fleet-reader.ts';
import { loadBalancingReader } from '../../../aws/elastic-load-balancing/reader.ts';
import { loadBalancingWriter } from '../../../aws/elastic-load-balancing/writer.ts';
import { secretReader } from '../../../aws/parameters/secret-reader.ts';
import { sqsReportPublisher } from '../../../aws/queues/report-publisher.ts';
import { sqsWaitingQueue } from '../../../aws/queues/waiting-queue.ts';
import { taggingReader } from '../../../aws/tagging/reader.ts';
import type { Report } from '../../../domain/report.ts';
import type { Emulators } from '../../../local/emulators/start.ts';
import { startEmulators } from '../../../local/emulators/start.ts';
import type { Proxy as CheckingProxy } from '../../../local/proxy/server.ts';
import { startProxy } from '../../../local/proxy/server.ts';

const REGION = 'ap-northeast-1';

let emulators: Emulators;
let proxy: CheckingProxy;

const startBoth = async (): Promise<void> => {
  emulators = await startEmulators({
    root: join(import.meta.dirname, '../../..'),
    region: REGION,
    proxyFor: async (upstream) => {
      proxy = await startProxy({ upstream });
      return proxy;
    },
  });
};

const settingsFor = (endpoint: string) => ({
  ...CLIENT_SETTINGS,
  region: REGION,
  endpoint,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** A text the answer must have, so that a world that did not come up says so at once. */
const must = (text: string | undefined): string => {
  if (text === undefined) throw new Error('the emulator did not answer with what was made');
  return text;
};

interface World {
  vpcId: string;
  subnetIds: [string, string];
  albGroupId: string;
  webGroupId: string;
  instanceIds: [string, string];
  targetGroupArn: string;
  loadBalancerArn: string;
}

let ec2: EC2Client;
let elb: ElasticLoadBalancingV2Client;
let world: World;

const makeSubnet = async (VpcId: string, CidrBlock: string, AvailabilityZone: string) =>
  must((await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }))).Subnet?.SubnetId);

const makeGroup = async (VpcId: string, GroupName: string) =>
  must((await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: GroupName }))).GroupId);

const runInstance = async (SubnetId: string, groupId: string, name: string) => {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      SecurityGroupIds: [groupId],
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [
            { Key: 'Name', Value: name },
            { Key: 'Role', Value: 'web' },
          ],
        },
      ],
    }),
  );
  return must(Instances?.[0]?.InstanceId);
};

const makeBalancer = async (subnetIds: string[], groupId: string, VpcId: string) => {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'web',
      Protocol: 'HTTP',
      Port: 80,
      VpcId,
      TargetType: 'instance',
      HealthCheckPath: '/health',
      Tags: [{ Key: 'usher:selector', Value: 'Role=web' }],
    }),
  );
  const TargetGroupArn = must(TargetGroups?.[0]?.TargetGroupArn);
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({
      Name: 'web-alb',
      Subnets: subnetIds,
      SecurityGroups: [groupId],
      Scheme: 'internet-facing',
    }),
  );
  const LoadBalancerArn = must(LoadBalancers?.[0]?.LoadBalancerArn);
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }),
  );
  return { targetGroupArn: TargetGroupArn, loadBalancerArn: LoadBalancerArn };
};

const makeWorld = async (): Promise<World> => {
  const vpcId = must((await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId);
  const subnetIds: [string, string] = [
    await makeSubnet(vpcId, '10.0.1.0/24', `${REGION}a`),
    await makeSubnet(vpcId, '10.0.2.0/24', `${REGION}c`),
  ];
  const albGroupId = await makeGroup(vpcId, 'alb');
  const webGroupId = await makeGroup(vpcId, 'web');
  const instanceIds: [string, string] = [
    await runInstance(subnetIds[0], webGroupId, 'web-1'),
    await runInstance(subnetIds[1], webGroupId, 'web-2'),
  ];
  return {
    vpcId,
    subnetIds,
    albGroupId,
    webGroupId,
    instanceIds,
    ...(await makeBalancer(subnetIds, albGroupId, vpcId)),
  };
};

/** Asks until the answer is as wanted; the test's own time-out ends a wait that never does. */
const until = async <Answer>(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean): Promise<Answer> => {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
  }
};

const allRunning = () =>
  until(
    () => ec2Reader(ec2).readInstances(world.instanceIds),
    (instances) => instances.length === 2 && instances.every(({ state }) => state === 'running'),
  );

beforeAll(async () => {
  await startBoth();
  ec2 = new EC2Client(settingsFor(proxy.url));
  elb = new ElasticLoadBalancingV2Client(settingsFor(proxy.url));
  world = await makeWorld();
  await allRunning();
}, 180_000);

afterEach(() => proxy.faults.clear());

afterAll(async () => {
  await emulators?.stop();
}, 30_000);

describe('what is read is what is there', () => {
  test('instances, with their zone, tags and interface; an unknown id is merely absent', async () => {
    const instances = await ec2Reader(ec2).readInstances([world.instanceIds[0], 'i-0123456789abcdef0']);
    expect(instances).toEqual([
      expect.objectContaining({
        instanceId: world.instanceIds[0],
        state: 'running',
        vpcId: world.vpcId,
        subnetId: world.subnetIds[0],
        availabilityZone: `${REGION}a`,
        tags: { Name: 'web-1', Role: 'web' },
        launchedAt: expect.any(Date),
        networkInterfaces: [
          expect.objectContaining({
            deviceIndex: 0,
            vpcId: world.vpcId,
            subnetId: world.subnetIds[0],
            securityGroupIds: [world.webGroupId],
            privateIpv4Addresses: [expect.stringMatching(/^10\.0\.1\.\d+$/)],
          }),
        ],
      }),
    ]);
  });

  test('security groups, subnets, their ACLs, and who wears a group', async () => {
    const reader = ec2Reader(ec2);
    expect(await reader.readSecurityGroups([world.webGroupId])).toEqual(
      new Map([[world.webGroupId, { groupId: world.webGroupId, name: 'web', vpcId: world.vpcId, tags: {} }]]),
    );
    expect((await reader.readSubnets(world.subnetIds)).get(world.subnetIds[1])).toEqual({
      subnetId: world.subnetIds[1],
      vpcId: world.vpcId,
      availabilityZone: `${REGION}c`,
      ipv4Cidr: '10.0.2.0/24',
      ipv6Cidrs: [],
    });
    const acls = await reader.readNetworkAcls(world.subnetIds);
    expect([...acls.keys()].sort()).toEqual([...world.subnetIds].sort());
    expect(acls.get(world.subnetIds[0])?.entries).toContainEqual(
      expect.objectContaining({ ruleNumber: 100, egress: false, action: 'allow', protocol: '-1', cidr: '0.0.0.0/0' }),
    );
    const wearers = await reader.readWearers([world.webGroupId, world.albGroupId]);
    expect(
      wearers
        .get(world.webGroupId)
        ?.map(({ instanceId }) => instanceId)
        .sort(),
    ).toEqual([...world.instanceIds].sort());
    expect(wearers.get(world.albGroupId)?.every(({ instanceId }) => instanceId === undefined)).toBe(true);
  });

  test('the holder of an address', async () => {
    const reader = ec2Reader(ec2);
    const [instance] = await reader.readInstances([world.instanceIds[1]]);
    const address = must(instance?.networkInterfaces[0]?.privateIpv4Addresses[0]);
    const holders = await reader.readInterfacesByAddress(world.vpcId, [address, '10.0.2.250']);
    expect(holders.map(({ instanceId }) => instanceId)).toEqual([world.instanceIds[1]]);
  });

  test('a customer’s prefix list with its addresses and its weight', async () => {
    const { PrefixList } = await ec2.send(
      new CreateManagedPrefixListCommand({
        PrefixListName: 'offices',
        MaxEntries: 10,
        AddressFamily: 'IPv4',
        Entries: [{ Cidr: '192.0.2.0/24' }],
      }),
    );
    const prefixListId = must(PrefixList?.PrefixListId);
    expect(await ec2Reader(ec2).readPrefixLists([prefixListId])).toEqual(
      new Map([[prefixListId, { prefixListId, cidrs: ['192.0.2.0/24'], weight: 10 }]]),
    );
  });

  test('the whole fleet: every instance, every group with the tags that ELB has, every balancer, groups by a pattern', async () => {
    const seen: string[] = [];
    await fleetReader(ec2).readEveryInstance((page) => seen.push(...page.map(({ instanceId }) => instanceId)));
    expect(seen).toEqual(expect.arrayContaining([...world.instanceIds]));
    const reader = balancingFleetReader(elb);
    const groups = await reader.readEveryTargetGroup();
    expect(groups.map(({ arn }) => arn)).toContain(world.targetGroupArn);
    const tags = await reader.readTags(groups.map(({ arn }) => arn));
    expect(tags.get(world.targetGroupArn)).toEqual({ 'usher:selector': 'Role=web' });
    expect((await reader.readEveryLoadBalancer()).map(({ arn }) => arn)).toContain(world.loadBalancerArn);
    expect((await fleetReader(ec2).readGroupsNamed('we*')).map(({ groupId }) => groupId)).toContain(world.webGroupId);
  });

  test('the tagged group, its balancer, and no group that is gone', async () => {
    const tagged = await taggingReader(new ResourceGroupsTaggingAPIClient(settingsFor(proxy.url))).readTargetGroups(
      'with-selector',
    );
    expect(tagged).toEqual([{ arn: world.targetGroupArn, tags: { 'usher:selector': 'Role=web' } }]);
    const gone = world.targetGroupArn.replace('/web/', '/gone/');
    const reader = loadBalancingReader(elb);
    const groups = await reader.readTargetGroups(
      new Map([
        [gone, {}],
        [world.targetGroupArn, { 'usher:selector': 'Role=web' }],
      ]),
    );
    expect(groups).toEqual([
      expect.objectContaining({
        arn: world.targetGroupArn,
        name: 'web',
        targetType: 'instance',
        port: 80,
        healthCheck: expect.objectContaining({ port: 'traffic-port', path: '/health' }),
        loadBalancerArns: [world.loadBalancerArn],
        tags: { 'usher:selector': 'Role=web' },
      }),
    ]);
    expect(await reader.readTargetHealth(gone)).toBeUndefined();
    expect(await reader.readLoadBalancers([world.loadBalancerArn])).toEqual([
      expect.objectContaining({
        name: 'web-alb',
        kind: 'application',
        securityGroupIds: [world.albGroupId],
        vpcId: world.vpcId,
      }),
    ]);
  });

  test('an Auto Scaling group and what it is attached to', async () => {
    const autoScaling = new AutoScalingClient(settingsFor(proxy.url));
    await autoScaling.send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName: 'lc',
        ImageId: 'ami-12c6146b',
        InstanceType: 't3.micro',
      }),
    );
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web-asg',
        LaunchConfigurationName: 'lc',
        MinSize: 0,
        MaxSize: 1,
        DesiredCapacity: 0,
        VPCZoneIdentifier: world.subnetIds.join(','),
        TargetGroupARNs: [world.targetGroupArn],
      }),
    );
    expect(await autoScalingReader(autoScaling).readGroups(['web-asg', 'unknown'])).toEqual(
      new Map([['web-asg', { attachedTo: [world.targetGroupArn], lifecycleStates: new Map() }]]),
    );
  });
});

describe('what is written is there afterwards', () => {
  const ruleOn = (port: number): RuleToAdd => ({
    protocol: 'tcp',
    port,
    peer: { kind: 'security-group', groupId: world.albGroupId },
    description: "Usher's rule",
  });
  const add = (...rules: readonly RuleToAdd[]) =>
    ec2Writer(ec2).authorizeRules(world.webGroupId, 'ingress', rules, { 'usher:owner': 'test' });
  const rulesOn = async (port: number) =>
    ((await ec2Reader(ec2).readSecurityGroupRules([world.webGroupId])).get(world.webGroupId) ?? []).filter(
      ({ fromPort }) => fromPort === port,
    );

  test('a rule: once, described and tagged; the second time it is already there; revoked by id it is gone', async () => {
    const writer = ec2Writer(ec2);
    const [outcome] = await add(ruleOn(80));
    expect(await rulesOn(80)).toEqual([
      {
        ruleId: outcome?.kind === 'applied' ? outcome.ruleId : 'not applied',
        groupId: world.webGroupId,
        direction: 'ingress',
        protocol: 'tcp',
        fromPort: 80,
        toPort: 80,
        peer: { kind: 'security-group', groupId: world.albGroupId },
        description: undefined, // moto forgets it for a source that is a group; a unit test pins what we send
        tags: { 'usher:owner': 'test' },
      },
    ]);
    expect(await add(ruleOn(80))).toEqual([{ kind: 'already-there' }]);
    const [written] = await rulesOn(80);
    expect(await writer.revokeRule(world.webGroupId, 'ingress', must(written?.ruleId))).toBe(true);
    expect(await rulesOn(80)).toEqual([]);
    expect(await writer.revokeRule(world.webGroupId, 'ingress', must(written?.ruleId))).toBe(false);
  });

  test('a rule by our tag among all rules, and none by the tag of another stage', async () => {
    const reader = fleetReader(ec2);
    await add(ruleOn(8090));
    const own = await reader.readRulesTagged('usher:owner', 'test');
    expect(own.filter(({ fromPort }) => fromPort === 8090)).toEqual(await rulesOn(8090));
    expect(await reader.readRulesTagged('usher:owner', 'another')).toEqual([]);
    const [written] = await rulesOn(8090);
    await ec2Writer(ec2).revokeRule(world.webGroupId, 'ingress', must(written?.ruleId));
  });

  test('a rule that is kept: found by its id and by the tag, and an unknown id is merely absent', async () => {
    const reader = fleetReader(ec2);
    await add(ruleOn(8091));
    const [written] = await rulesOn(8091);
    const ruleId = must(written?.ruleId);
    expect(await reader.readRule(ruleId)).toEqual(written);
    expect(await reader.readRule('sgr-0123456789abcdef0')).toBeUndefined();
    expect(await ec2Writer(ec2).keepRule(ruleId)).toBe(true);
    expect((await reader.readRulesTagged('usher:keep', 'true')).map((rule) => rule.ruleId)).toEqual([ruleId]);
    expect((await reader.readRule(ruleId))?.tags).toEqual({ ...written?.tags, 'usher:keep': 'true' });
    await ec2Writer(ec2).revokeRule(world.webGroupId, 'ingress', ruleId);
  });

  test('instances by name, and those whose status checks pass', async () => {
    const named = await fleetReader(ec2).readInstancesNamed('web-1');
    expect(named.map(({ instanceId }) => instanceId)).toEqual([world.instanceIds[0]]);
    expect(await fleetReader(ec2).readInstancesNamed('web-*')).toEqual([]);
    const passing = await ec2Reader(ec2).readPassingChecks([...world.instanceIds, 'i-0123456789abcdef0']);
    expect([...passing].sort()).toEqual([...world.instanceIds].sort());
  });

  test('a rule whose first answer is lost: one rule, and it is known to be ours', async () => {
    proxy.faults.failNext({ action: 'AuthorizeSecurityGroupIngress' }, { kind: 'drop-after' });
    const outcomes = await add(ruleOn(8080));
    const rules = await rulesOn(8080);
    expect(rules).toHaveLength(1);
    expect(outcomes).toEqual([{ kind: 'applied', ruleId: rules[0]?.ruleId }]);
  });

  const idOn = async (port: number) => must((await rulesOn(port))[0]?.ruleId);

  test('rules of every kind of source: one call and no more, and each gets the id it has', async () => {
    const before = proxy.calls.length;
    const outcomes = await add(
      ruleOn(7001),
      { ...ruleOn(7002), peer: { kind: 'cidr-ipv4', cidr: '10.9.8.7/16' } },
      { ...ruleOn(7003), protocol: 'udp', peer: { kind: 'cidr-ipv6', cidr: '2001:DB8:0::7/64' } },
    );
    const made = proxy.calls.slice(before).map(({ action }) => action);
    expect(outcomes).toEqual([
      { kind: 'applied', ruleId: await idOn(7001) },
      { kind: 'applied', ruleId: await idOn(7002) },
      { kind: 'applied', ruleId: await idOn(7003) },
    ]);
    expect(made).toEqual(['AuthorizeSecurityGroupIngress']);
  });

  test('rules of which one is there already and one has no such source: the others stand', async () => {
    await add({ ...ruleOn(7102), description: 'of before' });
    const unknown = { kind: 'security-group', groupId: 'sg-0123456789abcdef0' } as const;
    const outcomes = await add(ruleOn(7101), ruleOn(7102), { ...ruleOn(7103), peer: unknown }, ruleOn(7104));
    expect(outcomes).toMatchObject([
      { kind: 'applied', ruleId: await idOn(7101) },
      { kind: 'applied', ruleId: await idOn(7102) },
      { kind: 'refused', code: 'InvalidGroup.NotFound' },
      { kind: 'applied', ruleId: await idOn(7104) },
    ]);
  });

  test('rules whose first answer is lost: each is there once, and known to be ours', async () => {
    proxy.faults.failNext({ action: 'AuthorizeSecurityGroupIngress' }, { kind: 'drop-after' });
    const outcomes = await add(ruleOn(7201), ruleOn(7202));
    expect(outcomes).toEqual([
      { kind: 'applied', ruleId: await idOn(7201) },
      { kind: 'applied', ruleId: await idOn(7202) },
    ]);
    expect([await rulesOn(7201), await rulesOn(7202)].map(({ length }) => length)).toEqual([1, 1]);
  });

  test('targets: the running one is registered on its port, the unknown one refused by name; deregistered it is gone or draining', async () => {
    const writer = loadBalancingWriter(elb);
    const good = { id: world.instanceIds[0], port: 8081 };
    const unknown = { id: 'i-0123456789abcdef0', port: 8081 };
    const result = await writer.registerTargets(world.targetGroupArn, [unknown, good]);
    expect(result.registered).toEqual([good]);
    expect(result.refused).toEqual([
      { target: unknown, code: 'InvalidTarget', message: expect.stringContaining(unknown.id) },
    ]);
    const reader = loadBalancingReader(elb);
    expect((await reader.readTargetHealth(world.targetGroupArn))?.map(({ target }) => target)).toEqual([good]);
    await writer.deregisterTargets(world.targetGroupArn, [good]);
    const left = (await reader.readTargetHealth(world.targetGroupArn)) ?? [];
    expect(left.filter(({ state }) => state !== 'draining')).toEqual([]);
  });

  test('throttled for good: the error says so, after three attempts, and nothing is registered', async () => {
    proxy.faults.failAll(
      { action: 'RegisterTargets' },
      { kind: 'error', code: 'Throttling', message: 'Rate exceeded' },
    );
    const target = { id: world.instanceIds[1], port: 8082 };
    await expect(loadBalancingWriter(elb).registerTargets(world.targetGroupArn, [target])).rejects.toMatchObject({
      name: 'InterruptedRegistration',
      code: 'Throttling',
      meaning: 'throttled',
      attempts: 3,
      progress: { registered: [], refused: [] },
    });
    const health = (await loadBalancingReader(elb).readTargetHealth(world.targetGroupArn)) ?? [];
    expect(health.filter(({ target: { port } }) => port === 8082)).toEqual([]);
  });
});

describe('queues and secrets', () => {
  const REPORT: Report = {
    key: 'report-1',
    matter: 'web',
    destination: 'default',
    severity: 'information',
    at: '2026-11-22T05:02:23.000Z',
    stage: 'test',
    region: REGION,
    account: '123456789012',
    body: { kind: 'configuration-findings', subject: { name: '登録', id: 'tg', type: 'target-group' }, findings: [] },
  };

  const receive = async (sqs: SQSClient, QueueUrl: string, WaitTimeSeconds = 0) =>
    (
      await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds,
          MessageSystemAttributeNames: ['All'],
        }),
      )
    ).Messages ?? [];

  test('a report published twice is one message in its destination’s group, read back the same', async () => {
    const sqs = new SQSClient(settingsFor(emulators.ministackUrl));
    const eventBridge = new EventBridgeClient(settingsFor(emulators.ministackUrl));
    await eventBridge.send(new CreateEventBusCommand({ Name: 'usher-test' }));
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'reports.fifo', Attributes: { FifoQueue: 'true' } }),
    );
    const warnings: string[] = [];
    const publisher = sqsReportPublisher({
      sqs,
      eventBridge,
      queueUrl: must(QueueUrl),
      busName: 'usher-test',
      busEntryOf: (report) => ({
        source: 'usher',
        detailType: 'Usher Report',
        detail: JSON.stringify(report),
        at: new Date(report.at),
      }),
      log: { warn: (message) => warnings.push(message) },
    });
    await publisher.publish(REPORT);
    await publisher.publish(REPORT);
    const messages = await receive(sqs, must(QueueUrl));
    expect(messages.map(({ Body }) => JSON.parse(Body ?? ''))).toEqual([REPORT]);
    expect(messages[0]?.Attributes).toMatchObject({ MessageGroupId: 'default' });
    expect(warnings).toEqual([]);
  });

  test('a message sent later is not there yet, and is there when its delay is over', async () => {
    const sqs = new SQSClient(settingsFor(emulators.ministackUrl));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'later' }));
    await sqsWaitingQueue(sqs, must(QueueUrl)).sendLater('{"tick":1}', 2);
    expect(await receive(sqs, must(QueueUrl))).toEqual([]);
    const messages = await until(
      () => receive(sqs, must(QueueUrl), 1),
      (found) => found.length > 0,
    );
    expect(messages.map(({ Body }) => Body)).toEqual(['{"tick":1}']);
  }, 20_000);

  test('a SecureString is read decrypted; a String and an absent one are refused', async () => {
    const ssm = new SSMClient(settingsFor(emulators.ministackUrl));
    await ssm.send(new PutParameterCommand({ Name: '/usher/test/secret', Type: 'SecureString', Value: 'shh' }));
    await ssm.send(new PutParameterCommand({ Name: '/usher/test/plain', Type: 'String', Value: 'loud' }));
    const secrets = secretReader(ssm, () => new Date());
    expect(await secrets.readSecret('/usher/test/secret')).toBe('shh');
    await expect(secrets.readSecret('/usher/test/plain')).rejects.toMatchObject({ code: 'UnusableSecret' });
    await expect(secrets.readSecret('/usher/test/absent')).rejects.toMatchObject({ meaning: 'not-found' });
  });
});
