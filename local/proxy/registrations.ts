import type { HealthMemory } from './health.ts';
import { freshMemory } from './health.ts';

/** A target in a group. The emulator keeps one per id; AWS one per id and port. */
export interface Registration {
  readonly groupArn: string;
  readonly id: string;
  readonly port: number;
  readonly zone: string | undefined;
  /** Somebody else's doing (Auto Scaling inside the emulator): it goes when it is gone there. */
  readonly adopted: boolean;
  readonly memory: HealthMemory;
  readonly drainingUntil: Date | undefined;
}

export interface Registrations {
  readonly of: (groupArn: string, now: Date) => readonly Registration[];
  readonly register: (
    groupArn: string,
    target: Pick<Registration, 'id' | 'port' | 'zone' | 'adopted'>,
    now: Date,
  ) => void;
  readonly remember: (registration: Registration, memory: HealthMemory) => void;
  /** Drains what is in use until then; what was never used goes at once. */
  readonly drain: (registration: Registration, until: Date) => void;
  readonly clear: () => void;
}

const keyOf = ({ groupArn, id, port }: Pick<Registration, 'groupArn' | 'id' | 'port'>): string =>
  `${groupArn} ${id} ${port}`;

export const makeRegistrations = (): Registrations => {
  const all = new Map<string, Registration>();
  return {
    of: (groupArn, now) => {
      for (const [key, { drainingUntil }] of all)
        if (drainingUntil !== undefined && drainingUntil <= now) all.delete(key);
      return [...all.values()].filter((registration) => registration.groupArn === groupArn);
    },
    register: (groupArn, target, now) => {
      const key = keyOf({ groupArn, ...target });
      const present = all.get(key);
      if (present !== undefined && present.drainingUntil === undefined) return;
      all.set(key, { groupArn, ...target, memory: freshMemory(now), drainingUntil: undefined });
    },
    remember: (registration, memory) => {
      const present = all.get(keyOf(registration));
      if (present !== undefined) all.set(keyOf(registration), { ...present, memory });
    },
    drain: (registration, until) => {
      const present = all.get(keyOf(registration));
      if (present === undefined || present.drainingUntil !== undefined) return;
      if (present.memory.usedSince === undefined) all.delete(keyOf(registration));
      else all.set(keyOf(registration), { ...present, drainingUntil: until });
    },
    clear: () => all.clear(),
  };
};
