import { createServer } from 'node:http';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeSecurityGroupRulesCommand, EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { putServiceEvents } from '../../local/emulators/service-events.ts';
import type { ReceivedSlackMessage } from '../../local/slack/stand-in.ts';
import type { LocalStage } from '../../local/stage.ts';
import { startLocalStage } from '../../local/stage.ts';
import type { SmallWorld } from '../../local/world/small-world.ts';
import { makeSmallWorld } from '../../local/world/small-world.ts';
import { commandFields, form } from '../slack/requests/slack-requests.ts';
import { callsOfUsher, shownBy, until } from '../support/deployed-service.ts';
import { postToEntrance } from '../support/post-to-entrance.ts';
import { ACCOUNT, REGION } from '../support/template.ts';

const ROOT = `${import.meta.dirname}/../..`;
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

jest.setTimeout(180_000);

let stage: LocalStage;
let world: SmallWorld;
let ec2: EC2Client;
let cloudWatch: CloudWatchClient;
let instanceId: string;

beforeAll(async () => {
  stage = await startLocalStage({ root: ROOT, region: REGION });
  ec2 = new EC2Client({ endpoint: stage.proxy.url, region: REGION, credentials: CREDENTIALS });
  cloudWatch = new CloudWatchClient({
    endpoint: stage.emulators.ministackUrl,
    region: REGION,
    credentials: CREDENTIALS,
  });
  world = await makeSmallWorld(stage.emulators.proxyUrl, REGION, { name: 'web' });
  instanceId = await world.launch('web-1');
  await next('default', 'web-1 is in service');
}, 300_000); // the first run packages the service

afterAll(async () => {
  ec2?.destroy();
  cloudWatch?.destroy();
  await world?.close();
  await stage?.stop();
});

const next = (destination: string, words: string): Promise<ReceivedSlackMessage> =>
  stage.slack.nextMessage({
    matching: (message) => message.destination === destination && shownBy(message).includes(words),
    timeoutMilliseconds: 90_000,
  });

/** Milliseconds with an offset without a colon, as CloudWatch writes them. */
const momentOf = (at: Date): string => at.toISOString().replace('Z', '+0000');

const metricOf = (namespace: string, name: string, dimensions: Readonly<Record<string, string>>) => ({
  metrics: [
    {
      id: 'm1',
      returnData: true,
      metricStat: { metric: { namespace, name, dimensions }, period: 60, stat: 'Minimum' },
    },
  ],
});

/** A change of an alarm's state as CloudWatch puts it on the default bus (sample: CloudWatch user guide, "Alarm events and EventBridge"). */
const alarmEvent = (alarmName: string, configuration: object, value: 'ALARM' | 'OK') => ({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  resources: [`arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${alarmName}`],
  detail: {
    alarmName,
    configuration,
    previousState: { value: value === 'OK' ? 'ALARM' : 'OK', timestamp: momentOf(new Date(0)) },
    state: { value, reason: 'Threshold Crossed', reasonData: '{"threshold":0}', timestamp: momentOf(new Date()) },
  },
});

/** A target group as a dimension: the final part of its ARN. */
const partOf = ({ targetGroupArn }: SmallWorld): string => targetGroupArn.split(':').at(-1) ?? '';

const unhealthyHosts = () => metricOf('AWS/ApplicationELB', 'UnHealthyHostCount', { TargetGroup: partOf(world) });

const rulesOf = async () => {
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [world.instanceGroupId] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress === false);
};

const isState = (state: string) => () =>
  world.healthOf(instanceId).then((health) => (health === state ? true : undefined));

/** A press on the first button of a message, as Slack posts it. */
const press = async ({ blocks }: ReceivedSlackMessage, order: string): Promise<void> => {
  const actions = blocks.find((block) => JSON.stringify(block).startsWith('{"type":"actions"')) as {
    readonly elements: readonly { readonly action_id: string; readonly value: string }[];
  };
  const payload = {
    type: 'block_actions',
    team: { id: commandFields.team_id },
    user: { id: commandFields.user_id, username: 'steve' },
    channel: { id: commandFields.channel_id },
    response_url: stage.slack.responseUrl(order),
    actions: [{ ...actions.elements[0], action_ts: order }],
  };
  expect((await postToEntrance(stage.entrance, { body: form({ payload: JSON.stringify(payload) }) })).status).toBe(200);
};

/** What somebody types in Slack, signed. */
const type = async (text: string, order: string): Promise<void> => {
  const body = form({ ...commandFields, text, trigger_id: order, response_url: stage.slack.responseUrl(order) });
  expect((await postToEntrance(stage.entrance, { body })).status).toBe(200);
};

