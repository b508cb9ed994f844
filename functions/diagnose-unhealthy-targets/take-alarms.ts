import { parseDiagnosisMessage } from '../../events/diagnosis-message.ts';
import { takeDiagnosisNote } from '../../stories/diagnose/end.ts';
import type { DiagnosisPorts } from '../../stories/diagnose/ports.ts';
import { diagnoseAlarm } from '../../stories/diagnose/story.ts';
import type { BatchPorts } from '../take-batch.ts';
import { takeSideBySide } from '../take-batch.ts';

export type AlarmPorts = DiagnosisPorts & BatchPorts;

type Message = ReturnType<typeof parseDiagnosisMessage>;

const act = async (ports: AlarmPorts, message: Message): Promise<void> => {
  switch (message.kind) {
    case 'ignored':
      return ports.log({ event: 'ignored', reason: message.reason, detail: message.detail });
    case 'alarm-changed': {
      const outcomes = await diagnoseAlarm(ports)(message);
      const { name, state } = message.alarm;
      const afterSeconds = message.alarm.since && (ports.now().getTime() - message.alarm.since.getTime()) / 1000;
      return ports.log({ event: 'alarm', alarm: name, state, outcomes, afterSeconds });
    }
    case 'diagnosis-changes':
    case 'diagnosis-settles':
    case 'diagnosis-stands': {
      const outcome = await takeDiagnosisNote(ports)(message);
      return ports.log({ event: message.kind, subject: message.subject, outcome });
    }
  }
};

/** Each message is one change of an alarm, or one later look; what fails comes back alone. */
export const takeAlarms = (ports: AlarmPorts) =>
  takeSideBySide(ports, { parse: parseDiagnosisMessage, act: (message) => act(ports, message) });
