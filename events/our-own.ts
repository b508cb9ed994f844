/** Our own messages carry their version under `usher`, which no event of AWS has at its top. */
export const isOurOwn = (message: unknown): message is { readonly usher: unknown } =>
  typeof message === 'object' && message !== null && 'usher' in message;
