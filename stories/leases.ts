import type { Change } from '../domain/change.ts';
import { companionKey, isOfCompanion } from '../domain/change.ts';

/**
 * Longer than the functions that hold these leases may run (60 s, serverless.yml), so a lapsed lease has no living holder. The
 * watch over certificates and domains has a longer one of its own.
 */
export const LEASE_SECONDS = 90;

/** What a change is made under: its target group for membership, its security group for rules, its name for a companion group. */
const leaseResource = (change: Change): string =>
  isOfCompanion(change)
    ? companionKey(change.vpcId, change.groupName)
    : change.kind === 'register-target' || change.kind === 'deregister-target'
      ? change.targetGroupArn
      : change.groupId;

/** Resources to hold while changes are planned and made, in order. */
export const leaseResources = (changes: readonly Change[]): readonly string[] =>
  [...new Set(changes.map(leaseResource))].sort();
