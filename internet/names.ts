import { domainToASCII } from 'node:url';

/** One label of a name on the wire: DNS takes any bytes, we ask for what people and AWS write. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** The longest name without its last dot. @see RFC 1035, section 2.3.4 */
const LONGEST_NAME = 253;

const isAscii = (text: string): boolean => [...text].every((character) => character < '\u0080');

/** ASCII that is in no name. `domainToASCII` reads a host as browsers do: without line ends, and up to a slash. */
const NOT_IN_NAMES = /[^a-z0-9._\u0080-\u{10ffff}-]/iu;

/**
 * A name as it goes on the wire: in ASCII (punycode), lower case, without its last dot.
 * `undefined` for what is no name: spaces, empty or too long labels, a wildcard.
 */
export const toAsciiName = (name: string): string | undefined => {
  const written = name.trim().replace(/\.$/, '');
  if (NOT_IN_NAMES.test(written)) return undefined;
  const ascii = isAscii(written) ? written.toLowerCase() : domainToASCII(written);
  const isName =
    ascii.length > 0 && ascii.length <= LONGEST_NAME && ascii.split('.').every((label) => LABEL.test(label));
  return isName ? ascii : undefined;
};

/** Whether `name` is `zone` or lies below it; both as `toAsciiName` writes them. */
export const isWithin = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

/** The name one label up; `undefined` above a top-level domain. */
export const parentOf = (name: string): string | undefined => {
  const dot = name.indexOf('.');
  return dot < 0 ? undefined : name.slice(dot + 1);
};
