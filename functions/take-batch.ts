import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { DeadLetters } from '../aws/queues/port.ts';
import { MalformedEventError } from '../events/malformed-event-error.ts';
import type { Log } from '../stories/log.ts';

/** As much of a message as is looked at. */
export type QueuedMessage = Pick<SQSRecord, 'messageId' | 'body'>;

/** What a queue hands to a function at once. */
export interface Batch {
  readonly Records: readonly QueuedMessage[];
}

export interface BatchPorts {
  readonly log: Log;
  readonly deadLetters: DeadLetters;
}

/**
 * What a message says; one that can't be understood goes to the dead-letter queue alone, with its reason.
 * @throws whatever else reading it fails with, and {AwsCallError} when it can't be set aside
 */
export const understood = async <Message>(
  { log, deadLetters }: BatchPorts,
  { body, messageId }: QueuedMessage,
  parse: (body: string) => Message,
): Promise<Message | undefined> => {
  try {
    return parse(body);
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    await deadLetters.send(body, error.message);
    log({ event: 'malformed', messageId, because: error.message });
    return undefined;
  }
};

/** Does what messages ask for together; answers those that have to come again, which are all of them or none. */
export const failedAmong = async (
  { log }: Pick<BatchPorts, 'log'>,
  messageIds: readonly string[],
  act: () => Promise<void>,
): Promise<readonly string[]> => {
  try {
    await act();
    return [];
  } catch (error) {
    for (const messageId of messageIds) log({ event: 'failed', messageId, because: String(error) });
    return messageIds;
  }
};

/** Tells Lambda which messages stay in the queue; the others it deletes. */
export const comeAgain = (messageIds: readonly string[]): SQSBatchResponse => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});

/** How each message of a batch is read, and what is done about it. */
export interface Taking<Message> {
  readonly parse: (body: string) => Message;
  readonly act: (message: Message, messageId: string) => Promise<void>;
}

const takeOne = <Message>(
  ports: BatchPorts,
  { parse, act }: Taking<Message>,
  record: QueuedMessage,
): Promise<readonly string[]> =>
  failedAmong(ports, [record.messageId], async () => {
    const message = await understood(ports, record, parse);
    if (message !== undefined) await act(message, record.messageId);
  });

/** Takes the messages of a batch side by side; one that fails comes again alone. */
export const takeSideBySide =
  <Message>(ports: BatchPorts, taking: Taking<Message>) =>
  async ({ Records }: Batch): Promise<SQSBatchResponse> =>
    comeAgain((await Promise.all(Records.map((record) => takeOne(ports, taking, record)))).flat());

/** Takes the messages of a batch one after the other; one that fails comes again alone. */
export const takeInTurn =
  <Message>(ports: BatchPorts, taking: Taking<Message>) =>
  async ({ Records }: Batch): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const record of Records) failed.push(...(await takeOne(ports, taking, record)));
    return comeAgain(failed);
  };
