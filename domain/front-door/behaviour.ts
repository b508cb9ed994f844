import type { Behaviour } from './walk.ts';

/** A path with its slash in front, said or not. */
const withoutSlash = (text: string): string => text.replace(/^\//, '');

const isAt = (pattern: string, at: number, character: string): boolean =>
  pattern[at] === '?' || (pattern[at] === character && pattern[at] !== '*');

/**
 * Whether a path is one of a pattern's: `*` stands for any characters, `?` for exactly one, capitals count, and a slash in front
 * says nothing. What the last `*` took is all that is ever given back, so that it takes at most as many steps as both are long,
 * multiplied: an expression would try every way to share a path among several `*`. @see CloudFront developer guide, path pattern
 */
export const matchesPattern = (pattern: string, path: string): boolean => {
  const wanted = withoutSlash(pattern);
  const asked = withoutSlash(path);
  let at = 0;
  let star = -1;
  let taken = 0;
  for (let here = 0; here < asked.length; ) {
    if (at < wanted.length && isAt(wanted, at, asked.charAt(here))) {
      at += 1;
      here += 1;
    } else if (wanted[at] === '*') {
      star = at;
      at += 1;
      taken = here;
    } else if (star >= 0) {
      at = star + 1;
      taken += 1;
      here = taken;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(at));
};

/** The behaviour that decides about a path: the first whose pattern matches. @param path without what follows a `?` */
export const behaviourFor = (behaviours: readonly Behaviour[], path: string): Behaviour | undefined =>
  behaviours.find(({ pathPattern }) => matchesPattern(pathPattern, path));
