import type { Authorisation } from '../../domain/authorisation.ts';
import { authorisationFrom } from '../../domain/authorisation.ts';
import type { ExpirySettings } from '../../domain/expiry/settings.ts';
import { expirySettingsFrom } from '../../domain/expiry/settings-from.ts';
import type { PlaceGroups } from '../../domain/invalidation/places.ts';
import { placeGroupsFrom } from '../../domain/invalidation/places.ts';
import type { Settings } from '../../domain/settings.ts';
import { text } from '../../domain/settings.ts';
import type { RenderSettings } from '../render-settings.ts';
import { renderSettingsFrom } from '../render-settings.ts';

/** What this function has settings for beside the stage's. */
export interface OrderSettings {
  readonly authorisation: Authorisation;
  readonly groups: PlaceGroups;
  readonly expiry: ExpirySettings;
  readonly render: RenderSettings;
  readonly table: string;
  readonly commandQueueUrl: string;
  readonly commandDeadLetterQueueUrl: string;
  readonly watchQueueUrl: string;
  readonly expiryQueueUrl: string;
  readonly sweepQueueUrl: string;
  readonly invalidationQueueUrl: string;
  /** Where a stand-in takes Slack's place. */
  readonly isLocal: boolean;
}

/**
 * The settings of carry-out-orders from its environment.
 * @throws {SettingError} when one is missing or malformed
 */
export const orderSettingsFrom = (settings: Settings): OrderSettings => ({
  authorisation: authorisationFrom(settings),
  groups: placeGroupsFrom(settings),
  expiry: expirySettingsFrom(settings),
  render: renderSettingsFrom(settings),
  table: text(settings, 'USHER_TABLE'),
  commandQueueUrl: text(settings, 'USHER_COMMAND_QUEUE_URL'),
  commandDeadLetterQueueUrl: text(settings, 'USHER_COMMAND_DEAD_LETTER_QUEUE_URL'),
  watchQueueUrl: text(settings, 'USHER_WATCH_QUEUE_URL'),
  expiryQueueUrl: text(settings, 'USHER_EXPIRY_QUEUE_URL'),
  sweepQueueUrl: text(settings, 'USHER_SWEEP_QUEUE_URL'),
  invalidationQueueUrl: text(settings, 'USHER_INVALIDATION_QUEUE_URL'),
  isLocal: text(settings, 'USHER_STAGE') === 'local',
});
