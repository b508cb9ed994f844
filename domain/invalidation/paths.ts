/** What is wrong with a path or tag, or worth knowing about it. */
export type PathFindingReason =
  | 'Empty'
  | 'OtherHost' // a URL of a host that this distribution doesn't answer for; evidence in `said`
  | 'TooLong' // more than 4,000 characters once encoded
  | 'ControlCharacter' // zero bytes, line breaks and the like; no request carries them
  | 'NotUnicode' // half a surrogate pair
  | 'Tilde' // CloudFront can't invalidate paths with `~`, encoded or not
  | 'WildcardNotLast' // a `*` in the middle is an ordinary character
  | 'HashInPath' // what stands after `#` in a browser never reaches CloudFront
  | 'FragmentDropped'
  | 'SignedUrl' // only the part before `?` counts
  | 'QueryString' // matters only where it is part of the cache key
  | 'TagsOff' // the distribution has no CacheTagConfig
  | 'TagMalformed'
  | 'TagWildcard'; // a `*` in a tag is an ordinary character

export interface PathFinding {
  readonly reason: PathFindingReason;
  /** `refused`: it is not among the paths. `warning`: it is, and may not do what was meant. `note`: nothing is wrong. */
  readonly severity: 'refused' | 'warning' | 'note';
  /** What was typed; cut to 200 characters. Plain text from outside, not yet escaped. */
  readonly said: string;
  /** What to send instead, normalised. */
  readonly offer: string | undefined;
}

/** What is known of the distribution that the paths are for. */
export interface PathContext {
  /** Whether the distribution (or tenant) answers for a host name, given in lower case. */
  readonly isOwnHost: (host: string) => boolean;
  /** Whether its CacheTagConfig is on. */
  readonly takesTags: boolean;
}

export interface NormalisedPaths {
  readonly paths: readonly string[];
  readonly findings: readonly PathFinding[];
}

/** @see facts 6.2 */
export const MAXIMUM_PATH_CHARACTERS = 4_000;
/** @see facts 6.4 */
const MAXIMUM_TAG_CHARACTERS = 256;
const MAXIMUM_SAID_CHARACTERS = 200;

const SEVERITY: Readonly<Record<PathFindingReason, PathFinding['severity']>> = {
  Empty: 'refused',
  OtherHost: 'refused',
  TooLong: 'refused',
  ControlCharacter: 'refused',
  NotUnicode: 'refused',
  Tilde: 'refused',
  WildcardNotLast: 'warning',
  HashInPath: 'warning',
  FragmentDropped: 'note',
  SignedUrl: 'note',
  QueryString: 'note',
  TagsOff: 'refused',
  TagMalformed: 'refused',
  TagWildcard: 'warning',
};

export const isTag = (path: string): boolean => path.startsWith('#');
export const isWildcard = (path: string): boolean => !isTag(path) && path.endsWith('*');

/** The path that stands for every object. */
export const EVERYTHING = '/*';

const finding = (reason: PathFindingReason, said: string, offer?: string): PathFinding => ({
  reason,
  severity: SEVERITY[reason],
  said: Array.from(said).slice(0, MAXIMUM_SAID_CHARACTERS).join(''),
  offer,
});

/** Characters beside the non-ASCII ones that RFC 1738 calls unsafe; `%` and `~` are dealt with apart. */
const UNSAFE = new Set(' <>"#{}|\\^[]`');
const ENCODED = /%[0-9a-f]{2}/iy;

/** Encodes the ASCII characters that need it, once: what is encoded already stays as it was typed. */
const encodeAscii = (text: string): string => {
  let encoded = '';
  for (let at = 0; at < text.length; ) {
    ENCODED.lastIndex = at;
    const kept = ENCODED.exec(text)?.[0];
    const character = kept ?? text.charAt(at);
    encoded += kept ?? (character === '%' || UNSAFE.has(character) ? encodeURIComponent(character) : character);
    at += character.length;
  }
  return encoded;
};

const encodeLetters = (text: string): string => text.replace(/[^\0-\u007f]+/gu, encodeURIComponent);

const encodePath = (text: string): string => encodeLetters(encodeAscii(text));

