import type { Ec2Writer } from '../aws/ec2/port.ts';
import type { LoadBalancingWriter } from '../aws/elastic-load-balancing/port.ts';
import type { Lease, Leases } from '../aws/state/port.ts';
import type { Surroundings } from '../stories/log.ts';

/** A lease ended, or will in the middle of the call, before what was to be written under it. Nothing was written. */
export class LeaseLapsedError extends Error {
  override readonly name = 'LeaseLapsedError';
}

/** A call takes this long at most: three attempts of five seconds (aws/client-settings.ts). */
const LONGEST_CALL_MILLISECONDS = 15_000;

/** What writes, and the leases it writes under. */
interface LeasedWriting extends Pick<Surroundings, 'now'> {
  readonly leases: Leases;
  readonly ec2: Ec2Writer;
  readonly loadBalancing: LoadBalancingWriter;
}

/**
 * The same ports, through which nothing is written to AWS under a lease that has lapsed. A function is ended by its time-out
 * long before (stories/leases.ts); a process on a person's machine goes on after the lid was shut for an hour, with what it
 * decided before, while others have changed things under leases of their own.
 */
export const withinLeases = <P extends LeasedWriting>(ports: P): P => {
  const held = new Set<Lease>();
  const whileLeased = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    const until = Math.min(...[...held].map(({ expiresAt }) => expiresAt.getTime()));
    if (ports.now().getTime() + LONGEST_CALL_MILLISECONDS > until)
      throw new LeaseLapsedError('the lease has lapsed under which this was decided');
    return write();
  };
  const { leases, ec2, loadBalancing } = ports;
  return {
    ...ports,
    leases: {
      acquire: async (...of) => {
        const lease = await leases.acquire(...of);
        if (lease !== undefined) held.add(lease);
        return lease;
      },
      release: async (lease) => {
        held.delete(lease);
        await leases.release(lease);
      },
    },
    ec2: {
      ...ec2,
      authorizeRules: (...of) => whileLeased(() => ec2.authorizeRules(...of)),
      keepRule: (...of) => whileLeased(() => ec2.keepRule(...of)),
      revokeRule: (...of) => whileLeased(() => ec2.revokeRule(...of)),
    },
    loadBalancing: {
      ...loadBalancing,
      registerTargets: (...of) => whileLeased(() => loadBalancing.registerTargets(...of)),
      deregisterTargets: (...of) => whileLeased(() => loadBalancing.deregisterTargets(...of)),
    },
  };
};