test('Given the doctor is asked about a group and a page, then it looks through the deployed function, and writes nothing', async () => {
  const calls = stage.proxy.calls.length;
  const [, name = ''] = partOf(world).split('/');
  await type(`doctor ${name}`, 'doctor-1');
  const group = shownBy(await next('doctor-1', name));
  expect(group).toContain('1 of 1 healthy');
  expect(group).toContain('Nothing was changed.');

  const page = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello</p>');
  });
  const port = await new Promise<number>((resolve) => {
    page.listen(0, '127.0.0.1', () => {
      const address = page.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await type(`doctor http://127.0.0.1:${port}/a?token=secret`, 'doctor-2');
  const found = shownBy(await next('doctor-2', `:${port}`));
  page.close();
  expect(found).toContain('nothing wrong found* – answered 200');
  expect(found).not.toContain('secret');

  const made = callsOfUsher(stage.proxy.calls.slice(calls)).filter(
    ({ application }) => application === 'usher-carry-out-orders',
  );
  expect(made.map(({ action }) => action)).toEqual(expect.arrayContaining(['DescribeTargetHealth', 'DescribeTags']));
  expect(made.filter(({ action }) => !/^(?:Describe|Get|List)/.test(action))).toEqual([]);
});

test('Given a rule that somebody took away, when the alarm comes, then one message names it, the button adds it, and the end is told', async () => {
  const SecurityGroupRuleIds = (await rulesOf()).map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: world.instanceGroupId, SecurityGroupRuleIds }));
  await until('the target is unhealthy', isState('unhealthy'));

  const raised = alarmEvent('web-unhealthy', unhealthyHosts(), 'ALARM');
  await stage.send(raised);
  await stage.send(raised);
  const told = await next('default', 'is down');
  expect(shownBy(told)).toContain('0 of 1');
  expect(shownBy(told)).toMatch(/`sg-web`[^\n]*`sg-alb`[^\n]*tcp\/80|sg-alb[^\n]*sg-web/);
  expect(shownBy(told)).toContain('Add the rule');
  const reads = callsOfUsher(stage.proxy.calls).filter(
    ({ application }) => application === 'usher-diagnose-unhealthy-targets',
  );
  expect(reads.map(({ action }) => action)).toEqual(expect.arrayContaining(['DescribeTargetHealth', 'DescribeRules']));
  expect(reads.filter(({ action }) => !action.startsWith('Describe'))).toEqual([]);

  await press(told, 'press-1');
  await next('press-1', 'rules added');
  expect(await rulesOf()).toHaveLength(1);
  await until('the target is healthy', isState('healthy'));
  await stage.send(alarmEvent('web-unhealthy', unhealthyHosts(), 'OK'));
  expect(shownBy(await next('default', 'Back:'))).toContain('1 of 1');
  expect(stage.slack.messages.filter((message) => shownBy(message).includes('is down'))).toHaveLength(1);
});

test('Given a thousand alarms of other namespaces, then there is no message, and the function is not even woken', async () => {
  const before = stage.slack.messages.length;
  const calls = stage.proxy.calls.length;
  const events = Array.from({ length: 1_000 }, (_, index) => {
    const { source, detail, resources } = alarmEvent(
      `cpu-${index}`,
      metricOf('AWS/EC2', 'CPUUtilization', { InstanceId: instanceId }),
      'ALARM',
    );
    return { source, detailType: 'CloudWatch Alarm State Change', detail, resources };
  });
  await putServiceEvents({ ministackUrl: stage.emulators.ministackUrl, region: REGION }, events);
  // What comes after them in the same queue is answered: whatever they were to cause has been caused by then.
  stage.proxy.instances.set(instanceId, 'refuses');
  await until('the target is unhealthy', isState('unhealthy'));
  await stage.send(alarmEvent('web-unhealthy-2', unhealthyHosts(), 'ALARM'));
  await until('the message', () => stage.slack.messages[before]);
  expect(stage.slack.messages.slice(before).every((message) => shownBy(message).includes('web-unhealthy-2'))).toBe(
    true,
  );
  const woken = callsOfUsher(stage.proxy.calls.slice(calls)).filter(({ action }) => action === 'DescribeTargetHealth');
  expect(woken.length).toBeGreaterThan(0);
});

test('Given a composite alarm, when it is raised, then its child says which group it is about; one without such a child is ignored', async () => {
  const shop = await makeSmallWorld(stage.emulators.proxyUrl, REGION, { name: 'shop' });
  const children = [
    ['child-unhealthy', 'AWS/ApplicationELB', 'UnHealthyHostCount', 'TargetGroup', partOf(shop)],
    ['child-cpu', 'AWS/EC2', 'CPUUtilization', 'InstanceId', instanceId],
  ] as const;
  for (const [AlarmName, Namespace, MetricName, Name, Value] of children) {
    const watched = { Namespace, MetricName, Dimensions: [{ Name, Value }], Statistic: 'Minimum' as const, Period: 60 };
    const breach = { EvaluationPeriods: 2, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' as const };
    await cloudWatch.send(new PutMetricAlarmCommand({ AlarmName, ...watched, ...breach }));
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'test' }));
  }
  await stage.send(alarmEvent('only-cpu', { alarmRule: 'ALARM("child-cpu")' }, 'ALARM'));
  await stage.send(alarmEvent('whole-site', { alarmRule: 'ALARM("child-unhealthy") OR ALARM("child-cpu")' }, 'ALARM'));
  expect(shownBy(await next('default', 'whole-site'))).toContain('shop');
  expect(stage.slack.messages.some((message) => shownBy(message).includes('only-cpu'))).toBe(false);
  shop.close();
});
