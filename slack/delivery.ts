/** How an attempt to deliver ended. A caller that gets `wait` may try again; `refused` never heals by itself. */
export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'wait'; readonly seconds: number; readonly why: string }
  | { readonly kind: 'refused'; readonly status: number; readonly slackError: string };

export const TIMEOUT_MILLISECONDS = 5_000;
const LONGEST_OWN_WAIT_SECONDS = 300;
/** Within the 12 hours for which SQS can hide a message. */
const LONGEST_WAIT_SECONDS = 6 * 3_600;

/** 2, 4, 8, … seconds, at most five minutes. */
export const growingWaitSeconds = (attempt: number): number =>
  Math.min(LONGEST_OWN_WAIT_SECONDS, 2 ** Math.min(Math.max(1, attempt), 10));

/** Seconds that Slack asks for; `undefined` when it names none or something that is no whole number. */
export const retryAfterSeconds = (header: string | null): number | undefined => {
  if (header === null || !/^\d{1,6}$/.test(header.trim())) return undefined;
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Number(header)));
};

/** Statuses that time heals: rate limits, servers in trouble, and requests that arrived too slowly. */
export const heals = (status: number): boolean => status === 429 || status === 408 || status >= 500;

/** Slack's error as one word (`invalid_blocks`); anything else, such as a proxy's page, is cut to a line. */
export const slackErrorOf = (body: string): string =>
  body
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 80) || 'no error named';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Says what went wrong on the way by error names and codes: messages of URL errors hold the URL, which is a secret. */
export const networkTrouble = (error: unknown): string => {
  const names: string[] = [];
  for (let each = error; isObject(each) && names.length < 5; each = each['cause']) {
    const name = [each['code'], each['name']].find((text) => typeof text === 'string' && text !== '');
    if (typeof name === 'string') names.push(name);
  }
  return names.at(-1) ?? 'unknown error';
};
