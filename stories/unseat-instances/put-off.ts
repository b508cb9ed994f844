import type { FurtherLook } from '../../domain/seating/looking-again.ts';
import type { DepartureNote, NotedDeparture } from '../../events/departure-note.ts';
import { serializeDepartureNote } from '../../events/departure-note.ts';
import type { Departing, UnseatingPorts } from './ports.ts';

/** Per message, so that a body stays far below SQS's limit. */
const DEPARTURES_PER_MESSAGE = 100;

const noted = ({ instanceId, attempt, firstSeenAt, sign, saidTerminated, absentSince }: Departing): NotedDeparture => ({
  instanceId,
  attempt: attempt + 1,
  firstSeenAt: firstSeenAt.toISOString(),
  ...(sign === undefined ? {} : { sign: { kind: sign.kind, at: sign.at.toISOString() } }),
  ...(saidTerminated === undefined ? {} : { saidTerminated }),
  ...(absentSince === undefined ? {} : { absentSince: absentSince.toISOString() }),
});

/** Sends each instance to be looked at again when its time has come; answers those for which there are no more looks. */
export const putOffDepartures = async (
  ports: Pick<UnseatingPorts, 'launchQueue' | 'log'>,
  reason: DepartureNote['reason'],
  departing: readonly Departing[],
  next: (departing: Departing) => FurtherLook,
): Promise<readonly Departing[]> => {
  const looks = departing.map((one) => ({ one, look: next(one) }));
  const again = looks.flatMap(({ one, look }) => (look.kind === 'after' ? [{ one, seconds: look.seconds }] : []));
  for (const [seconds, together] of Map.groupBy(again, (each) => each.seconds))
    for (let from = 0; from < together.length; from += DEPARTURES_PER_MESSAGE) {
      const departures = together.slice(from, from + DEPARTURES_PER_MESSAGE).map(({ one }) => noted(one));
      await ports.launchQueue.sendLater(
        serializeDepartureNote({ kind: 'look-at-departure', reason, departures }),
        seconds,
      );
    }
  if (again.length > 0) ports.log({ event: 'looks-at-departure-again', reason, instances: again.length });
  return looks.flatMap(({ one, look }) => (look.kind === 'no-more' ? [one] : []));
};
