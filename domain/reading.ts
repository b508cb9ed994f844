/**
 * What came of looking at something. "Not there" is a value inside `read`; "could not look" is `unreadable`.
 * Nothing is ever removed, and no path is called open or closed, on the strength of an `unreadable`.
 */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unreadable'; readonly why: string };

export const read = <T>(value: T): Reading<T> => ({ kind: 'read', value });

export const unreadable = (why: string): Reading<never> => ({ kind: 'unreadable', why });
