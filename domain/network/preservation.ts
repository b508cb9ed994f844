import type { TargetGroup } from '../target-group.ts';
import { NOTHING_WANTED, whyUnread } from './hop.ts';
import type { Network } from './model.ts';
import type { Doubt } from './places.ts';

/** Protocols whose targets always see their clients' addresses (facts 2.5). */
const ALWAYS_PRESERVED: ReadonlySet<string | undefined> = new Set(['UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC']);

/**
 * Whether targets of a Network Load Balancer's group see their clients' addresses, where the group's protocol settles it;
 * `undefined` where only the attribute `preserve_client_ip.enabled` tells.
 * @see ELB guide for Network Load Balancers, target group attributes, "Client IP preservation" (facts 2.5)
 */
export const fixedPreservation = ({ protocol }: Pick<TargetGroup, 'protocol'>): true | undefined =>
  ALWAYS_PRESERVED.has(protocol) ? true : undefined;

/** Whether targets of a Network Load Balancer's group see their clients' addresses, or why that is not known. */
export const preservationOf = (targetGroup: TargetGroup, network: Network): boolean | Doubt => {
  const fixed = fixedPreservation(targetGroup);
  if (fixed !== undefined) return fixed;
  const reading = network.preservation.get(targetGroup.arn);
  if (reading?.kind === 'read') return reading.value;
  return {
    about: 'whether',
    reason: 'PathUnknown',
    evidence: { because: 'PreservationUnread', targetGroup: targetGroup.name, why: whyUnread(reading) },
    wants: { ...NOTHING_WANTED, preservationArns: reading === undefined ? [targetGroup.arn] : [] },
  };
};
