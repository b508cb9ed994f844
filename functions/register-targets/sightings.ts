import type { TagChange } from '../../domain/seating/holds.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Ignored } from '../../events/arrived-event.ts';
import type { QueuedEvent } from '../../events/parse-event.ts';
import type { InstanceTagsChanged } from '../../events/tag-change/parse.ts';
import type { Sighting } from '../../stories/seat-instances/ports.ts';

/** Instances an event asks us to look at, or why it asks for none. */
export type Asked =
  | { readonly kind: 'look'; readonly sightings: readonly Sighting[] }
  | { readonly kind: 'ignored'; readonly reason: string };

const ignored = (reason: string): Asked => ({ kind: 'ignored', reason });

const isElsewhere = (
  { account, region }: { readonly account: string | undefined; readonly region: string | undefined },
  stage: Stage,
): boolean => (account ?? stage.account) !== stage.account || (region ?? stage.region) !== stage.region;

/** Nothing that is held is let go on the strength of an event that doesn't say when, or what, was changed. */
const tagChangesIn = ({ at, changedTagKeys: keys }: InstanceTagsChanged): readonly TagChange[] =>
  at === undefined || keys.length === 0 ? [] : [{ at, keys }];

/** What to look at because of one event. Seating acts in its own account and Region only (design section 2). */
export const askedBy = (event: QueuedEvent | Ignored, stage: Stage, now: Date): Asked => {
  const first = (instanceId: string, tagChanges: readonly TagChange[] = []): Asked => ({
    kind: 'look',
    sightings: [{ instanceId, attempt: 0, firstSeenAt: now, ...(tagChanges.length === 0 ? {} : { tagChanges }) }],
  });
  if (event.kind === 'ignored') return ignored(event.reason);
  if (event.kind === 'look-again') {
    const { attempt, reason } = event;
    const tagChanges = event.tagChanges?.map(({ at, keys }) => ({ at: new Date(at), keys }));
    const firstSeenAt = new Date(event.firstSeenAt);
    return {
      kind: 'look',
      sightings: event.instanceIds.map((instanceId) => ({
        instanceId,
        attempt,
        firstSeenAt,
        reason,
        ...(tagChanges === undefined ? {} : { tagChanges }),
      })),
    };
  }
  if (isElsewhere(event, stage)) return ignored('AnotherAccountOrRegion');
  switch (event.kind) {
    case 'instance-state-changed':
      if (event.state === 'pending') return ignored('NotRunningYet');
      return event.state === 'running' ? first(event.instanceId) : ignored('NothingToSeat');
    case 'instance-launched-by-auto-scaling':
      return event.destination === 'WarmPool' ? ignored('IntoWarmPool') : first(event.instanceId);
    case 'instance-tags-changed':
      return first(event.instanceId, tagChangesIn(event));
    case 'instance-terminated-by-auto-scaling':
    case 'target-group-tags-changed':
      return ignored('NothingToSeat');
  }
};
