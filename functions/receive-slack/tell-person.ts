import { isSlackHook } from '../../slack/webhook-url.ts';

/** Slack hangs up after 3 s, and the queue has been waited for already. */
const TIMEOUT_MILLISECONDS = 1_000;

/**
 * Words that only the person who pressed the button sees, beside the message as it is.
 * @param allowsLoopback whether a stand-in on this machine may take Slack's place
 * @throws {Error} when Slack did not take them, or the address is not Slack's
 * @see Slack documentation, "Handling user interaction", responding with a response_url
 */
export const tellPerson =
  (allowsLoopback: boolean) =>
  async (responseUrl: string, text: string): Promise<void> => {
    if (!isSlackHook(responseUrl, allowsLoopback)) throw new Error('the address for answers is not Slack’s');
    const answer = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (!answer.ok) throw new Error(`Slack answered ${answer.status}`);
  };
