/**
 * Lives in one namespace: answers on the addresses it is told to, and dials when it is told to. Orders come in as lines of JSON and
 * each is answered by one line; it ends with its input, so that it never outlives who started it.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface Endpoint {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
}

export interface Dial {
  readonly protocol: 'tcp' | 'udp';
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly port: number;
  /** No answer is waited for: who is called tells whether it heard. */
  readonly isOneWay: boolean;
}

/** `answered`: what was sent came back; `silence`: nothing did. Anything else, a code of Linux's, is a fault of the apparatus. */
export type DialOutcome = string;

export type Order =
  | { readonly kind: 'serve'; readonly at: readonly Endpoint[] }
  | { readonly kind: 'tell' }
  | { readonly kind: 'dial'; readonly dials: readonly Dial[]; readonly timeoutMilliseconds: number };

export type Answer =
  | { readonly kind: 'serving' }
  | { readonly kind: 'heard'; readonly words: readonly string[] }
  | { readonly kind: 'dialled'; readonly outcomes: readonly DialOutcome[] };

/** What is said on a connection: what it is, so that nothing else can be taken for it. */
const wordOf = ({ from, fromPort, to, port }: Omit<Dial, 'protocol'>): string => [from, fromPort, to, port].join(' ');

let heard: readonly string[] = [];
type Stop = () => Promise<void>;

const serveTcp = ({ address, port }: Endpoint): Promise<Stop> =>
  new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    const server = createServer((socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.pipe(socket);
    });
    const stop: Stop = () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of open) socket.resetAndDestroy();
      });
    server.once('error', reject);
    server.listen({ host: address, port }, () => resolve(stop));
  });

const serveUdp = ({ address, port }: Endpoint): Promise<Stop> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', reject);
    // A firewall may refuse the answer.
    socket.on('message', (message, from) => {
      heard = [...heard, message.toString()];
      socket.send(message, from.port, from.address, () => undefined);
    });
    socket.bind({ address, port }, () => resolve(() => new Promise((closed) => void socket.close(closed))));
  });

/** How Linux tells a sender that its own firewall dropped the packet. */
const isDropped = ({ code }: NodeJS.ErrnoException): boolean => code === 'EPERM';

const dialTcp = (dial: Dial, timeoutMilliseconds: number): Promise<DialOutcome> =>
  new Promise((resolve) => {
    const { from, fromPort, to, port } = dial;
    const socket = connect({ host: to, port, localAddress: from, localPort: fromPort });
    const end = (outcome: DialOutcome): void => {
      clearTimeout(timer);
      // A reset leaves nothing behind that would keep the port; one that is still to be connected would wait for that.
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end('silence'), timeoutMilliseconds);
    socket.on('connect', () => socket.write(wordOf(dial)));
    socket.on('data', () => end('answered'));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(isDropped(error) ? 'silence' : (error.code ?? error.message)),
    );
  });

const dialUdp = async (dial: Dial, timeoutMilliseconds: number): Promise<DialOutcome> => {
  const { from, fromPort, to, port, isOneWay } = dial;
  // Several may leave by the same port, each connected to whom it calls.
  const socket = createSocket({ type: to.includes(':') ? 'udp6' : 'udp4', reuseAddr: true });
  const outcome = await new Promise<DialOutcome>((resolve) => {
    const end = (outcome: DialOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const timer = setTimeout(() => end('silence'), timeoutMilliseconds);
    const fail = (error: NodeJS.ErrnoException): void =>
      end(isDropped(error) ? 'silence' : (error.code ?? error.message));
    socket.on('error', fail);
    if (!isOneWay) socket.on('message', () => end('answered'));
    socket.bind({ address: from, port: fromPort }, () =>
      socket.connect(port, to, () =>
        socket.send(wordOf(dial), (error) => {
          if (error) fail(error);
        }),
      ),
    );
  });
  socket.close();
  return outcome;
};

const SERVE = { tcp: serveTcp, udp: serveUdp } as const;
const DIAL = { tcp: dialTcp, udp: dialUdp } as const;

let serving: readonly Stop[] = [];

const carryOut = async (order: Order): Promise<Answer> => {
  if (order.kind === 'dial') {
    const outcomes = order.dials.map((dial) => DIAL[dial.protocol](dial, order.timeoutMilliseconds));
    return { kind: 'dialled', outcomes: await Promise.all(outcomes) };
  }
  if (order.kind === 'tell') return { kind: 'heard', words: heard };
  await Promise.all(serving.map((stop) => stop()));
  heard = [];
  serving = await Promise.all(order.at.map((endpoint) => SERVE[endpoint.protocol](endpoint)));
  return { kind: 'serving' };
};

for await (const line of createInterface({ input: process.stdin })) {
  const order: Order = JSON.parse(line);
  console.log(JSON.stringify(await carryOut(order)));
}
process.exit();
