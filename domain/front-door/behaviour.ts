import type { Behaviour } from './walk.ts';

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * Whether a path is one of a pattern's: `*` stands for any characters, `?` for exactly one, capitals count, and a slash in front
 * says nothing. @see CloudFront developer guide, path pattern
 */
export const matchesPattern = (pattern: string, path: string): boolean => {
  const wanted = pattern.replace(/^\//, '').split(/([*?])/);
  const shape = wanted.map((part) => (part === '*' ? '.*' : part === '?' ? '.' : escaped(part))).join('');
  return new RegExp(`^${shape}$`, 's').test(path.replace(/^\//, ''));
};

/** The behaviour that decides about a path: the first whose pattern matches. @param path without what follows a `?` */
export const behaviourFor = (behaviours: readonly Behaviour[], path: string): Behaviour | undefined =>
  behaviours.find(({ pathPattern }) => matchesPattern(pathPattern, path));
