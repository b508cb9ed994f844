import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Recorder } from '../../bench/emulated/recorder.ts';
import { startRecorder } from '../../bench/emulated/recorder.ts';
import type { RecordedCall } from '../../local/proxy/calls.ts';
import type { LocalStage } from '../../local/stage.ts';
import { startLocalStage } from '../../local/stage.ts';
import type { SmallWorld } from '../../local/world/small-world.ts';
import { makeSmallWorld } from '../../local/world/small-world.ts';
import { shownBy, until } from '../support/deployed-service.ts';
import type { IamRequest } from '../support/permissions.ts';
import { requestsOfCall } from '../support/permissions.ts';
import type { Template } from '../support/template.ts';
import { arn, compiledTemplate, REGION, resolved } from '../support/template.ts';
import type { TerminalPolicy } from '../support/terminal-permissions.ts';
import { refusedToPeople } from '../support/terminal-permissions.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NODE = join(ROOT, 'node_modules', '.bin', 'node');
const READER = join(ROOT, 'test', 'support', 'readers', 'read_back.py');

jest.setTimeout(120_000); // each command is a process of its own, at four calls a second to ELB

let stage: LocalStage;
let recorder: Recorder;
let world: SmallWorld;
let instanceId: string;
let template: Template;

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls to EC2, ELB and the rest, as the proxy saw them. */
  readonly calls: readonly RecordedCall[];
  /** Calls to the stage's own services but its queues, as the recorder saw them: `dynamodb:GetItem`. */
  readonly ownCalls: readonly string[];
  /** Whether anything was sent to a queue: the SDK remarks on queues that are elsewhere than its endpoint. */
  readonly sent: boolean;
}

/** What the SDK says of our own detour, once for each queue. */
const DETOUR = /^(QueueUrl=\S+ differs|Set \[endpoint=)[^\n]*\n/gm;

/** Runs one command line as a person would, from another folder, with nothing but their credentials. */
const usher = async (...args: readonly string[]): Promise<Ran> => {
  stage.proxy.resetCalls();
  recorder.reset();
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: stage.emulators.folder, ...stage.emulators.environment, AWS_ENDPOINT_URL: recorder.url };
  const { exitCode, stdout, stderr } = await promisify(execFile)(NODE, [join(ROOT, 'cli', 'usher.ts'), ...args], {
    env,
    cwd: stage.emulators.folder,
  }).then(
    (ended) => ({ exitCode: 0, ...ended }),
    (failed: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ({
      exitCode: failed.code,
      stdout: failed.stdout,
      stderr: failed.stderr,
    }),
  );
  return {
    exitCode,
    stdout,
    stderr: stderr.replace(DETOUR, ''),
    sent: stderr.search(DETOUR) >= 0,
    calls: stage.proxy.calls.filter(({ application }) => application === 'usher-terminal'),
    ownCalls: recorder.calls().map(({ service, action }) => `${service}:${action}`),
  };
};

const here = ['--stage', 'local', '--region', REGION] as const;

beforeAll(async () => {
  stage = await startLocalStage({ root: ROOT, region: REGION });
  recorder = await startRecorder({ upstreamUrl: stage.emulators.ministackUrl });
  template = resolved(await compiledTemplate('--stage=local'));
  world = await makeSmallWorld(stage.emulators.proxyUrl, REGION, { name: 'web' });
}, 240_000); // the first run packages the service

afterAll(async () => {
  world?.close();
  await recorder?.stop();
  await stage?.stop();
});

const readBack = async () => {
  const { PATH = '' } = process.env;
  const { stdout } = await promisify(execFile)(
    stage.emulators.python,
    [READER, 'site', world.targetGroupArn, world.instanceGroupId],
    { env: { PATH, ...stage.emulators.environment } },
  );
  return JSON.parse(stdout) as {
    readonly targets: readonly { readonly id: string; readonly state: string }[];
    readonly rules: readonly unknown[];
  };
};

/** Actions that allow a call to the table: a transaction is allowed by those of its items. */
const TABLE_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  TransactWriteItems: ['PutItem', 'UpdateItem', 'DeleteItem'],
};

/** What IAM is asked for calls to the table. Those to Lambda, queues and the bus are in test/infra/terminal.test.ts. */
const tableRequests = (calls: readonly string[]): readonly IamRequest[] =>
  calls.flatMap((call) => {
    const [service, action = ''] = call.split(':');
    return service === 'dynamodb'
      ? (TABLE_ACTIONS[action] ?? [action]).map((each) => ({
          action: `dynamodb:${each}`,
          resource: arn('dynamodb', 'table/table-Table'),
        }))
      : [];
  });

