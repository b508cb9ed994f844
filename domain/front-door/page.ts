/** What stands in these is text to a browser that runs scripts. */
const UNFETCHED: ReadonlySet<string> = new Set(['script', 'style', 'noscript', 'template']);

/** Elements that make a browser fetch something at once, with the attributes that say what. Links are only followed when pressed. */
const FETCHING: Readonly<Record<string, readonly string[]>> = {
  audio: ['src'],
  embed: ['src'],
  iframe: ['src'],
  img: ['src', 'srcset'],
  input: ['src'],
  link: ['href'],
  object: ['data'],
  script: ['src'],
  source: ['src', 'srcset'],
  track: ['src'],
  video: ['src', 'poster'],
};

/** Kinds of `<link>` that fetch; `canonical`, `alternate` and the like only say. */
const FETCHING_LINKS = /(?:^|\s)(?:stylesheet|icon|preload|modulepreload|prefetch|manifest|apple-touch-icon)(?:\s|$)/i;

/** A tag that says more than this says nothing to us. */
const LONGEST_TAG = 4_000;
const NAME = /[a-z][a-z0-9]*/iy;
const ATTRIBUTE = /(?<![a-z0-9-])([a-z][a-z0-9-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

interface Tag {
  readonly name: string;
  readonly text: string;
}

/** Where the tag that is open at `from` closes; a bracket in quotes closes nothing. */
const endOfTag = (html: string, from: number): number => {
  let quote = '';
  for (let at = from; at < html.length; at += 1) {
    const character = html.charAt(at);
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  return html.length;
};

const after = (found: number, length: number): number => (found < 0 ? Number.POSITIVE_INFINITY : found + length);

/** Opening tags in one walk over the page, however it was made: each character is looked at a fixed number of times. */
const tagsOf = (html: string): readonly Tag[] => {
  const lower = html.toLowerCase();
  const tags: Tag[] = [];
  let at = html.indexOf('<');
  while (at >= 0 && at < html.length) {
    NAME.lastIndex = at + 1;
    const name = NAME.exec(lower)?.[0];
    if (html.startsWith('<!--', at)) at = after(html.indexOf('-->', at + 4), 3);
    else if (name === undefined) at += 1;
    else {
      const end = endOfTag(html, at + 1 + name.length);
      tags.push({ name, text: html.slice(at + 1 + name.length, Math.min(end, at + LONGEST_TAG)) });
      at = UNFETCHED.has(name) ? after(lower.indexOf(`</${name}`, end), 1) : end + 1;
    }
    if (at >= html.length) break;
    at = html.indexOf('<', at);
  }
  return tags;
};

const attributesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      (double ?? single ?? bare ?? '').trim(),
    ]),
  );

const addressesIn = (attribute: string, value: string): readonly string[] =>
  attribute === 'srcset' ? value.split(',').flatMap((part) => part.trim().split(/\s+/)[0] ?? []) : [value];

/**
 * Addresses that begin with `http://` among what a page makes a browser fetch, each once: on a page that came by HTTPS browsers
 * refuse them, or show it as not safe.
 */
export const plainSubresources = (html: string): readonly string[] => {
  const found = tagsOf(html).flatMap(({ name, text }) => {
    const wanted = FETCHING[name];
    if (wanted === undefined) return [];
    const attributes = attributesOf(text);
    if (name === 'link' && !FETCHING_LINKS.test(attributes.get('rel') ?? '')) return [];
    return wanted.flatMap((attribute) => addressesIn(attribute, attributes.get(attribute) ?? ''));
  });
  return [...new Set(found.filter((address) => /^http:\/\//i.test(address)))];
};
