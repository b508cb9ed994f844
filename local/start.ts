import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { makeInbox } from './slack/inbox.ts';
import { printMessage } from './slack/print.ts';
import type { ArrivingEvent, LocalStage } from './stage.ts';
import { startLocalStage } from './stage.ts';
import { makeTimeline } from './timeline.ts';
import type { SmallWorld } from './world/small-world.ts';
import { makeSmallWorld } from './world/small-world.ts';
import type { WatchLaunch } from './world/watch-launch.ts';
import { watchLaunch } from './world/watch-launch.ts';

const ROOT = join(import.meta.dirname, '..');
const REGION = 'ap-northeast-1';

/** As shells say of what Ctrl-C ended. */
const STOPPED_BEFORE_IT_STOOD = 130;

const HELP = `Usher on this machine, with no AWS account: emulators, the deployed service, a Slack stand-in and a small site.

  npm start                launch an instance, show what becomes of it, stay up
  npm start -- --once      the same, then stop (exit code 1 when the story did not end well)
  npm start -- --verbose   also say each step of the set-up
`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const describeEvent = ({ detail, 'detail-type': detailType }: ArrivingEvent): string =>
  [detailType, detail['instance-id'], detail['state']].filter((word) => typeof word === 'string').join(' ');

/** Settings by which the AWS CLI, boto3 or any SDK speaks to the emulators, as a file to source. */
const writeEnvironment = async ({ emulators }: LocalStage): Promise<string> => {
  const file = join(ROOT, '.local', 'environment');
  await mkdir(join(ROOT, '.local'), { recursive: true });
  const lines = Object.entries(emulators.environment).map(([name, value]) => `export ${name}=${value}`);
  await writeFile(file, `${lines.join('\n')}\n`);
  return relative(process.cwd(), file);
};

const sayHowToGoOn = (world: SmallWorld, environmentFile: string): void => {
  say('');
  say('It stays up. Press Enter to launch another instance, Ctrl-C to stop. Or from another terminal:');
  say(`  . ${environmentFile}`);
  say('  npm run usher -- plan --stage local');
  say('  npm run usher -- doctor web-prod --stage local');
  say(`  aws elbv2 describe-target-health --target-group-arn ${world.targetGroupArn}`);
  say(`  aws ec2 describe-security-group-rules --filters Name=group-id,Values=${world.instanceGroupId}`);
  say(
    `  aws ec2 run-instances --image-id ami-0abcdef1234567890 --subnet-id ${world.subnetIds[1]} \\\n` +
      `    --security-group-ids ${world.instanceGroupId} \\\n` +
      `    --tag-specifications 'ResourceType=instance,Tags=[{Key=Role,Value=web},{Key=Name,Value=web-cli}]'`,
  );
};

/** Tells each launch as its own story, one after the other, named web-1, web-2 … in alternating zones. */
const makeLauncher = (told: Omit<WatchLaunch, 'name' | 'zone'>) => {
  let count = 0;
  let last: Promise<unknown> = Promise.resolve();
  return (): Promise<boolean> => {
    count += 1;
    const name = `web-${count}`;
    const zone = count % 2 === 1 ? 0 : 1;
    const story = last.then(() => watchLaunch({ ...told, name, zone }));
    last = story.catch(() => undefined);
    return story;
  };
};

/** Aborted by Ctrl-C, by `kill`, or by closing the terminal, whatever is under way. */
const stopSignal = (): AbortSignal => {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  return stop.signal;
};

/** Launches another instance for every line of standard input, until it is stopped. */
const untilStopped = (signal: AbortSignal, launch: () => Promise<unknown>): Promise<void> =>
  new Promise((resolve) => {
    const onLine = (): void => {
      launch().catch((error: unknown) => (signal.aborted ? undefined : say(String(error))));
    };
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    process.stdin.on('data', onLine);
    process.stdin.on('error', () => undefined);
  });

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: { once: { type: 'boolean' }, verbose: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    say(HELP);
    return 0;
  }
  const timeline = makeTimeline(say);
  const inbox = makeInbox((message) =>
    timeline.add('message', printMessage(message, { colour: process.stdout.isTTY })),
  );
  const signal = stopSignal();
  const setUp = values.verbose ? (line: string) => say(`  ${line}`) : (line: string) => say(`  ${line} …`);
  say('Setting Usher up on this machine (127.0.0.1 only):');
  let stage: LocalStage | undefined;
  let world: SmallWorld | undefined;
  try {
    stage = await startLocalStage({
      root: ROOT,
      region: REGION,
      onProgress: setUp,
      onEvent: (event) => timeline.add('event', describeEvent(event)),
      onMessage: inbox.take,
      signal,
    });
    world = await makeSmallWorld(stage.emulators.proxyUrl, REGION);
    const environmentFile = await writeEnvironment(stage);
    const launch = makeLauncher({ stage, world, timeline, inbox, signal });
    const ended = await launch();
    if (values.once) return ended ? 0 : 1;
    sayHowToGoOn(world, environmentFile);
    await untilStopped(signal, launch);
    return 0;
  } catch (error) {
    if (signal.aborted) return STOPPED_BEFORE_IT_STOOD;
    throw error;
  } finally {
    if (signal.aborted) say('\nStopping …');
    world?.close();
    await stage?.stop();
    process.stdin.pause();
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
