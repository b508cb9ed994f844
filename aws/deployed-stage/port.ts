/** Who calls AWS, and where. */
export interface Caller {
  readonly account: string;
  /** The user, or the session of a role. */
  readonly arn: string;
  /** By how much this machine's clock is ahead of AWS's, behind it where negative; `undefined` when AWS didn't say the time. */
  readonly clockAheadSeconds?: number;
}

/** Finds out where a process outside of Usher stands. Throws `AwsCallError`. */
export interface StageFinder {
  /** Asks for no right: AWS tells everybody who they are. */
  whoCalls(): Promise<Caller>;
  /** The environment of a deployed function, as its template set it; `undefined` when there is no such function. */
  readSettings(functionName: string): Promise<Readonly<Record<string, string>> | undefined>;
}