/** The text with its encoded non-ASCII letters as letters; ASCII stays encoded, and so does what is not UTF-8. */
const decodeLetters = (text: string): string =>
  text.replace(/(?:%[89a-f][0-9a-f])+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });

/** `≮` and `≯`, whose decomposition begins with a character that is sent encoded and could not be joined again. */
const NOT_TAKEN_APART = /([\u226e\u226f])/;

/** Letters only: the `C` of `%3C` is none, and takes no accent. */
const normaliseLetters = (text: string, form: 'NFC' | 'NFD'): string =>
  text
    .split(/(%[0-9a-f]{2})/i)
    .flatMap((part) => part.split(NOT_TAKEN_APART))
    .map((part) => (NOT_TAKEN_APART.test(part) ? part : part.normalize(form)))
    .join('');

/** As typed, and in each Unicode normal form that differs: file systems and editors disagree about `が`. */
const unicodeForms = (text: string): readonly string[] => {
  const safe = encodeAscii(text);
  const letters = decodeLetters(safe);
  const forms = (['NFC', 'NFD'] as const)
    .map((form) => normaliseLetters(letters, form))
    .filter((form) => form !== letters);
  return [safe, ...new Set(forms)].map(encodePath);
};

/** A last segment with an extension is a file; `.well-known` has none. */
const HAS_EXTENSION = /[^/.]\.[^/]*$/;

/**
 * A directory is cached under two paths, with and without its last slash (facts 6.2). What ends with one is a directory;
 * what doesn't may be one unless its last segment has an extension, or a query string or wildcard follows. Two slashes at the end are a page of
 * their own.
 */
const directoryForms = (path: string): readonly string[] => {
  if (path === '/' || path.includes('?') || path.endsWith('*') || path.endsWith('//')) return [path];
  if (path.endsWith('/')) return [path, path.slice(0, -1)];
  return HAS_EXTENSION.test(path) ? [path] : [path, `${path}/`];
};

const SIGNATURE = /[?&](?:Signature|Key-Pair-Id)=/;

/** Where the query string of a signed URL starts; a `&` before any `?` is part of the path. */
const signedFrom = (typed: string): number | undefined => {
  const query = typed.indexOf('?');
  return query >= 0 && SIGNATURE.test(typed.slice(query)) ? query : undefined;
};

/** Up to where a trouble starts, and everything from there on. */
const wildcardBefore = (path: string, at: number): string => `${path.slice(0, at)}*`;

const TILDE = /~|%7e/i;
const BEYOND_TEXT = /\p{Cc}/u;
const HALF_A_PAIR = /\p{Surrogate}/u;

const refusalOf = (text: string, said: string): PathFinding | undefined => {
  if (HALF_A_PAIR.test(text)) return finding('NotUnicode', said);
  if (BEYOND_TEXT.test(text)) return finding('ControlCharacter', said);
  const tilde = text.search(TILDE);
  if (tilde >= 0) return finding('Tilde', said, encodePath(wildcardBefore(text, tilde)));
  return undefined;
};

const remarksOn = (text: string, said: string): readonly PathFinding[] => {
  const star = text.indexOf('*');
  const offer = (at: number) => encodePath(wildcardBefore(text, at));
  return [
    ...(star >= 0 && star < text.length - 1 ? [finding('WildcardNotLast', said, offer(star))] : []),
    ...(text.includes('#') ? [finding('HashInPath', said, encodePath(text.slice(0, text.indexOf('#'))))] : []),
    ...(text.includes('?') && !text.endsWith('*') ? [finding('QueryString', said, offer(text.indexOf('?')))] : []),
  ];
};

/** A path that begins with its slash, in all the forms it is to be sent in. */
const normalisePath = (typed: string, said: string): NormalisedPaths => {
  const query = signedFrom(typed);
  const text = typed.slice(0, query);
  const refusal = refusalOf(text, said);
  if (refusal !== undefined) return { paths: [], findings: [refusal] };
  const paths = unicodeForms(text).flatMap(directoryForms);
  if (paths.some((path) => path.length > MAXIMUM_PATH_CHARACTERS))
    return { paths: [], findings: [finding('TooLong', said)] };
  return { paths, findings: [...(query !== undefined ? [finding('SignedUrl', said)] : []), ...remarksOn(text, said)] };
};

