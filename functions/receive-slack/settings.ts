import { settingFrom } from '../../domain/stage.ts';
import type { Language } from '../../slack/catalogue/catalogue.ts';

/** Whatever of the environment this function needs, checked. */
export interface ReceiveSettings {
  readonly language: Language;
  /** The SSM SecureString parameter with the app's signing secret. */
  readonly signingSecretParameter: string;
  readonly commandQueueUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of receive-slack from its environment.
 * @throws {StageSettingError} when one is missing
 */
export const receiveSettingsFrom = (environment: Environment): ReceiveSettings => ({
  language: environment['USHER_LANGUAGE']?.trim() === 'ja' ? 'ja' : 'en',
  signingSecretParameter: `${settingFrom(environment, 'USHER_SECRET_PREFIX').replace(/\/+$/, '')}/slack/signing-secret`,
  commandQueueUrl: settingFrom(environment, 'USHER_COMMAND_QUEUE_URL'),
});
