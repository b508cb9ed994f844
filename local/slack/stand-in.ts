import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { checkMessage } from './check-message.ts';
import type { PostedPlace, WebApiBot } from './web-api.ts';
import { openWorkspace } from './web-api.ts';

/** A payload that passed the check, as it arrived. */
export interface ReceivedSlackMessage {
  readonly destination: string;
  readonly receivedAt: Date;
  readonly text: string | undefined;
  readonly blocks: readonly unknown[];
  readonly payload: Readonly<Record<string, unknown>>;
  /** Where it stands, when a bot posted it; a webhook's messages stand alone. */
  readonly place: PostedPlace | { readonly kind: 'webhook' };
}

/**
 * How the next request is answered. `timeout`: taken in and never answered. `lost`: the message is kept and the connection
 * cut before the answer, as when Slack accepts and its answer is lost.
 */
export type NextAnswer =
  | 'ok'
  | 'timeout'
  | 'lost'
  | { readonly status: number; readonly body?: string; readonly retryAfterSeconds?: number };

/** One request as it came and was answered, for whoever counts attempts. */
export interface AnsweredRequest {
  readonly destination: string | undefined;
  readonly status: number | 'timeout' | 'lost';
  readonly body: string;
  /** What exactly was wrong with a refused message; Slack itself would not say. */
  readonly detail?: string;
}

export interface SlackStandIn {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The webhook of a destination, which exists from the moment it is asked for. */
  readonly webhookUrl: (destination: string) => string;
  /** An address for answers to one order, as Slack gives with a command or a press. The order's name is its destination. */
  readonly responseUrl: (order: string) => string;
  /** The bot, invited to the destination's channel from the moment it is asked for. Its Web API is `url` and `/api/`. */
  readonly bot: (destination: string) => WebApiBot;
  readonly messages: readonly ReceivedSlackMessage[];
  readonly requests: readonly AnsweredRequest[];
  /** Answers for the coming requests, one each in this order; then `ok` again. */
  readonly answerNext: (...answers: readonly NextAnswer[]) => void;
  /**
   * The first message that no earlier call returned and that matches; waits for it.
   * @throws {Error} when none came in time (10 s unless told)
   */
  readonly nextMessage: (options?: {
    readonly matching?: (message: ReceivedSlackMessage) => boolean;
    readonly timeoutMilliseconds?: number;
  }) => Promise<ReceivedSlackMessage>;
  /** Ends the server and every open connection. */
  readonly stop: () => Promise<void>;
}

export interface SlackStandInOptions {
  readonly onMessage?: (message: ReceivedSlackMessage) => void;
  /** 0, the default, takes any free port. */
  readonly port?: number;
}

const TEAM = 'T00000000';
const LARGEST_BODY_BYTES = 1_000_000;

/** Where Slack takes answers to an order. */
const answerPathOf = (order: string): string => {
  const digest = createHash('sha256').update(order).digest('hex');
  return `/commands/${TEAM}/${Number.parseInt(digest.slice(0, 10), 16)}/${digest.slice(10, 34)}`;
};

/** Ids of the length Slack's have, made from the name, so that a URL stays the same from run to run. */
const pathOf = (destination: string): string => {
  const digest = createHash('sha256').update(destination).digest('hex').toUpperCase();
  return `/services/${TEAM}/B${digest.slice(0, 8)}/${digest.slice(8, 32)}`;
};

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly detail?: string;
  readonly keep?: {
    readonly destination: string;
    readonly payload: Readonly<Record<string, unknown>>;
    readonly place: ReceivedSlackMessage['place'];
  };
}

/** Slack's answers to a wrong address: unknown team, unknown webhook, wrong token. */
const addressProblem = (path: string, paths: ReadonlyMap<string, string>): Answer | undefined => {
  if (paths.has(path)) return undefined;
  const [, services, team, webhook, token, ...rest] = path.split('/');
  if (services !== 'services' || !token || rest.length > 0) return { status: 404, body: 'no_service' };
  if (team !== TEAM) return { status: 404, body: 'no_team' };
  const known = [...paths.keys()].some((each) => each.split('/')[3] === webhook);
  return known ? { status: 403, body: 'invalid_token' } : { status: 404, body: 'no_service' };
};

