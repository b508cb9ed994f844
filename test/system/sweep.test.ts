import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RecordedCall } from '../../local/proxy/calls.ts';
import type { ReceivedSlackMessage } from '../../local/slack/stand-in.ts';
import type { LocalStage } from '../../local/stage.ts';
import { startLocalStage } from '../../local/stage.ts';
import type { SmallWorld } from '../../local/world/small-world.ts';
import { IMAGE_ID, makeSmallWorld } from '../../local/world/small-world.ts';
import { commandFields, form } from '../slack/requests/slack-requests.ts';
import { shownBy, until } from '../support/deployed-service.ts';
import { assertCallsAllowed } from '../support/permissions.ts';
import { postToEntrance } from '../support/post-to-entrance.ts';
import type { Template } from '../support/template.ts';
import { at, listOf, REGION, resolved } from '../support/template.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const READER = join(ROOT, 'test', 'support', 'readers', 'read_back.py');
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

jest.setTimeout(240_000); // several sweeps, each at four calls a second to ELB

let stage: LocalStage;
let world: SmallWorld;
let template: Template;
/** Past the checking proxy, which tells nobody what it does not see. */
let behindUsher: EC2Client;
let sqs: SQSClient;

beforeAll(async () => {
  stage = await startLocalStage({ root: ROOT, region: REGION });
  const file = join(stage.deployment.packageFolder, 'cloudformation-template-update-stack.json');
  template = resolved(JSON.parse(await readFile(file, 'utf8')) as Template);
  behindUsher = new EC2Client({ endpoint: stage.emulators.motoUrl, region: REGION, credentials: CREDENTIALS });
  sqs = new SQSClient({ endpoint: stage.emulators.ministackUrl, region: REGION, credentials: CREDENTIALS });
  world = await makeSmallWorld(stage.emulators.proxyUrl, REGION, { name: 'web' });
}, 240_000); // the first run packages the service

afterAll(async () => {
  behindUsher?.destroy();
  sqs?.destroy();
  world?.close();
  await stage?.stop();
});

const messagesSaying = (words: string): readonly ReceivedSlackMessage[] =>
  stage.slack.messages.filter((message) => shownBy(message).includes(words));

const next = (words: string): Promise<ReceivedSlackMessage> =>
  stage.slack.nextMessage({
    matching: (message) => message.destination === 'default' && shownBy(message).includes(words),
    timeoutMilliseconds: 60_000,
  });

const python = async (...args: readonly string[]): Promise<unknown> => {
  const { PATH = '' } = process.env;
  const env = { PATH, ...stage.emulators.environment };
  const { stdout } = await promisify(execFile)(stage.emulators.python, [READER, ...args], { env });
  return JSON.parse(stdout);
};

const readBack = async () =>
  (await python('site', world.targetGroupArn, world.instanceGroupId)) as {
    readonly targets: readonly { readonly id: string; readonly port: number; readonly state: string }[];
    readonly rules: readonly { readonly CidrIpv4?: string; readonly tags: Readonly<Record<string, string>> }[];
  };

const members = async (): Promise<readonly string[]> =>
  (await readBack()).targets
    .filter(({ state }) => state !== 'draining')
    .map(({ id }) => id)
    .sort();

const callsOfSweep = (): readonly RecordedCall[] =>
  stage.proxy.calls.filter(({ application }) => application === 'usher-sweep');

const writesOfSweep = (): readonly string[] =>
  callsOfSweep()
    .filter(({ access }) => access === 'write')
    .map(({ action }) => action);

/** Sweeps that came to their end, by the function's log. */
const ended = async (): Promise<number> =>
  ((await python('log', '/aws/lambda/usher-local-sweep')) as readonly string[]).filter((line) =>
    line.includes('"sweep-ended"'),
  ).length;

/** Puts the very message of the schedule into the queue, as the schedule does, and waits for the end of that sweep. */
const whenScheduled = async (): Promise<void> => {
  const before = await ended();
  const schedule = template.Resources['SweepSchedule']?.Properties ?? null;
  const [target = null] = listOf(at(schedule, 'Targets'));
  const QueueUrl = stage.deployment.resources['SweepQueue'];
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: String(at(target, 'Input')) }));
  await until('the end of the sweep', async () => ((await ended()) > before ? true : undefined), 60_000);
};

