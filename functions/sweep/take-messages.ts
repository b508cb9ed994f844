import type { AlarmsDue } from '../../events/alarms-due.ts';
import type { SweepQueueMessage } from '../../events/sweep-queue.ts';
import { parseSweepQueueMessage } from '../../events/sweep-queue.ts';
import { lookAtClosing } from '../../stories/close-rules/look.ts';
import { closeRules } from '../../stories/close-rules/story.ts';
import { lookAtTouched } from '../../stories/note-changes/look-at-touched.ts';
import type { ChangePorts } from '../../stories/note-changes/ports.ts';
import { noteChange } from '../../stories/note-changes/story.ts';
import type { TellingPorts } from '../../stories/sweep/ports.ts';
import { sweep } from '../../stories/sweep/story.ts';
import type { BatchPorts } from '../take-batch.ts';
import { takeInTurn } from '../take-batch.ts';

export type SweepingPorts = ChangePorts &
  TellingPorts &
  BatchPorts & {
    /** Looks after alarms on unhealthy targets; answers what became of it. */
    readonly lookAfterAlarms: (note: AlarmsDue) => Promise<string>;
  };

/** Does what a message asks for; answers what became of it, for the log. */
const act = async (ports: SweepingPorts, message: SweepQueueMessage): Promise<string> => {
  switch (message.kind) {
    case 'ignored':
      return message.reason;
    case 'api-called':
      return noteChange(ports)(message);
    case 'look-at-touched':
      return lookAtTouched(ports)(message);
    case 'alarms-due':
      return ports.lookAfterAlarms(message);
    case 'close-rules':
      return closeRules(ports)(message);
    case 'look-at-closing':
      return lookAtClosing(ports)(message.ruleId);
    case 'sweep-due':
    case 'sweep-step':
      return sweep(ports)(message);
  }
};

/** Takes the messages one after the other; one that fails comes back alone. */
export const takeMessages = (ports: SweepingPorts) =>
  takeInTurn(ports, {
    parse: parseSweepQueueMessage,
    async act(message, messageId) {
      const became = await act(ports, message);
      ports.log({ event: 'swept', messageId, kind: message.kind, became });
    },
  });
