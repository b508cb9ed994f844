import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { request as requestPlain } from 'node:http';
import { request as requestByTls } from 'node:https';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { checkServerIdentity, TLSSocket as Tls } from 'node:tls';
import type { Asked, NotAnsweredBecause, ShownCertificate, TellingHeader } from '../../domain/front-door/walk.ts';
import { TELLING_HEADERS } from '../../domain/front-door/walk.ts';
import { isPublicAddress } from '../addresses.ts';
import { fieldOf } from '../failure.ts';
import { inTime } from '../in-time.ts';
import { codeOf, trustOf } from '../tls/probe.ts';
import { servedChainOf } from '../tls/served-chain.ts';
import type { HttpProbe } from './port.ts';
import { plainText } from './text.ts';

export interface HttpProbeOptions {
  /** For one GET, from looking the name up to the last byte that is read. */
  readonly timeoutMilliseconds: number;
  /** Bytes of a page that are read, as they come and unpacked; the rest is left. */
  readonly maximumBytes: number;
  /** All addresses of a name. Rejects as `dns.lookup` does. */
  readonly lookUp: (host: string) => Promise<readonly string[]>;
  /** Whether an address may be asked; judged before connecting, and of the address that was connected to. */
  readonly mayConnectTo: (address: string) => boolean;
  readonly mayAskPort: (port: number) => boolean;
  /** Where a port is really found; another than itself only where stand-ins take the internet's place. */
  readonly portOf: (port: number, protocol: string) => number;
  /** Authorities to trust, in PEM; Node's own unless given. */
  readonly authorities: readonly string[] | undefined;
}

/** Said to everybody who is asked, so that they can tell who it was. */
const USER_AGENT = 'usher-doctor (asked for by a person who runs this site)';

const HTTP_PORT = 80;
const HTTPS_PORT = 443;
const FIRST_FREE_PORT = 1024;

/** Below 1024 every port but the web's is another service's. */
const isWebPort = (port: number): boolean => port === HTTP_PORT || port === HTTPS_PORT || port >= FIRST_FREE_PORT;

const BECAUSE: Readonly<Record<string, NotAnsweredBecause>> = {
  ENOTFOUND: 'NameNotFound',
  ENODATA: 'NameNotFound',
  ECONNREFUSED: 'Refused',
  ETIMEDOUT: 'TimedOut',
  EHOSTUNREACH: 'Unreachable',
  ENETUNREACH: 'Unreachable',
  EADDRNOTAVAIL: 'Unreachable',
  EAI_AGAIN: 'Unreachable',
  EPROTO: 'TlsRefused',
};

class NotAllowedError extends Error {}

const becauseOf = (error: unknown, isTls: boolean, isSecured: boolean): NotAnsweredBecause => {
  if (error instanceof NotAllowedError) return 'NotPublic';
  const code = fieldOf(error, 'code') ?? '';
  const known = BECAUSE[code];
  if (known !== undefined) return known;
  if (code.startsWith('HPE_')) return 'NotHttp';
  return isTls && !isSecured ? 'TlsRefused' : 'NotHttp';
};

/** What a visitor's browser would see of the certificate. Nothing secret is sent, so that a bad one ends nothing here. */
const shownBy = (socket: TLSSocket, host: string): ShownCertificate | undefined => {
  const peer = socket.getPeerCertificate(true);
  const chain = servedChainOf(peer);
  const [leaf] = chain;
  return leaf === undefined
    ? undefined
    : {
        namesHost: checkServerIdentity(host, peer) === undefined,
        trust: trustOf(codeOf(socket), chain.length),
        names: leaf.names,
        notAfter: leaf.notAfter,
      };
};

const headersOf = ({ headers }: IncomingMessage): Readonly<Partial<Record<TellingHeader, string>>> =>
  Object.fromEntries(
    TELLING_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );

const locationOf = ({ headers }: IncomingMessage, base: string): string | undefined => {
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
};

/** As much of a body as may be read; what follows is never received. */
const readBody = async (message: IncomingMessage, maximumBytes: number): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message) {
    if (!Buffer.isBuffer(part)) break;
    parts.push(part);
    length += part.length;
    if (length >= maximumBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maximumBytes);
};

/** HTML as text; a body that ends in its middle is worth what came of it. */
const htmlOf = async (message: IncomingMessage, maximumBytes: number): Promise<string | undefined> => {
  if (!/^(?:text\/html|application\/xhtml\+xml)\b/i.test(message.headers['content-type'] ?? '')) return undefined;
  const body = await readBody(message, maximumBytes).catch(() => undefined);
  return body && plainText(body, message.headers['content-encoding'], maximumBytes);
};

