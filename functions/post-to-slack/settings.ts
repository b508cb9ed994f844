import type { Settings } from '../../domain/settings.ts';
import { text } from '../../domain/settings.ts';
import type { Destinations } from '../../domain/stage.ts';
import { destinationsFrom } from '../../domain/stage.ts';
import type { Mention } from '../../slack/phrase.ts';
import type { RenderSettings } from '../render-settings.ts';
import { renderSettingsFrom } from '../render-settings.ts';
import { mentionsFrom } from './mentions.ts';

/** Whatever of the environment this function needs, checked. */
export interface PostSettings {
  readonly render: RenderSettings & { readonly mentions: readonly Mention[] };
  readonly destinations: Destinations;
  /** `/usher/<stage>`; below it lie the webhook URLs. */
  readonly secretPrefix: string;
  readonly table: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/**
 * The settings of post-to-slack from its environment.
 * @throws {SettingError} when one is missing or malformed
 */
export const postSettingsFrom = (settings: Settings): PostSettings => ({
  render: { ...renderSettingsFrom(settings), mentions: mentionsFrom(settings) },
  destinations: destinationsFrom(settings),
  secretPrefix: text(settings, 'USHER_SECRET_PREFIX').replace(/\/+$/, ''),
  table: text(settings, 'USHER_TABLE'),
  queueUrl: text(settings, 'USHER_REPORT_QUEUE_URL'),
  deadLetterQueueUrl: text(settings, 'USHER_REPORT_DEAD_LETTER_QUEUE_URL'),
});
