import type { FurtherLook } from '../../domain/seating/looking-again.ts';
import type { LookAgainReason, TagChangeNote } from '../../events/look-again.ts';
import { serializeLookAgain } from '../../events/look-again.ts';
import type { LookingPorts, Sighting } from './ports.ts';

/** Ids per message, so that a body stays far below SQS's limit. */
const IDS_PER_MESSAGE = 100;

interface PutOff {
  readonly delaySeconds: number;
  readonly attempt: number;
  readonly firstSeenAt: string;
  readonly instanceIds: readonly string[];
  readonly tagChanges?: readonly TagChangeNote[];
}

const noteOf = ({ tagChanges }: Sighting): Pick<PutOff, 'tagChanges'> =>
  tagChanges === undefined ? {} : { tagChanges: tagChanges.map(({ at, keys }) => ({ at: at.toISOString(), keys })) };

/** One message for all that are put off alike, whenever each was first seen: the earliest of those moments stands for all. */
const gather = (sightings: readonly { readonly sighting: Sighting; readonly seconds: number }[]): readonly PutOff[] => {
  const byDelay = new Map<string, PutOff>();
  for (const { sighting, seconds } of sightings) {
    const attempt = sighting.attempt + 1;
    const seenAt = sighting.firstSeenAt.toISOString();
    const note = noteOf(sighting);
    const key = `${seconds}|${attempt}|${JSON.stringify(note)}`;
    const before = byDelay.get(key);
    const instanceIds = [...(before?.instanceIds ?? []), sighting.instanceId];
    const firstSeenAt = before !== undefined && before.firstSeenAt < seenAt ? before.firstSeenAt : seenAt;
    byDelay.set(key, { delaySeconds: seconds, attempt, firstSeenAt, instanceIds, ...note });
  }
  return [...byDelay.values()];
};

const inChunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/**
 * Sends each instance to be looked at again when its time has come; answers those for which there are no more looks.
 * Waiting is a new message with a delay, never a sleep.
 */
export const putOff = async (
  ports: Pick<LookingPorts, 'launchQueue' | 'log'>,
  reason: LookAgainReason,
  sightings: readonly Sighting[],
  next: (sighting: Sighting) => FurtherLook,
): Promise<readonly Sighting[]> => {
  const looks = sightings.map((sighting) => ({ sighting, look: next(sighting) }));
  const again = looks.flatMap(({ sighting, look }) =>
    look.kind === 'after' ? [{ sighting, seconds: look.seconds }] : [],
  );
  for (const { delaySeconds, instanceIds, ...message } of gather(again))
    for (const chunk of inChunks(instanceIds, IDS_PER_MESSAGE))
      await ports.launchQueue.sendLater(
        serializeLookAgain({ kind: 'look-again', reason, instanceIds: chunk, ...message }),
        delaySeconds,
      );
  if (again.length > 0) ports.log({ event: 'looks-again', reason, instances: again.length });
  return looks.flatMap(({ sighting, look }) => (look.kind === 'no-more' ? [sighting] : []));
};
