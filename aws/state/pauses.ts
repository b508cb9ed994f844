import type { StoppedGroup } from '../../domain/pause.ts';
import { pauseKey, STOPPED_PREFIX, stoppedGroupKey } from './keys.ts';
import type { Pauses } from './port.ts';
import type { Item, Table } from './table.ts';

interface StoredPause extends Item {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly byUserId: string;
  readonly reason?: string;
}

/** As `tableClosings` writes it. */
interface StoredStop extends Item {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly targetGroup: StoppedGroup['targetGroup'];
  readonly securityGroup: StoppedGroup['securityGroup'];
}

/** The stage's one pause, and the groups that are stopped, in the table. */
export const tablePauses = (table: Table): Pauses => ({
  async begin({ since, byUserId, reason }) {
    await table.put({
      ...pauseKey(),
      since: since.getTime(),
      byUserId,
      ...(reason === undefined ? {} : { reason }),
    });
  },
  async end() {
    await table.transact([{ kind: 'delete', key: pauseKey() }]);
  },
  async find() {
    const found = (await table.get(pauseKey())) as StoredPause | undefined;
    if (found === undefined) return undefined;
    const { since, byUserId, reason } = found;
    return { since: new Date(since), byUserId, ...(reason === undefined ? {} : { reason }) };
  },
  async listStoppedGroups() {
    const found = (await table.query(pauseKey().pk, STOPPED_PREFIX)) as readonly StoredStop[];
    return found.map(({ since, targetGroup, securityGroup }) => ({
      since: new Date(since),
      targetGroup,
      securityGroup,
    }));
  },
  async resumeGroup(targetGroupArn) {
    await table.transact([{ kind: 'delete', key: stoppedGroupKey(targetGroupArn) }]);
  },
});
