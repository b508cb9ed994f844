import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { checkServerIdentity, connect } from 'node:tls';
import type { Handshake } from '../../domain/expiry/served.ts';
import { mayConnectTo } from '../addresses.ts';
import { fieldOf } from '../failure.ts';
import { inTime } from '../in-time.ts';
import { toAsciiName } from '../names.ts';
import type { TlsProbe } from './port.ts';
import { servedChainOf } from './served-chain.ts';

export interface TlsProbeOptions {
  /** For looking the name up, and for one address from connecting to the end of the handshake. */
  readonly timeoutMilliseconds: number;
  /** All addresses of a name. Rejects as `dns.lookup` does. */
  readonly lookUp: (host: string) => Promise<readonly string[]>;
  readonly mayConnectTo: (address: string) => boolean;
  /** Authorities to trust, in PEM; Node's own unless given. */
  readonly authorities: readonly string[] | undefined;
}

/** Addresses of a name that are tried, one after the other, until one answers. */
const MAXIMUM_ADDRESSES = 2;

const HIGHEST_PORT = 65_535;

type Served = Extract<Handshake, { kind: 'served' }>;
type NotConnected = Extract<Handshake, { kind: 'could-not-connect' }>;

const notConnected = (because: NotConnected['because'], detail: string): NotConnected => ({
  kind: 'could-not-connect',
  because,
  detail,
});

/** What OpenSSL says of a chain, by what we call it. @see OpenSSL, `X509_V_ERR_…`; Node.js, `tls`, certificate error codes */
const TRUST: Readonly<Record<string, Served['trust']>> = {
  CERT_HAS_EXPIRED: 'expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'incomplete-chain',
  UNABLE_TO_GET_ISSUER_CERT: 'incomplete-chain',
};

/**
 * OpenSSL has one word for "the issuer of the last one is unknown": a server that sent nothing but its leaf forgot the rest; one
 * that sent more ends at an authority of its own.
 */
export const trustOf = (code: string | undefined, chainLength: number): Served['trust'] => {
  if (code === undefined) return 'trusted';
  if (code === 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY') return chainLength === 1 ? 'incomplete-chain' : 'untrusted';
  return TRUST[code] ?? 'untrusted';
};

const BECAUSE: Readonly<Record<string, NotConnected['because']>> = {
  ENOTFOUND: 'NameNotFound',
  ENODATA: 'NameNotFound',
  ECONNREFUSED: 'Refused',
  ETIMEDOUT: 'TimedOut',
  EHOSTUNREACH: 'Unreachable',
  ENETUNREACH: 'Unreachable',
  EADDRNOTAVAIL: 'Unreachable',
};

/** A server that takes the connection and then ends it, or talks something else, refuses TLS. */
const becauseOf = (error: unknown, wasConnected: boolean): NotConnected['because'] =>
  BECAUSE[fieldOf(error, 'code') ?? ''] ?? (wasConnected ? 'TlsRefused' : 'Other');

/** OpenSSL's messages end in a list of files and lines. */
const LONGEST_DETAIL = 200;

const textOf = (error: unknown): string => (fieldOf(error, 'message') ?? String(error)).trim().slice(0, LONGEST_DETAIL);

/** `authorizationError` is a code here, whatever its type says. @see Node.js, `tls.TLSSocket` */
export const codeOf = (socket: TLSSocket): string | undefined =>
  socket.authorized ? undefined : String(socket.authorizationError ?? 'UNSPECIFIED');

const toServed = (socket: TLSSocket, host: string): Handshake => {
  try {
    const peer = socket.getPeerCertificate(true);
    const chain = servedChainOf(peer);
    return chain.length === 0
      ? notConnected('TlsRefused', 'the server showed no certificate')
      : {
          kind: 'served',
          chain,
          namesHost: checkServerIdentity(host, peer) === undefined,
          trust: trustOf(codeOf(socket), chain.length),
        };
  } catch (error) {
    return notConnected('Other', textOf(error));
  }
};

/** Connects to one address and no other, so that what was allowed is what is asked. */
const shakeHandsWith = (
  address: string,
  { host, port }: { readonly host: string; readonly port: number },
  { timeoutMilliseconds, authorities }: TlsProbeOptions,
): Promise<Handshake> =>
  new Promise((resolve) => {
    let wasConnected = false;
    const socket = connect({
      host: address,
      port,
      // An address is no server name. @see RFC 6066, section 3
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(authorities === undefined ? {} : { ca: [...authorities] }),
      // Whatever is served is to be seen; what is to be thought of it is judged afterwards.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    const end = (handshake: Handshake) => {
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => undefined);
      socket.destroy();
      resolve(handshake);
    };
    const timer = setTimeout(
      () => end(notConnected('TimedOut', wasConnected ? 'connected, and no handshake' : 'no connection')),
      timeoutMilliseconds,
    );
    socket.on('connect', () => {
      wasConnected = true;
    });
    socket.on('secureConnect', () => end(toServed(socket, host)));
    socket.on('error', (error) => end(notConnected(becauseOf(error, wasConnected), textOf(error))));
    socket.on('close', () => end(notConnected('TlsRefused', 'the server ended the connection')));
  });

/** IPv4 first: Lambda has no IPv6 outside a VPC. */
const lookUpAll = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address);

/** Handshakes over Node's TLS. */
export const tlsProbe = (given: Partial<TlsProbeOptions> = {}): TlsProbe => {
  const options: TlsProbeOptions = {
    timeoutMilliseconds: 5_000,
    lookUp: lookUpAll,
    mayConnectTo,
    authorities: undefined,
    ...given,
  };

  const addressesOf = async (name: string): Promise<readonly string[] | NotConnected> => {
    if (isIP(name) !== 0) return [name];
    const ascii = toAsciiName(name);
    if (ascii === undefined) return notConnected('NameNotFound', 'not a name');
    try {
      return await inTime(options.lookUp(ascii), options.timeoutMilliseconds);
    } catch (error) {
      return notConnected(becauseOf(error, false), textOf(error));
    }
  };

  return {
    async shakeHands({ host, port, connectTo }) {
      if (!Number.isInteger(port) || port < 1 || port > HIGHEST_PORT) return notConnected('Other', `no port: ${port}`);
      const found = await addressesOf(connectTo ?? host);
      if ('kind' in found) return found;
      const addresses = found.filter(options.mayConnectTo).slice(0, MAXIMUM_ADDRESSES);
      const server = { host: toAsciiName(host) ?? host, port };
      let handshake: Handshake = notConnected(
        found.length === 0 ? 'NameNotFound' : 'Other',
        found.length === 0 ? 'no address' : `not an address of the internet: ${found.join(', ')}`,
      );
      for (const address of addresses) {
        handshake = await shakeHandsWith(address, server, options);
        if (handshake.kind === 'served') return handshake;
      }
      return handshake;
    },
  };
};
