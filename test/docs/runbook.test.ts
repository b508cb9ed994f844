import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { FailureCode } from '../../domain/invalidation/request.ts';
import type { ReportBody } from '../../domain/report.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const RUNBOOK = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');

/** By which words people find a report in the runbook. A new kind does not compile without its own. */
const FOUND_BY: Readonly<Record<ReportBody['kind'], readonly [english: string, japanese: string]>> = {
  'targets-in-service': ['is in service', '稼働に加わりました'],
  'targets-not-in-service': ['is not in service', 'まだ稼働していません'],
  'targets-not-registered': ['is not registered', '登録されていません'],
  'configuration-findings': ['Check the settings of', '設定を確認してください'],
  'invalidation-completed': ['Cache cleared', 'キャッシュを削除しました'],
  'invalidation-failed': ['Cache not cleared', 'キャッシュを削除できませんでした'],
  'invalidation-still-running': ['Still clearing', 'キャッシュ削除が続いています'],
  'invalidation-queued': ['Waiting', '順番待ちです'],
  'confirmation-wanted': ['Clear … of …?', 'のキャッシュを削除しますか'],
  'order-answered': ['Orders in Slack', 'Slack での指示'],
};

const FAILURE_CODES: Readonly<Record<FailureCode, true>> = {
  WaitedTooLong: true,
  NoEnding: true,
  PathsRefused: true,
  DistributionNotListed: true,
  DistributionUnknown: true,
  TooManyPaths: true,
};

test.each(Object.entries(FOUND_BY))('the runbook says in both languages what to do about %s', (_, words) => {
  expect(words.filter((each) => !RUNBOOK.includes(each))).toEqual([]);
});

test.each(Object.keys(FAILURE_CODES))('the runbook has %s in both languages', (code) => {
  expect(RUNBOOK.split(`\`${code}\``).length - 1).toBeGreaterThanOrEqual(2);
});
