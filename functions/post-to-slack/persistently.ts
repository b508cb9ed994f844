const ATTEMPTS = 3;

/**
 * Tries something three times and then lets it be. For what is written down after Slack took a message: the message is done
 * all the same, and keeping it in the queue would post it again.
 */
export const persistently = async (
  work: () => Promise<void>,
  pause: (milliseconds: number) => Promise<void>,
): Promise<void> => {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      return await work();
    } catch {
      if (attempt < ATTEMPTS) await pause(200 * attempt);
    }
  }
};