/** JSON as body, or in the form field `payload`, as webhooks have always taken it. */
const payloadOf = (body: string, contentType: string): unknown => {
  const json = contentType.startsWith('application/x-www-form-urlencoded')
    ? (new URLSearchParams(body).get('payload') ?? '')
    : body;
  return JSON.parse(json);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const checkedAnswer = (body: string, contentType: string, destination: string): Answer => {
  let payload: unknown;
  try {
    payload = payloadOf(body, contentType);
  } catch {
    return { status: 400, body: 'invalid_payload', detail: 'not JSON' };
  }
  const check = checkMessage(payload);
  if (check.kind === 'refused') return { status: 400, body: check.error, detail: check.detail };
  const place = { kind: 'webhook' } as const;
  return { status: 200, body: 'ok', ...(isRecord(payload) ? { keep: { destination, payload, place } } : {}) };
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_BODY_BYTES) throw new RangeError('the body is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
};

interface Waiter {
  readonly matches: (message: ReceivedSlackMessage) => boolean;
  readonly resolve: (message: ReceivedSlackMessage) => void;
}

/** Messages with those who wait for them; each message is handed out once. */
const mailbox = (onMessage: (message: ReceivedSlackMessage) => void) => {
  const messages: ReceivedSlackMessage[] = [];
  const handedOut = new Set<ReceivedSlackMessage>();
  const waiters = new Set<Waiter>();
  const handOut = (message: ReceivedSlackMessage, waiter: Waiter): void => {
    handedOut.add(message);
    waiters.delete(waiter);
    waiter.resolve(message);
  };
  return {
    messages,
    put(message: ReceivedSlackMessage): void {
      messages.push(message);
      onMessage(message);
      const waiter = [...waiters].find(({ matches }) => matches(message));
      if (waiter) handOut(message, waiter);
    },
    next(matches: Waiter['matches'], timeoutMilliseconds: number): Promise<ReceivedSlackMessage> {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(waiter);
          reject(new Error(`no such message within ${timeoutMilliseconds} ms; ${messages.length} arrived in all`));
        }, timeoutMilliseconds);
        const waiter: Waiter = {
          matches,
          resolve: (message) => {
            clearTimeout(timer);
            resolve(message);
          },
        };
        const waiting = messages.find((message) => !handedOut.has(message) && matches(message));
        if (waiting) handOut(waiting, waiter);
        else waiters.add(waiter);
      });
    },
  };
};

const toldAnswer = (told: Exclude<NextAnswer, string>): Answer => ({
  status: told.status,
  body: told.body ?? (told.status === 429 ? 'rate_limited' : told.status === 500 ? 'rollup_error' : 'told_to'),
  ...(told.retryAfterSeconds === undefined ? {} : { headers: { 'Retry-After': String(told.retryAfterSeconds) } }),
});

const send = (response: ServerResponse, { status, body, headers }: Answer): void => {
  response.writeHead(status, { 'Content-Type': 'text/html', ...headers });
  response.end(body);
};

const API = '/api/';

/** Starts a Slack that takes incoming webhooks and a bot's messages, checks them as Slack would and keeps them. Listens on 127.0.0.1 only. */
export const startSlackStandIn = async (options: SlackStandInOptions = {}): Promise<SlackStandIn> => {
  const box = mailbox(options.onMessage ?? (() => {}));
  const paths = new Map<string, string>();
  const told: NextAnswer[] = [];
  const requests: AnsweredRequest[] = [];

  const workspace = openWorkspace();

  const keep = (kept: Answer['keep']): void => {
    if (kept === undefined) return;
    const { destination, payload, place } = kept;
    const { text, blocks } = payload;
    box.put({
      destination,
      receivedAt: new Date(),
      text: typeof text === 'string' ? text : undefined,
      blocks: Array.isArray(blocks) ? blocks : [],
      payload,
      place,
    });
  };

  const apiAnswer = (request: IncomingMessage, path: string, body: string): Answer => {
    const {
      body: said,
      detail,
      posted,
    } = workspace.call({
      method: path.slice(API.length),
      body,
      contentType: request.headers['content-type'] ?? '',
      authorization: request.headers.authorization,
    });
    return {
      status: 200,
      body: JSON.stringify(said),
      headers: { 'Content-Type': 'application/json' },
      ...(detail === undefined ? {} : { detail }),
      ...(posted === undefined ? {} : { keep: posted }),
    };
  };

  const webhookAnswer = (request: IncomingMessage, path: string, body: string): Answer =>
    addressProblem(path, paths) ??
    checkedAnswer(body, request.headers['content-type'] ?? '', paths.get(path) ?? 'nobody');

  const answerTo = (request: IncomingMessage, path: string, body: string, next: NextAnswer): Answer => {
    if (request.method !== 'POST') return { status: 405, body: 'method_not_allowed' };
    if (typeof next === 'object') return toldAnswer(next);
    return path.startsWith(API) ? apiAnswer(request, path, body) : webhookAnswer(request, path, body);
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const destination = paths.get(path);
    const body = await readBody(request);
    const isKnown = destination !== undefined || path.startsWith(API);
    const next = request.method === 'POST' && isKnown ? (told.shift() ?? 'ok') : 'ok';
    if (next === 'timeout') {
      requests.push({ destination, status: 'timeout', body: '' });
      return;
    }
    const answer = answerTo(request, path, body, next);
    const { detail } = answer;
    requests.push({
      destination: destination ?? answer.keep?.destination,
      status: next === 'lost' ? 'lost' : answer.status,
      body: answer.body,
      ...(detail === undefined ? {} : { detail }),
    });
    keep(answer.keep);
    if (next === 'lost') request.socket.destroy();
    else send(response, answer);
  };

  const server = createServer((request, response) => {
    respond(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');
  const url = `http://127.0.0.1:${address.port}`;

  return {
    url,
    webhookUrl: (destination) => {
      const path = pathOf(destination);
      paths.set(path, destination);
      return `${url}${path}`;
    },
    responseUrl: (order) => {
      const path = answerPathOf(order);
      paths.set(path, order);
      return `${url}${path}`;
    },
    bot: workspace.invite,
    messages: box.messages,
    requests,
    answerNext: (...answers) => {
      told.push(...answers);
    },
    nextMessage: ({ matching = () => true, timeoutMilliseconds = 10_000 } = {}) =>
      box.next(matching, timeoutMilliseconds),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};
