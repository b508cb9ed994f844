import type { Tags } from './tags.ts';
import { tagValue, USHER_TAG } from './tags.ts';

/** One condition of a selector: the tag's key, and its value unless the key alone is asked for. */
export interface TagPair {
  readonly key: string;
  readonly value: string | undefined;
}

/** Pairs that must all match; a group's selectors are OR-ed. */
export type Selector = readonly TagPair[];

/** How an instance's tags compare with a selector. `near` differs by letter case or spaces only. */
export type Match = 'matches' | 'near' | 'no';

/** Keys of the selector tags in order: `usher:selector`, then `usher:selector:2` to `:9`. */
export const SELECTOR_KEYS: readonly string[] = [
  USHER_TAG.selector,
  ...Array.from({ length: 8 }, (_, index) => `${USHER_TAG.selector}:${index + 2}`),
];

const parsePair = (text: string): TagPair | undefined => {
  const equals = text.indexOf('=');
  if (equals === -1) return { key: text, value: undefined };
  return equals === 0 ? undefined : { key: text.slice(0, equals), value: text.slice(equals + 1) };
};

/** A bare key beside the same key with a value asks for no more than that value does. */
const contradicts = (pairs: Selector): boolean => {
  const valued = pairs.filter(({ value }) => value !== undefined);
  return valued.some((pair) => valued.some((other) => other.key === pair.key && other.value !== pair.value));
};

/**
 * A selector from its tag's value such as `Role=web Env=prod`; a bare `Key` asks only that the tag is there.
 * `undefined` when it is empty, has a pair without a key, or names one key with two values (which nothing can match).
 */
export const parseSelector = (value: string): Selector | undefined => {
  const pairs = value
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map(parsePair);
  const valid = pairs.filter((pair) => pair !== undefined);
  return pairs.length === 0 || valid.length < pairs.length || contradicts(valid) ? undefined : valid;
};

/** All selectors of a target group, and the selector tags that say nothing usable. */
export const selectorsOf = (
  groupTags: Tags,
): {
  readonly selectors: readonly Selector[];
  readonly malformed: readonly { readonly tag: string; readonly value: string }[];
} => {
  const written = SELECTOR_KEYS.flatMap((tag) => {
    const value = tagValue(groupTags, tag);
    return value === undefined ? [] : [{ tag, value, selector: parseSelector(value) }];
  });
  return {
    selectors: written.flatMap(({ selector }) => (selector === undefined ? [] : [selector])),
    malformed: written.flatMap(({ tag, value, selector }) => (selector === undefined ? [{ tag, value }] : [])),
  };
};

const loosely = (text: string): string => text.replace(/\s+/gu, '').toLowerCase();

const pairMatches = (pair: TagPair, tags: Tags): boolean =>
  Object.entries(tags).some(([key, value]) => key.trim() === pair.key && (pair.value ?? value.trim()) === value.trim());

const pairNearlyMatches = (pair: TagPair, tags: Tags): boolean =>
  Object.entries(tags).some(
    ([key, value]) =>
      loosely(key) === loosely(pair.key) && (pair.value === undefined || loosely(value) === loosely(pair.value)),
  );

/** Compares keys and values exactly after trimming. */
export const matchSelector = (selector: Selector, instanceTags: Tags): Match => {
  if (selector.every((pair) => pairMatches(pair, instanceTags))) return 'matches';
  return selector.every((pair) => pairNearlyMatches(pair, instanceTags)) ? 'near' : 'no';
};

/** The best match among selectors that are OR-ed; no selector matches nothing. */
export const matchAny = (selectors: readonly Selector[], instanceTags: Tags): Match => {
  const matches = selectors.map((selector) => matchSelector(selector, instanceTags));
  return matches.find((match) => match === 'matches') ?? matches.find((match) => match === 'near') ?? 'no';
};

/** A selector as people write it. */
export const selectorText = (selector: Selector): string =>
  selector.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(' ');
