import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { unexpectedAnswer } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { batchesOf } from '../batches.ts';
import { callAws } from '../call-aws.ts';
import type { BusPublisher } from './port.ts';

const PUT: AwsCall = { service: 'EventBridge', action: 'PutEvents' };
/** An entry of ours holds up to 300 kB of paths, and a call takes 1 MB in all (facts 1.1). */
const ENTRIES_PER_CALL = 2;

/** The `usher` bus, for events that somebody relies on: one that isn't taken is an error. */
export const eventBusPublisher = (client: EventBridgeClient, EventBusName: string): BusPublisher => ({
  async put(entries) {
    for (const batch of batchesOf(entries, ENTRIES_PER_CALL)) {
      const Entries = batch.map(({ source, detailType, detail, at }) => ({
        EventBusName,
        Source: source,
        DetailType: detailType,
        Detail: detail,
        Time: at,
      }));
      const answer = await callAws(PUT, () => client.send(new PutEventsCommand({ Entries })));
      if ((answer.FailedEntryCount ?? 0) === 0) continue;
      const { ErrorCode, ErrorMessage } = answer.Entries?.find(({ ErrorCode: code }) => code !== undefined) ?? {};
      throw unexpectedAnswer(PUT, `an entry was refused: ${ErrorCode ?? 'no code'}: ${ErrorMessage ?? 'no message'}`);
    }
  },
});