/** The calls that somebody with these policies alone would have been refused. */
const refusedOf = async ({ calls, ownCalls }: Ran, policies: readonly TerminalPolicy[]) => {
  const asked = await Promise.all(
    calls.map((call) =>
      requestsOfCall(call, { vpcIdOf: () => world.vpcId, tagsOf: () => ({ 'usher:selector': 'Role=web' }) }),
    ),
  );
  const requests = [...asked.flat(), ...tableRequests(ownCalls)];
  const distinct = [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
  return refusedToPeople(template, policies, distinct);
};

test('Given a stage that is paused, when an instance is launched and planned for, then the plan says why nothing is done', async () => {
  const paused = await usher('pause', 'release', 'of', 'the', 'shop', ...here);
  expect(paused).toMatchObject({ exitCode: 0, stderr: '' });
  expect(paused.stdout).toContain('Usher is paused');
  instanceId = await world.launch('web-1');
  const planned = await until('it runs', async () => {
    const seen = await usher('plan', ...here);
    return seen.stdout.includes('not registered: web-1') ? seen : undefined;
  });
  expect(planned.stdout).toContain('Paused since');
  expect(planned.stdout).toContain('everything is paused');
  expect(planned.exitCode).toBe(2);
  const applied = await usher('apply', '--yes', ...here);
  expect(applied.exitCode).toBe(1);
  expect(applied.stderr).toContain('Next: usher resume');
  expect(applied.calls.filter(({ access }) => access === 'write')).toEqual([]);
  expect((await readBack()).targets).toEqual([]);
});

test('Given it goes on, when it is planned, then registration and rule are shown, nothing at all is written, and the policy to look is enough', async () => {
  expect(await usher('resume', ...here)).toMatchObject({ exitCode: 0 });
  const before = await readBack();
  const planned = await usher('plan', ...here);
  expect(planned.stderr).toBe('');
  expect(planned.stdout).toContain(`+ register web-1 (${instanceId}) on port 80`);
  expect(planned.stdout).toMatch(/\+ add rule ingress tcp\/80 from sg-alb \(sg-\w+\)/);
  expect(planned.stdout).toContain('1 target to register, 1 rule to add.');
  expect(planned.stdout).not.toContain('\u001b');
  expect(planned.exitCode).toBe(2);

  expect(planned.calls.length).toBeGreaterThan(5);
  expect(planned.calls.filter(({ access }) => access !== 'read')).toEqual([]);
  const reads = /^(sts:GetCallerIdentity|lambda:GET |dynamodb:(GetItem|BatchGetItem|Query)$)/;
  expect(planned.ownCalls.filter((call) => !reads.test(call))).toEqual([]);
  expect(planned.ownCalls).toContain('dynamodb:GetItem');
  expect(planned.sent).toBe(false);
  expect(await readBack()).toEqual(before);
  expect(await refusedOf(planned, ['TerminalLookPolicy'])).toEqual([]);
});

test('Given a stage that is not deployed, then the plan is made as if nothing were ours, no table is asked, and nothing else works', async () => {
  const planned = await usher('plan', '--stage', 'nowhere', '--region', REGION, '--param', 'maximumPolicy=report-only');
  expect(planned.stdout).toContain('as if nothing were Usher’s own');
  expect(planned.stdout).toContain('the policy here is report-only');
  expect(planned.exitCode).toBe(2);
  expect(planned.calls.filter(({ access }) => access !== 'read')).toEqual([]);
  expect(planned.ownCalls.filter((call) => call.startsWith('dynamodb'))).toEqual([]);
  const applied = await usher('apply', '--yes', '--stage', 'nowhere', '--region', REGION);
  expect(applied.exitCode).toBe(1);
  expect(applied.stderr).toMatch(/^usher: No stage nowhere is deployed[^\n]*Next: [^\n]*\n$/);
});

test('Given another form is asked for, then it is JSON and nothing else, and holds what the text says', async () => {
  const { stdout, exitCode } = await usher('plan', '--json', ...here);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    usher: 1,
    stage: 'local',
    region: REGION,
    isDeployed: true,
    isDrift: true,
    paused: null,
    changes: [
      { kind: 'authorize-rule', direction: 'ingress', protocol: 'tcp', port: 80, peer: { name: 'sg-alb' } },
      {
        kind: 'register-target',
        targetGroup: { id: world.targetGroupArn, name: 'web-prod' },
        target: { id: instanceId, port: 80 },
        instance: { id: instanceId, name: 'web-1' },
      },
    ],
  });
});

