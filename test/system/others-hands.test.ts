import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeSecurityGroupRulesCommand, EC2Client, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { ReceivedSlackMessage } from '../../local/slack/stand-in.ts';
import type { LocalStage } from '../../local/stage.ts';
import { startLocalStage } from '../../local/stage.ts';
import type { SmallWorld } from '../../local/world/small-world.ts';
import { makeSmallWorld } from '../../local/world/small-world.ts';
import { commandFields, form } from '../slack/requests/slack-requests.ts';
import { shownBy, writesOfUsher } from '../support/deployed-service.ts';
import { postToEntrance } from '../support/post-to-entrance.ts';
import { ACCOUNT, REGION } from '../support/template.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const READER = join(import.meta.dirname, '..', 'support', 'readers', 'read_back.py');

jest.setTimeout(180_000); // changes are gathered for half a minute

let stage: LocalStage;
let world: SmallWorld;
let ec2: EC2Client;

beforeAll(async () => {
  stage = await startLocalStage({ root: ROOT, region: REGION });
  ec2 = new EC2Client({
    endpoint: stage.proxy.url,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  world = await makeSmallWorld(stage.emulators.proxyUrl, REGION, { name: 'web' });
}, 240_000); // the first run packages the service

afterAll(async () => {
  ec2?.destroy();
  await world?.close();
  await stage?.stop();
});

const next = (destination: string, words: string): Promise<ReceivedSlackMessage> =>
  stage.slack.nextMessage({
    matching: (message) => message.destination === destination && shownBy(message).includes(words),
    timeoutMilliseconds: 90_000,
  });

/** What a client that is not ours reads of the rules of ours. */
const ownRules = async (): Promise<readonly unknown[]> => {
  const { PATH = '' } = process.env;
  const env = { PATH, ...stage.emulators.environment };
  const args = [READER, 'site', world.targetGroupArn, world.instanceGroupId];
  const { stdout } = await promisify(execFile)(stage.emulators.python, args, { env });
  return JSON.parse(stdout).rules;
};

/** A call as CloudTrail tells of it, by a person or by one of our own functions. */
const cloudTrail = (eventName: string, requestParameters: object, responseElements: object, roleName = 'operators') => {
  const session = roleName === 'operators' ? 'suzuki' : roleName;
  return {
    source: 'aws.ec2',
    'detail-type': 'AWS API Call via CloudTrail',
    resources: [],
    detail: {
      eventVersion: '1.11',
      eventSource: 'ec2.amazonaws.com',
      eventName,
      eventID: `${eventName}-${roleName}`,
      eventTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      awsRegion: REGION,
      readOnly: false,
      eventType: 'AwsApiCall',
      sessionCredentialFromConsole: 'true',
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/${session}`,
        accountId: ACCOUNT,
        sessionContext: { sessionIssuer: { type: 'Role', userName: roleName } },
      },
      requestParameters,
      responseElements,
    },
  };
};

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

test('Given a person who removes a rule of ours, when CloudTrail tells, then Slack hears once who did it, and the button puts it back', async () => {
  await world.launch('web-1');
  await next('default', 'web-1 is in service');
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [world.instanceGroupId] }] }),
  );
  const own = SecurityGroupRules.find(({ Tags = [] }) => Tags.some(({ Key }) => Key === 'usher:owner'));
  const SecurityGroupRuleIds = [own?.SecurityGroupRuleId ?? ''];
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: world.instanceGroupId, SecurityGroupRuleIds }));
  expect(await ownRules()).toEqual([]);
  const before = stage.proxy.calls.length;

  const revoked = cloudTrail(
    'RevokeSecurityGroupIngress',
    {
      groupId: world.instanceGroupId,
      securityGroupRuleIds: { items: [{ securityGroupRuleId: SecurityGroupRuleIds[0] }] },
    },
    { _return: true },
  );
  const ofUsher = cloudTrail(
    'AuthorizeSecurityGroupIngress',
    { groupId: world.instanceGroupId },
    {},
    'usher-local-SweepRole-1',
  );
  await stage.send(ofUsher);
  await stage.send(revoked);
  await stage.send(revoked);

  const held = await next('default', 'A rule of Usher’s was removed by somebody');
  expect(shownBy(held)).toContain('Who: suzuki (console)');
  expect(shownBy(held)).toMatch(/Removed: `sg-web` inbound tcp\/80 from `sg-alb`/);
  expect(await ownRules()).toEqual([]);
  expect(writesOfUsher(stage.proxy.calls.slice(before), 'AuthorizeSecurityGroupIngress')).toEqual([]);

  await press(held, 'press-1');
  await next('press-1', 'web-1');
  expect(await ownRules()).toHaveLength(1);
  const told = stage.slack.messages.filter((message) => shownBy(message).includes('removed by somebody'));
  expect(told).toHaveLength(1);
});
