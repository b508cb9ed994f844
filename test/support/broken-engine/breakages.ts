import type { PathReason } from '../../../domain/network/findings.ts';
import type { HopName } from '../../../domain/network/model.ts';

/** What a broken hop says of every flow, whatever is true. */
export type Breakage =
  | { readonly says: 'passes' }
  | { readonly says: 'blocked'; readonly reason: PathReason; readonly evidence: Readonly<Record<string, string>> };

/**
 * How each hop of the engine is broken for `test/system/broken-engine.test.ts`. Most let everything through; two of them
 * nothing, because what they let through in vain is found out all the same: nobody sends to a group that no listener uses,
 * and a stopped instance is taken out by its own event.
 */
export const BREAKAGES: Readonly<Record<HopName, Breakage>> = {
  listener: { says: 'blocked', reason: 'GroupNotUsed', evidence: { targetGroup: 'any' } },
  zone: { says: 'passes' },
  'balancer-egress': { says: 'passes' },
  'acl-balancer-out': { says: 'passes' },
  'acl-target-in': { says: 'passes' },
  'target-ingress': { says: 'passes' },
  'instance-state': { says: 'blocked', reason: 'InstanceNotRunning', evidence: { state: 'stopped' } },
  'target-egress': { says: 'passes' },
  'acl-target-out': { says: 'passes' },
  'acl-balancer-in': { says: 'passes' },
};

const HOPS = Object.keys(BREAKAGES) as readonly HopName[];

/** Begins the name of a site whose paths are judged by an engine in which this one hop is broken. */
export const brokenName = (hop: HopName): string => `x-${hop}`;

/** The hop that is broken for a target group of this name, if one is. */
export const brokenHopOf = (targetGroupName: string): HopName | undefined =>
  HOPS.find((hop) => targetGroupName === `${brokenName(hop)}-prod`);
