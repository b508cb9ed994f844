import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ReceivedMessage, ReceivedMessages } from '../../aws/queues/received-messages.ts';
import type { Order } from '../../domain/order.ts';
import { parseSlackOrder } from '../../events/slack-order.ts';
import type { OrderPorts } from '../../stories/carry-out-orders/ports.ts';
import { carryOutOrder, tellOfFailure } from '../../stories/carry-out-orders/story.ts';
import type { BatchPorts } from '../take-batch.ts';
import { comeAgain, understood } from '../take-batch.ts';

export interface TakingPorts extends OrderPorts, BatchPorts {
  readonly messages: Pick<ReceivedMessages, 'hideFor'>;
}

/** As the queue's `maxReceiveCount` (infra/commands.yml): after so many attempts SQS sets the message aside. */
const ATTEMPTS = 5;

/** Seconds to the next attempt: a person waits, and what failed may be over in a moment. */
const pauseSeconds = (attempt: number): number => Math.min(120, 5 * 3 ** (attempt - 1));

/** Brings the message back soon, or tells the person when this was the last attempt. What fails here changes nothing. */
const afterFailure = async (ports: TakingPorts, record: SQSRecord, order: Order, error: unknown): Promise<void> => {
  const attempt = Number(record.attributes.ApproximateReceiveCount) || 1;
  const { messageId, receiptHandle, body } = record;
  ports.log({ event: 'failed', messageId, orderId: order.orderId, attempt, because: String(error) });
  const message: ReceivedMessage = { messageId, receiptHandle, body, groupId: '' };
  const next =
    attempt < ATTEMPTS ? ports.messages.hideFor(message, pauseSeconds(attempt)) : tellOfFailure(ports)(order, error);
  await next.catch((second: unknown) => ports.log({ event: 'failed', messageId, because: String(second) }));
};

/** Carries out one message; answers it when it has to come again. */
const takeOne = async (ports: TakingPorts, record: SQSRecord): Promise<readonly string[]> => {
  const order = await understood(ports, record, parseSlackOrder);
  if (order === undefined) return [];
  try {
    const result = await carryOutOrder(ports)(order);
    ports.log({ event: result, orderId: order.orderId });
    return [];
  } catch (error) {
    await afterFailure(ports, record, order, error);
    return [record.messageId];
  }
};

/** Carries out a batch of orders one after the other; what fails comes back alone. */
export const takeOrders =
  (ports: TakingPorts) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const record of Records) failed.push(...(await takeOne(ports, record)));
    return comeAgain(failed);
  };
