/** A gate before calls of one kind. */
export type Pace = <Answer>(send: () => Promise<Answer>) => Promise<Answer>;

const wait = (milliseconds: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Lets calls begin at most so many times a second, evenly, however many ask at once: AWS throttles some services by a rate
 * that a survey would exceed (facts 2.6).
 * @param pause waits that many milliseconds; tests give one that does not
 */
export const paced = (
  perSecond: number,
  now: () => number = Date.now,
  pause: (milliseconds: number) => Promise<unknown> = wait,
): Pace => {
  const interval = 1000 / perSecond;
  let nextFree = 0;
  return async (send) => {
    const moment = now();
    const at = Math.max(moment, nextFree);
    nextFree = at + interval;
    if (at > moment) await pause(at - moment);
    return send();
  };
};
