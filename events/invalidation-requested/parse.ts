import * as z from 'zod/mini';
import { arrival, envelope } from '../envelope.ts';
import { complain, requiredText } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

/** A pipeline asks for an invalidation, by an event on the `usher` bus. */
export interface InvalidationRequested {
  readonly kind: 'invalidation-requested';
  /** The pipeline, as it names itself in `source`. */
  readonly source: string;
  /** The same key of the same source is the same request, however often it is put. */
  readonly idempotencyKey: string;
  /** Distribution id, alias, CloudFront domain, or the name of a group of the stage's. */
  readonly distribution: string;
  /** Paths and `#tags`, not yet normalised. */
  readonly paths: readonly string[];
  /** More paths than CloudFront takes at a time may become directories with a wildcard. */
  readonly mayGather: boolean;
  readonly when: 'now' | 'when-deployed';
  /** Twelve digits. */
  readonly account: string | undefined;
  readonly at: Date | undefined;
}

/** More than any pipeline needs, and short enough for a key. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

const flag = z.optional(z.boolean('expected true or false'));

const detail = z.object(
  {
    idempotencyKey: requiredText('expected a key that is the same whenever the same request is put again'),
    distribution: requiredText('expected a distribution: its id, an alias, or a group of the stage'),
    paths: z
      .array(z.string('expected a path'), 'expected a list of paths')
      .check(z.minLength(1, 'expected at least one path')),
    gather: flag,
    whenDeployed: flag,
  },
  'expected an object',
);

const DETAIL_TYPE = 'Invalidation Requested';

const detailType = z.literal(DETAIL_TYPE, `expected ${DETAIL_TYPE}`);

const schema = z.pipe(
  z.extend(envelope(detail), { source: requiredText('expected the source that asks'), 'detail-type': detailType }),
  z.transform((event, complaints): InvalidationRequested => {
    const { account, at } = arrival(event, complaints);
    const { idempotencyKey, distribution, paths, gather = false, whenDeployed = false } = event.detail;
    if (!IDEMPOTENCY_KEY.test(idempotencyKey))
      complain(complaints, 'expected 1 to 128 visible ASCII characters', ['detail', 'idempotencyKey']);
    return {
      kind: 'invalidation-requested',
      source: event.source,
      idempotencyKey,
      distribution,
      paths,
      mayGather: gather,
      when: whenDeployed ? 'when-deployed' : 'now',
      account,
      at,
    };
  }),
);

/** @throws {MalformedEventError} naming the first thing wrong */
export const parseInvalidationRequested = (raw: unknown): InvalidationRequested => parseWith(schema, raw);
