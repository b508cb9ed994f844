import { randomUUID } from 'node:crypto';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { autoScalingReader } from '../../aws/auto-scaling/reader.ts';
import { instanceRefreshReader } from '../../aws/auto-scaling/refresh-reader.ts';
import { autoScalingWriter } from '../../aws/auto-scaling/writer.ts';
import { ec2Reader } from '../../aws/ec2/reader.ts';
import { ec2Writer } from '../../aws/ec2/writer.ts';
import { balancingFleetReader } from '../../aws/elastic-load-balancing/fleet-reader.ts';
import { loadBalancingReader } from '../../aws/elastic-load-balancing/reader.ts';
import { loadBalancingWriter } from '../../aws/elastic-load-balancing/writer.ts';
import { tableBudgets } from '../../aws/state/budgets.ts';
import { documentsOver } from '../../aws/state/client.ts';
import { tableHolds } from '../../aws/state/holds.ts';
import { tableLeases } from '../../aws/state/leases.ts';
import { tableLedger } from '../../aws/state/ledger.ts';
import { tablePauses } from '../../aws/state/pauses.ts';
import { tableRecentChanges } from '../../aws/state/recent-changes.ts';
import { tableStoredPlans } from '../../aws/state/stored-plans.ts';
import { stateTable } from '../../aws/state/table.ts';
import { tableWatches } from '../../aws/state/watches.ts';
import { taggingReader } from '../../aws/tagging/reader.ts';
import { takeLaunches } from '../../functions/register-targets/take-launches.ts';
import { takeLooks } from '../../functions/watch-targets/take-looks.ts';
import type { BehindProxy } from '../api/proxy/behind-proxy.ts';
import { clientSettings, REGION, startBehindProxy, until } from '../api/proxy/behind-proxy.ts';
import { eventOf, stateChange } from '../stories/journey.ts';
import { aStage } from '../support/world/builders.ts';
import { aClock } from '../support/world/clock.ts';
import { aMemoryQueue, aMemoryReportQueue } from '../support/world/memory-queues.ts';

/** Longer than a lease and than a look may take, as the queues' visibility is (design section 5). */
const VISIBILITY_SECONDS = 360;

/** Fewest SDK calls the journey has had: a harness that meets fewer runs something else. */
const FEWEST_CALLS = 30;

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the emulator did not answer with what was made');
  return value;
};

let behind: BehindProxy;
let dynamo: DynamoDBClient;
let tagging: ResourceGroupsTaggingAPIClient;
let autoScaling: AutoScalingClient;
let place: { vpcId: string; subnetId: string; balancerGroupId: string; loadBalancerArn: string };

/** A process that dies at the k-th call it makes through any SDK client. Dead, it calls nothing any more. */
const dying = { calls: 0, diesAfter: 0, isDead: false, deaths: 0, names: [] as string[] };

const live = (diesAfter = 0): void => {
  Object.assign(dying, { calls: 0, diesAfter, isDead: false, deaths: 0, names: [] });
};

type Counted = Pick<BehindProxy['ec2'], 'middlewareStack'>;

/** Counts commands before the client's own attempts begin, so that a retry is not another call. */
const count = (client: Counted): void => {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (dying.isDead) throw new Error('the process is dead');
      const result = await next(args);
      if (!isWatched) return result;
      dying.calls += 1;
      dying.names.push(String(context.commandName));
      if (dying.calls !== dying.diesAfter) return result;
      dying.isDead = true;
      dying.deaths += 1;
      throw new Error('the process died after this call');
    },
    { step: 'initialize', name: 'dying' },
  );
};

/** Whether calls are the story's, not the test's own. */
let isWatched = false;

const watched = async <T>(act: () => Promise<T>): Promise<T | 'died'> => {
  isWatched = true;
  try {
    const result = await act();
    return dying.isDead ? 'died' : result;
  } catch {
    return 'died';
  } finally {
    isWatched = false;
    dying.isDead = false;
  }
};

const makeGroup = async (GroupName: string): Promise<string> => {
  const command = new CreateSecurityGroupCommand({ VpcId: place.vpcId, GroupName, Description: GroupName });
  return must((await behind.ec2.send(command)).GroupId);
};

const makePlace = async (): Promise<void> => {
  const { ec2, elb } = behind;
  const vpcId = must((await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId);
  const subnets = await Promise.all(
    [
      ['10.0.0.0/20', 'a'],
      ['10.0.16.0/20', 'c'],
    ].map(([CidrBlock, zone]) =>
      ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock, AvailabilityZone: `${REGION}${zone}` })),
    ),
  );
  const subnetIds = subnets.map(({ Subnet }) => must(Subnet?.SubnetId));
  place = { vpcId, subnetId: must(subnetIds[0]), balancerGroupId: '', loadBalancerArn: '' };
  place.balancerGroupId = await makeGroup('alb');
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'alb', Subnets: subnetIds, SecurityGroups: [place.balancerGroupId] }),
  );
  place.loadBalancerArn = must(LoadBalancers?.[0]?.LoadBalancerArn);
};

