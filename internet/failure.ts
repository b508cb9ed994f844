/**
 * A text of an error as Node's sockets, `dns` and `fetch` throw them: `code` is `ECONNREFUSED`. Whatever was thrown is looked
 * into, an `Error` or not.
 */
export const fieldOf = (error: unknown, field: 'code' | 'message' | 'name'): string | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' && value !== '' ? value : undefined;
};
