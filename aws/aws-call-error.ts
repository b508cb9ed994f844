/** What an AWS error code means to a story, whatever service it came from. */
export type AwsErrorMeaning =
  | 'throttled'
  | 'denied'
  | 'not-found'
  | 'already-there'
  | 'in-use'
  | 'full'
  | 'invalid'
  | 'transient'
  | 'other';

/** One operation of one service, as AWS names them: `EC2` `DescribeInstances`. */
export interface AwsCall {
  readonly service: string;
  readonly action: string;
}

/** A call to AWS that failed after the client's own attempts. The message never holds request bodies or credentials. */
export class AwsCallError extends Error {
  override readonly name: string = 'AwsCallError';
  readonly service: string;
  readonly action: string;
  /** AWS's own code such as `InvalidTarget`. */
  readonly code: string;
  readonly meaning: AwsErrorMeaning;
  /** AWS's own words, for messages that tell a person what was refused. */
  readonly awsMessage: string;
  /** Attempts the client made. More than one: an earlier one may have taken effect without its answer reaching us. */
  readonly attempts: number;

  constructor(
    call: AwsCall & {
      readonly code: string;
      readonly meaning: AwsErrorMeaning;
      readonly awsMessage: string;
      readonly attempts?: number;
    },
    options?: ErrorOptions,
  ) {
    super(`${call.service} ${call.action} failed: ${call.code}: ${call.awsMessage}`, options);
    this.service = call.service;
    this.action = call.action;
    this.code = call.code;
    this.meaning = call.meaning;
    this.awsMessage = call.awsMessage;
    this.attempts = call.attempts ?? 1;
  }
}
