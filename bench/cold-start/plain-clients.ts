import { autoScalingClient } from '../../aws/auto-scaling/client.ts';
import { ec2Client } from '../../aws/ec2/client.ts';
import { loadBalancingClient } from '../../aws/elastic-load-balancing/client.ts';
import { eventBridgeClient } from '../../aws/queues/event-bridge-client.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { stateClient } from '../../aws/state/client.ts';
import { taggingClient } from '../../aws/tagging/client.ts';

const MAKERS = [
  autoScalingClient,
  ec2Client,
  loadBalancingClient,
  eventBridgeClient,
  sqsClient,
  stateClient,
  taggingClient,
];

/** What register-targets is compared with: its SDK clients are loaded and made, nothing is asked of them. */
export const handler = async () => {
  for (const make of MAKERS) make();
  return { batchItemFailures: [] };
};