const makeTable = async (): Promise<string> => {
  const TableName = `state-${randomUUID()}`;
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return TableName;
};

interface Site {
  readonly groupId: string;
  readonly targetGroupArn: string;
  readonly instanceId: string;
}

/** One instance without its rule, and the group for it, behind a listener of its own. */
const makeSite = async (number: number): Promise<Site> => {
  const { ec2, elb } = behind;
  const role = `web-${number}`;
  const groupId = await makeGroup(role);
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: role,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: place.vpcId,
      TargetType: 'instance',
      Tags: [{ Key: 'usher:selector', Value: `Role=${role}` }],
    }),
  );
  const targetGroupArn = must(TargetGroups?.[0]?.TargetGroupArn);
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: place.loadBalancerArn,
      Port: 1000 + number,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  );
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: place.subnetId,
      SecurityGroupIds: [groupId],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Role', Value: role }] }],
    }),
  );
  const instanceId = must(Instances?.[0]?.InstanceId);
  await until(
    () => ec2Reader(ec2).readInstances([instanceId]),
    ([instance]) => instance?.state === 'running',
  );
  return { groupId, targetGroupArn, instanceId };
};

/** Both functions over the real adapters; only the queues and the clock are the test's. */
const aService = (tableName: string) => {
  const clock = aClock(new Date());
  const table = stateTable(documentsOver(dynamo), tableName);
  const launchQueue = aMemoryQueue(clock);
  const watchQueue = aMemoryQueue(clock);
  const reports = aMemoryReportQueue(clock);
  const ports = {
    stage: aStage(),
    log: () => undefined,
    now: clock.now,
    newId: () => randomUUID(),
    ec2: { ...ec2Reader(behind.ec2), ...ec2Writer(behind.ec2) },
    loadBalancing: { ...loadBalancingReader(behind.elb), ...loadBalancingWriter(behind.elb) },
    tagging: taggingReader(tagging),
    tags: balancingFleetReader(behind.elb),
    autoScaling: { ...autoScalingReader(autoScaling), ...autoScalingWriter(autoScaling) },
    refreshes: instanceRefreshReader(autoScaling),
    ledger: tableLedger(table),
    budgets: tableBudgets(table),
    pauses: tablePauses(table),
    recentChanges: tableRecentChanges(table),
    holds: tableHolds(table),
    leases: tableLeases(table),
    watches: tableWatches(table),
    plans: tableStoredPlans(table),
    reports: {
      publish: async (...args: Parameters<typeof reports.publish>) => {
        if (dying.isDead) throw new Error('the process is dead');
        await reports.publish(...args);
      },
    },
    launchQueue,
    watchQueue: {
      sendLater: async (...args: Parameters<typeof watchQueue.sendLater>) => {
        if (dying.isDead) throw new Error('the process is dead');
        await watchQueue.sendLater(...args);
      },
    },
    remainingMilliseconds: () => 60_000,
    deadLetters: { send: async () => undefined },
  };
  return { clock, ports, reports, watchQueue };
};

/** From the event to the last look; what died comes back after the visibility time-out. Answers the calls that were made. */
const journey = async (
  { instanceId }: Site,
  service: ReturnType<typeof aService>,
  diesAfter: number,
  state = 'running',
) => {
  const { clock, ports, watchQueue } = service;
  live(diesAfter);
  const again: { readonly body: string; readonly dueAt: number; readonly isLaunch: boolean }[] = [
    { body: stateChange(instanceId, state), dueAt: 0, isLaunch: true },
  ];
  for (let delivered = 0; delivered < 60; delivered += 1) {
    again.push(...watchQueue.due().map((body) => ({ body, dueAt: 0, isLaunch: false })));
    again.sort((a, b) => a.dueAt - b.dueAt);
    const [next] = again;
    if (next === undefined || next.dueAt > clock.now().getTime()) {
      const waits = [watchQueue.secondsUntilDue(), next && (next.dueAt - clock.now().getTime()) / 1000];
      const wait = Math.min(...waits.filter((seconds) => seconds !== undefined));
      if (wait === Number.POSITIVE_INFINITY) return;
      clock.advance(wait);
      continue;
    }
    again.shift();
    const event = eventOf([next.body]);
    const result = await watched(() => (next.isLaunch ? takeLaunches(ports)(event) : takeLooks(ports)(event)));
    if (result !== 'died' && result.batchItemFailures.length === 0) continue;
    again.push({ ...next, dueAt: clock.now().getTime() + VISIBILITY_SECONDS * 1000 });
  }
  throw new Error('the journey goes on and on');
};

