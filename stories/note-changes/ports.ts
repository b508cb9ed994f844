import type { RecentChanges } from '../../aws/state/recent-changes-port.ts';
import type { Touches } from '../../aws/state/touches-port.ts';
import type { SweepPorts } from '../sweep/ports.ts';

/** Everything the story of others' changes reads, writes and says through. */
export interface ChangePorts extends SweepPorts {
  readonly recentChanges: RecentChanges;
  readonly touches: Touches;
}
