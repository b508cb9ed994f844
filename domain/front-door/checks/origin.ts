import type { Handshake } from '../../expiry/served.ts';
import type { Origin, Walk } from '../walk.ts';
import { hostOf, isByCloudFront, lastOf } from '../walk.ts';
import type { FrontDoorCheck } from './check.ts';
import { found, NOTHING, someOf } from './check.ts';

/** Whether CloudFront asks the origin by TLS, on the way that was walked. */
export const isAskedByTls = ({ protocol }: Pick<Origin, 'protocol'>, url: string): boolean =>
  protocol === 'https-only' || (protocol === 'match-viewer' && url.startsWith('https:'));

/** The port that the origin is asked on. */
export const originPort = (origin: Origin, url: string): number =>
  isAskedByTls(origin, url) ? origin.httpsPort : origin.httpPort;

/** Errors that CloudFront gives where it can't talk to the origin. @see CloudFront developer guide, HTTP 502 and 504 */
const isOriginError = (walk: Walk): boolean => {
  const last = lastOf(walk);
  return last.kind === 'answered' && isByCloudFront(last) && (last.status === 502 || last.status === 504);
};

const severityOf = (walk: Walk): 'critical' | 'warning' => (isOriginError(walk) ? 'critical' : 'warning');

type Served = Extract<Handshake, { readonly kind: 'served' }>;

const servedTo = ({ originHandshakes }: Walk, name: string | undefined): Served | undefined => {
  const found = originHandshakes.find(({ serverName }) => serverName === name)?.handshake;
  return found?.kind === 'served' ? found : undefined;
};

const isTls = ({ origin, requests }: Walk, url: string): boolean =>
  origin?.kind === 'custom' && requests.length > 0 && isAskedByTls(origin, url);

/**
 * CloudFront takes an origin's certificate that has the origin's own name, or the visitor's where it is forwarded, and answers
 * 502 to any other. @see CloudFront developer guide, HTTP 502 (SSL/TLS negotiation failure)
 */
export const originCertificate: FrontDoorCheck = (walk) => {
  const { url } = lastOf(walk);
  const { origin, behaviour } = walk;
  if (origin === undefined || !isTls(walk, url)) return NOTHING;
  const own = servedTo(walk, origin.domainName);
  const forwarded = behaviour?.forwardsHost === false ? undefined : servedTo(walk, hostOf(url));
  const shown = forwarded ?? own;
  if (shown === undefined) return NOTHING;
  const { domainName } = origin;
  // What CloudFront is shown: a server may show another to who asks by another name.
  if (![own, forwarded].some((served) => served?.namesHost))
    return found('OriginCertificateOtherName', severityOf(walk), {
      origin: domainName,
      host: hostOf(url),
      names: someOf(shown.chain[0]?.names ?? []),
    });
  const named = [forwarded, own].find((served) => served?.namesHost);
  return named === undefined || named.trust === 'trusted'
    ? NOTHING
    : found('OriginCertificateInvalid', severityOf(walk), { origin: domainName, trust: named.trust });
};

/** What shows that nobody is there. Silence shows nothing: an origin may be closed to all but CloudFront, as it should be. */
const PROVEN: ReadonlySet<string> = new Set(['Refused', 'TlsRefused', 'NameNotFound']);

/** No TLS connection with the origin can come about, and CloudFront says that it has none either. */
export const originSilent: FrontDoorCheck = (walk) => {
  const { origin, originHandshakes } = walk;
  if (origin === undefined || !isOriginError(walk)) return NOTHING;
  const [first, ...others] = originHandshakes.map(({ handshake }) =>
    handshake.kind === 'could-not-connect' && PROVEN.has(handshake.because) ? handshake : undefined,
  );
  return first === undefined || others.includes(undefined)
    ? NOTHING
    : found('OriginSilent', 'critical', {
        origin: origin.domainName,
        port: String(originPort(origin, lastOf(walk).url)),
        because: first.because,
      });
};

/** A balancer that does not listen where it is asked. */
export const listener: FrontDoorCheck = (walk) => {
  const back = walk.back.kind === 'read' ? walk.back.value : undefined;
  if (back === undefined || back.listeners.kind === 'unreadable') return NOTHING;
  const { url } = lastOf(walk);
  const parsed = new URL(url);
  const port =
    walk.origin === undefined
      ? Number(parsed.port || (parsed.protocol === 'https:' ? 443 : 80))
      : originPort(walk.origin, url);
  return back.listeners.value.some((each) => each.port === port)
    ? NOTHING
    : found('ListenerMissing', 'critical', { loadBalancer: back.loadBalancer.name, port: String(port) });
};
