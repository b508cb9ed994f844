/** Numbers and short words that a story leaves for the log line of its invocation. Never secrets, never bodies. */
export type OutcomeFacts = Readonly<Record<string, string | number | boolean>>;

/** As much of Lambda's context as the log line needs. */
interface InvocationContext {
  readonly awsRequestId?: string;
  readonly functionName?: string;
}

/** As much of middy's request as is looked at. */
interface Invocation {
  readonly event: unknown;
  readonly context: InvocationContext;
  readonly response?: unknown;
  readonly error?: unknown;
}

interface OutcomeMiddleware {
  readonly before: (invocation: Invocation) => void;
  readonly after: (invocation: Invocation) => void;
  readonly onError: (invocation: Invocation) => void;
}

export interface LogOutcomeOptions {
  /** Takes one line of JSON. */
  readonly print?: (line: string) => void;
  /** Milliseconds of any steady clock. */
  readonly clock?: () => number;
}

const noted = new WeakMap<object, OutcomeFacts>();

/** Leaves facts for the log line of this invocation; called again, it adds to them. */
export const noteOutcome = (context: object, facts: OutcomeFacts): void => {
  noted.set(context, { ...noted.get(context), ...facts });
};

const lengthOf = (value: unknown, key: string): number | undefined => {
  if (typeof value !== 'object' || value === null || !(key in value)) return undefined;
  const list: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return Array.isArray(list) ? list.length : undefined;
};

const LONGEST_MESSAGE = 500;

/** The path of a webhook is its password; whatever error quotes one, it does not reach the log. */
const withoutSecrets = (message: string): string =>
  message.replace(/\/services\/[^\s"'`)]+/g, '/services/…').slice(0, LONGEST_MESSAGE);

const describe = (error: unknown): { readonly name: string; readonly message: string } =>
  error instanceof Error
    ? { name: error.name, message: withoutSecrets(error.message) }
    : { name: 'unknown', message: withoutSecrets(String(error)) };

/**
 * Middy middleware: one line of JSON per invocation, with its outcome, duration and counts. It sets no response, so an
 * error leaves the handler and Lambda retries.
 */
export const logOutcome = (options: LogOutcomeOptions = {}): OutcomeMiddleware => {
  const { print = (line) => console.log(line), clock = () => performance.now() } = options;
  const startedAt = new WeakMap<object, number>();
  let coldStart = true;
  const log = ({ event, context, response }: Invocation, outcome: Readonly<Record<string, unknown>>): void => {
    const started = startedAt.get(context);
    const line = {
      level: outcome['outcome'] === 'failed' ? 'error' : 'info',
      function: context.functionName,
      requestId: context.awsRequestId,
      ...outcome,
      durationMilliseconds: started === undefined ? undefined : Math.round(clock() - started),
      coldStart,
      records: lengthOf(event, 'Records'),
      batchItemFailures: lengthOf(response, 'batchItemFailures'),
      ...noted.get(context),
    };
    coldStart = false;
    print(JSON.stringify(line));
  };
  return {
    before: ({ context }) => {
      startedAt.set(context, clock());
    },
    after: (invocation) => log(invocation, { outcome: 'done' }),
    onError: (invocation) => log(invocation, { outcome: 'failed', error: describe(invocation.error) }),
  };
};
