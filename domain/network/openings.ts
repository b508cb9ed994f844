import { compareText } from '../difference.ts';
import { isTagTrue, USHER_TAG } from '../tags.ts';
import type { FlowProtocol, HopName, Judgement, RuleDirection, Seat } from './model.ts';
import { seatKey } from './model.ts';

/** A security group hop that blocks a flow and that one rule would open. */
export interface Opening {
  readonly seat: Seat;
  readonly direction: RuleDirection;
  readonly protocol: FlowProtocol;
  readonly port: number;
  /** Groups in any of which the rule may stand. */
  readonly nearGroupIds: readonly string[];
  /** Groups any of which the rule may name as its peer. */
  readonly farGroupIds: readonly string[];
}

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

const openingFor = ({ flow }: Judgement, hop: WritableHop): Opening => {
  const { seat, protocol, port } = flow;
  const targetGroups = seat.networkInterface?.securityGroupIds ?? [];
  const balancerGroups = seat.loadBalancer?.securityGroupIds ?? [];
  const [nearGroupIds, farGroupIds] =
    hop === 'target-ingress' ? [targetGroups, balancerGroups] : [balancerGroups, targetGroups];
  return { seat, direction: WRITABLE[hop], protocol, port, nearGroupIds, farGroupIds };
};

/** One text per hop of a seat and port: what traffic and health on one port have in common. */
export const openingKey = ({
  seat,
  direction,
  protocol,
  port,
}: Omit<Opening, 'nearGroupIds' | 'farGroupIds'>): string => `${seatKey(seat)}|${direction}|${protocol}|${port}`;

/** The opening a hop of a judgement asks for, if it blocks, may be written, and no rule would be in vain. */
export const openingOf = (judgement: Judgement, hop: HopName): Opening | undefined => {
  if (!isWritable(hop) || !isWorthOpening(judgement)) return undefined;
  const blocks = judgement.hops.some((each) => each.hop === hop && each.verdict === 'blocked');
  const opening = blocks ? openingFor(judgement, hop) : undefined;
  return opening && opening.nearGroupIds.length > 0 && opening.farGroupIds.length > 0 ? opening : undefined;
};

/** Openings of all judgements, each once; those with the least choice first, so that others can share their rule. */
export const openingsOf = (judgements: readonly Judgement[]): readonly Opening[] => {
  const all = judgements.flatMap((judgement) => judgement.hops.flatMap(({ hop }) => openingOf(judgement, hop) ?? []));
  return [...new Map(all.map((opening) => [openingKey(opening), opening]))]
    .sort(([a, { nearGroupIds: x }], [b, { nearGroupIds: y }]) => x.length - y.length || compareText(a, b))
    .map(([, opening]) => opening);
};