const launchBehindUsher = async (name: string): Promise<string> => {
  const Tags = Object.entries({ Role: 'web', Name: name }).map(([Key, Value]) => ({ Key, Value }));
  const { Instances } = await behindUsher.send(
    new RunInstancesCommand({
      ImageId: IMAGE_ID,
      MinCount: 1,
      MaxCount: 1,
      SubnetId: world.subnetIds[0],
      SecurityGroupIds: [world.instanceGroupId],
      TagSpecifications: [{ ResourceType: 'instance', Tags }],
    }),
  );
  return Instances?.[0]?.InstanceId ?? '';
};

interface ShownButton {
  readonly action_id: string;
  readonly value: string;
  readonly text: { readonly text: string };
}

const buttonsOf = ({ blocks }: ReceivedSlackMessage): readonly ShownButton[] => {
  const actions = blocks.find((block) => JSON.stringify(block).startsWith('{"type":"actions"')) as {
    readonly elements: readonly ShownButton[];
  };
  return actions.elements;
};

/** A press on a button of a message, the first unless told, as Slack posts it. */
const press = async (message: ReceivedSlackMessage, order: string, label?: string): Promise<void> => {
  const button = buttonsOf(message).find(({ text }) => label === undefined || text.text === label);
  const payload = {
    type: 'block_actions',
    team: { id: commandFields.team_id },
    user: { id: commandFields.user_id, username: 'steve' },
    channel: { id: commandFields.channel_id },
    response_url: stage.slack.responseUrl(order),
    actions: [{ ...button, action_ts: order }],
  };
  expect((await postToEntrance(stage.entrance, { body: form({ payload: JSON.stringify(payload) }) })).status).toBe(200);
};

/** Somebody's own rule for port 80 of the servers. */
const ofTheirs = (CidrIp: string) => ({
  GroupId: world.instanceGroupId,
  IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp }] }],
});

const ruleFor = async (cidr: string) => (await readBack()).rules.find(({ CidrIpv4 }) => CidrIpv4 === cidr);

let first: string;
let second: string;
let unseen: string;
let offer: ReceivedSlackMessage;

test('Given drift that no event told of, when the schedule is due for the first time, then the sweep only looks, and asks', async () => {
  first = await world.launch('web-1');
  second = await world.launch('web-2');
  await until('both in the group', async () => ((await members()).length === 2 ? true : undefined));
  unseen = await launchBehindUsher('web-3');
  await behindUsher.send(new StopInstancesCommand({ InstanceIds: [second] }));

  await whenScheduled();
  offer = await next('Not done yet');
  expect(shownBy(offer)).toContain('First sweep since Usher was installed, so I only looked.');
  expect(shownBy(offer)).toMatch(/Would register in web-prod: web-3/);
  expect(writesOfSweep()).toEqual([]);
  expect(await members()).toEqual([first, second].sort());
});

test('Given a yes to that, then who was missed is in, who was stopped is out, and Slack hears once', async () => {
  await press(offer, 'press-1');
  const repaired = await next('Repaired: 1 registered, 1 taken out');
  expect(shownBy(repaired)).toContain('no event had come');
  expect(await members()).toEqual([first, unseen].sort());
  expect([...writesOfSweep()].sort()).toEqual(['DeregisterTargets', 'RegisterTargets']);
});

test('Given a group without an alarm, when sweeps may act, then one is offered with its price; a signed press makes it, and boto3 reads it back', async () => {
  const alarmOffer = await next('1 target group has no alarm');
  expect(shownBy(alarmOffer)).toContain('web-prod');
  expect(shownBy(alarmOffer)).toContain('US$0.10 a month');
  expect(await python('alarms', 'usher-local-unhealthy-')).toEqual([]);

  await press(alarmOffer, 'press-2');
  await next('1 alarm created');
  const [LoadBalancer, TargetGroup] = [/:loadbalancer\/(.+)$/, /:(targetgroup\/.+)$/].map(
    (part, index) => part.exec([world.balancerArn, world.targetGroupArn][index] ?? '')?.[1],
  );
  expect(await python('alarms', 'usher-local-unhealthy-')).toEqual([
    {
      AlarmName: expect.stringMatching(/^usher-local-unhealthy-web-prod-[0-9a-f]{8}$/),
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'UnHealthyHostCount',
      Statistic: 'Minimum',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      dimensions: { LoadBalancer, TargetGroup },
      actions: [],
      tags: { 'usher:owner': 'local' },
    },
  ]);
});

