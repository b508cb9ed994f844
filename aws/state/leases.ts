import { compareText } from '../../domain/difference.ts';
import { batchesOf } from '../batches.ts';
import { leaseKey, timeToLive } from './keys.ts';
import type { Leases } from './port.ts';
import type { Condition, Table } from './table.ts';
import { MAXIMUM_WRITES, transactWhereAllowed } from './table.ts';

/** A lapsed lease lies about for a day at most before it is tidied up; it may be taken at once. */
const LAPSED_DAYS = 1;

const isFree = (owner: string, now: Date): Condition => ({
  expression: 'attribute_not_exists(pk) OR #owner = :owner OR #expiresAt <= :now',
  names: { '#owner': 'owner', '#expiresAt': 'expiresAt' },
  values: { ':owner': owner, ':now': now.getTime() },
});

/**
 * Leases in the table. More resources than one transaction takes go in chunks, sorted, so that two who want the same meet at
 * the same chunk; when one chunk is held by somebody else, the chunks before it are given up again.
 */
export const tableLeases = (table: Table): Leases => {
  const release: Leases['release'] = async ({ resources, owner }) => {
    const isOurs: Condition = {
      expression: '#owner = :owner',
      names: { '#owner': 'owner' },
      values: { ':owner': owner },
    };
    await transactWhereAllowed(
      table,
      [...new Set(resources)].map((resource) => [{ kind: 'delete', key: leaseKey(resource), condition: isOurs }]),
    );
  };

  return {
    async acquire(resources, owner, now, seconds) {
      const expiresAt = new Date(now.getTime() + seconds * 1000);
      const item = { owner, expiresAt: expiresAt.getTime(), ttl: timeToLive(expiresAt, LAPSED_DAYS) };
      const taken: string[] = [];
      const giveUp = () => release({ resources: taken, owner, expiresAt });
      try {
        for (const chunk of batchesOf([...resources].sort(compareText), MAXIMUM_WRITES)) {
          const condition = isFree(owner, now);
          const refused = await table.transact(
            chunk.map((resource) => ({ kind: 'put', item: { ...leaseKey(resource), ...item }, condition })),
          );
          if (refused.length > 0) {
            await giveUp();
            return undefined;
          }
          taken.push(...chunk);
        }
      } catch (error) {
        // What can't be given up now lapses by itself; the first failure is the one to tell.
        await giveUp().catch(() => {});
        throw error;
      }
      return { resources, owner, expiresAt };
    },
    release,
  };
};
