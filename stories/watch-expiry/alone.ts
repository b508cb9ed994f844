import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import type { ExpiryPorts } from './ports.ts';

/** What is looked at, told and remembered is one thing: two runs that overlap would tell it twice, or an end before it. */
const WATCH = 'expiry-watch';

/** Longer than its function may run (120 s, serverless.yml), so a lapsed lease has no living holder. */
const WATCH_LEASE_SECONDS = 150;

/** Most runs take seconds, and a person may wait for this one. */
const BUSY_SECONDS = 15;

/** Runs alone among all runs of the watch; while another runs, the message comes again a little later. */
export const alone = async <Outcome>(
  ports: Pick<ExpiryPorts, 'leases' | 'expiryQueue' | 'now' | 'newId'>,
  message: ExpiryMessage,
  run: () => Promise<Outcome>,
): Promise<Outcome | { readonly outcome: 'busy' }> => {
  const lease = await ports.leases.acquire([WATCH], `expiry-${ports.newId()}`, ports.now(), WATCH_LEASE_SECONDS);
  if (lease === undefined) {
    await ports.expiryQueue.sendLater(serializeExpiryMessage(message), BUSY_SECONDS);
    return { outcome: 'busy' };
  }
  try {
    return await run();
  } finally {
    await ports.leases.release(lease);
  }
};
