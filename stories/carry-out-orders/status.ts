import type { VerbAnswer } from '../../domain/verb-answer.ts';
import type { OrderPorts } from './ports.ts';

const NOTHING_SEEN = { instances: 0, targetGroups: 0, leftAlone: [], limits: [] };

/** How things stand, by what is stored: nothing is asked of the services that Usher looks after. */
export const tellHowThingsStand = async (ports: OrderPorts): Promise<VerbAnswer> => {
  const { defaultPolicy, maximumPolicy } = ports.stage;
  const pause = await ports.pauses.find();
  const stopped = (await ports.pauses.listStoppedGroups()).map(({ targetGroup }) => targetGroup);
  const { record, run } = (await ports.sweeps.read()).state;
  const { completedAt, seen = NOTHING_SEEN } = record;
  return {
    kind: 'status',
    defaultPolicy,
    maximumPolicy,
    pause: pause && { since: pause.since.toISOString(), byUserId: pause.byUserId, reason: pause.reason },
    sweepingSince: run?.startedAt,
    caution: record.caution,
    lastSweep: completedAt === undefined ? undefined : { completedAt, ...seen },
    ...(stopped.length === 0 ? {} : { stopped }),
  };
};
