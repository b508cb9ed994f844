import * as z from 'zod/mini';
import { isTargetGroupArn } from './arn.ts';
import { objectOf } from './fields.ts';
import { parseJson, parseWith } from './malformed-event-error.ts';

/** One look at a watched target group; each tick that leaves something undecided sends the next. */
export interface WatchTick {
  readonly kind: 'watch-tick';
  readonly targetGroupArn: string;
  /** 0 for the tick that a registration starts. */
  readonly tick: number;
}

const schema = objectOf({
  usher: z.literal(1, 'expected version 1 of the message'),
  kind: z.literal('watch-tick', 'expected watch-tick'),
  targetGroupArn: z
    .string('expected the ARN of a target group')
    .check(z.refine(isTargetGroupArn, 'expected the ARN of a target group')),
  tick: z.int('expected a whole number').check(z.minimum(0, 'expected 0 or more')),
});

/** @throws {MalformedEventError} */
export const parseWatchTick = (body: string): WatchTick => {
  const { usher, ...watchTick } = parseWith(schema, parseJson(body));
  return watchTick;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeWatchTick = (watchTick: WatchTick): string =>
  JSON.stringify(parseWith(schema, { usher: 1, ...watchTick }));
