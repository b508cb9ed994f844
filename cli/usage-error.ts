/** What was asked for can't be; the message says why and what to do, in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
