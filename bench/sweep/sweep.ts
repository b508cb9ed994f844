import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageFrom } from '../../domain/stage.ts';
import { groundsOf } from '../../domain/sweep/caution.ts';
import { NEVER_SWEPT } from '../../domain/sweep/progress.ts';
import { bareEnvironment } from '../../local/emulators/server-process.ts';
import type { Call } from '../../local/proxy/protocol.ts';
import { jsonAnswer } from '../../local/proxy/protocol.ts';
import { queueEvent } from '../cold-start/journey.ts';
import type { Bench, Figure } from '../figure.ts';
import { atMost } from '../figure.ts';
import { serveCalls } from '../stub/server.ts';
import { stubTable } from '../stub/table.ts';
import { bundleFunction } from './bundle.ts';
import { FLEET_ACCOUNT, FLEET_ANSWERS, FLEET_REGION, GROUPS, INSTANCES, INSTANCES_PER_PAGE } from './fleet.ts';

const VERSION = 'bench';
const QUEUES = ['LAUNCH', 'WATCH', 'REPORT', 'SWEEP', 'SWEEP_DEAD_LETTER'];

interface Recorded {
  readonly call: Call;
  readonly at: number;
}

const environmentFor = (url: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: url,
  AWS_REGION: FLEET_REGION,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  USHER_STAGE: 'bench',
  USHER_ACCOUNT: FLEET_ACCOUNT,
  USHER_TABLE: 'bench',
  USHER_BUS: 'bench',
  USHER_VERSION: VERSION,
  ...Object.fromEntries(
    QUEUES.map((name) => [`USHER_${name}_QUEUE_URL`, `${url}/${FLEET_ACCOUNT}/${name.toLowerCase()}`]),
  ),
});

/** As after the sweeps of days: this one may act, and nothing is due but itself. */
const sweptBefore = (environment: Readonly<Record<string, string>>): string => {
  const now = new Date().toISOString();
  const accepted = groundsOf(stageFrom(environment), VERSION);
  return JSON.stringify({
    ...NEVER_SWEPT,
    record: { ...NEVER_SWEPT.record, accepted, completedAt: now, statusAt: now },
  });
};

/** Calls a second over the fullest ten: so many began after the first of them. */
const fastest = (moments: readonly number[]): number =>
  Math.max(0, ...moments.map((from) => moments.filter((at) => at > from && at <= from + 10_000).length)) / 10;

const isBalancing = ({ call: { service } }: Recorded): boolean => service === 'elb' || service === 'elbv2';

const namesOf = (recorded: readonly Recorded[]): string =>
  [...Map.groupBy(recorded, ({ call }) => call.action)]
    .map(([action, calls]) => [calls.length, action] as const)
    .sort(([a], [b]) => b - a)
    .map(([count, action]) => `${count} ${action}`)
    .join(', ');

const countOf = (recorded: readonly Recorded[], action: string): number =>
  recorded.filter(({ call }) => call.action === action).length;

const isDone = (message: unknown): message is { readonly answer: object; readonly maximumKilobytes: number } =>
  typeof message === 'object' && message !== null && 'answer' in message && 'maximumKilobytes' in message;

/** The whole of one sweep of a large fleet in order, by the function with its real adapters against a stub of AWS. */
export const sweepFleet = async ({ root, say }: Bench): Promise<readonly Figure[]> => {
  const recorded: Recorded[] = [];
  const steps: string[] = [];
  const problems: unknown[] = [];
  const table = stubTable();
  const server = await serveCalls(
    (call) => {
      recorded.push({ call, at: performance.now() });
      if (call.service === 'dynamodb') return table.answer(call);
      if (call.action === 'SendMessage') {
        const body = call.parameters.get('MessageBody') ?? '';
        if (call.parameters.get('QueueUrl')?.endsWith('/sweep')) steps.push(body);
        return jsonAnswer({ MessageId: 'm-1', MD5OfMessageBody: createHash('md5').update(body).digest('hex') });
      }
      const answer = FLEET_ANSWERS[`${call.service}:${call.action}`];
      if (answer === undefined) throw new Error(`the stub knows no ${call.service}:${call.action}`);
      return answer(call);
    },
    (problem) => problems.push(problem),
  );
  const environment = environmentFor(server.url);
  const state = { pk: { S: 'sweep' }, sk: { S: 'state' }, version: { N: '1' }, state: { S: sweptBefore(environment) } };
  table.fill(new Map([[JSON.stringify(['sweep', 'state']), state]]));
  const folder = await mkdtemp(join(tmpdir(), 'usher-bench-'));
  const bundle = join(folder, 'sweep.cjs');
  await bundleFunction(root, 'sweep', bundle);
  const child = fork(join(import.meta.dirname, 'take-steps.cjs'), [bundle], {
    // With more at hand, Node only tidies up later: this is what a sweep can live on.
    execArgv: ['--max-old-space-size=96', '--max-semi-space-size=8'],
    env: { ...bareEnvironment(folder, ''), ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    await once(child, 'message');
    const started = performance.now();
    let kilobytes = 0;
    let taken = 0;
    steps.push(JSON.stringify({ usher: 1, kind: 'sweep-due', attempt: 0 }));
    for (let body = steps.shift(); body !== undefined; body = steps.shift()) {
      child.send(queueEvent(body));
      const [message] = (await once(child, 'message')) as readonly unknown[];
      if (!isDone(message)) throw new Error(`a step failed: ${JSON.stringify(message)}`);
      kilobytes = message.maximumKilobytes;
      taken += 1;
      if (taken % 5 === 1)
        say(
          `${taken} steps, ${Math.round((performance.now() - started) / 1_000)} s, ${Math.round(kilobytes / 1_024)} MB`,
        );
    }
    if (problems.length > 0) throw new Error(`the stub was asked for what it doesn't know: ${problems.join(', ')}`);
    const balancing = recorded.filter(isBalancing);
    const of = `sweep of ${INSTANCES.toLocaleString('en')} instances, ${GROUPS} groups`;
    return [
      atMost(`${of}: memory at most`, 256, Math.round(kilobytes / 1_024), 'MB'),
      atMost('… ELB calls over the fullest ten seconds', 4, fastest(balancing.map(({ at }) => at)), 'a second'),
      // Whom to seat, whom to take out; once more where a step ends within a group.
      atMost('… reads of health', 2 * GROUPS + taken, countOf(recorded, 'DescribeTargetHealth'), 'calls'),
      // Pages of the whole, then by ids, 200 a call, and each group's members together: none for a single instance.
      atMost(
        '… reads of instances',
        INSTANCES / INSTANCES_PER_PAGE + INSTANCES / 200 + GROUPS,
        countOf(recorded, 'DescribeInstances'),
        'calls',
      ),
      {
        what: '… steps, and how long they took',
        reach: '',
        measured: `${taken} steps, ${Math.round((performance.now() - started) / 1_000)} s`,
        isReached: undefined,
      },
      { what: '… every call', reach: '', measured: namesOf(recorded), isReached: undefined },
    ];
  } finally {
    child.kill();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
