import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lambdaClient, tokenClient } from '../aws/deployed-stage/clients.ts';
import { stageFinder } from '../aws/deployed-stage/finder.ts';
import { paceBalancing } from '../aws/paced-balancing.ts';
import type { Log } from '../stories/log.ts';
import type { CommonOptions, Invocation } from './arguments.ts';
import { parseArguments } from './arguments.ts';
import { apply } from './commands/apply.ts';
import { order } from './commands/order.ts';
import { EXIT, plan } from './commands/plan.ts';
import { helpText } from './help.ts';
import { applyPorts, planPorts } from './ports.ts';
import { sayError } from './say-error.ts';
import type { Standing } from './standing.ts';
import { findStanding } from './standing.ts';
import type { Terminal } from './terminal.ts';

/** The same share of the account's calls to ELB that the sweep takes (design section 9): the rest is everybody else's. */
const BALANCING_CALLS_PER_SECOND = 4;

type Environment = Record<string, string | undefined>;

/** Options that the SDK takes from the environment; before any client is made. What a person says outranks what is set. */
const setEnvironment = (env: Environment, { profile, region }: CommonOptions): void => {
  if (profile !== undefined) {
    env['AWS_PROFILE'] = profile;
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) delete env[name];
  }
  const wanted = region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (wanted !== undefined) env['AWS_REGION'] = wanted;
  // Ends the user agent of every call, so that CloudTrail tells a terminal from a function.
  env['AWS_SDK_UA_APP_ID'] = 'usher-terminal';
};

type Working = Extract<Invocation, CommonOptions>;

const standingFor = async (invocation: Working): Promise<Standing> =>
  findStanding(stageFinder(lambdaClient(), tokenClient()), {
    stage: invocation.stage,
    region: await tokenClient().config.region(),
    functionName: invocation.command === 'plan' || invocation.command === 'apply' ? 'sweep' : 'carry-out-orders',
    ...(invocation.command === 'plan' ? { parameters: invocation.parameters } : {}),
  });

const work = async (invocation: Working, terminal: Terminal, env: Environment): Promise<number> => {
  setEnvironment(env, invocation);
  paceBalancing(BALANCING_CALLS_PER_SECOND);
  const standing = await standingFor(invocation);
  const log: Log = invocation.verbose ? (line) => terminal.note(JSON.stringify(line)) : () => {};
  switch (invocation.command) {
    case 'plan':
      return plan(standing, terminal, { ...invocation, planPorts: () => planPorts(standing, log) });
    case 'apply':
      return apply(standing, terminal, {
        ...invocation,
        planPorts: () => planPorts(standing, log),
        applyPorts: () => applyPorts(standing, log),
      });
    default:
      return order(standing, terminal, { ...invocation, verb: invocation.command, log });
  }
};

const version = (): string => {
  const { version: own }: { version: string } = JSON.parse(
    readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'),
  );
  return own;
};

const isWorking = (invocation: Invocation): invocation is Working =>
  invocation.command !== 'help' && invocation.command !== 'version';

/**
 * Carries out one command line. Never throws: what fails is one line on standard error.
 * @returns the exit code
 */
export const run = async (argv: readonly string[], terminal: Terminal, env: Environment): Promise<number> => {
  let invocation: Invocation | undefined;
  try {
    invocation = parseArguments(argv, env['USHER_STAGE']);
    if (isWorking(invocation)) return await work(invocation, terminal, env);
    terminal.say(invocation.command === 'version' ? version() : helpText(invocation.about));
    return EXIT.nothingToDo;
  } catch (error) {
    const asked = invocation !== undefined && isWorking(invocation) ? invocation : undefined;
    terminal.note(`usher: ${sayError(error, { profile: env['AWS_PROFILE'], region: env['AWS_REGION'] })}`);
    if (asked?.verbose && error instanceof Error) terminal.note(error.stack ?? error.message);
    return EXIT.failed;
  }
};
