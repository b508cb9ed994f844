import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Reading } from '../../domain/reading.ts';
import { read, unreadable } from '../../domain/reading.ts';

/**
 * What came of a read. Whatever AWS fails with is `unreadable`: somebody waits for a word, and the word says what could not be
 * looked at.
 */
export const readingOf = async <T>(look: () => Promise<T>): Promise<Reading<T>> => {
  try {
    return read(await look());
  } catch (error) {
    if (error instanceof AwsCallError) return unreadable(`${error.service} ${error.action}: ${error.code}`);
    throw error;
  }
};