const endOf = async (site: Site, service: ReturnType<typeof aService>, tableName: string) => {
  const { SecurityGroupRules = [] } = await behind.ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [site.groupId] }] }),
  );
  const members = await loadBalancingReader(behind.elb).readTargetHealth(site.targetGroupArn);
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: tableName }));
  return {
    rules: SecurityGroupRules.filter(({ IsEgress }) => IsEgress !== true).map(
      ({ IpProtocol, FromPort, ToPort, ReferencedGroupInfo, Tags }) =>
        `${IpProtocol}/${FromPort}-${ToPort} ${ReferencedGroupInfo?.GroupId} ${JSON.stringify(Tags)}`,
    ),
    targets: members?.map(({ target, state }) => `${target.id}:${target.port} ${state}`),
    reports: [...new Set(service.reports.handedIn.map(({ key, body }) => `${body.kind} ${key}`))].length,
    kinds: [...new Set(service.reports.handedIn.map(({ body }) => body.kind))],
    open: (await service.ports.ledger.listOpen()).length,
    leases: Items.filter(({ pk }) => pk?.S?.startsWith('lease')).length,
  };
};

const goodEnd = ({ instanceId }: Site) => ({
  rules: [`tcp/80-80 ${place.balancerGroupId} [{"Key":"usher:owner","Value":"prod"}]`],
  targets: [`${instanceId}:80 healthy`],
  reports: 1,
  kinds: ['targets-in-service'],
  open: 0,
  leases: 0,
});

beforeAll(async () => {
  behind = await startBehindProxy({
    registrationMilliseconds: 1,
    healthIntervalMilliseconds: 1,
    transitionMilliseconds: 1,
  });
  dynamo = new DynamoDBClient(clientSettings(behind.motoUrl));
  tagging = new ResourceGroupsTaggingAPIClient(clientSettings(behind.proxy.url));
  autoScaling = new AutoScalingClient(clientSettings(behind.proxy.url));
  await makePlace();
  for (const client of [behind.ec2, behind.elb, dynamo, tagging, autoScaling] as readonly Counted[]) count(client);
}, 300_000);

afterAll(async () => {
  for (const client of [dynamo, tagging, autoScaling]) client?.destroy();
  await behind?.stop();
}, 30_000);

test('Given the real adapters, when the process dies after each SDK call in turn, then one rule, one registration and one report are the end', async () => {
  const tableName = await makeTable();
  const undisturbed = await makeSite(0);
  const service = aService(tableName);
  await journey(undisturbed, service, 0);
  expect(await endOf(undisturbed, service, tableName)).toEqual(goodEnd(undisturbed));
  expect(dying.names).toEqual(
    expect.arrayContaining(['AuthorizeSecurityGroupIngressCommand', 'RegisterTargetsCommand']),
  );
  // How many looks it takes is the emulator's affair: on until the call to die after is never made.
  for (let k = 1; ; k += 1) {
    const own = await makeTable();
    const site = await makeSite(k);
    const dies = aService(own);
    await journey(site, dies, k);
    expect({ k, last: dying.names.at(-1), ...(await endOf(site, dies, own)) }).toEqual({
      k,
      last: dying.names.at(-1),
      ...goodEnd(site),
    });
    if (dying.deaths > 0) continue;
    expect(k).toBeGreaterThan(FEWEST_CALLS);
    return;
  }
}, 300_000);

test('Given the real adapters and a seated instance that is stopped, when the process dies after every sixth SDK call in turn, then it is out, and that is told once', async () => {
  // Every call is tried in memory (test/stories/unseat-instances/withholding.test.ts); here each takes a site of its own.
  for (let k = 1; ; k += 6) {
    const own = await makeTable();
    const site = await makeSite(100 + k);
    const service = aService(own);
    await journey(site, service, 0);
    await behind.ec2.send(new StopInstancesCommand({ InstanceIds: [site.instanceId] }));
    await journey(site, service, k, 'stopped');
    const { targets = [], kinds, open } = await endOf(site, service, own);
    expect({
      k,
      last: dying.names.at(-1),
      targets: targets.filter((each) => !each.endsWith(' draining')),
      kinds,
      open,
    }).toEqual({
      k,
      last: dying.names.at(-1),
      targets: [],
      kinds: ['targets-in-service', 'targets-taken-out'],
      open: 0,
    });
    if (dying.deaths > 0) continue;
    expect(dying.names).toContain('DeregisterTargetsCommand');
    return;
  }
}, 300_000);
