import { parseArgs } from 'node:util';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AnswerError, destinationFrom, languageFrom, stageFrom } from './answers.ts';
import { ConnectError, connectDestination } from './connect-destination.ts';
import { parameterStore } from './parameter-store.ts';
import { makePrompter, NoMoreAnswersError } from './prompt.ts';

const HELP = `Stores what Usher needs to speak to Slack, and tries it with a test message.

  npm run slack:connect -- --stage prod [--region ap-northeast-1] [--destination default] [--language en]

  --stage        the stage that was deployed; prod when left out
  --region       its Region; else AWS_REGION, AWS_DEFAULT_REGION, ap-northeast-1
  --destination  one of the stage’s parameter destinations; default when left out
  --language     of the test message: en or ja

It asks for the signing secret, the webhook URL and, if you like, a bot token with its channel, and shows none of them.
Secrets are never arguments: those end up in the shell’s history. The page docs/slack.md has every step.
`;

const OPTIONS = {
  stage: { type: 'string', default: 'prod' },
  region: { type: 'string' },
  destination: { type: 'string', default: 'default' },
  language: { type: 'string', default: 'en' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** As serverless.yml chooses it. */
const regionFrom = (given: string | undefined): string =>
  given || process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || 'ap-northeast-1';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** What to do about errors that are not ours, by their name. */
const NEXT: Readonly<Record<string, string>> = {
  AccessDeniedException: 'Your AWS identity needs ssm:GetParameter and ssm:PutParameter on /usher/*.',
  CredentialsProviderError: 'There are no AWS credentials: set AWS_PROFILE, or run aws configure.',
  ExpiredTokenException: 'Your AWS session has ended: sign in again.',
  UnrecognizedClientException: 'AWS does not know these credentials: check AWS_PROFILE.',
};

/** One line with the next step. AWS's own words are left out: they can repeat a value that was refused. */
const lineOf = (error: unknown): string => {
  if (error instanceof ConnectError) return error.message;
  if (error instanceof AnswerError) return `${error.message} Try --help.`;
  if (error instanceof NoMoreAnswersError) return `${error.message} Nothing was stored.`;
  const name = isObject(error) ? String(error['code'] ?? error['name']) : 'unknown error';
  if (name.startsWith('ERR_PARSE_ARGS'))
    return 'That is no argument of this command; secrets are asked for. Try --help.';
  const known = isObject(error) ? NEXT[String(error['name'])] : undefined;
  return known ?? `AWS could not be asked (${name}): check the Region and the network, and run this again.`;
};

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const main = async (): Promise<number> => {
  let close = (): void => {};
  try {
    const { values } = parseArgs({ options: OPTIONS, allowPositionals: false });
    if (values.help) {
      say(HELP);
      return 0;
    }
    const connection = {
      stage: stageFrom(values.stage),
      destination: destinationFrom(values.destination),
      language: languageFrom(values.language),
    };
    const ssm = new SSMClient({ region: regionFrom(values.region), maxAttempts: 3 });
    const prompter = makePrompter(process.stdin, process.stdout);
    close = () => {
      prompter.close();
      ssm.destroy();
    };
    await connectDestination(connection, { prompter, secrets: parameterStore(ssm), say });
    return 0;
  } catch (error) {
    process.stderr.write(`${lineOf(error)}\n`);
    return 1;
  } finally {
    close();
  }
};

process.exitCode = await main();
