import type { Announced } from '../../domain/expiry/announced.ts';
import type { RecordLooks } from './look-at-records.ts';
import { recordLooks } from './look-at-records.ts';
import type { Patience } from './patience.ts';
import { patienceFrom } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import type { Serving } from './uses.ts';
import { servingOf } from './uses.ts';

/** One run of the watch: what it has read so far, and what is announced. It runs alone, so what is announced is its own to change. */
export interface Run {
  readonly ports: ExpiryPorts;
  readonly patience: Patience;
  readonly serving: Serving;
  readonly records: RecordLooks;
  /** All that is announced and not over, by subject. */
  readonly announced: ReadonlyMap<string, Announced>;
  readonly announce: (subject: string, announced: Announced) => Promise<void>;
  readonly forget: (subject: string) => Promise<void>;
}

export const beginRun = async (ports: ExpiryPorts): Promise<Run> => {
  const known = await ports.memory.listAnnounced();
  const announced = new Map<string, Announced>(known.map(({ subject, ...rest }) => [subject, rest]));
  const patience = patienceFrom(ports.now);
  return {
    ports,
    patience,
    serving: servingOf(ports),
    records: recordLooks(ports, patience),
    announced,
    announce: async (subject, what) => {
      await ports.memory.announce(subject, what);
      announced.set(subject, what);
    },
    forget: async (subject) => {
      if (!announced.has(subject)) return;
      await ports.memory.forget(subject);
      announced.delete(subject);
    },
  };
};
