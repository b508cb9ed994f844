import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { LEASE_SECONDS } from '../leases.ts';
import type { ExpiryPorts } from './ports.ts';

/** What is looked at, told and remembered is one thing: two runs that overlap would tell it twice, or an end before it. */
const WATCH = 'expiry-watch';

const BUSY_SECONDS = 60;

/** Runs alone among all runs of the watch; while another runs, the message comes again in a minute. */
export const alone = async <Outcome>(
  ports: Pick<ExpiryPorts, 'leases' | 'expiryQueue' | 'now' | 'newId'>,
  message: ExpiryMessage,
  run: () => Promise<Outcome>,
): Promise<Outcome | { readonly outcome: 'busy' }> => {
  const lease = await ports.leases.acquire([WATCH], `expiry-${ports.newId()}`, ports.now(), LEASE_SECONDS);
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
