import { valueRead } from '../../network/hop.ts';
import { membersOf } from '../members.ts';
import type { Check } from './check.ts';
import { finding } from './check.ts';

/** Everybody is leaving: who drains gets no new requests, and nobody else is there. */
export const checkLeaving: Check = (evidence) => {
  const all = valueRead(evidence.members) ?? [];
  return all.length > 0 && membersOf(evidence).length === 0
    ? [finding('Target.DeregistrationInProgress', 'warning', { count: all.length, of: all.length })]
    : [];
};
