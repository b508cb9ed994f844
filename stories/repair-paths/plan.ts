import type { Ec2Reader } from '../../aws/ec2/port.ts';
import type { AuthorizeRule } from '../../domain/change.ts';
import { targetChangeKey } from '../../domain/change.ts';
import { REPAIR_DEFAULTS } from '../../domain/network/draft.ts';
import type { Judgement, Network } from '../../domain/network/model.ts';
import { repair } from '../../domain/network/repair.ts';
import type { Permission } from '../../domain/permit.ts';
import { permit } from '../../domain/permit.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import type { Stage } from '../../domain/stage.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import { observeForRepair } from '../observe-network.ts';
import { onePerRule, toAuthorizeRules } from '../seat-instances/plan-paths.ts';
import type { Stops } from '../stops.ts';

/** What a repair is planned from: one group's members, judged. */
export interface JudgedGroup {
  readonly seats: readonly DesiredSeat[];
  readonly members: readonly TargetHealth[];
  readonly judgements: readonly Judgement[];
  readonly network: Network;
}

/** Rules that would open the paths of a group, and what of them a person's yes would let through. */
export interface PlannedRepair {
  readonly rules: readonly AuthorizeRule[];
  readonly withheld: Permission['withheld'];
  readonly network: Network;
}

const isRule = (change: Permission['permitted'][number]): change is AuthorizeRule => change.kind === 'authorize-rule';

/**
 * Plans the rules that the engine would add for the members of one group, and holds them against what may be done once a person
 * says yes. Changes nothing.
 */
export const planRepair = async (
  { ec2, stage }: { readonly ec2: Ec2Reader; readonly stage: Stage },
  { seats, members, judgements, network }: JudgedGroup,
  stops: Stops,
): Promise<PlannedRepair | undefined> => {
  const [first] = seats;
  if (first === undefined || !judgements.some(({ verdict }) => verdict === 'blocked')) return undefined;
  const { arn, tags } = first.seat.targetGroup;
  const seen = await observeForRepair(ec2, network, judgements);
  const known = new Map([[arn, new Set(members.map(({ target }) => target.id))]]);
  const options = { ...REPAIR_DEFAULTS, members: known, wideClientCidrs: stage.wideClientCidrs };
  const asked = repair(judgements, seen, options).rules.flatMap(toAuthorizeRules);
  const { permitted, withheld } = onePerRule(
    permit(asked, {
      stage,
      ...stops,
      targetGroupTags: new Map([[arn, tags]]),
      instanceTags: new Map(seats.map(({ instance }) => [instance.instanceId, instance.tags])),
      securityGroups: seen.securityGroups,
      ruleTags: new Map(),
      heldKeys: new Set(),
      approvedKeys: new Set(seats.map(({ seat }) => targetChangeKey(arn, targetKey(seat.target)))),
    }),
  );
  return { rules: permitted.filter(isRule), withheld, network: seen };
};
