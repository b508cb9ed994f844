import { DescribeInstanceStatusCommand, EC2Client } from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { statusReader } from '../../../aws/ec2/status-reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const reader = statusReader(new EC2Client({ region: 'ap-northeast-1' }));
const status = (InstanceId: string, instance: 'ok' | 'impaired', system: 'ok' | 'impaired') => ({
  InstanceId,
  InstanceStatus: { Status: instance },
  SystemStatus: { Status: system },
});

test('Given checks of instance and host, when they are read, then each is told apart', async () => {
  ec2
    .on(DescribeInstanceStatusCommand, { InstanceIds: ['i-1', 'i-2'] })
    .resolves({ InstanceStatuses: [status('i-1', 'ok', 'impaired'), status('i-2', 'impaired', 'ok')] });
  expect(await reader.readStatusChecks(['i-1', 'i-2'])).toEqual(
    new Map([
      ['i-1', { instance: 'ok', system: 'impaired' }],
      ['i-2', { instance: 'impaired', system: 'ok' }],
    ]),
  );
});

test('Given an id that is gone, which fails the whole call, then the others are read all the same', async () => {
  ec2.on(DescribeInstanceStatusCommand).rejects(awsRefusal('InvalidInstanceID.NotFound', 'gone'));
  ec2
    .on(DescribeInstanceStatusCommand, { InstanceIds: ['i-1'] })
    .resolves({ InstanceStatuses: [status('i-1', 'ok', 'ok')] });
  expect([...(await reader.readStatusChecks(['i-1', 'i-2'])).keys()]).toEqual(['i-1']);
});

test('Given a refusal, then it is the caller’s to decide', async () => {
  ec2.on(DescribeInstanceStatusCommand).rejects(awsRefusal('UnauthorizedOperation', 'no'));
  await expect(reader.readStatusChecks(['i-1'])).rejects.toMatchObject({ meaning: 'denied' });
});
