import { randomInt } from 'node:crypto';
import type { Socket as UdpSocket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { Answer, DecodedPacket } from 'dns-packet';
import { decode, encode, RECURSION_DESIRED, streamEncode } from 'dns-packet';

/** Where a server listens. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

export interface Question {
  /** In ASCII, lower case, without a last dot. */
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'NS';
  /** Asked of a resolver, which is to find the answer, and not of a server that has it or hasn't. */
  readonly recursive: boolean;
}

/** One record of a reply; only the kinds that are read. */
export interface ReplyRecord {
  /** Lower case, without a last dot. */
  readonly owner: string;
  readonly type: string;
  /** A name or an address as the server wrote it; `undefined` for kinds that hold neither. */
  readonly value: string | undefined;
}

export type Reply =
  | {
      readonly kind: 'reply';
      /** `0` NOERROR, `2` SERVFAIL, `3` NXDOMAIN, `5` REFUSED. @see RFC 1035, section 4.1.1 */
      readonly code: number;
      readonly isAuthoritative: boolean;
      readonly answers: readonly ReplyRecord[];
      readonly authorities: readonly ReplyRecord[];
    }
  | { readonly kind: 'no-reply'; readonly why: 'TimedOut' | 'Refused' | 'Unreachable' | 'Unintelligible' };

/** How long is waited for a server. */
export interface Patience {
  /** For each datagram, and for an exchange by TCP. */
  readonly timeoutMilliseconds: number;
  /** Datagrams get lost: how many are sent. */
  readonly attempts: number;
}

const RESPONSE_CODE = 0x0f;

/** The longest message by TCP: its length comes in two bytes. @see RFC 1035, section 4.2.2 */
const LENGTH_BYTES = 2;

const plainName = (name: string): string => name.replace(/\.$/, '').toLowerCase();

const toRecord = ({ name, type, ...rest }: Answer): ReplyRecord => {
  const data = 'data' in rest ? rest.data : undefined;
  return { owner: plainName(name), type, value: typeof data === 'string' ? data : undefined };
};

const toReply = (packet: DecodedPacket): Reply => ({
  kind: 'reply',
  code: (packet.flags ?? 0) & RESPONSE_CODE,
  isAuthoritative: packet.flag_aa,
  answers: (packet.answers ?? []).map(toRecord),
  authorities: (packet.authorities ?? []).map(toRecord),
});

const whyOf = (error: NodeJS.ErrnoException): Reply => {
  if (error.code === 'ECONNREFUSED') return { kind: 'no-reply', why: 'Refused' };
  return { kind: 'no-reply', why: error.code === 'ETIMEDOUT' ? 'TimedOut' : 'Unreachable' };
};

/** The message, if it can be read and answers this very question; anybody may send a datagram. */
const readAnswer = (message: Buffer, id: number, question: Question): DecodedPacket | undefined => {
  try {
    const packet = decode(message);
    const [asked, ...others] = packet.questions ?? [];
    const isOurs = packet.flag_qr && packet.id === id && others.length === 0 && asked !== undefined;
    return isOurs && plainName(asked.name) === question.name && asked.type === question.type ? packet : undefined;
  } catch {
    return undefined;
  }
};

const packetOf = (id: number, { name, type, recursive }: Question) => ({
  type: 'query' as const,
  id,
  flags: recursive ? RECURSION_DESIRED : 0,
  questions: [{ name, type }],
});

/** `truncated`: the server has more to say than fits a datagram, and wants to be asked by TCP. */
const askByUdp = (
  server: ServerAddress,
  question: Question,
  timeoutMilliseconds: number,
): Promise<Reply | 'truncated'> =>
  new Promise((resolve) => {
    const id = randomInt(0x10000);
    const socket: UdpSocket = createSocket(isIPv6(server.address) ? 'udp6' : 'udp4');
    let heardNonsense = false;
    const end = (reply: Reply | 'truncated') => {
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => undefined);
      socket.close();
      resolve(reply);
    };
    const timer = setTimeout(
      () => end({ kind: 'no-reply', why: heardNonsense ? 'Unintelligible' : 'TimedOut' }),
      timeoutMilliseconds,
    );
    socket.on('error', (error) => end(whyOf(error)));
    socket.on('message', (message) => {
      const packet = readAnswer(message, id, question);
      if (packet === undefined) heardNonsense = true;
      else end(packet.flag_tc ? 'truncated' : toReply(packet));
    });
    // Connected, so that the system drops what others send, and tells when nobody listens.
    socket.on('connect', () => socket.send(encode(packetOf(id, question))));
    socket.connect(server.port, server.address);
  });

const askByTcp = (server: ServerAddress, question: Question, timeoutMilliseconds: number): Promise<Reply> =>
  new Promise((resolve) => {
    const id = randomInt(0x10000);
    const socket = connect({ host: server.address, port: server.port });
    let received = Buffer.alloc(0);
    const end = (reply: Reply) => {
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => undefined);
      socket.destroy();
      resolve(reply);
    };
    const timer = setTimeout(() => end({ kind: 'no-reply', why: 'TimedOut' }), timeoutMilliseconds);
    socket.on('error', (error) => end(whyOf(error)));
    socket.on('close', () => end({ kind: 'no-reply', why: 'Unintelligible' }));
    socket.on('connect', () => socket.write(streamEncode(packetOf(id, question))));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < LENGTH_BYTES) return;
      const length = received.readUInt16BE(0);
      if (received.length < LENGTH_BYTES + length) return;
      const packet = readAnswer(received.subarray(LENGTH_BYTES, LENGTH_BYTES + length), id, question);
      end(packet === undefined ? { kind: 'no-reply', why: 'Unintelligible' } : toReply(packet));
    });
  });

/**
 * One question to one server: by UDP, and by TCP when the answer doesn't fit. Never throws. No EDNS: servers that choke on
 * it are among those that have to be asked, and TCP carries the rest.
 */
export const askServer = async (server: ServerAddress, question: Question, patience: Patience): Promise<Reply> => {
  let last: Reply = { kind: 'no-reply', why: 'TimedOut' };
  for (let attempt = 0; attempt < patience.attempts; attempt += 1) {
    const reply = await askByUdp(server, question, patience.timeoutMilliseconds);
    if (reply === 'truncated') return askByTcp(server, question, patience.timeoutMilliseconds);
    if (reply.kind === 'reply') return reply;
    last = reply;
  }
  return last;
};
