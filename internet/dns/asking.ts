import { isIP } from 'node:net';
import { toAsciiName } from '../names.ts';
import type { Patience, Question, Reply, ReplyRecord, ServerAddress } from './exchange.ts';
import { askServer } from './exchange.ts';

export interface AskingOptions {
  /** The resolvers that the machine is set up with. */
  readonly resolvers: readonly ServerAddress[];
  readonly patience: Patience;
  /** For all that one method asks, however many servers and zones there are. */
  readonly limitMilliseconds: number;
  /** Where the name server with an address is asked; `undefined` for addresses that are not to be asked. */
  readonly reach: (address: string) => ServerAddress | undefined;
}

/** A reply that says what there is, or that there is nothing. */
export type Answered = Extract<Reply, { kind: 'reply' }>;

export const NO_ERROR = 0;
const NAME_ERROR = 3;

/** Servers of a zone that are asked, all at once, and addresses of a server, one after the other. */
const MAXIMUM_SERVERS = 3;
const MAXIMUM_ADDRESSES = 2;

export const hasAnswer = (reply: Reply | undefined): reply is Answered =>
  reply?.kind === 'reply' && (reply.code === NO_ERROR || reply.code === NAME_ERROR);

/** Values of an owner's records of one type, each once. */
export const valuesOf = (records: readonly ReplyRecord[], owner: string, type: string): readonly string[] => [
  ...new Set(
    records.flatMap((record) =>
      record.owner === owner && record.type === type && record.value !== undefined ? [record.value] : [],
    ),
  ),
];

/** Names of servers as we write names, in order; what is no name can't be a server. */
export const serverNamesOf = (records: readonly ReplyRecord[], zone: string): readonly string[] =>
  [...new Set(valuesOf(records, zone, 'NS').flatMap((value) => toAsciiName(value) ?? []))].sort();

export interface Asking {
  /** The first usable answer of several servers; the last of the others when none has one. */
  askAny(servers: readonly ServerAddress[], question: Question): Promise<Reply | undefined>;
  askResolvers(name: string, type: Question['type']): Promise<Reply | undefined>;
  /** What one of a zone's servers answers; `undefined` when none does. */
  askZone(servers: readonly string[], question: Omit<Question, 'recursive'>): Promise<Answered | undefined>;
  addressesOf(server: string): Promise<readonly ServerAddress[]>;
}

/** Ways to ask that end together, when the time for all of them is up. */
export const startAsking = (options: AskingOptions): Asking => {
  const endsAt = performance.now() + options.limitMilliseconds;

  const ask = (server: ServerAddress, question: Question): Promise<Reply> => {
    const leftMilliseconds = endsAt - performance.now();
    const { attempts, timeoutMilliseconds } = options.patience;
    return leftMilliseconds <= 0
      ? Promise.resolve({ kind: 'no-reply', why: 'TimedOut' })
      : askServer(server, question, {
          attempts,
          timeoutMilliseconds: Math.min(timeoutMilliseconds, leftMilliseconds / attempts),
        });
  };

  const askAny = async (servers: readonly ServerAddress[], question: Question): Promise<Reply | undefined> => {
    let last: Reply | undefined;
    for (const server of servers) {
      last = await ask(server, question);
      if (hasAnswer(last)) return last;
    }
    return last;
  };

  const askResolvers = (name: string, type: Question['type']) =>
    askAny(options.resolvers, { name, type, recursive: true });

  const addressesNamed = async (name: string, type: 'A' | 'AAAA'): Promise<readonly string[]> => {
    const reply = await askResolvers(name, type);
    // Owners are not compared: the name may be an alias, and the resolver has followed it.
    return hasAnswer(reply)
      ? reply.answers.flatMap(({ type: given, value }) => (given === type && value !== undefined ? [value] : []))
      : [];
  };

  /** IPv4 first: Lambda has no IPv6 outside a VPC. */
  const lookUp = async (server: string): Promise<readonly string[]> => {
    if (isIP(server) !== 0) return [server];
    const name = toAsciiName(server);
    if (name === undefined) return [];
    const found = await addressesNamed(name, 'A');
    return found.length > 0 ? found : addressesNamed(name, 'AAAA');
  };

  const addressesOf = async (server: string): Promise<readonly ServerAddress[]> =>
    (await lookUp(server)).flatMap((address) => options.reach(address) ?? []).slice(0, MAXIMUM_ADDRESSES);

  return {
    askAny,
    askResolvers,
    addressesOf,
    async askZone(servers, question) {
      const replies = servers.slice(0, MAXIMUM_SERVERS).map(async (server) => {
        const reply = await askAny(await addressesOf(server), { ...question, recursive: false });
        if (!hasAnswer(reply)) throw new Error(`${server} gave no answer`);
        return reply;
      });
      return Promise.any(replies).catch(() => undefined);
    },
  };
};
