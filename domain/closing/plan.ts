import type { RevokeRule } from '../change.ts';
import { compareText } from '../difference.ts';
import { clientCidrsOf } from '../network/client-cidrs.ts';
import { judge } from '../network/judge.ts';
import type { Network, Seat, SecurityGroup, SecurityGroupRule } from '../network/model.ts';
import { requiredFlows } from '../network/required-flows.ts';
import type { WithheldBecause } from '../permit.ts';
import { isManagedByCode, permit } from '../permit.ts';
import { read } from '../reading.ts';
import type { Stage } from '../stage.ts';
import { isTagTrue, tagValue, USHER_TAG } from '../tags.ts';
import type { TargetGroup } from '../target-group.ts';
import type { AskedPort, BroaderRule } from './classify.ts';
import { classify, peerKey, ruleShape } from './classify.ts';
import { splitOf } from './split.ts';

/** Everything that decides on the broader rules of one security group, read afresh under its lease. */
export interface ClosingGrounds {
  readonly stage: Stage;
  readonly isPaused: boolean;
  readonly group: SecurityGroup;
  /** All rules of the group. */
  readonly rules: readonly SecurityGroupRule[];
  /** Everybody whose flows may come to the group, of every balancer of the account, tagged or not. */
  readonly seats: readonly Seat[];
  readonly targetGroups: readonly TargetGroup[];
  readonly network: Network;
  /** Groups that any balancer of the account wears. */
  readonly balancerGroupIds: ReadonlySet<string>;
  /** Interfaces that wear the group and are no target's: what they rely on nobody can tell. */
  readonly otherWearers: number;
  /** Whether an instance there is to be ignored: no write concerns it. */
  readonly isIgnored: boolean;
  /** Groups in which every write is stopped because a removal had to be put back. */
  readonly stoppedGroups: ReadonlySet<string>;
  /** What was put back once, by `ruleShape`: never removed again, nor proposed. */
  readonly putBack: ReadonlySet<string>;
  /** Rules that came back after Usher had removed them, by id: whoever brought them outranks a policy. */
  readonly cameBack: ReadonlySet<string>;
  /**
   * Rules of whichever security group that nothing may rest on, by id: removed a moment ago, and perhaps shown still, or about
   * to be removed by the same run.
   */
  readonly gone: ReadonlySet<string>;
  /** Rules that a person said yes to removing, by id; absent = nobody was asked. */
  readonly approved?: ReadonlySet<string>;
}

/** Why a broader rule is only proposed. */
export type ProposedBecause =
  | Extract<WithheldBecause, 'ReportOnly' | 'Ask' | 'NotOurs' | 'NotWorldOpen' | 'ManagedByCode' | 'Paused'>
  | 'OtherWearers'
  | 'CoversOtherPorts';

/** A broader rule that nobody behind a balancer needs, proven. */
export interface Closing {
  readonly broader: BroaderRule;
  readonly change: RevokeRule;
  /** Rules that would stand in its place; empty when it goes whole. */
  readonly split: readonly SecurityGroupRule[];
}

export interface ClosingPlan {
  /** To be removed now: unattended, or because a person said yes. */
  readonly removals: readonly Closing[];
  readonly proposals: readonly (Closing & { readonly because: ProposedBecause })[];
}

const NOTHING: ClosingPlan = { removals: [], proposals: [] };

/** Objections that end the matter: nothing is proposed either. */
const isProposed = (
  because: WithheldBecause,
): because is Exclude<ProposedBecause, 'OtherWearers' | 'CoversOtherPorts'> =>
  ['ReportOnly', 'Ask', 'NotOurs', 'NotWorldOpen', 'ManagedByCode', 'Paused'].includes(because);

/** Seats at a group; one whose interface nobody shows may be there, and proves nothing. */
export const seatsAt = (groupId: string, seats: readonly Seat[]): readonly Seat[] =>
  seats.filter(
    ({ networkInterface }) => networkInterface === undefined || networkInterface.securityGroupIds.includes(groupId),
  );

/** Ports that targets behind a group are asked on, each once. */
const askedPorts = (seats: readonly Seat[]): readonly AskedPort[] => [
  ...new Map(
    seats.flatMap(requiredFlows).map(({ protocol, port }) => [`${protocol}/${port}`, { protocol, port }] as const),
  ).values(),
];

