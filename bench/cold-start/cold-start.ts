import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Figure } from '../figure.ts';
import { atMost, median } from '../figure.ts';
import type { BundleName, FunctionName } from './bundles.ts';
import { FUNCTIONS, makeBundles } from './bundles.ts';
import type { Scene, Stub } from './journey.ts';
import { commandEvent, queueEvent, RUNNING_EVENT, sentTo, startStub } from './journey.ts';
import { timeFreshProcess } from './process.ts';

const RUNS = 30;

/** Design section 9, in milliseconds over an empty handler. */
const LIMITS: Readonly<Record<FunctionName, number>> = {
  'register-targets': 350,
  'watch-targets': 300,
  'post-to-slack': 300,
  'receive-slack': 120,
};

/** Slack hangs up after 3 s; a person who typed a command should not notice that a process started for it. */
const FIRST_ANSWER_MILLISECONDS = 500;

interface Runner {
  readonly folder: string;
  readonly stub: Stub;
  readonly bundles: Readonly<Record<BundleName, string>>;
}

const runOnce = async ({ folder, stub, bundles }: Runner, name: BundleName, scene: Scene): Promise<number> => {
  stub.begin(scene);
  const eventFile = join(folder, 'event.json');
  const isPosted = name === 'receive-slack';
  await writeFile(eventFile, JSON.stringify(isPosted ? commandEvent() : queueEvent(scene.body)));
  const time = await timeFreshProcess({
    bundle: bundles[name],
    eventFile,
    answer: isPosted ? '{"statusCode":200' : '{"batchItemFailures":[]}',
    folder,
    environment: stub.environment,
  });
  if (stub.problems.length > 0) throw new Error(`the stub could not answer ${name}: ${stub.problems.join(', ')}`);
  return time;
};

/**
 * Each function's scene is what the one before it left: a launch that needs a rule and a registration, the look at its
 * health, the message.
 */
const playScenes = async (runner: Runner): Promise<Readonly<Record<Exclude<FunctionName, 'receive-slack'>, Scene>>> => {
  const { stub } = runner;
  const launch: Scene = { body: RUNNING_EVENT, isSeated: false, items: new Map() };
  await runOnce(runner, 'register-targets', launch);
  const look: Scene = { body: sentTo(stub, 'watch'), isSeated: true, items: stub.items() };
  await runOnce(runner, 'watch-targets', look);
  const message: Scene = { body: sentTo(stub, 'report'), isSeated: true, items: stub.items() };
  await runOnce(runner, 'post-to-slack', message);
  return { 'register-targets': launch, 'watch-targets': look, 'post-to-slack': message };
};

/** Every bundle in turn, and that thirty times: a machine that slows down slows all of them. */
const measure = async (runner: Runner, say: Bench['say']): Promise<Readonly<Record<BundleName, readonly number[]>>> => {
  const scenes = await playScenes(runner);
  const times: Record<BundleName, number[]> = {
    empty: [],
    'plain-clients': [],
    'plain-register-targets': [],
    'register-targets': [],
    'watch-targets': [],
    'post-to-slack': [],
    'receive-slack': [],
  };
  const sceneOf = (name: BundleName): Scene =>
    name === 'watch-targets' || name === 'post-to-slack' ? scenes[name] : scenes['register-targets'];
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, list] of Object.entries(times) as [BundleName, number[]][])
      list.push(await runOnce(runner, name, sceneOf(name)));
    if ((run + 1) % 10 === 0) say(`${run + 1} of ${RUNS} rounds`);
  }
  return times;
};

const share = (part: number, whole: number): number => Math.round((100 * part) / whole) / 100;

/** How long a fresh process takes to answer one event, over one with an empty handler. */
export const coldStart = async ({ root, say }: Bench): Promise<readonly Figure[]> => {
  await mkdir(join(root, '.local'), { recursive: true });
  const folder = await mkdtemp(join(root, '.local', `run-${process.pid}-`));
  const stub = await startStub();
  try {
    const bundles = await makeBundles(root, join(folder, 'bundles'), say);
    const times = await measure({ folder, stub, bundles }, say);
    const empty = median(times.empty);
    const over = (name: BundleName): number => Math.round(median(times[name]) - empty);
    return [
      { what: 'cold start, empty handler', reach: '', measured: `${Math.round(empty)} ms`, isReached: undefined },
      ...(['plain-clients', 'plain-register-targets'] as const).map(
        (name): Figure => ({
          what: `cold start, ${name}`,
          reach: '',
          measured: `${over(name)} ms more`,
          isReached: undefined,
        }),
      ),
      ...FUNCTIONS.map((name) => atMost(`cold start, ${name}`, LIMITS[name], over(name), 'ms more')),
      atMost(
        'first answer of receive-slack, whole process',
        FIRST_ANSWER_MILLISECONDS,
        Math.round(median(times['receive-slack'])),
        'ms',
      ),
      atMost(
        'cold start, register-targets of plain-register-targets',
        0.5,
        share(over('register-targets'), over('plain-register-targets')),
        'of it',
      ),
    ];
  } finally {
    await stub.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
