import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Answer, Packet, Question } from 'dns-packet';
import { AUTHORITATIVE_ANSWER, decode, encode, streamEncode, TRUNCATED_RESPONSE } from 'dns-packet';

/** What a server does with a question: answers, says bytes that are no answer, or nothing. */
export type DnsReaction = Packet | Buffer | 'silence' | 'hang-up';

export type Via = 'udp' | 'tcp';

export interface DnsServer {
  readonly address: '127.0.0.1';
  readonly port: number;
  /** Every question in order, as `udp CNAME www.example.com`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** @see RFC 1035, section 4.1.1 */
export const CODE = { none: 0, formatError: 1, serverFailure: 2, nameError: 3, refused: 5 } as const;

/** An answer of the server that has the zone. */
export const authoritative = (answers: Answer[], authorities: Answer[] = [], code: number = CODE.none): Packet => ({
  flags: AUTHORITATIVE_ANSWER | code,
  answers,
  authorities,
});

/** An answer of who doesn't have the zone: a resolver, or a server that refers elsewhere. */
export const secondHand = (answers: Answer[], authorities: Answer[] = [], code: number = CODE.none): Packet => ({
  flags: code,
  answers,
  authorities,
});

export const TRUNCATED: Packet = { flags: AUTHORITATIVE_ANSWER | TRUNCATED_RESPONSE };

export const cname = (name: string, data: string): Answer => ({ type: 'CNAME', name, ttl: 60, data });
export const ns = (name: string, data: string): Answer => ({ type: 'NS', name, ttl: 60, data });
export const a = (name: string, data: string): Answer => ({ type: 'A', name, ttl: 60, data });
export const soa = (name: string): Answer => ({
  type: 'SOA',
  name,
  ttl: 60,
  data: { mname: `ns.${name}`, rname: `admin.${name}`, serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 },
});

const questionOf = (query: Buffer): { readonly id: number; readonly question: Question } => {
  const { id = 0, questions: [question] = [] } = decode(query);
  if (question === undefined) throw new Error('a query without a question');
  return { id, question };
};

const toPacket = (reaction: Packet, id: number, question: Question): Packet => ({
  type: 'response',
  id,
  questions: [question],
  ...reaction,
});

/** Whether a TCP port was free to listen on. */
const listens = (tcp: Server, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const end = (isFree: boolean) => {
      tcp.removeAllListeners('listening').removeAllListeners('error');
      resolve(isFree);
    };
    tcp.on('listening', () => end(true)).on('error', () => end(false));
    tcp.listen(port, '127.0.0.1');
  });

/** UDP at a free port whose TCP is free too. */
const listenOnBoth = async (tcp: Server): Promise<ReturnType<typeof createSocket>> => {
  for (;;) {
    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    if (await listens(tcp, udp.address().port)) return udp;
    udp.close();
  }
};

/** A DNS server on loopback, UDP and TCP at the same port, that does with each question what it is told to. */
export const startDnsServer = async (
  react: (question: Question, via: Via, id: number) => DnsReaction,
): Promise<DnsServer> => {
  const asked: string[] = [];
  const sockets = new Set<Socket>();

  const take = (query: Buffer, via: Via) => {
    const { id, question } = questionOf(query);
    asked.push(`${via} ${question.type} ${question.name}`);
    return { id, question, reaction: react(question, via, id) };
  };

  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (query) => {
      const { id, question, reaction } = take(query.subarray(2), 'tcp');
      if (reaction === 'silence') return;
      if (reaction === 'hang-up') socket.destroy();
      else if (Buffer.isBuffer(reaction)) socket.write(reaction);
      else socket.write(streamEncode(toPacket(reaction, id, question)));
    });
  });
  const udp = await listenOnBoth(tcp);
  udp.on('message', (query, { port, address }) => {
    const { id, question, reaction } = take(query, 'udp');
    if (reaction === 'silence' || reaction === 'hang-up') return;
    udp.send(Buffer.isBuffer(reaction) ? reaction : encode(toPacket(reaction, id, question)), port, address);
  });

  return {
    address: '127.0.0.1',
    port: udp.address().port,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      udp.close();
      tcp.close();
      await once(tcp, 'close');
    },
  };
};
