/** What an AWS error code means to a story, whatever service it came from. */
export type AwsErrorMeaning =
  | 'throttled'
  | 'denied'
  | 'not-found'
  | 'already-there'
  | 'full'
  | 'invalid'
  | 'transient'
  | 'other';

/** A call to AWS that failed after the client's own attempts. The message never holds request bodies or credentials. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
  readonly service: string;
  readonly action: string;
  /** AWS's own code such as `InvalidTarget`. */
  readonly code: string;
  readonly meaning: AwsErrorMeaning;
  /** AWS's own words, for messages that tell a person what was refused. */
  readonly awsMessage: string;

  constructor(
    call: { service: string; action: string; code: string; meaning: AwsErrorMeaning; awsMessage: string },
    options?: ErrorOptions,
  ) {
    super(`${call.service} ${call.action} failed: ${call.code}: ${call.awsMessage}`, options);
    this.service = call.service;
    this.action = call.action;
    this.code = call.code;
    this.meaning = call.meaning;
    this.awsMessage = call.awsMessage;
  }
}
