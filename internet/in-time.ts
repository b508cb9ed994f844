/**
 * What a look comes to, unless it takes longer: then it is let be, and fails as a connection does that takes too long. For what
 * has no time-out of its own, such as `dns.lookup`.
 * @throws {Error} with `code` `ETIMEDOUT`, or whatever the look failed with
 */
export const inTime = async <T>(look: Promise<T>, timeoutMilliseconds: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      Math.max(0, timeoutMilliseconds),
    );
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
};
