/** Secrets, kept as SecureString parameters and nowhere else. */
export interface SecretReader {
  /**
   * The secret's text, at most five minutes old.
   * @throws {AwsCallError} saying what is wrong with the parameter and how to mend it; never holding the secret
   */
  readSecret(parameterName: string): Promise<string>;
}
