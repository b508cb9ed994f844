import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ignored } from '../../events/arrived-event.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import type { ParsedEvent } from '../../events/parse-event.ts';
import { parseEvent } from '../../events/parse-event.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

const EVENTS = join(import.meta.dirname, '../../events');

/** Every sample below events/, by its path there, such as `tag-change/instance.json`. */
export const sampleNames: readonly string[] = readdirSync(EVENTS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .sort();

export const sample = (name: string): JsonObject => JSON.parse(readFileSync(join(EVENTS, name), 'utf8'));

export const detailOf = ({ detail }: JsonObject): JsonObject =>
  typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : {};

export const readme = (): string => readFileSync(join(EVENTS, 'README.md'), 'utf8');

/** The sample with some of its top-level fields, and some of its detail's, replaced; `undefined` takes one away. */
export const changed = (
  name: string,
  top: { readonly [key: string]: Json | undefined },
  detail: { readonly [key: string]: Json | undefined } = {},
): unknown => {
  const original = sample(name);
  return JSON.parse(JSON.stringify({ ...original, detail: { ...detailOf(original), ...detail }, ...top }));
};

/** The error that a reader of events ends in. */
export const refusalOf = (read: (raw: unknown) => unknown, raw: unknown): MalformedEventError => {
  try {
    read(raw);
  } catch (error) {
    if (error instanceof MalformedEventError) return error;
    throw error;
  }
  throw new Error('the event was accepted');
};

/** The error that reading the event ends in. */
export const refusal = (raw: unknown): MalformedEventError => refusalOf(parseEvent, raw);

/** What comes of an event, a refusal included; any other error is a failure of the test. */
export const outcome = (raw: unknown): ParsedEvent | Ignored | MalformedEventError => {
  try {
    return parseEvent(raw);
  } catch (error) {
    if (error instanceof MalformedEventError) return error;
    throw error;
  }
};
