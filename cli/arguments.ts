import type { ParseArgsOptionsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import type { CommandName, OrderVerb } from './help.ts';
import { COMMANDS, isCommandName } from './help.ts';
import { UsageError } from './usage-error.ts';

/** Where a command works, and how it speaks. */
export interface CommonOptions {
  readonly stage: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** One line of a person's, understood. */
export type Invocation =
  | { readonly command: 'help'; readonly about: CommandName | undefined }
  | { readonly command: 'version' }
  | (CommonOptions & {
      readonly command: 'plan';
      /** Parameters of `serverless.yml` by name. */
      readonly parameters: Readonly<Record<string, string>>;
    })
  | (CommonOptions & { readonly command: 'apply'; readonly yes: boolean })
  /** The verbs that Slack has too, with what was typed behind them. */
  | (CommonOptions & { readonly command: OrderVerb; readonly words: readonly string[] });

const COMMON = {
  stage: { type: 'string' },
  region: { type: 'string' },
  profile: { type: 'string' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

const OPTIONS = {
  ...COMMON,
  param: { type: 'string', multiple: true },
  yes: { type: 'boolean', short: 'y' },
} as const satisfies ParseArgsOptionsConfig;

/** Options that one command alone has. */
const OWN: Readonly<Record<'param' | 'yes', CommandName>> = { param: 'plan', yes: 'apply' };

const ask = 'Next: usher --help';

/** As `serverless.yml` allows a stage to be called. */
const STAGE = /^[A-Za-z0-9][A-Za-z0-9-]{0,30}$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const PARAMETER = /^([A-Za-z]+)=(.*)$/s;

const read = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    // Node explains at length; the first sentence says it.
    const [said = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${said}. ${ask}`);
  }
};

const parametersOf = (params: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    params.map((param) => {
      const [, name, value] = PARAMETER.exec(param) ?? [];
      if (name === undefined || value === undefined)
        throw new UsageError(`--param ${param} is no NAME=VALUE. Next: usher plan --param vpcIds=vpc-0a1b2c3d`);
      return [name, value];
    }),
  );

const commandOf = (word: string): CommandName => {
  if (isCommandName(word)) return word;
  throw new UsageError(
    `There is no command “${word}”. Next: usher --help, which lists ${Object.keys(COMMANDS).join(', ')}`,
  );
};

/**
 * Understands a command line. Only a line in itself: what stands deployed is found out later.
 * @param argv what follows the program's name
 * @param stageByDefault the environment's `USHER_STAGE`, else the one that a deployment has without being told
 * @throws {UsageError}
 */
export const parseArguments = (argv: readonly string[], stageByDefault = 'prod'): Invocation => {
  const { values, positionals } = read(argv);
  const [first, ...words] = positionals;
  if (values.version) return { command: 'version' };
  if (first === undefined) return { command: 'help', about: undefined };
  if (first === 'help') return { command: 'help', about: words[0] === undefined ? undefined : commandOf(words[0]) };
  const command = commandOf(first);
  if (values.help) return { command: 'help', about: command };
  for (const [option, owner] of Object.entries(OWN))
    if (values[option as keyof typeof OWN] !== undefined && command !== owner)
      throw new UsageError(`usher ${command} knows no --${option}. Next: usher ${command} --help`);
  if (words.length > 0 && !COMMANDS[command].takesWords)
    throw new UsageError(`usher ${command} takes no “${words[0]}”. Next: usher ${command} --help`);
  const { stage = stageByDefault, region, profile, json = false, verbose = false } = values;
  if (!STAGE.test(stage)) throw new UsageError(`“${stage}” is no name of a stage: letters, digits and dashes. ${ask}`);
  if (region !== undefined && !REGION.test(region))
    throw new UsageError(`“${region}” is no Region. Next: --region ap-northeast-1, say`);
  const common = { stage, region, profile, json, verbose };
  switch (command) {
    case 'plan':
      return { command, ...common, parameters: parametersOf(values.param ?? []) };
    case 'apply':
      return { command, ...common, yes: values.yes ?? false };
    default:
      return { command, ...common, words };
  }
};
