import type { RecentChange, Regard } from '../../domain/recent-change.ts';
import { RECENT_CHANGE_SECONDS, regardOf } from '../../domain/recent-change.ts';
import type { Stage } from '../../domain/stage.ts';
import type { ApiCalled } from '../../events/api-call/parse.ts';
import { serializeLookAtTouched } from '../../events/look-at-touched.ts';
import type { ChangePorts } from './ports.ts';

/** So long changes are gathered: whoever applies a whole plan is looked at as a whole. */
const GATHERED_SECONDS = 30;

/** A look so long overdue was lost; the queue brings a message that failed back sooner. */
const LOST_MILLISECONDS = 15 * 60 * 1000;

/** CloudFormation names the roles of a stack after it. */
const ownRoles = ({ name, account }: Stage) => ({ account, roleNamePrefix: `usher-${name}-` });

/** What became of an event, for the log. */
export type Noted = Regard | 'elsewhere' | 'too-old' | 'known';

/** Sends the next look unless one is on its way. Two at once are one look and one that finds nothing. */
const wake = async ({ touches, sweepQueue, now }: ChangePorts): Promise<void> => {
  const due = await touches.findNextLook();
  if (due !== undefined && now().getTime() - due.getTime() < LOST_MILLISECONDS) return;
  await sweepQueue.sendLater(serializeLookAtTouched({ kind: 'look-at-touched', attempt: 0 }), GATHERED_SECONDS);
  await touches.setNextLook(new Date(now().getTime() + GATHERED_SECONDS * 1000));
};

const isElsewhere = ({ account, region }: ApiCalled, { stage }: ChangePorts): boolean =>
  (account ?? stage.account) !== stage.account || (region ?? stage.region) !== stage.region;

const isTooOld = ({ at }: RecentChange, now: Date): boolean =>
  now.getTime() - at.getTime() >= RECENT_CHANGE_SECONDS * 1000;

/**
 * Notes a change that others made, and has what it touched looked at soon. The event says where to look and who it was, not
 * what is true. It is noted last: whoever dies before is brought the event again, and does all of it again to the same end.
 * @throws what the table or the queue failed with; the message comes back
 */
export const noteChange =
  (ports: ChangePorts) =>
  async (event: ApiCalled): Promise<Noted> => {
    const { change } = event;
    if (isElsewhere(event, ports)) return 'elsewhere';
    const regard = regardOf(change, ownRoles(ports.stage));
    if (regard === 'own' || regard === 'routine') return regard;
    if (isTooOld(change, ports.now())) return 'too-old';
    if (await ports.recentChanges.knows(change.eventId)) return 'known';
    await ports.recentChanges.keep(change);
    if (regard === 'looked-at' && change.touched.length > 0) {
      await ports.touches.add(change.touched, ports.now());
      await wake(ports);
    }
    await ports.recentChanges.finish(change);
    return regard;
  };
