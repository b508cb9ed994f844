import { isIP } from 'node:net';
import { fieldOf } from '../failure.ts';

export interface FetchLimits {
  /** From asking to the last byte, redirects included. */
  readonly timeoutMilliseconds: number;
  readonly maximumBytes: number;
  readonly mayAsk: (url: URL) => boolean;
}

export type Fetched =
  | { readonly kind: 'fetched'; readonly status: number; readonly isJson: boolean; readonly text: string }
  | { readonly kind: 'not-fetched'; readonly why: string };

const MAXIMUM_REDIRECTS = 3;

/** RDAP is asked by name and encrypted; a redirection to an address, another port or plain HTTP is not followed. */
export const isPublicHttps = ({ protocol, hostname, port, username, password }: URL): boolean =>
  protocol === 'https:' &&
  port === '' &&
  username === '' &&
  password === '' &&
  isIP(hostname.replace(/^\[|\]$/g, '')) === 0 &&
  hostname.includes('.');

class TooLong extends Error {}

/** @throws {TooLong} as soon as there is more than allowed, whatever the server announced */
const readBody = async (response: Response, maximumBytes: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > maximumBytes) throw new TooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** What hindered a fetch, in a word: `fetch` wraps the reason one or two causes deep. */
const whyOf = (error: unknown): string => {
  if (error instanceof TooLong) return 'TooLong';
  if (fieldOf(error, 'name') === 'TimeoutError') return 'TimedOut';
  const cause: unknown = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return cause === undefined ? (fieldOf(error, 'code') ?? fieldOf(error, 'name') ?? 'Error') : whyOf(cause);
};

const urlOf = (written: string, base?: URL): URL | undefined => {
  try {
    return new URL(written, base);
  } catch {
    return undefined;
  }
};

/** A GET that follows few redirections, reads few bytes and waits a little. Never throws. */
export const boundedFetch = async (written: string, accept: string, limits: FetchLimits): Promise<Fetched> => {
  const signal = AbortSignal.timeout(limits.timeoutMilliseconds);
  let url = urlOf(written);
  try {
    for (let redirects = 0; redirects <= MAXIMUM_REDIRECTS; redirects += 1) {
      if (url === undefined || !limits.mayAsk(url)) return { kind: 'not-fetched', why: 'UrlNotAllowed' };
      const response: Response = await fetch(url, { headers: { accept }, redirect: 'manual', signal });
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        url = urlOf(location, url);
        continue;
      }
      return {
        kind: 'fetched',
        status: response.status,
        isJson: /[/+]json\b/i.test(response.headers.get('content-type') ?? ''),
        text: await readBody(response, limits.maximumBytes),
      };
    }
    return { kind: 'not-fetched', why: 'TooManyRedirects' };
  } catch (error) {
    return { kind: 'not-fetched', why: whyOf(error) };
  }
};
