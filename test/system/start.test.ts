import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { until } from '../support/deployed-service.ts';
import { alive, descendantsOf, LOOPBACK, listeningAddresses } from '../support/processes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const START = join(ROOT, 'local', 'start.ts');
/** What every tier with emulators runs first. */
const PREPARE_PYTHON = join(ROOT, 'test', 'support', 'prepare-python.ts');

jest.setTimeout(180_000); // the first run packages the service

interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it has printed so far. */
  readonly said: () => string;
  /** Waits until it has printed this. */
  readonly says: (text: string | RegExp) => Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
}

const started: Started[] = [];

/** What `npm start` runs, in a process group of its own, as a terminal gives it. */
const start = (args: readonly string[] = [], environment: NodeJS.ProcessEnv = process.env, script = START): Started => {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    detached: true,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, errors }));
  const says = (text: string | RegExp): Promise<string> =>
    until(
      `${text}`,
      () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${errors}\n${output}`);
        return (typeof text === 'string' ? output.includes(text) : text.test(output)) ? output : undefined;
      },
      120_000,
    );
  const one = { child, pid: child.pid ?? 0, said: () => output, says, ended };
  started.push(one);
  return one;
};

afterEach(() => {
  // Only after a failed test is there anything to end.
  for (const { child, pid } of started.splice(0)) if (child.exitCode === null) process.kill(-pid, 'SIGKILL');
});

/** Launches what it printed for another terminal, with the settings that it wrote for one. */
const launchFromOutside = async (said: string): Promise<void> => {
  const settings = await readFile(join(ROOT, '.local', 'environment'), 'utf8');
  const [, endpoint = ''] = /^export AWS_ENDPOINT_URL_EC2=(.*)$/m.exec(settings) ?? [];
  const [, subnetId, groupId] = /--subnet-id (\S+)[\s\S]*--security-group-ids (\S+)/.exec(said) ?? [];
  const ec2 = new EC2Client({
    endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-0abcdef1234567890',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnetId,
      SecurityGroupIds: groupId === undefined ? [] : [groupId],
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [
            { Key: 'Role', Value: 'web' },
            { Key: 'Name', Value: 'web-cli' },
          ],
        },
      ],
    }),
  );
  ec2.destroy();
};

const runFoldersOf = async (pid: number): Promise<readonly string[]> =>
  (await readdir(join(ROOT, '.local'))).filter((name) => name.startsWith(`run-${pid}-`));

describe('npm start', () => {
  test('tells the story with its times, stays up on 127.0.0.1 only, launches once more on Enter, shows what another terminal launches, each message once, and leaves nothing when it is interrupted', async () => {
    const { child, pid, says, said, ended } = start();
    const story = await says('It stays up');

    const parts = [
      'pending',
      'running',
      'rule added',
      'registered',
      'web-1 is healthy',
      'Slack',
      'web-1 is in service',
    ];
    const at = parts.map((part) => story.indexOf(part));
    expect(at).not.toContain(-1);
    expect([...at].sort((a, b) => a - b)).toEqual(at);
    expect(story).toMatch(/^ +\d+\.\d s {2}rule added {2}sg-\w+ admits sg-\w+ on tcp\/80$/m);
    expect(story).toMatch(/aws elbv2 describe-target-health --target-group-arn arn:aws:\S+web-prod\S+/);

    const family = [pid, ...descendantsOf(pid)];
    expect(family.length).toBeGreaterThan(3); // moto, MiniStack and Lambda workers
    const listening = family.flatMap(listeningAddresses);
    expect(listening.length).toBeGreaterThanOrEqual(4); // the proxy, the Slack stand-in and both emulators
    expect(new Set(listening)).toEqual(new Set([LOOPBACK]));

    child.stdin?.write('\n');
    await says('web-2 is in service');

    await launchFromOutside(said());
    const all = await says('web-cli is in service');
    expect(all.match(/web-\w+ is in service/g)?.sort()).toEqual(
      ['web-1', 'web-2', 'web-cli'].map((name) => `${name} is in service`),
    );

    const everybody = [...new Set([...family, ...descendantsOf(pid)])];
    process.kill(pid, 'SIGINT');
    expect(await ended).toEqual({ code: 0, errors: '' });
    expect(said()).toContain('Stopping …');
    expect(alive(everybody)).toEqual([]);
    expect(await runFoldersOf(pid)).toEqual([]);
  });

  test.each(['Starting the emulators', 'Deploying the stack'])(
    'Given Ctrl-C while it says “%s”, then it ends and leaves nothing',
    async (moment) => {
      const { pid, says, ended } = start();
      await says(moment);
      const family = await until('a child', () => {
        const children = descendantsOf(pid);
        return children.length > 0 ? children : undefined;
      });

      process.kill(-pid, 'SIGINT'); // a terminal signals the whole group

      const { code, errors } = await ended;
      expect({ code, errors }).toEqual({ code: 130, errors: '' });
      expect(alive([pid, ...family])).toEqual([]);
      expect(await runFoldersOf(pid)).toEqual([]);
    },
  );

  test.each([
    ['npm start', START],
    ['a tier with emulators under CI', PREPARE_PYTHON],
  ])('Given no Python, when %s is run, then it fails and one line says what to install', async (_what, script) => {
    const empty = await mkdtemp(join(tmpdir(), 'usher-no-python-'));
    const { ended } = start([], { ...process.env, CI: 'true', PATH: empty }, script);
    const { code, errors } = await ended;
    await rm(empty, { recursive: true });
    expect(code).toBe(1);
    expect(errors).toMatch(/^The emulators need Python 3\.10 or newer \(none was found\)\. Install it .+\n$/);
  });

  test('Given an option that it doesn’t know, then one line says so', async () => {
    const { code, errors } = await start(['--twice']).ended;
    expect(code).toBe(1);
    expect(errors).toMatch(/^Unknown option '--twice'.*\n$/);
  });
});