/** Whom rules to targets are for: the balancers' groups, their interfaces' addresses, and clients that a tag names. */
const rightfulPeers = (seats: readonly Seat[], network: Network): ReadonlySet<string> => {
  const cidr = (text: string): string => peerKey({ kind: text.includes(':') ? 'cidr-ipv6' : 'cidr-ipv4', cidr: text });
  return new Set(
    seats.flatMap(({ loadBalancer, targetGroup }) => {
      const clients = clientCidrsOf(targetGroup);
      const reading = loadBalancer && network.balancerInterfaces.get(loadBalancer.arn);
      const interfaces = reading?.kind === 'read' ? reading.value : [];
      return [
        ...(loadBalancer?.securityGroupIds ?? []),
        ...interfaces.flatMap(({ privateIpv4Addresses, ipv6Addresses }) =>
          [...privateIpv4Addresses, ...ipv6Addresses].map(cidr),
        ),
        ...(clients.kind === 'told' ? clients.named.map(cidr) : []),
      ];
    }),
  );
};

/** The network with other rules in the place of some. */
const replacing = (
  { group: { groupId }, rules, network }: ClosingGrounds,
  replaced: ReadonlyMap<string, readonly SecurityGroupRule[]>,
): Network => ({
  ...network,
  rules: new Map(
    [...network.rules, [groupId, read(rules)] as const].map(
      ([id, reading]) =>
        [
          id,
          reading.kind === 'read'
            ? read(reading.value.flatMap((rule) => replaced.get(rule.ruleId) ?? [rule]))
            : reading,
        ] as const,
    ),
  ),
});

/**
 * Whether every required flow of everybody around passes; an unknown is no pass. Of an instance that doesn't run at the
 * moment the path is asked about: it comes back.
 */
export const provesOpen = (seats: readonly Seat[], network: Network): boolean => {
  const flows = seats.flatMap(requiredFlows);
  return (
    flows.length > 0 &&
    flows.every((flow) =>
      judge(flow, network).hops.every(({ hop, verdict }) => hop === 'instance-state' || verdict === 'passes'),
    )
  );
};

const ORDER: readonly BroaderRule['source'][] = ['world', 'cidr', 'prefix-list', 'group', 'single-host', 'balancer'];

const inOrder = (a: BroaderRule, b: BroaderRule): number =>
  ORDER.indexOf(a.source) - ORDER.indexOf(b.source) || compareText(a.rule.ruleId, b.rule.ruleId);

/** Rules that may be spoken of at all: not ours, not to be kept or ignored, and never put back before. */
const isOpenToQuestion = (
  { stage, putBack }: Pick<ClosingGrounds, 'stage' | 'putBack'>,
  rule: SecurityGroupRule,
): boolean =>
  tagValue(rule.tags, USHER_TAG.owner) !== stage.name &&
  !isTagTrue(rule.tags, USHER_TAG.keep) &&
  !isTagTrue(rule.tags, USHER_TAG.ignore) &&
  !putBack.has(ruleShape(rule));

/** Broader rules of one group, by what targets there are asked on; nothing is proven of them yet. */
export const broaderRules = (
  grounds: Pick<ClosingGrounds, 'stage' | 'putBack' | 'rules' | 'network' | 'balancerGroupIds'> & {
    readonly group: Pick<SecurityGroup, 'groupId'>;
  },
  seats: readonly Seat[],
): readonly BroaderRule[] => {
  // Behind a group that a balancer wears as well, a rule may be there for its clients.
  if (grounds.balancerGroupIds.has(grounds.group.groupId)) return [];
  // Who the clients are that a tag means nobody knows, so that any rule may be theirs.
  if (seats.some(({ targetGroup }) => clientCidrsOf(targetGroup).kind === 'malformed')) return [];
  const asked = askedPorts(seats);
  const rightful = rightfulPeers(seats, grounds.network);
  return grounds.rules
    .filter((rule) => isOpenToQuestion(grounds, rule))
    .flatMap((rule) => classify(rule, asked, rightful) ?? [])
    .sort(inOrder);
};

