import type { Answered, Walk } from '../walk.ts';
import { lastOf, shownUrl } from '../walk.ts';
import type { FrontDoorCheck } from './check.ts';
import { found, NOTHING } from './check.ts';

/** @see RFC 9110, section 15.4: 304 has nothing to follow, and 300 asks a person */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export const isRedirect = ({ status, location }: Answered): boolean => REDIRECTS.has(status) && location !== undefined;

/** A URL as compared: what follows `#` is never sent. */
const sent = (url: string): string => {
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname}${search}`;
};

const withoutProtocol = (url: string): string =>
  sent(url)
    .replace(/^https?:/, '')
    .replace(/:(?:80|443)(?=\/)/, '');

/** The redirection that leads back to where somebody was before; `undefined` when none does. */
const closing = ({ requests }: Walk): { readonly to: string; readonly from: number } | undefined => {
  const seen: string[] = [];
  for (const request of requests) {
    seen.push(sent(request.url));
    if (request.kind !== 'answered' || !isRedirect(request) || request.location === undefined) continue;
    const from = seen.indexOf(sent(request.location));
    if (from >= 0) return { to: request.location, from };
  }
  return undefined;
};

/** Whether a redirection leads back to where one was. */
export const isLoop = (walk: Walk): boolean => closing(walk) !== undefined;

/**
 * A circle in which nothing changes but http and https: whoever answers believes that visitors came by plain HTTP, because what
 * is in front of it took the TLS off and nobody told it so, or it does not listen.
 */
const isOfProtocols = ({ requests }: Walk, from: number): boolean => {
  const circle = requests.slice(from);
  return (
    new Set(circle.map(({ url }) => withoutProtocol(url))).size === 1 &&
    circle.some(({ url }) => url.startsWith('https:'))
  );
};

/** Whether what is in front of the application asks it by plain HTTP, so that the way there has to change, not the application alone. */
const remedyOf = ({ origin }: Walk): 'origin' | 'application' =>
  origin !== undefined && origin.kind !== 's3' && origin.protocol === 'http-only' ? 'origin' : 'application';

export const loops: FrontDoorCheck = (walk) => {
  const circle = closing(walk);
  if (circle !== undefined)
    return isOfProtocols(walk, circle.from)
      ? found('ProtocolLoop', 'critical', { to: shownUrl(circle.to), remedy: remedyOf(walk) })
      : found('RedirectLoop', 'critical', { to: shownUrl(circle.to) });
  return walk.leftOff ? found('TooManyRedirects', 'critical', { count: String(walk.requests.length) }) : NOTHING;
};

/** From https to http and left there; in a circle, the circle is what is wrong. */
export const toPlain: FrontDoorCheck = (walk) => {
  if (isLoop(walk)) return NOTHING;
  const step = walk.requests.find(
    (request) =>
      request.kind === 'answered' &&
      isRedirect(request) &&
      request.url.startsWith('https:') &&
      request.location?.startsWith('http:'),
  );
  return step?.kind === 'answered' && step.location !== undefined
    ? found('RedirectToPlain', 'warning', { to: shownUrl(step.location), remedy: remedyOf(walk) })
    : NOTHING;
};

/** `BUCKET.s3.REGION.amazonaws.com`, with a dash or a dot, in China too. */
const S3_HOST = /(?:^|\.)s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?$/;

export const isS3Host = (host: string): boolean => S3_HOST.test(host);

/**
 * S3 sends who asks a bucket by its global name on to its Region's, as long as the name is new. Behind a distribution the
 * visitor is sent out of the front door, to a bucket that admits the distribution alone.
 * @see Amazon S3 user guide, request redirection and the REST API; CloudFront developer guide, S3 origins
 */
export const s3Redirect: FrontDoorCheck = ({ requests }) => {
  const step = requests.find(
    (request) =>
      request.kind === 'answered' &&
      request.status === 307 &&
      request.location !== undefined &&
      isS3Host(new URL(request.location).hostname) &&
      !isS3Host(new URL(request.url).hostname),
  );
  return step?.kind === 'answered' && step.location !== undefined
    ? found('S3Redirect', 'critical', { to: new URL(step.location).hostname })
    : NOTHING;
};

/** The page that the way ended with, where it ended with one. */
export const endOf = (walk: Walk): Answered | undefined => {
  const last = lastOf(walk);
  return last.kind === 'answered' && !isRedirect(last) ? last : undefined;
};
