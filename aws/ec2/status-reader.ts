import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeInstanceStatusCommand } from '@aws-sdk/client-ec2';
import type { StatusChecks } from '../../domain/diagnosis/evidence.ts';
import { given, knownValue } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { batchesOf, halvesOf } from '../batches.ts';
import { callAws } from '../call-aws.ts';
import { ec2Client } from './client.ts';
import type { StatusReader } from './status-port.ts';

const CALL: AwsCall = { service: 'EC2', action: 'DescribeInstanceStatus' };

/** So many ids one call takes. @see EC2 API reference, `DescribeInstanceStatus` */
const IDS_PER_CALL = 100;

const STATUSES: readonly StatusChecks['instance'][] = [
  'ok',
  'impaired',
  'initializing',
  'insufficient-data',
  'not-applicable',
];

/** The call has no filter for ids, and by ids an unknown one fails it whole: then each half is asked for. */
const readSome = async (
  client: EC2Client,
  InstanceIds: readonly string[],
): Promise<readonly (readonly [string, StatusChecks])[]> => {
  try {
    const answer = await callAws(CALL, () =>
      client.send(new DescribeInstanceStatusCommand({ InstanceIds: [...InstanceIds] })),
    );
    return given(CALL, 'InstanceStatuses', answer.InstanceStatuses).map(
      ({ InstanceId, InstanceStatus, SystemStatus }) => [
        given(CALL, 'InstanceId', InstanceId),
        {
          instance: knownValue(CALL, 'InstanceStatus', InstanceStatus?.Status, STATUSES),
          system: knownValue(CALL, 'SystemStatus', SystemStatus?.Status, STATUSES),
        },
      ],
    );
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.meaning !== 'not-found') throw error;
    if (InstanceIds.length === 1) return [];
    const [first, second] = halvesOf(InstanceIds);
    return [...(await readSome(client, first)), ...(await readSome(client, second))];
  }
};

/** Reads the status checks of running instances. */
export const statusReader = (client: EC2Client = ec2Client()): StatusReader => ({
  async readStatusChecks(instanceIds) {
    const found: (readonly [string, StatusChecks])[] = [];
    for (const batch of batchesOf(instanceIds, IDS_PER_CALL)) found.push(...(await readSome(client, batch)));
    return new Map(found);
  },
});
