/** 1 MiB. @see SQS API reference, `SendMessage` */
export const MAXIMUM_BODY_BYTES = 1_048_576;

/** A message that SQS would refuse for its size; refused before it is sent, never cut. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError';

  constructor(what: string, bytes: number) {
    super(`${what} is ${bytes} bytes long; SQS takes at most ${MAXIMUM_BODY_BYTES}`);
  }
}

/** SQS replaces these two, which XML cannot hold, without a word; JSON can hold them escaped. */
const withoutNonCharacters = (json: string): string =>
  json.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/**
 * A JSON text as the body of a message.
 * @throws {MessageTooLargeError} when it is longer than SQS takes; `what` names it
 */
export const bodyOf = (what: string, json: string): string => {
  const body = withoutNonCharacters(json);
  const bytes = Buffer.byteLength(body, 'utf8');
  if (bytes > MAXIMUM_BODY_BYTES) throw new MessageTooLargeError(what, bytes);
  return body;
};
