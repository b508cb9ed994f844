import type { AwsCall } from './aws-call-error.ts';
import { AwsCallError } from './aws-call-error.ts';

/** An answer of AWS that lacks what it must have, or says what we do not know; never guessed at. */
export const unexpectedAnswer = (call: AwsCall, what: string): AwsCallError =>
  new AwsCallError({ ...call, code: 'UnexpectedAnswer', meaning: 'other', awsMessage: what });

/**
 * A field the answer must have. Also for the list an answer is made of: the SDK turns an empty answer body into an
 * answer without that list, and an empty element (what AWS sends for "none") into an empty list.
 * @throws {AwsCallError} `UnexpectedAnswer` when it is absent or empty text
 */
export const given = <Value>(call: AwsCall, field: string, value: Value | null | undefined): Value => {
  if (value === undefined || value === null || value === '') throw unexpectedAnswer(call, `the answer has no ${field}`);
  return value;
};

/**
 * A field that may hold only values we know.
 * @throws {AwsCallError} `UnexpectedAnswer` when it is absent or holds anything else
 */
export const knownValue = <Value extends string>(
  call: AwsCall,
  field: string,
  value: string | undefined,
  known: readonly Value[],
): Value => {
  const found = known.find((item) => item === value);
  if (found === undefined)
    throw unexpectedAnswer(call, `the answer's ${field} is ${JSON.stringify(value) ?? 'absent'}`);
  return found;
};

/** The tags of a resource in the form that most services answer with; a resource without tags has no list at all. */
export const toTags = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Readonly<Record<string, string>> =>
  Object.fromEntries((tags ?? []).flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? '']])));
