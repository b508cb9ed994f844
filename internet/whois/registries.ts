import { connect } from 'node:net';
import { toAsciiName } from '../names.ts';
import { toRegistration } from './jprs-answer.ts';
import type { WhoisRegistries } from './port.ts';

export interface WhoisOptions {
  readonly host: string;
  readonly port: number;
  /** From connecting to the end of the answer. */
  readonly timeoutMilliseconds: number;
}

/** An answer has 1 to 2 kB. */
const MAXIMUM_BYTES = 64_000;

type Said = { readonly kind: 'said'; readonly text: string } | { readonly kind: 'not-said'; readonly why: string };

/** One line asked, everything heard until the server hangs up. @see RFC 3912 */
const ask = (line: string, { host, port, timeoutMilliseconds }: WhoisOptions): Promise<Said> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const socket = connect({ host, port });
    const end = (said: Said) => {
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => undefined);
      socket.destroy();
      resolve(said);
    };
    const timer = setTimeout(() => end({ kind: 'not-said', why: 'TimedOut' }), timeoutMilliseconds);
    socket.on('connect', () => socket.write(`${line}\r\n`));
    socket.on('error', (error: NodeJS.ErrnoException) => end({ kind: 'not-said', why: error.code ?? error.name }));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > MAXIMUM_BYTES) end({ kind: 'not-said', why: 'TooLong' });
    });
    socket.on('end', () => end({ kind: 'said', text: Buffer.concat(chunks).toString('utf8') }));
    socket.on('close', () => end({ kind: 'not-said', why: 'Closed' }));
  });

/** JPRS's WHOIS; `/e` asks for English. */
export const whoisRegistries = (given: Partial<WhoisOptions> = {}): WhoisRegistries => {
  const options: WhoisOptions = { host: 'whois.jprs.jp', port: 43, timeoutMilliseconds: 8_000, ...given };
  return {
    async readRegistration(name) {
      const domain = toAsciiName(name);
      if (domain === undefined || !domain.endsWith('.jp')) return { kind: 'cannot-know', why: 'NoSource' };
      const said = await ask(`${domain}/e`, options);
      return said.kind === 'said' ? toRegistration(domain, said.text) : { kind: 'could-not-check', why: said.why };
    },
  };
};
