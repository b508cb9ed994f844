import type { EC2Client } from '@aws-sdk/client-ec2';
import type { StatusChecks } from '../../domain/diagnosis/evidence.ts';
import { given, knownValue } from '../answer.ts';
import { ec2Client } from './client.ts';
import { DESCRIBE_INSTANCE_STATUS as CALL, readInstanceStatuses } from './instance-statuses.ts';
import type { StatusReader } from './status-port.ts';

const STATUSES: readonly StatusChecks['instance'][] = [
  'ok',
  'impaired',
  'initializing',
  'insufficient-data',
  'not-applicable',
];

/** Reads the status checks of running instances. */
export const statusReader = (client: EC2Client = ec2Client()): StatusReader => ({
  async readStatusChecks(instanceIds) {
    const statuses = await readInstanceStatuses(client, instanceIds);
    return new Map(
      statuses.map(({ InstanceId, InstanceStatus, SystemStatus }) => [
        given(CALL, 'InstanceId', InstanceId),
        {
          instance: knownValue(CALL, 'InstanceStatus', InstanceStatus?.Status, STATUSES),
          system: knownValue(CALL, 'SystemStatus', SystemStatus?.Status, STATUSES),
        },
      ]),
    );
  },
});
