import type { Authorisation } from '../../domain/authorisation.ts';
import { authorisationFrom } from '../../domain/authorisation.ts';
import type { PlaceGroups } from '../../domain/invalidation/places.ts';
import { parsePlaceGroups } from '../../domain/invalidation/places.ts';
import { settingFrom } from '../../domain/stage.ts';
import type { RenderOptions } from '../../slack/render.ts';

/** What this function has settings for beside the stage's. */
export interface OrderSettings {
  readonly authorisation: Authorisation;
  readonly groups: PlaceGroups;
  readonly render: RenderOptions;
  readonly table: string;
  readonly bus: string;
  readonly commandQueueUrl: string;
  readonly commandDeadLetterQueueUrl: string;
  readonly watchQueueUrl: string;
  readonly invalidationQueueUrl: string;
  readonly reportQueueUrl: string;
  /** Where a stand-in takes Slack's place. */
  readonly isLocal: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of carry-out-orders from its environment.
 * @throws {StageSettingError | AuthorisationSettingError | PlaceGroupsError} when one is missing or malformed
 */
export const orderSettingsFrom = (environment: Environment): OrderSettings => {
  const setting = (name: string): string => settingFrom(environment, name);
  return {
    authorisation: authorisationFrom(environment),
    groups: parsePlaceGroups(environment['USHER_INVALIDATION_GROUPS'] ?? ''),
    render: {
      language: setting('USHER_LANGUAGE') === 'ja' ? 'ja' : 'en',
      timeZone: setting('USHER_TIME_ZONE'),
      accountLabel: environment['USHER_ACCOUNT_LABEL']?.trim() || setting('USHER_ACCOUNT'),
    },
    table: setting('USHER_TABLE'),
    bus: setting('USHER_BUS'),
    commandQueueUrl: setting('USHER_COMMAND_QUEUE_URL'),
    commandDeadLetterQueueUrl: setting('USHER_COMMAND_DEAD_LETTER_QUEUE_URL'),
    watchQueueUrl: setting('USHER_WATCH_QUEUE_URL'),
    invalidationQueueUrl: setting('USHER_INVALIDATION_QUEUE_URL'),
    reportQueueUrl: setting('USHER_REPORT_QUEUE_URL'),
    isLocal: setting('USHER_STAGE') === 'local',
  };
};
