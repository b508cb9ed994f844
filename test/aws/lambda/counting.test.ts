import { expect, test } from '@jest/globals';
import { countingInto } from '../../../aws/lambda/counting.ts';
import { SettingError } from '../../../domain/settings.ts';

test('Given something to count, then one line of JSON says so in the form that CloudWatch makes a metric of', () => {
  const lines: string[] = [];
  const count = countingInto(
    { USHER_STAGE: 'prod' },
    () => new Date('2026-11-22T06:00:00Z'),
    (line) => lines.push(line),
  );
  count('AlarmsIgnored', { alarm: 'cpu\nhigh', reason: 'OtherNamespace' });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.slice(0, -1)).not.toContain('\n');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    alarm: 'cpu\nhigh',
    reason: 'OtherNamespace',
    Stage: 'prod',
    AlarmsIgnored: 1,
    _aws: {
      Timestamp: 1_795_327_200_000,
      CloudWatchMetrics: [
        { Namespace: 'Usher', Dimensions: [['Stage']], Metrics: [{ Name: 'AlarmsIgnored', Unit: 'Count' }] },
      ],
    },
  });
});

test('Given no stage, then that is said at once', () => {
  expect(() => countingInto({}, () => new Date())).toThrow(SettingError);
});
