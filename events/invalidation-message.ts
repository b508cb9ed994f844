import * as z from 'zod/mini';
import { objectOf } from './fields.ts';
import { parseWith } from './malformed-event-error.ts';

/** Usher's notes to itself on the invalidation queue. */
export type InvalidationMessage =
  /** There may be something to send in this distribution's line. Told twice it does no harm. */
  | { readonly kind: 'invalidation-wake'; readonly distributionId: string }
  /** A look at an invalidation in progress; one with a lower number than the batch's is a duplicate. */
  | {
      readonly kind: 'invalidation-follow';
      readonly batchId: string;
      readonly look: number;
      /** At the look before, CloudFront knew nothing of it. */
      readonly wasGone?: boolean;
    };

const version = z.literal(1, 'expected version 1 of the message');
const id = (what: string) => z.string(what).check(z.regex(/^[\w-]{1,128}$/, what));

const schema = z.discriminatedUnion(
  'kind',
  [
    objectOf({
      usher: version,
      kind: z.literal('invalidation-wake'),
      distributionId: id('expected the id of a distribution'),
    }),
    objectOf({
      usher: version,
      kind: z.literal('invalidation-follow'),
      batchId: id('expected the id of a batch'),
      look: z.int('expected a whole number').check(z.minimum(1, 'expected 1 or more')),
      wasGone: z.exactOptional(z.boolean('expected true or false')),
    }),
  ],
  'expected invalidation-wake or invalidation-follow',
);

/** Reads a message that was already taken out of its JSON. @throws {MalformedEventError} */
export const readInvalidationMessage = (message: unknown): InvalidationMessage => {
  const { usher, ...rest } = parseWith(schema, message);
  return rest;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeInvalidationMessage = (message: InvalidationMessage): string =>
  JSON.stringify(parseWith(schema, { usher: 1, ...message }));
