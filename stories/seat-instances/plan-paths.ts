import type { AuthorizeRule } from '../../domain/change.ts';
import type { Finding } from '../../domain/finding.ts';
import type { ProposedRule, Repair } from '../../domain/network/model.ts';
import type { WithheldBecause } from '../../domain/permit.ts';
import { seatKey } from '../../domain/seating/seats.ts';
import { targetKey } from '../../domain/target.ts';

/** What is known to stand in the way of each seat, by `targetGroupArn|targetKey`. */
export type Obstacles = ReadonlyMap<string, readonly Finding[]>;

/** A rule the engine proposes, as a change. It is told in the report of the first group it serves. */
export const toAuthorizeRule = (rule: ProposedRule): AuthorizeRule => {
  const targetGroupArn = rule.seats[0]?.targetGroup.arn ?? '';
  return {
    kind: 'authorize-rule',
    groupId: rule.groupId,
    vpcId: rule.vpcId,
    direction: rule.direction,
    protocol: rule.protocol,
    port: rule.port,
    peer: rule.peer,
    targetGroupArn,
    targetKeys: rule.seats
      .filter(({ targetGroup }) => targetGroup.arn === targetGroupArn)
      .map(({ target }) => targetKey(target)),
    reason: 'PathBlocked',
  };
};

/** Why a rule that would have opened a path was not written. */
export const ruleNotWritten = (rule: AuthorizeRule, because: WithheldBecause | string): Finding => ({
  reason: 'RuleNotWritten',
  severity: 'warning',
  evidence: {
    securityGroup: rule.groupId,
    direction: rule.direction,
    protocol: rule.protocol,
    port: String(rule.port),
    because,
  },
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

/** What the engine already knows it can't mend. */
export const obstaclesOf = (repair: Repair): Obstacles =>
  addObstacles(new Map(), [
    ...repair.findings,
    ...repair.proposals.flatMap(({ rule, finding }) => rule.seats.map((seat) => ({ seat: seatKey(seat), finding }))),
  ]);