const revocationOf = ({ rule, extent, source }: BroaderRule, { vpcId }: SecurityGroup, arn: string): RevokeRule => ({
  kind: 'revoke-rule',
  groupId: rule.groupId,
  vpcId,
  direction: 'ingress',
  ruleId: rule.ruleId,
  ownership: 'foreign',
  breadth: source !== 'world' ? 'narrower-source' : extent === 'this-port' ? 'world-exactly-this-port' : 'world-wider',
  targetGroupArn: arn,
  reason: 'BroaderThanNeeded',
  rule,
});

/** Asked in the name of every group that has somebody at the security group: the strictest answer counts. */
const objectionTo = (
  grounds: ClosingGrounds,
  broader: BroaderRule,
  concerned: readonly TargetGroup[],
): WithheldBecause | undefined => {
  const { stage, group, isPaused, stoppedGroups } = grounds;
  const { withheld } = permit(
    concerned.map(({ arn }) => revocationOf(broader, group, arn)),
    {
      stage,
      isPaused,
      stoppedGroups,
      targetGroupTags: new Map(concerned.map(({ arn, tags }) => [arn, tags])),
      instanceTags: new Map(),
      securityGroups: new Map([[group.groupId, read(group)]]),
      ruleTags: new Map([[broader.rule.ruleId, broader.rule.tags]]),
      heldKeys: new Set(),
    },
  );
  const reasons = withheld.map(({ because }) => because);
  const final = reasons.find((because) => !isProposed(because));
  if (final !== undefined || !isManagedByCode(group.tags, stage.managedByTags)) return final ?? reasons[0];
  return 'ManagedByCode';
};

/** What a yes overrules: the wish to be asked, and that only what the world sees on one port goes unattended. */
const OVERRULED: ReadonlySet<ProposedBecause> = new Set(['Ask', 'NotOurs', 'NotWorldOpen', 'OtherWearers']);

const whyProposed = (
  { otherWearers, approved, cameBack }: ClosingGrounds,
  { rule, extent }: BroaderRule,
  objection: Exclude<ProposedBecause, 'OtherWearers' | 'CoversOtherPorts'> | undefined,
): ProposedBecause | undefined => {
  if (extent !== 'this-port') return objection === 'ManagedByCode' ? objection : 'CoversOtherPorts';
  const because = objection ?? (otherWearers > 0 ? 'OtherWearers' : cameBack.has(rule.ruleId) ? 'NotOurs' : undefined);
  return because !== undefined && approved?.has(rule.ruleId) === true && OVERRULED.has(because) ? undefined : because;
};

/**
 * Which broader rules of one security group go, and which are proposed to go. One after the other, each with those before
 * it gone: nothing is said of a rule unless everybody's required flows pass without it. Only what the whole world is let
 * to on exactly a port that targets are asked on goes unattended; of a rule that covers other ports too, the lines are
 * proposed that would split it.
 */
export const planClosings = (grounds: ClosingGrounds): ClosingPlan => {
  const { group, seats, targetGroups, stoppedGroups, isIgnored, approved, gone } = grounds;
  const there = seatsAt(group.groupId, seats);
  const arns = new Set(there.map(({ targetGroup }) => targetGroup.arn));
  const concerned = targetGroups.filter(({ arn }) => arns.has(arn)).sort((a, b) => compareText(a.arn, b.arn));
  const [first] = concerned;
  if (first === undefined || isIgnored || concerned.some(({ arn }) => stoppedGroups.has(arn))) return NOTHING;
  const removals: ClosingPlan['removals'][number][] = [];
  const proposals: ClosingPlan['proposals'][number][] = [];
  let replaced: ReadonlyMap<string, readonly SecurityGroupRule[]> = new Map([...gone].map((ruleId) => [ruleId, []]));
  for (const broader of broaderRules(grounds, there)) {
    const { rule, extent } = broader;
    if (approved !== undefined && !approved.has(rule.ruleId)) continue;
    const objection = objectionTo(grounds, broader, concerned);
    if (objection !== undefined && !isProposed(objection)) continue;
    const split = extent === 'this-port' ? [] : splitOf(broader);
    const next = new Map([...replaced, [rule.ruleId, split] as const]);
    if (!provesOpen(there, replacing(grounds, next))) continue;
    replaced = next;
    const closing = { broader, change: revocationOf(broader, group, first.arn), split };
    const because = whyProposed(grounds, broader, objection);
    if (because === undefined) removals.push(closing);
    else proposals.push({ ...closing, because });
  }
  return { removals, proposals };
};
