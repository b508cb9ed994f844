/** Secrets, kept as SecureString parameters and nowhere else. */
export interface SecretReader {
  /**
   * The secret's text, at most five minutes old.
   * @throws {AwsCallError} saying what is wrong with the parameter and how to mend it; never holding the secret
   */
  readSecret(parameterName: string): Promise<string>;
}

/** Secrets that a stage may go without. */
export interface OptionalSecretReader {
  /**
   * The secret's text, or `undefined` when there is no such parameter; either at most five minutes old.
   * @throws {AwsCallError} when it can't be read, or is there and unusable
   */
  readSecretIfStored(parameterName: string): Promise<string | undefined>;
}
