import type { Change } from '../domain/change.ts';
import type { Permission } from '../domain/permit.ts';

/** Whoever acts on a plan that a person was shown. */
export interface Consenting {
  /** Whether a change was in it; absent = nobody was asked, and the stage's own limits are enough. */
  readonly consent?: (change: Change) => boolean;
}

/** A permission without what nobody was shown: that is neither done nor spoken of, and left to the next look. */
export const consentedTo = ({ consent }: Consenting, permission: Permission): Permission =>
  consent === undefined ? permission : { ...permission, permitted: permission.permitted.filter(consent) };
