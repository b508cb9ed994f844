import { isLost } from '../../domain/closing/watch.ts';
import type { RemovingPorts } from './ports.ts';
import { lookLater } from './remove.ts';

/** Sends looks again whose message was lost: nobody has looked at these for a while. */
export const reviveWatches = async (
  ports: Pick<RemovingPorts, 'closings' | 'sweepQueue' | 'now' | 'log'>,
): Promise<void> => {
  for (const watch of (await ports.closings.list()).filter((each) => isLost(each, ports.now()))) {
    ports.log({ event: 'closing-watch-revived', ruleId: watch.rule.ruleId });
    await lookLater(ports, watch.rule.ruleId, 0);
  }
};
