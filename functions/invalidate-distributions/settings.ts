import type { PlaceGroups } from '../../domain/invalidation/places.ts';
import { parsePlaceGroups } from '../../domain/invalidation/places.ts';
import { settingFrom } from '../../domain/stage.ts';
import type { RenderOptions } from '../../slack/render.ts';

/** A setting says what it can't; the message names it and what it may hold. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** What this function has settings for beside the stage's. */
export interface InvalidationSettings {
  readonly render: RenderOptions;
  /** Ids of the distributions that pipelines may invalidate by an event. */
  readonly invalidationDistributions: readonly string[];
  readonly groups: PlaceGroups;
  readonly table: string;
  readonly bus: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly reportQueueUrl: string;
  /** Where a stand-in takes Slack's place. */
  readonly isLocal: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DISTRIBUTION_ID = /^E[0-9A-Z]{6,20}$/;

const distributionsFrom = (environment: Environment): readonly string[] => {
  const ids = (environment['USHER_INVALIDATION_DISTRIBUTIONS'] ?? '').split(/[\s,]+/).filter((id) => id !== '');
  const strange = ids.find((id) => !DISTRIBUTION_ID.test(id));
  if (strange === undefined) return ids;
  throw new SettingError(`USHER_INVALIDATION_DISTRIBUTIONS holds "${strange}"; it may hold ids of distributions (E…)`);
};

const languageFrom = (environment: Environment): RenderOptions['language'] => {
  const value = settingFrom(environment, 'USHER_LANGUAGE');
  if (value === 'en' || value === 'ja') return value;
  throw new SettingError(`USHER_LANGUAGE is "${value}"; it may be en or ja`);
};

/**
 * The settings of invalidate-distributions from its environment.
 * @throws {SettingError | StageSettingError | PlaceGroupsError} when one is missing or malformed
 */
export const invalidationSettingsFrom = (environment: Environment): InvalidationSettings => {
  const accountLabel = environment['USHER_ACCOUNT_LABEL']?.trim() || settingFrom(environment, 'USHER_ACCOUNT');
  return {
    render: {
      language: languageFrom(environment),
      timeZone: settingFrom(environment, 'USHER_TIME_ZONE'),
      accountLabel,
    },
    invalidationDistributions: distributionsFrom(environment),
    groups: parsePlaceGroups(environment['USHER_INVALIDATION_GROUPS'] ?? ''),
    table: settingFrom(environment, 'USHER_TABLE'),
    bus: settingFrom(environment, 'USHER_BUS'),
    queueUrl: settingFrom(environment, 'USHER_INVALIDATION_QUEUE_URL'),
    deadLetterQueueUrl: settingFrom(environment, 'USHER_INVALIDATION_DEAD_LETTER_QUEUE_URL'),
    reportQueueUrl: settingFrom(environment, 'USHER_REPORT_QUEUE_URL'),
    isLocal: settingFrom(environment, 'USHER_STAGE') === 'local',
  };
};