interface Server {
  readonly url: URL;
  readonly address: string;
}

/** Connects to one address and no other, so that what was allowed is what is asked. */
const askAt = ({ url, address }: Server, options: HttpProbeOptions, endsAt: number): Promise<Asked> =>
  new Promise((resolve) => {
    const isTls = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const written = Number(url.port || (isTls ? HTTPS_PORT : HTTP_PORT));
    let isSecured = false;
    const end = (asked: Asked): void => {
      clearTimeout(timer);
      resolve(asked);
      sent.destroy();
    };
    const fail = (because: NotAnsweredBecause): void =>
      end({ kind: 'not-answered', url: url.href, because, addresses: [address] });
    const answer = async (message: IncomingMessage): Promise<void> => {
      const certificate = message.socket instanceof Tls ? shownBy(message.socket, host) : undefined;
      const html = await htmlOf(message, options.maximumBytes);
      end({
        kind: 'answered',
        url: url.href,
        address,
        status: message.statusCode ?? 0,
        headers: headersOf(message),
        setsCookie: (message.headers['set-cookie'] ?? []).length > 0,
        location: locationOf(message, url.href),
        certificate,
        html,
      });
    };
    const sent = (isTls ? requestByTls : requestPlain)({
      host: address,
      port: options.portOf(written, url.protocol),
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      agent: false,
      headers: {
        host: url.host,
        'user-agent': USER_AGENT,
        accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
        'accept-encoding': 'gzip, br',
      },
      ...(isTls
        ? {
            // An address is no server name. @see RFC 6066, section 3
            servername: isIP(host) === 0 ? host : '',
            // A bad certificate is a finding, told with all that lies behind it.
            rejectUnauthorized: false,
            checkServerIdentity: () => undefined,
            ...(options.authorities === undefined ? {} : { ca: [...options.authorities] }),
          }
        : {}),
    });
    const timer = setTimeout(() => fail('TimedOut'), Math.max(0, endsAt - performance.now()));
    sent.on('socket', (socket) => {
      socket.on('connect', () => {
        if (!options.mayConnectTo(socket.remoteAddress ?? ''))
          sent.destroy(new NotAllowedError('not a public address'));
      });
      socket.on('secureConnect', () => {
        isSecured = true;
      });
    });
    sent.on('error', (error) => fail(becauseOf(error, isTls, isSecured)));
    sent.on('response', (message) => {
      answer(message).catch((error: unknown) => fail(becauseOf(error, isTls, isSecured)));
    });
    sent.end();
  });

/** IPv4 first: Lambda has no IPv6 outside a VPC. */
const lookUpAll = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address);

/** Addresses of a name that are tried, one after the other, until one answers. */
const MAXIMUM_ADDRESSES = 2;

/** GETs over Node's own HTTP, to public addresses alone unless said otherwise. */
export const httpProbe = (given: Partial<HttpProbeOptions> = {}): HttpProbe => {
  const options: HttpProbeOptions = {
    timeoutMilliseconds: 8_000,
    maximumBytes: 512 * 1024,
    lookUp: lookUpAll,
    mayConnectTo: isPublicAddress,
    mayAskPort: isWebPort,
    portOf: (port) => port,
    authorities: undefined,
    ...given,
  };

  return {
    async get(written) {
      const endsAt = performance.now() + options.timeoutMilliseconds;
      const url = new URL(written);
      // Whatever a link holds for logging in is not ours to send.
      url.username = '';
      url.password = '';
      url.hash = '';
      const not = (because: NotAnsweredBecause, addresses: readonly string[]): Asked => ({
        kind: 'not-answered',
        url: url.href,
        because,
        addresses,
      });
      const port = Number(url.port || (url.protocol === 'https:' ? HTTPS_PORT : HTTP_PORT));
      if (!options.mayAskPort(port)) return not('PortNotAsked', []);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      let addresses: readonly string[];
      try {
        addresses = isIP(host) === 0 ? await inTime(options.lookUp(host), endsAt - performance.now()) : [host];
      } catch (error) {
        return not(becauseOf(error, false, false), []);
      }
      if (addresses.length === 0) return not('NameNotFound', []);
      let asked = not('NotPublic', addresses);
      for (const address of addresses.filter(options.mayConnectTo).slice(0, MAXIMUM_ADDRESSES)) {
        asked = await askAt({ url, address }, options, endsAt);
        if (asked.kind === 'answered') return asked;
      }
      return asked;
    },
  };
};