const TAG = /^[!-+\--~]+$/; // ASCII 33 to 126 but the comma

/** Tags are compared without their case, so that they are sent in lower case. */
const normaliseTag = (said: string, { takesTags }: PathContext): NormalisedPaths => {
  const tag = said.slice(1);
  if (!TAG.test(tag) || tag.length > MAXIMUM_TAG_CHARACTERS)
    return { paths: [], findings: [finding('TagMalformed', said)] };
  if (!takesTags) return { paths: [], findings: [finding('TagsOff', said)] };
  return {
    paths: [`#${tag.toLowerCase()}`],
    findings: tag.includes('*') ? [finding('TagWildcard', said)] : [],
  };
};

const URL_PARTS = /^(?:https?:)?\/\/([^/?#]+)([^#]*)(#.*)?$/is;
const SCHEME = /^https?:/i;

/** The host of a URL as compared: lower case, no user, no port. */
const hostIn = (authority: string): string => authority.toLowerCase().replace(/^.*@/, '').replace(/:\d*$/, '');

const normaliseUrl = (said: string, context: PathContext): NormalisedPaths | undefined => {
  const [, authority, rest = '', fragment] = URL_PARTS.exec(said) ?? [];
  if (authority === undefined) return undefined;
  if (!context.isOwnHost(hostIn(authority)))
    // `//a/b` without a scheme may be a path with an empty first segment.
    return SCHEME.test(said) ? { paths: [], findings: [finding('OtherHost', said)] } : undefined;
  const { paths, findings } = normalisePath(rest.startsWith('/') ? rest : `/${rest}`, said);
  return { paths, findings: fragment === undefined ? findings : [finding('FragmentDropped', said), ...findings] };
};

/** `www.example.com/blog`, typed without its scheme. */
const withoutOwnHost = (said: string, { isOwnHost }: PathContext): string => {
  const [first = ''] = said.split(/[/?#]/, 1);
  return first !== '' && isOwnHost(hostIn(first)) ? said.slice(first.length) : said;
};

const normaliseOne = (typed: string, context: PathContext): NormalisedPaths => {
  const said = typed.trim();
  if (said === '') return { paths: [], findings: [finding('Empty', typed)] };
  if (isTag(said)) return normaliseTag(said, context);
  const fromUrl = normaliseUrl(said, context);
  if (fromUrl !== undefined) return fromUrl;
  const path = withoutOwnHost(said, context);
  return normalisePath(path.startsWith('/') ? path : `/${path}`, said);
};

/** Each path once. What a wildcard beside it covers is left out: it would only be paid for twice. */
export const withoutDuplicates = (paths: readonly string[]): readonly string[] => {
  const distinct = [...new Set(paths)];
  const prefixes = new Set(distinct.filter(isWildcard).map((path) => path.slice(0, -1)));
  if (prefixes.size === 0) return distinct;
  const lengths = [...new Set([...prefixes].map((prefix) => prefix.length))];
  const isCovered = (path: string): boolean => {
    const own = isWildcard(path) ? path.length - 1 : Number.POSITIVE_INFINITY;
    return lengths.some((length) => length < own && length <= path.length && prefixes.has(path.slice(0, length)));
  };
  return prefixes.has('/')
    ? [EVERYTHING, ...distinct.filter((path) => isTag(path))]
    : distinct.filter((path) => isTag(path) || !isCovered(path));
};

/**
 * Paths, URLs of the distribution and `#tags`, as typed, in the form CloudFront compares them in. Normalising twice is
 * normalising once. Nothing is dropped without a finding.
 * @see facts 6.2 and 6.4
 */
export const normalisePaths = (typed: readonly string[], context: PathContext): NormalisedPaths => {
  const each = typed.map((one) => normaliseOne(one, context));
  return {
    paths: withoutDuplicates(each.flatMap(({ paths }) => paths)),
    findings: each.flatMap(({ findings }) => findings),
  };
};

export const isRefused = ({ findings }: NormalisedPaths): boolean =>
  findings.some(({ severity }) => severity === 'refused');
