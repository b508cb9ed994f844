import { compareText } from '../difference.ts';
import { isTagTrue, USHER_TAG } from '../tags.ts';
import type { FlowProtocol, HopName, Judgement, Lack, RuleDirection, Seat } from './model.ts';
import { seatKey } from './model.ts';

/** A security group hop that blocks a flow and that one rule would open. */
export interface Opening {
  readonly seat: Seat;
  readonly direction: RuleDirection;
  readonly protocol: FlowProtocol;
  readonly port: number;
  /** Groups in any of which the rule may stand. */
  readonly nearGroupIds: readonly string[];
  readonly far: Far;
}

/** Whom the rule lets in or out. */
export type Far =
  /** Any of these groups; unsure where a middlebox may hide them, which routes would tell. */
  | { readonly kind: 'groups'; readonly groupIds: readonly string[]; readonly isSure: boolean }
  /** One block of addresses: the balancer's own, the target's, or clients that a tag names. */
  | { readonly kind: 'addresses'; readonly cidr: string; readonly ofClients: boolean };

/** The hops Usher may write for (design section 2, "Repair writes only"). */
const WRITABLE = { 'target-ingress': 'ingress', 'balancer-egress': 'egress' } as const satisfies Partial<
  Record<HopName, RuleDirection>
>;

type WritableHop = keyof typeof WRITABLE;

/** Whether Usher may write a rule for a hop that blocks. */
export const isWritable = (hop: HopName): hop is WritableHop => Object.hasOwn(WRITABLE, hop);

/** Whether the target group is tagged `usher:ignore`: no write concerning it, security group rules included. */
export const isIgnored = ({ targetGroup }: Seat): boolean => isTagTrue(targetGroup.tags, USHER_TAG.ignore);

/** Hops without which no rule opens a path: a group that is used, in a zone that is enabled. */
const PRECONDITIONS: readonly HopName[] = ['listener', 'zone'];

const isWorthOpening = ({ hops, flow }: Judgement): boolean =>
  !isIgnored(flow.seat) && hops.every(({ hop, verdict }) => verdict === 'passes' || !PRECONDITIONS.includes(hop));

const farsOf = ({ group, cidrs, ofClients }: Lack, groupIds: readonly string[]): readonly Far[] => [
  ...(group !== 'none' && groupIds.length > 0
    ? [{ kind: 'groups', groupIds, isSure: group === 'helps' } as const]
    : []),
  ...cidrs.map((cidr) => ({ kind: 'addresses', cidr, ofClients }) as const),
];

const openingsFor = ({ flow }: Judgement, hop: WritableHop, lack: Lack): readonly Opening[] => {
  const { seat, protocol, port } = flow;
  const targetGroups = seat.networkInterface?.securityGroupIds ?? [];
  const balancerGroups = seat.loadBalancer?.securityGroupIds ?? [];
  const [nearGroupIds, farGroupIds] =
    hop === 'target-ingress' ? [targetGroups, balancerGroups] : [balancerGroups, targetGroups];
  if (nearGroupIds.length === 0) return [];
  return farsOf(lack, farGroupIds).map((far) => ({
    seat,
    direction: WRITABLE[hop],
    protocol,
    port,
    nearGroupIds,
    far,
  }));
};

/** One text per hop of a seat, port and peer: what traffic and health on one port have in common. */
export const openingKey = ({ seat, direction, protocol, port, far }: Omit<Opening, 'nearGroupIds'>): string =>
  `${seatKey(seat)}|${direction}|${protocol}|${port}|${far.kind === 'groups' ? 'group' : far.cidr}`;

/** The openings a hop of a judgement asks for, if it blocks, may be written, and no rule would be in vain. */
export const openingsAt = (judgement: Judgement, hop: HopName): readonly Opening[] => {
  if (!isWritable(hop) || !isWorthOpening(judgement)) return [];
  const lacks = judgement.hops.find((each) => each.hop === hop && each.verdict === 'blocked')?.lacks;
  return lacks === undefined ? [] : openingsFor(judgement, hop, lacks);
};

/** Openings of all judgements, each once; those with the least choice first, so that others can share their rule. */
export const openingsOf = (judgements: readonly Judgement[]): readonly Opening[] => {
  const all = judgements.flatMap((judgement) => judgement.hops.flatMap(({ hop }) => openingsAt(judgement, hop)));
  return [...new Map(all.map((opening) => [openingKey(opening), opening]))]
    .sort(([a, { nearGroupIds: x }], [b, { nearGroupIds: y }]) => x.length - y.length || compareText(a, b))
    .map(([, opening]) => opening);
};
