import type { Settings } from '../../domain/settings.ts';
import { text } from '../../domain/settings.ts';
import type { Language } from '../../slack/catalogue/catalogue.ts';
import { languageFrom } from '../render-settings.ts';

/** Whatever of the environment this function needs, checked. */
export interface ReceiveSettings {
  readonly language: Language;
  /** The SSM SecureString parameter with the app's signing secret. */
  readonly signingSecretParameter: string;
  readonly commandQueueUrl: string;
  /** Where a stand-in takes Slack's place. */
  readonly isLocal: boolean;
}

/**
 * The settings of receive-slack from its environment.
 * @throws {SettingError} when one is missing or malformed
 */
export const receiveSettingsFrom = (settings: Settings): ReceiveSettings => ({
  language: languageFrom(settings),
  signingSecretParameter: `${text(settings, 'USHER_SECRET_PREFIX').replace(/\/+$/, '')}/slack/signing-secret`,
  commandQueueUrl: text(settings, 'USHER_COMMAND_QUEUE_URL'),
  isLocal: text(settings, 'USHER_STAGE') === 'local',
});
