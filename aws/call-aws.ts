import type { AwsCall } from './aws-call-error.ts';
import { AwsCallError } from './aws-call-error.ts';
import { meaningOf } from './error-meaning.ts';

/** What errors of the SDK, of its HTTP handler and of Node's sockets have in common. */
interface ThrownBySdk {
  readonly name?: unknown;
  readonly message?: unknown;
  /** The code on the wire, where the protocol is XML: `InvalidTarget` for the class `InvalidTargetException`. */
  readonly Code?: unknown;
  /** The code of a socket error: `ECONNRESET`. */
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number | undefined; readonly attempts?: number | undefined };
}

/**
 * The SDK leaves three kinds of failure without a code of their own: an error answer that can't be parsed (`Unknown`), an
 * answer that can't be (a plain `Error` with a status), and an attempt without an answer (a plain `Error` without one).
 */
const codeOf = ({ Code, code, name, $metadata }: ThrownBySdk): string => {
  const given = [Code, code, name].find((text) => typeof text === 'string' && text !== '') ?? 'Error';
  if ($metadata === undefined) return String(given);
  const { httpStatusCode } = $metadata;
  if (given === 'Unknown') return `HTTP ${httpStatusCode}`;
  if (given !== 'Error') return String(given);
  return httpStatusCode === undefined ? 'NoAnswer' : 'UnreadableAnswer';
};

/** EC2 appends a kilobyte of base64 that only `sts:DecodeAuthorizationMessage` can read; no message wants it. */
const withoutEncodedPart = (message: string): string =>
  message.replace(/\s*Encoded authorization failure message:\s*\S*/, '').trim();

/** Any error thrown while calling AWS, as an `AwsCallError` with the original as its cause. */
export const toAwsCallError = (call: AwsCall, error: unknown): AwsCallError => {
  if (error instanceof AwsCallError) return error;
  const thrown: ThrownBySdk = typeof error === 'object' && error !== null ? error : { message: error };
  const code = codeOf(thrown);
  return new AwsCallError(
    {
      ...call,
      code,
      meaning: meaningOf(code, thrown.$metadata?.httpStatusCode),
      awsMessage: withoutEncodedPart(String(thrown.message ?? '')),
      attempts: thrown.$metadata?.attempts ?? 1,
    },
    { cause: error },
  );
};

/**
 * Runs one call to AWS.
 * @throws {AwsCallError} whatever the failure
 */
export const callAws = async <Answer>(call: AwsCall, send: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await send();
  } catch (error) {
    throw toAwsCallError(call, error);
  }
};