test('Given drift again, when the schedule is due, then it is repaired unasked, and what is in order is neither written nor told again', async () => {
  const another = await launchBehindUsher('web-4');
  await whenScheduled();
  expect(await members()).toEqual([first, unseen, another].sort());
  await until('word of it', () => (messagesSaying('Repaired:').length === 2 ? true : undefined), 60_000);

  const { length } = writesOfSweep();
  await whenScheduled();
  await whenScheduled();
  expect(writesOfSweep()).toHaveLength(length);
  expect(messagesSaying('Repaired:')).toHaveLength(2);
  expect(messagesSaying('Not done yet')).toHaveLength(1);
  expect(messagesSaying('Sweep incomplete')).toEqual([]);
});

test('Given a rule of somebody’s for the whole world, when sweeps may act, then closing it is proposed; a signed press of Close removes it, as boto3 reads back, and nothing else', async () => {
  const before = (await readBack()).rules;
  await behindUsher.send(new AuthorizeSecurityGroupIngressCommand(ofTheirs('0.0.0.0/0')));
  await whenScheduled();
  const proposal = await next('Proposal: close port 80 of');
  expect(shownBy(proposal)).toMatch(/admits 0\.0\.0\.0\/0 on tcp\/80, so anyone can go round/);
  expect(shownBy(proposal)).toMatch(/doesn’t need it: its own rule is in place, \d of 3 healthy/);
  expect(shownBy(proposal)).toContain('Next: close it, or say keep.');
  expect(buttonsOf(proposal).map(({ text }) => text.text)).toEqual(['Close port 80…', 'Keep it', 'CLI']);
  expect(await ruleFor('0.0.0.0/0')).toBeDefined();

  await press(proposal, 'press-3', 'Close port 80…');
  await until('its removal', async () => ((await ruleFor('0.0.0.0/0')) === undefined ? true : undefined));
  expect((await readBack()).rules).toEqual(before);
});

test('Given another rule and a press of Keep, then boto3 reads usher:keep on it', async () => {
  await behindUsher.send(new AuthorizeSecurityGroupIngressCommand(ofTheirs('198.51.100.0/24')));
  await whenScheduled();
  const proposal = await next('198.51.100.0/24');
  await press(proposal, 'press-4', 'Keep it');
  await until('the tag', async () => (await ruleFor('198.51.100.0/24'))?.tags['usher:keep']);
  expect((await ruleFor('198.51.100.0/24'))?.tags).toEqual({ 'usher:keep': 'true' });
});

test('Given a rule of ours that nobody needs any more, and one of somebody’s that is kept, when sweeps follow within the hour, then both stay, and nobody speaks of closing again', async () => {
  const { rules } = await readBack();
  expect(rules).toHaveLength(2);
  for (const instanceId of await members())
    await behindUsher.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
  await whenScheduled();
  expect(await members()).toEqual([]);
  await whenScheduled();
  expect((await readBack()).rules).toEqual(rules);
  expect(messagesSaying('Proposal: close')).toHaveLength(2);
});

test('In the end every call that the sweep made is one that its deployed role allows, and nothing was given up', async () => {
  const calls = callsOfSweep();
  expect([...new Set(calls.map(({ access }) => access))].sort()).toEqual(['read', 'write']);
  await assertCallsAllowed(template, 'sweep', calls, {
    vpcIdOf: () => world.vpcId,
    tagsOf: () => ({ 'usher:selector': 'Role=web' }),
  });
  expect(stage.proxy.problems).toEqual([]);
});
