import type { TagChange } from '../../domain/seating/holds.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Ignored } from '../../events/arrived-event.ts';
import type { InstanceTerminatedByAutoScaling } from '../../events/auto-scaling-terminate/parse.ts';
import type { NotedDeparture } from '../../events/departure-note.ts';
import type { LookAgain } from '../../events/look-again.ts';
import type { QueuedEvent } from '../../events/parse-event.ts';
import type { InstanceTagsChanged } from '../../events/tag-change/parse.ts';
import type { Hooked } from '../../stories/keep-hooks/story.ts';
import type { Sighting } from '../../stories/seat-instances/ports.ts';
import type { Departing } from '../../stories/unseat-instances/ports.ts';

/** Instances an event asks us to look at, or why it asks for none. */
export type Asked = ({ readonly kind: 'look' } & Looks) | { readonly kind: 'ignored'; readonly reason: string };

/** What to look at, for which of the stories. */
export interface Looks {
  /** To be seated. */
  readonly sightings: readonly Sighting[];
  /** To be taken out, perhaps. */
  readonly departures: readonly Departing[];
  /** Waiting in a terminate hook. */
  readonly hooked: readonly Hooked[];
}

const look = (looks: Partial<Looks>): Asked => ({ kind: 'look', sightings: [], departures: [], hooked: [], ...looks });

const ignored = (reason: string): Asked => ({ kind: 'ignored', reason });

const isElsewhere = (
  { account, region }: { readonly account: string | undefined; readonly region: string | undefined },
  stage: Stage,
): boolean => (account ?? stage.account) !== stage.account || (region ?? stage.region) !== stage.region;

/** Nothing that is held is let go on the strength of an event that doesn't say when, or what, was changed. */
const tagChangesIn = ({ at, changedTagKeys: keys }: InstanceTagsChanged): readonly TagChange[] =>
  at === undefined || keys.length === 0 ? [] : [{ at, keys }];

/** Our own note to look again, as it was put off. */
const noted = ({ attempt, reason, instanceIds, firstSeenAt, ...note }: LookAgain): Asked => {
  const tagChanges = note.tagChanges?.map(({ at, keys }) => ({ at: new Date(at), keys }));
  return look({
    sightings: instanceIds.map((instanceId) => ({
      instanceId,
      attempt,
      firstSeenAt: new Date(firstSeenAt),
      reason,
      ...(tagChanges === undefined ? {} : { tagChanges }),
    })),
  });
};

const notedDeparture = ({ sign, absentSince, firstSeenAt, ...departure }: NotedDeparture): Departing => ({
  ...departure,
  firstSeenAt: new Date(firstSeenAt),
  ...(sign === undefined ? {} : { sign: { kind: sign.kind, at: new Date(sign.at) } }),
  ...(absentSince === undefined ? {} : { absentSince: new Date(absentSince) }),
});

/** The hook an instance waits in, if the event names it in full. */
const hookOf = ({ autoScalingGroupName, lifecycle, instanceId }: InstanceTerminatedByAutoScaling, since: Date) =>
  autoScalingGroupName === undefined || lifecycle === undefined
    ? []
    : [{ autoScalingGroupName, hookName: lifecycle.hookName, instanceId, since }];

/** What to look at because of one event. Seating acts in its own account and Region only (design section 2). */
export const askedBy = (event: QueuedEvent | Ignored, stage: Stage, now: Date): Asked => {
  const first = (instanceId: string, tagChanges: readonly TagChange[] = []): Sighting => ({
    instanceId,
    attempt: 0,
    firstSeenAt: now,
    ...(tagChanges.length === 0 ? {} : { tagChanges }),
  });
  const leaving = (instanceId: string, more: Partial<Departing> = {}): Departing => ({
    instanceId,
    attempt: 0,
    firstSeenAt: now,
    ...more,
  });
  switch (event.kind) {
    case 'ignored':
      return ignored(event.reason);
    case 'look-again':
      return noted(event);
    case 'look-at-departure':
      return look({ departures: event.departures.map(notedDeparture) });
    case 'look-at-hook': {
      const { autoScalingGroupName, hookName, instanceId } = event;
      return look({ hooked: [{ autoScalingGroupName, hookName, instanceId, since: new Date(event.since) }] });
    }
  }
  if (isElsewhere(event, stage)) return ignored('AnotherAccountOrRegion');
  switch (event.kind) {
    case 'instance-state-changed': {
      const { instanceId, state } = event;
      if (state === 'pending') return ignored('NotRunningYet');
      if (state === 'running') return look({ sightings: [first(instanceId)] });
      return look({ departures: [leaving(instanceId, state === 'terminated' ? { saidTerminated: true } : {})] });
    }
    case 'instance-launched-by-auto-scaling':
      return event.destination === 'WarmPool'
        ? ignored('IntoWarmPool')
        : look({ sightings: [first(event.instanceId)] });
    case 'instance-tags-changed':
      return look({
        sightings: [first(event.instanceId, tagChangesIn(event))],
        departures: [leaving(event.instanceId, { byTags: true })],
      });
    case 'instance-terminated-by-auto-scaling':
      return look({ departures: [leaving(event.instanceId)], hooked: hookOf(event, now) });
    case 'spot-interruption':
    case 'rebalance-recommendation': {
      const { at, instanceId } = event;
      const kind = event.kind === 'spot-interruption' ? 'SpotInterruption' : 'Rebalance';
      // What doesn't say when it was said could be of a life that is over.
      return look({ departures: [leaving(instanceId, at === undefined ? {} : { sign: { kind, at } })] });
    }
    case 'target-group-tags-changed':
      return ignored('NothingToSeat');
  }
};
