import type { AuthorizeRule } from '../../domain/change.ts';
import { changeKey, peerText } from '../../domain/change.ts';
import type { CodeSnippets } from '../../domain/code-snippets/code-snippets.ts';
import { snippetsOf } from '../../domain/code-snippets/snippets.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Matter } from '../../domain/ledger.ts';
import type { ProposedRule, Repair } from '../../domain/network/model.ts';
import { seatKey } from '../../domain/network/model.ts';
import type { Permission, WithheldBecause } from '../../domain/permit.ts';
import { targetKey } from '../../domain/target.ts';

/** What is known to stand in the way of each seat, by `targetGroupArn|targetKey`. */
export type Obstacles = ReadonlyMap<string, readonly Finding[]>;

/**
 * A rule the engine proposes, as a change for each target group it serves: one write, asked for in the name of each, so
 * that a group whose policy forbids it does not forbid it to the others.
 */
export const toAuthorizeRules = (rule: ProposedRule): readonly AuthorizeRule[] =>
  [...Map.groupBy(rule.seats, ({ targetGroup }) => targetGroup.arn)].map(([targetGroupArn, seats]) => ({
    kind: 'authorize-rule',
    groupId: rule.groupId,
    vpcId: rule.vpcId,
    direction: rule.direction,
    protocol: rule.protocol,
    port: rule.port,
    peer: rule.peer,
    targetGroupArn,
    targetKeys: seats.map(({ target }) => targetKey(target)),
    reason: 'PathBlocked',
  }));

/**
 * The rules that open what is blocked, with those that are to stand in the place of others; these wait where both don't go
 * together, for what is blocked comes first.
 */
export const rulesAsked = (blocked: Repair, besides: Repair): readonly AuthorizeRule[] => {
  const [first, all] = [blocked, besides].map(({ rules }) => rules.flatMap(toAuthorizeRules));
  const keys = new Set(all?.map((rule) => `${changeKey(rule)}|${rule.targetGroupArn}`));
  const isHeld = first?.every((rule) => keys.has(`${changeKey(rule)}|${rule.targetGroupArn}`)) === true;
  return (isHeld ? all : first) ?? [];
};

/** Each rule once, in the name of the first group that may have it; nothing is withheld that another group may have. */
export const onePerRule = ({ permitted, withheld }: Permission): Permission => {
  const allowed = new Map([...permitted].reverse().map((change) => [changeKey(change), change]));
  return {
    permitted: permitted.filter((change) => allowed.get(changeKey(change)) === change),
    withheld: withheld.filter(({ change }) => !allowed.has(changeKey(change))),
  };
};

/** What rules are for, in the words of their reports, as code for whoever keeps the security group. */
export const rulesInCode = (
  rules: readonly AuthorizeRule[],
  matterOf: (rule: AuthorizeRule) => Pick<Matter, 'peer' | 'targetGroup'> | undefined,
): CodeSnippets | undefined =>
  snippetsOf(rules, (rule) => {
    const matter = matterOf(rule);
    const peer = matter?.peer?.name ?? peerText(rule.peer);
    return `${peer} to ${matter?.targetGroup.name ?? 'its targets'} on ${rule.protocol}/${rule.port}`;
  });

const codeFor = (...[rule, because, matter]: Parameters<typeof ruleNotWritten>): Pick<Finding, 'code'> => {
  const code = because === 'ManagedByCode' ? rulesInCode([rule], () => matter) : undefined;
  return code === undefined ? {} : { code };
};

/** Why a rule that would have opened a path was not written; where code keeps the group, with the rule for that code. */
export const ruleNotWritten = (
  rule: AuthorizeRule,
  because: WithheldBecause | string,
  matter: Pick<Matter, 'peer' | 'targetGroup'> | undefined,
): Finding => ({
  reason: 'RuleNotWritten',
  severity: 'warning',
  evidence: {
    securityGroup: rule.groupId,
    direction: rule.direction,
    protocol: rule.protocol,
    port: String(rule.port),
    because,
  },
  ...codeFor(rule, because, matter),
});

/** Adds findings to the seats they concern. */
export const addObstacles = (
  obstacles: Obstacles,
  added: readonly { readonly seat: string; readonly finding: Finding }[],
): Obstacles => {
  const all = new Map(obstacles);
  for (const { seat, finding } of added) all.set(seat, [...(all.get(seat) ?? []), finding]);
  return all;
};

/**
 * Whether a path was judged blocked and something that blocks it stays. A path that could not be judged is another matter:
 * nobody knows whether anything stands in its way.
 */
export const staysBlocked = (
  seat: string,
  { blocked }: { readonly blocked: ReadonlySet<string> },
  obstacles: Obstacles,
): boolean =>
  blocked.has(seat) &&
  (obstacles.get(seat) ?? []).some(({ severity, reason }) => severity !== 'information' && reason !== 'PathUnknown');

/** What the engine already knows it can't mend. */
export const obstaclesOf = (repair: Repair): Obstacles =>
  addObstacles(new Map(), [
    ...repair.findings,
    ...repair.proposals.flatMap(({ rule, finding }) => rule.seats.map((seat) => ({ seat: seatKey(seat), finding }))),
  ]);
