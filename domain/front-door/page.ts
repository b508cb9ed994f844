/** Comments hold nothing that a browser fetches; what a script or style holds is text. */
const UNFETCHED = /<!--[\s\S]*?-->|<(script|style|noscript|template)\b([^>]*)>[\s\S]*?<\/\1\s*>/gi;

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

const TAG = /<([a-z][a-z0-9]*)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([a-z][a-z0-9-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

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
  const page = html.replace(UNFETCHED, (_, name: string | undefined, attributes = '') =>
    name === undefined ? '' : `<${name}${attributes}>`,
  );
  const found = [...page.matchAll(TAG)].flatMap(([, tag = '', text = '']) => {
    const wanted = FETCHING[tag.toLowerCase()];
    if (wanted === undefined) return [];
    const attributes = attributesOf(text);
    if (tag.toLowerCase() === 'link' && !FETCHING_LINKS.test(attributes.get('rel') ?? '')) return [];
    return wanted.flatMap((attribute) => addressesIn(attribute, attributes.get(attribute) ?? ''));
  });
  return [...new Set(found.filter((address) => /^http:\/\//i.test(address)))];
};
