import type { Incidents, KeptIncident } from '../../../aws/state/incidents-port.ts';

/** Incidents in memory. */
export const aMemoryOfIncidents = (): Incidents => {
  const all = new Map<string, { readonly kept: KeptIncident; readonly version: number }>();
  return {
    async read(subject) {
      return all.get(subject);
    },
    async write(subject, kept, version) {
      if (all.get(subject)?.version !== version) return false;
      all.set(subject, { kept, version: (version ?? 0) + 1 });
      return true;
    },
  };
};
