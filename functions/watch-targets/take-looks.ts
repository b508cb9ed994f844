import { parseWatchTick } from '../../events/watch-tick.ts';
import type { FollowingPorts } from '../../stories/follow-targets/ports.ts';
import { followTargets } from '../../stories/follow-targets/story.ts';
import type { BatchPorts } from '../take-batch.ts';
import { takeSideBySide } from '../take-batch.ts';

export type LookPorts = FollowingPorts & BatchPorts;

/** Each message is one look at one group; a look that fails comes back alone. */
export const takeLooks = (ports: LookPorts) =>
  takeSideBySide(ports, {
    parse: parseWatchTick,
    async act(tick) {
      const outcome = await followTargets(ports)(tick);
      ports.log({ event: 'looked', targetGroupArn: tick.targetGroupArn, tick: tick.tick, ...outcome });
    },
  });
