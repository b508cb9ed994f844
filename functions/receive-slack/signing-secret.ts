/** The app's signing secret, which Slack's owners may change at any time. */
export interface SigningSecret {
  /** At most five minutes old. @throws what the reading threw, and nothing but that */
  current(): Promise<string>;
  /**
   * Read anew because a signature did not match: the secret may have been changed. `undefined` when it was read a moment
   * ago, so that whoever forges signatures makes no calls with them. @throws as `current`
   */
  again(): Promise<string | undefined>;
}

const KEPT_MILLISECONDS = 5 * 60 * 1_000;
/** Between two readings that only a wrong signature asked for. */
const LEAST_BETWEEN_REREADS_MILLISECONDS = 30_000;
/** After a reading began that is under way still, or has failed. */
const LEAST_BETWEEN_READS_MILLISECONDS = 2_000;

/**
 * Reads by `read` and keeps what it got. A failed reading is not kept as a secret, and does not take a kept one away.
 * @param read one reading of the parameter
 */
export const signingSecret = (read: () => Promise<string>, now: () => Date): SigningSecret => {
  let kept: { readonly secret: string; readonly readAt: number } | undefined;
  let latest: { readonly beganAt: number; readonly secret: Promise<string> } | undefined;

  const beganWithin = (milliseconds: number): boolean =>
    latest !== undefined && now().getTime() - latest.beganAt < milliseconds;

  const readNow = (): Promise<string> => {
    const beganAt = now().getTime();
    const secret = read().then((text) => {
      kept = { secret: text.trim(), readAt: beganAt };
      return kept.secret;
    });
    latest = { beganAt, secret };
    return secret;
  };

  return {
    async current() {
      if (kept !== undefined && now().getTime() - kept.readAt < KEPT_MILLISECONDS) return kept.secret;
      if (latest !== undefined && beganWithin(LEAST_BETWEEN_READS_MILLISECONDS)) return latest.secret;
      return readNow();
    },
    async again() {
      return beganWithin(LEAST_BETWEEN_REREADS_MILLISECONDS) ? undefined : readNow();
    },
  };
};
