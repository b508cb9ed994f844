import { expect, test } from '@jest/globals';
import { SettingError } from '../../domain/settings.ts';
import { reportingPorts } from '../../functions/reporting-ports.ts';

/** Everything that has no default. */
const NEEDED = {
  AWS_REGION: 'ap-northeast-1',
  USHER_STAGE: 'prod',
  USHER_ACCOUNT: '123456789012',
  USHER_BUS: 'usher-prod',
  USHER_REPORT_QUEUE_URL: 'https://sqs.example/reports.fifo',
};

test('Given what the deployment sets, then a function that reports knows its stage', () => {
  expect(reportingPorts(NEEDED).stage).toMatchObject({ name: 'prod', account: '123456789012' });
});

test.each(Object.keys(NEEDED))('Given no %s, then it is refused by name when the function starts', (name) => {
  const read = () => reportingPorts({ ...NEEDED, [name]: ' ' });
  expect(read).toThrow(SettingError);
  expect(read).toThrow(`${name} is not set`);
});
