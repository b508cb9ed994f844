import type { ReceivedSlackMessage } from './stand-in.ts';

/** Messages as they arrive, each told once, in order. */
export interface Inbox {
  readonly take: (message: ReceivedSlackMessage) => void;
  /** Tells what has come since the last time, and answers it. */
  readonly tellNew: () => readonly ReceivedSlackMessage[];
  /** From now on messages are told by `tellNew` only, until what this answers is called: by a story, in its own order. */
  readonly hold: () => () => void;
}

/** @param tell prints a message */
export const makeInbox = (tell: (message: ReceivedSlackMessage) => void): Inbox => {
  let waiting: readonly ReceivedSlackMessage[] = [];
  let holds = 0;
  const tellNew = (): readonly ReceivedSlackMessage[] => {
    const fresh = waiting;
    waiting = [];
    for (const message of fresh) tell(message);
    return fresh;
  };
  return {
    take: (message) => {
      waiting = [...waiting, message];
      if (holds === 0) tellNew();
    },
    tellNew,
    hold: () => {
      holds += 1;
      let isHeld = true;
      return () => {
        if (isHeld) holds -= 1;
        isHeld = false;
        if (holds === 0) tellNew();
      };
    },
  };
};
