import { DISTRIBUTION_ID } from '../../domain/invalidation/distribution-id.ts';
import type { PlaceGroups } from '../../domain/invalidation/places.ts';
import { placeGroupsFrom } from '../../domain/invalidation/places.ts';
import type { Settings } from '../../domain/settings.ts';
import { listOf, text } from '../../domain/settings.ts';
import type { RenderSettings } from '../render-settings.ts';
import { renderSettingsFrom } from '../render-settings.ts';

/** What this function has settings for beside the stage's. */
export interface InvalidationSettings {
  readonly render: RenderSettings;
  /** Ids of the distributions that pipelines may invalidate by an event. */
  readonly invalidationDistributions: readonly string[];
  readonly groups: PlaceGroups;
  readonly table: string;
  readonly bus: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Where a stand-in takes Slack's place. */
  readonly isLocal: boolean;
}

/**
 * The settings of invalidate-distributions from its environment.
 * @throws {SettingError} when one is missing or malformed
 */
export const invalidationSettingsFrom = (settings: Settings): InvalidationSettings => ({
  render: renderSettingsFrom(settings),
  invalidationDistributions: listOf(
    settings,
    'USHER_INVALIDATION_DISTRIBUTIONS',
    DISTRIBUTION_ID,
    'ids of distributions (E…)',
  ),
  groups: placeGroupsFrom(settings),
  table: text(settings, 'USHER_TABLE'),
  bus: text(settings, 'USHER_BUS'),
  queueUrl: text(settings, 'USHER_INVALIDATION_QUEUE_URL'),
  deadLetterQueueUrl: text(settings, 'USHER_INVALIDATION_DEAD_LETTER_QUEUE_URL'),
  isLocal: text(settings, 'USHER_STAGE') === 'local',
});
