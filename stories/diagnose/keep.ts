import type { KeptIncident, OwedTelling } from '../../aws/state/incidents-port.ts';
import { IncidentBusyError } from './incident-busy-error.ts';
import type { DiagnosisPorts } from './ports.ts';

const ATTEMPTS = 6;

const busy = (key: string): IncidentBusyError => new IncidentBusyError(`others keep writing the story of ${key}`);

/** Reads, decides and writes what was decided, unless somebody else wrote meanwhile; then afresh. */
export const decideAndKeep = async <Decision extends { readonly kept?: KeptIncident }>(
  ports: DiagnosisPorts,
  key: string,
  decide: (kept: KeptIncident | undefined) => Promise<Decision>,
): Promise<Decision> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = await ports.incidents.read(key);
    const decision = await decide(found?.kept);
    if (decision.kept === undefined) return decision;
    if (await ports.incidents.write(key, decision.kept, found?.version, ports.now())) return decision;
  }
  throw busy(key);
};

/** The story without one telling that it owed; what else it owes it owes still. */
export const told = (kept: KeptIncident, { what, alarm, at }: OwedTelling): KeptIncident => ({
  ...kept,
  owed: kept.owed.filter((owed) => !(owed.what === what && owed.alarm === alarm && owed.at.getTime() === at.getTime())),
});

/** Adds to a story what was told of it; another story that began meanwhile is left alone. */
export const addToStory = async (
  ports: DiagnosisPorts,
  key: string,
  openedAt: Date,
  added: (kept: KeptIncident) => KeptIncident,
): Promise<void> => {
  await decideAndKeep(ports, key, async (kept) =>
    kept === undefined || kept.incident.openedAt.getTime() !== openedAt.getTime() ? {} : { kept: added(kept) },
  );
};
