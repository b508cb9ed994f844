import type * as z from 'zod/mini';

/**
 * An event or message that can't be understood, or that lacks what acting on it needs. Its message is one line naming
 * the field and what was expected there, never what the event held: events may carry text that people typed.
 */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
  /** Where the first thing wrong is, such as `detail.instance-id`; `event` for the whole. */
  readonly path: string;

  constructor(path: string, expected: string, cause: unknown) {
    super(`${path}: ${expected}`, { cause });
    this.path = path;
  }
}

/**
 * What the schema makes of a value.
 * @throws {MalformedEventError} naming the first thing wrong, with the schema library's error as its cause
 */
export const parseWith = <Schema extends z.ZodMiniType>(schema: Schema, raw: unknown): z.output<Schema> => {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new MalformedEventError(first?.path.join('.') || 'event', first?.message ?? 'could not be read', result.error);
};

/**
 * @throws {MalformedEventError} when the text is not JSON, with the JSON parser's error as its cause
 */
export const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new MalformedEventError('event', 'expected JSON', cause);
  }
};
