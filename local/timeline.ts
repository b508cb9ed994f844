/** What happened, line by line, with the seconds since the story began. */
export interface Timeline {
  /** Starts counting anew. */
  begin(title: string): void;
  add(what: 'event' | 'rule' | 'target' | 'health' | 'message', text: string): void;
}

const LABEL = {
  event: 'event',
  rule: 'rule added',
  target: 'registered',
  health: 'health',
  message: 'Slack',
} as const;

/** A timeline that prints as it goes. */
export const makeTimeline = (say: (line: string) => void, now: () => number = () => performance.now()): Timeline => {
  let beganAt = now();
  return {
    begin(title) {
      beganAt = now();
      say('');
      say(title);
    },
    add(what, text) {
      const seconds = ((now() - beganAt) / 1000).toFixed(1).padStart(6);
      const [first = '', ...rest] = text.split('\n');
      say(`${seconds} s  ${LABEL[what].padEnd(10)}  ${first}`);
      for (const line of rest) say(`${' '.repeat(22)}${line}`);
    },
  };
};
