import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Closing, ClosingGrounds } from '../../domain/closing/plan.ts';
import { seatsAt } from '../../domain/closing/plan.ts';
import type { ClosingWatch } from '../../domain/closing/watch.ts';
import { LOOK_SECONDS, watchSeconds } from '../../domain/closing/watch.ts';
import { destinationFor } from '../../domain/destination.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { Named } from '../../domain/named.ts';
import { namedGroup } from '../../domain/seating/matter.ts';
import { targetKey } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { serializeClosingNote } from '../../events/closing-note.ts';
import { newEntry, REFUSALS } from '../seat-instances/apply.ts';
import type { Observed } from './observe.ts';
import type { RemovingPorts } from './ports.ts';

/**
 * Held with the security group's own lease by whoever decides on closings: two groups on one interface may each be proven
 * unneeded by a rule of the other, so that one is decided after the other is done.
 */
export const CLOSINGS_LEASE = 'closings';

/** Who wants a removal: policy, or a person by a stored plan. */
export interface Wish {
  readonly planId: string;
  readonly userId: string;
}

/** Groups with somebody at the security group. */
export const groupsAt = ({ group, seats, targetGroups }: ClosingGrounds): readonly TargetGroup[] => {
  const arns = new Set(seatsAt(group.groupId, seats).map(({ targetGroup }) => targetGroup.arn));
  return targetGroups.filter(({ arn }) => arns.has(arn));
};

export const securityGroupOf = ({ group }: ClosingGrounds): Named => ({ id: group.groupId, name: group.name });

/** The Slack destination that hears about the rules of a security group: that of the first group which names one. */
export const destinationOf = (grounds: ClosingGrounds): string => {
  const first = [...groupsAt(grounds)].find(({ tags }) => 'usher:channel' in tags);
  return destinationFor(first?.tags ?? {}, grounds.stage);
};

/** Sends a look for later. */
export const lookLater = (ports: Pick<RemovingPorts, 'sweepQueue'>, ruleId: string, seconds = LOOK_SECONDS) =>
  ports.sweepQueue.sendLater(serializeClosingNote({ kind: 'look-at-closing', ruleId }), seconds);

const watchOf = ({ grounds, health }: Observed, { change, broader }: Closing, now: Date, by?: Wish): ClosingWatch => {
  const groups = groupsAt(grounds);
  const seconds = watchSeconds(groups.map(({ healthCheck }) => healthCheck));
  return {
    rule: broader.rule,
    vpcId: change.vpcId,
    securityGroup: securityGroupOf(grounds),
    groups: groups.map((group) => {
      const members = health.get(group.arn) ?? [];
      return {
        targetGroup: namedGroup(group),
        members: members.map(({ target }) => targetKey(target)),
        healthy: members.filter(({ state }) => state === 'healthy').map(({ target }) => targetKey(target)),
      };
    }),
    destination: destinationOf(grounds),
    startedAt: now.toISOString(),
    until: new Date(now.getTime() + seconds * 1000).toISOString(),
    ...(by === undefined ? {} : { byUserId: by.userId }),
  };
};

/** Takes one removal on the accounts of the stage, the security group and the target groups; `false` when the hour has no more. */
const takeRoom = ({ stage, budgets, now }: RemovingPorts, grounds: ClosingGrounds): Promise<boolean> => {
  const limit = stage.removalsPerHour;
  const scopes = [
    `stage|${stage.name}`,
    `security-group|${grounds.group.groupId}`,
    ...groupsAt(grounds).map(({ arn }) => `target-group|${arn}`),
  ];
  return budgets.take(
    scopes.map((scope) => ({ scope, limit })),
    1,
    now(),
  );
};

export type Removal = LedgerEntry | 'too-many-removals';

/**
 * Removes one rule by its id, under the lease of its group. First the watch is kept, then the whole rule is written into the
 * ledger, then the first look is sent: whoever is killed in between leaves either a rule that stands or one that is watched.
 * @throws {AwsCallError} when AWS can't be reached or is crowded; what became of it is for the watch and the ledger to find
 */
export const remove = async (
  ports: RemovingPorts,
  observed: Observed,
  closing: Closing,
  by?: Wish,
): Promise<Removal> => {
  const { grounds } = observed;
  if (!(await takeRoom(ports, grounds))) return 'too-many-removals';
  const { rule } = closing.broader;
  const change = by === undefined ? closing.change : { ...closing.change, planId: by.planId };
  const [group] = groupsAt(grounds);
  const matter = {
    targetGroup: group === undefined ? securityGroupOf(grounds) : namedGroup(group),
    securityGroup: securityGroupOf(grounds),
    targets: [],
    findings: [],
    destination: destinationOf(grounds),
  };
  await ports.closings.begin(watchOf(observed, closing, ports.now(), by));
  const entry = newEntry(ports, { change, matter });
  await ports.ledger.intend([entry]);
  await lookLater(ports, rule.ruleId);
  try {
    await ports.ec2.revokeRule(rule.groupId, 'ingress', rule.ruleId);
  } catch (error) {
    if (!(error instanceof AwsCallError) || !REFUSALS.has(error.meaning)) throw error;
    await ports.closings.end(rule.ruleId, ports.now());
    return ports.ledger.settle(entry, { status: 'failed', code: error.code, message: error.awsMessage }, ports.now());
  }
  const settled = await ports.ledger.settle(entry, { status: 'applied' }, ports.now());
  ports.log({ event: 'rule-closed', ruleId: rule.ruleId, groupId: rule.groupId, by: by?.userId });
  return settled;
};
