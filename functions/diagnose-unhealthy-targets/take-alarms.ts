import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeadLetters } from '../../aws/queues/port.ts';
import { parseDiagnosisMessage } from '../../events/diagnosis-message.ts';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { takeDiagnosisNote } from '../../stories/diagnose/end.ts';
import type { DiagnosisPorts } from '../../stories/diagnose/ports.ts';
import { diagnoseAlarm } from '../../stories/diagnose/story.ts';

export interface AlarmPorts extends DiagnosisPorts {
  readonly deadLetters: DeadLetters;
}

type Message = ReturnType<typeof parseDiagnosisMessage>;

/** Reads one message; one that can't be understood goes to the dead-letter queue alone, with its reason. */
const messageOf = async (ports: AlarmPorts, { body, messageId }: SQSRecord): Promise<Message | undefined> => {
  try {
    return parseDiagnosisMessage(body);
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    await ports.deadLetters.send(body, error.message);
    ports.log({ event: 'malformed', messageId, because: error.message });
    return undefined;
  }
};

const takeOne = async (ports: AlarmPorts, record: SQSRecord): Promise<void> => {
  const message = await messageOf(ports, record);
  switch (message?.kind) {
    case undefined:
      return;
    case 'ignored':
      return ports.log({ event: 'ignored', reason: message.reason, detail: message.detail });
    case 'alarm-changed': {
      const outcomes = await diagnoseAlarm(ports)(message);
      const { name, state } = message.alarm;
      const afterSeconds = message.alarm.since && (ports.now().getTime() - message.alarm.since.getTime()) / 1000;
      return ports.log({ event: 'alarm', alarm: name, state, outcomes, afterSeconds });
    }
    case 'diagnosis-changes':
    case 'diagnosis-settles': {
      const outcome = await takeDiagnosisNote(ports)(message);
      return ports.log({ event: message.kind, subject: message.subject, outcome });
    }
  }
};

/** Each message is one change of an alarm, or one later look; what fails comes back alone. */
export const takeAlarms =
  (ports: AlarmPorts) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const results = await Promise.allSettled(Records.map((record) => takeOne(ports, record)));
    return {
      batchItemFailures: Records.flatMap(({ messageId }, index) => {
        const result = results[index];
        if (result?.status !== 'rejected') return [];
        ports.log({ event: 'failed', messageId, because: String(result.reason) });
        return [{ itemIdentifier: messageId }];
      }),
    };
  };
