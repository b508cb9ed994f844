import type { EC2Client, InstanceStatus } from '@aws-sdk/client-ec2';
import { DescribeInstanceStatusCommand } from '@aws-sdk/client-ec2';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { readExistingInBatches } from '../existing.ts';

export const DESCRIBE_INSTANCE_STATUS: AwsCall = { service: 'EC2', action: 'DescribeInstanceStatus' };

/** So many ids one call takes. @see EC2 API reference, `DescribeInstanceStatus` */
const IDS_PER_CALL = 100;

/**
 * What EC2's checks say of running instances. The call has no filter for ids, and by ids an unknown one fails it whole
 * (facts, traps).
 * @throws {AwsCallError} when a call fails for any other reason
 */
export const readInstanceStatuses = (
  client: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly InstanceStatus[]> =>
  readExistingInBatches(instanceIds, IDS_PER_CALL, async (InstanceIds) => {
    const answer = await callAws(DESCRIBE_INSTANCE_STATUS, () =>
      client.send(new DescribeInstanceStatusCommand({ InstanceIds: [...InstanceIds] })),
    );
    return given(DESCRIBE_INSTANCE_STATUS, 'InstanceStatuses', answer.InstanceStatuses);
  });