test('Given nobody to ask, then nothing is applied; with a yes it is, another client sees it, Slack hears of it, and nothing is left', async () => {
  const unasked = await usher('apply', ...here);
  expect(unasked.exitCode).toBe(1);
  expect(unasked.stderr).toContain('Next: look at usher plan, then usher apply --yes');
  expect(unasked.calls).toEqual([]);

  const applied = await usher('apply', '--yes', ...here);
  expect(applied.stderr).toBe('');
  expect(applied.stdout).toContain(`done: register web-1 (${instanceId}) on port 80`);
  expect(applied.stdout).toContain('2 changes made, 0 refused, 0 not made. Slack hears of it.');
  expect(applied.exitCode).toBe(0);
  expect(await refusedOf(applied, ['TerminalLookPolicy', 'TerminalActPolicy'])).toEqual([]);
  const { targets, rules } = await readBack();
  expect(targets.map(({ id }) => id)).toEqual([instanceId]);
  expect(rules).toHaveLength(1);
  await stage.slack.nextMessage({
    matching: (message) => shownBy(message).includes('web-1 is in service'),
    timeoutMilliseconds: 60_000,
  });
  const again = await usher('plan', ...here);
  expect(again.stdout).toContain('Nothing to do.');
  expect(again.exitCode).toBe(0);
});

/** Numbers in the list of the last day's changes, by the name of who was registered. */
const registeredInList = async (): Promise<ReadonlyMap<string, number>> => {
  const { stdout } = await usher('undo', '--json', ...here);
  const { answer } = JSON.parse(stdout) as {
    readonly answer: {
      readonly changes: readonly { readonly number: number; readonly what: string; readonly name: string }[];
    };
  };
  return new Map(answer.changes.flatMap(({ number, what, name }) => (what === 'registered' ? [[name, number]] : [])));
};

test('Given the last healthy target, when its registration is taken back, then that is refused in words', async () => {
  const number = (await registeredInList()).get('web-1');
  const refused = await usher('undo', String(number), ...here);
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('of 1 healthy target, at least 1 must stay');
  expect(refused.calls.filter(({ access }) => access === 'write')).toEqual([]);
});

test('Given another one is in service, when it is taken back, then it is out, held, and no drift', async () => {
  await world.launch('web-2', 1);
  await stage.slack.nextMessage({
    matching: (message) => shownBy(message).includes('web-2 is in service'),
    timeoutMilliseconds: 60_000,
  });
  const undone = await usher('undo', String((await registeredInList()).get('web-1')), ...here);
  expect([undone.exitCode, undone.stdout]).toEqual([0, expect.stringContaining('web-1')]);
  expect(await refusedOf(undone, ['TerminalLookPolicy', 'TerminalActPolicy'])).toEqual([]);
  expect((await readBack()).targets.filter(({ state }) => state === 'healthy')).toHaveLength(1);
  await until('it is gone from the group', async () =>
    (await readBack()).targets.every(({ id }) => id !== instanceId) ? true : undefined,
  );
  const planned = await usher('plan', ...here);
  // In five minutes it is called a hold; so soon a read may lag.
  expect(planned.stdout).toContain(`! not registered: web-1 (${instanceId}): it was there minutes ago`);
  expect(planned.exitCode).toBe(0);
});

test('Given somebody who may only look, when they ask how things stand, then their policy is enough, and nothing is written', async () => {
  const status = await usher('status', ...here);
  expect(status.exitCode).toBe(0);
  expect(await refusedOf(status, ['TerminalLookPolicy'])).toEqual([]);
  expect(status.sent).toBe(false);
});

test('Given what ends in the next 90 days is asked for, then it is read, and nothing is written', async () => {
  const table90 = await usher('certificates', ...here);
  expect(table90.stdout).toContain('Next 90 days');
  expect(table90.calls.filter(({ access }) => access !== 'read')).toEqual([]);
  expect(table90.ownCalls.filter((call) => /dynamodb:(Put|Update|Delete|Transact)/.test(call))).toEqual([]);
});
