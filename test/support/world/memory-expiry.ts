import type { Announced, ExpiryMemory } from '../../../aws/state/expiry-port.ts';
import type { Registration } from '../../../domain/expiry/registration.ts';

/** What the watch over certificates and domains remembers, in memory, for story tests. */
export interface MemoryExpiry extends ExpiryMemory {
  readonly announcements: ReadonlyMap<string, Announced>;
  readonly seenRecords: ReadonlyMap<string, Date>;
  readonly registrations: ReadonlyMap<string, { readonly registration: Registration; readonly readAt: Date }>;
}

export const aMemoryExpiry = (): MemoryExpiry => {
  const announcements = new Map<string, Announced>();
  const seenRecords = new Map<string, Date>();
  const registrations = new Map<string, { readonly registration: Registration; readonly readAt: Date }>();
  return {
    announcements,
    seenRecords,
    registrations,
    announced: async (subject) => structuredClone(announcements.get(subject)),
    listAnnounced: async () =>
      [...announcements]
        .sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
        .map(([subject, announced]) => ({ subject, ...structuredClone(announced) })),
    announce: async (subject, announced) => {
      announcements.set(subject, structuredClone(announced));
    },
    forget: async (subject) => {
      announcements.delete(subject);
    },
    recordSeenAt: async (recordName) => seenRecords.get(recordName.toLowerCase()),
    sawRecord: async (recordName, at) => {
      seenRecords.set(recordName.toLowerCase(), at);
    },
    registration: async (domain) => structuredClone(registrations.get(domain)),
    keepRegistration: async (domain, registration, readAt) => {
      registrations.set(domain, structuredClone({ registration, readAt }));
    },
  };
};
