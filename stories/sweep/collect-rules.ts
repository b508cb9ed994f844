import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { RevokeRule } from '../../domain/change.ts';
import { companionIdKey, peerText, revocationKey } from '../../domain/change.ts';
import { twinFor } from '../../domain/companion/companion.ts';
import { destinationFor } from '../../domain/destination.ts';
import { compareText } from '../../domain/difference.ts';
import type { LedgerEntry, Ownership } from '../../domain/ledger.ts';
import type { Network, Seat, SecurityGroup, SecurityGroupRule } from '../../domain/network/model.ts';
import { outgrownIn } from '../../domain/network/outgrown.ts';
import type { WithheldBecause } from '../../domain/permit.ts';
import { permit } from '../../domain/permit.ts';
import { read } from '../../domain/reading.ts';
import { shortDigest } from '../../domain/report-frame.ts';
import { needOf, withoutRules } from '../../domain/sweep/own-rules.ts';
import type { SweepRecord, SweepRun } from '../../domain/sweep/progress.ts';
import { isTwiceUnneeded, stillUnneeded } from '../../domain/sweep/progress.ts';
import type { LeftAlone, SweepTally } from '../../domain/sweep/report.ts';
import { mergeLeftAlone } from '../../domain/sweep/tally.ts';
import { tagValue, USHER_TAG } from '../../domain/tags.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { observeNetwork } from '../observe-network.ts';
import { newEntry, REFUSALS } from '../seat-instances/apply.ts';
import type { Stops } from '../stops.ts';
import { readStops } from '../stops.ts';
import type { SweepPorts } from './ports.ts';
import type { SeatsAround } from './seats-around.ts';
import { balancerGroupOf, readSeatsAround, readSeatsInVpc } from './seats-around.ts';

/** Never within an hour of a registration that relied on a rule (design section 6). */
const HOUR_MILLISECONDS = 3_600_000;
/** Security groups in one sweep: each is some twenty reads under its lease. The others' turn comes with the next. */
const GROUPS_PER_SWEEP = 10;

/** A rule of ours that is there, as we wrote it. */
interface OwnRule {
  readonly rule: SecurityGroupRule;
  readonly owned: Ownership;
}

/** What the ledger knows a rule by, when it is one of those we write; a rule that was changed since has another key. */
const authorizationKey = ({ groupId, direction, protocol, fromPort, toPort, peer }: SecurityGroupRule): string =>
  fromPort === toPort ? `rule|${groupId}|${direction}|${protocol}|${fromPort}|${peerText(peer)}` : '';

/** Rules among some that are ours: by their tag, by their id in the ledger, and still what we wrote. */
const ownAmong = async (ports: SweepPorts, rules: readonly SecurityGroupRule[]): Promise<readonly OwnRule[]> => {
  const tagged = rules.filter(({ tags }) => tagValue(tags, USHER_TAG.owner) === ports.stage.name);
  if (tagged.length === 0) return [];
  const keyOf = ({ groupId, ruleId }: SecurityGroupRule): string => revocationKey(groupId, ruleId);
  const owned = await ports.ledger.readOwnership(tagged.map(keyOf));
  return tagged.flatMap((rule) => {
    const record = owned.get(keyOf(rule));
    return record?.key === authorizationKey(rule) && record.ruleId === rule.ruleId ? [{ rule, owned: record }] : [];
  });
};

/** Rules among some that name a group which others wear, where one of ours like it names a companion group by now. */
const supersededAmong = async (
  ports: Pick<SweepPorts, 'ledger' | 'stage'>,
  rules: readonly SecurityGroupRule[],
): Promise<ReadonlySet<string>> => {
  const own = rules.filter(({ tags }) => tagValue(tags, USHER_TAG.owner) === ports.stage.name);
  const peers = new Set(own.flatMap(({ peer }) => (peer.kind === 'security-group' ? [peer.groupId] : [])));
  if (peers.size < 2) return new Set();
  const owned = await ports.ledger.readOwnership([...peers].map(companionIdKey));
  const companions = new Set([...peers].filter((groupId) => owned.has(companionIdKey(groupId))));
  return new Set(
    own
      .filter(({ peer }) => peer.kind === 'security-group' && !companions.has(peer.groupId))
      .filter((rule) => twinFor(rule, own, companions) !== undefined)
      .map(({ ruleId }) => ruleId),
  );
};

const isOldEnough = ({ owned: { since } }: OwnRule, now: Date): boolean =>
  now.getTime() - Date.parse(since) >= HOUR_MILLISECONDS;

const revocationOf = ({ rule }: OwnRule, { vpcId }: SecurityGroup, targetGroupArn: string): RevokeRule => ({
  kind: 'revoke-rule',
  groupId: rule.groupId,
  vpcId,
  direction: rule.direction,
  ruleId: rule.ruleId,
  ownership: 'ours',
  breadth: 'narrower-source',
  targetGroupArn,
  reason: 'Unneeded',
});

/** Why a rule must stay whatever the engine says of it: asked in the name of every group that has somebody at the security group. */
const objectionTo = (
  ports: SweepPorts,
  own: OwnRule,
  group: SecurityGroup,
  { seats, targetGroups }: SeatsAround,
  stops: Stops,
): WithheldBecause | undefined => {
  const there = new Set(
    seats
      .filter(({ networkInterface }) => networkInterface?.securityGroupIds.includes(group.groupId))
      .map(({ targetGroup }) => targetGroup.arn),
  );
  const tags = new Map(targetGroups.filter(({ arn }) => there.has(arn)).map((each) => [each.arn, each.tags]));
  const asked = [group.groupId, ...tags.keys()].map((arn) => revocationOf(own, group, arn));
  const { withheld } = permit(asked, {
    stage: ports.stage,
    ...stops,
    targetGroupTags: tags,
    instanceTags: new Map(),
    securityGroups: new Map([[group.groupId, read(group)]]),
    ruleTags: new Map([[own.rule.ruleId, own.rule.tags]]),
    heldKeys: new Set(),
  });
  return withheld[0]?.because;
};

/** Whether anybody was registered within the hour in a group whose targets may use the security group. */
const isJustRegistered = async (ports: SweepPorts, { targetGroups }: SeatsAround): Promise<boolean> => {
  const since = new Date(ports.now().getTime() - HOUR_MILLISECONDS);
  for (const { arn } of targetGroups) if (await ports.sweeps.wasRegisteredSince(arn, since)) return true;
  return false;
};

/** Rules of one security group under its lease, with all that decides on them. */
interface Desk {
  readonly group: SecurityGroup;
  readonly seats: readonly Seat[];
  readonly network: Network;
  readonly removable: readonly OwnRule[];
  /** Ids of rules beside which one of ours names a balancer's companion. */
  readonly superseded: ReadonlySet<string>;
  /** Ids of rules for clients whom no tag names any more: on these no other may rest. */
  readonly outgrown: ReadonlySet<string>;
  readonly leftAlone: readonly LeftAlone[];
}

/**
 * Who is around some rules of ours, and which of these can be judged by it. A rule that names addresses may be anybody's in
 * the VPC; where these are too many to ask, it stays, and keeps no other from being judged.
 */
const readAround = async (
  ports: SweepPorts,
  group: SecurityGroup,
  due: readonly OwnRule[],
): Promise<{ readonly around: SeatsAround; readonly own: readonly OwnRule[] } | undefined> => {
  const byGroup = due.filter(({ rule }) => balancerGroupOf(rule) !== undefined);
  const inVpc = byGroup.length < due.length ? await readSeatsInVpc(ports, group) : undefined;
  if (inVpc !== undefined) return { around: inVpc, own: due };
  const rules = byGroup.map(({ rule }) => rule);
  const around = rules.length === 0 ? undefined : await readSeatsAround(ports, group, rules);
  return around && { around, own: byGroup };
};

/** Reads afresh everything that decides on some rules of one group. `undefined` when not everything can be told. */
const observe = async (ports: SweepPorts, groupId: string, ruleIds: ReadonlySet<string>): Promise<Desk | undefined> => {
  const rules = (await ports.ec2.readSecurityGroupRules([groupId])).get(groupId) ?? [];
  const due = (
    await ownAmong(
      ports,
      rules.filter(({ ruleId }) => ruleIds.has(ruleId)),
    )
  ).filter((each) => isOldEnough(each, ports.now()));
  const group = due.length === 0 ? undefined : (await ports.ec2.readSecurityGroups([groupId])).get(groupId);
  if (group === undefined) return undefined;
  const found = await readAround(ports, group, due);
  if (found === undefined || (await isJustRegistered(ports, found.around))) return undefined;
  const { around, own } = found;
  const stops = await readStops(ports);
  const judged = own.map((each) => ({ each, because: objectionTo(ports, each, group, around, stops) }));
  const seen = await observeNetwork(ports, around.seats);
  const network = { ...seen, rules: new Map([[groupId, read(rules)], ...seen.rules]) };
  return {
    group,
    seats: around.seats,
    network,
    superseded: await supersededAmong(ports, rules),
    outgrown: outgrownIn(network, around.seats, ports.stage.name),
    removable: judged.flatMap(({ each, because }) => (because === undefined ? [each] : [])),
    leftAlone: judged.flatMap(({ because }) =>
      because === undefined ? [] : [{ because, names: [group.name], count: 1 }],
    ),
  };
};

/** Removes one rule by its id, in the ledger before and after. Answers whether AWS refused it. */
const revoke = async (ports: SweepPorts, own: OwnRule, group: SecurityGroup): Promise<LedgerEntry> => {
  const named = { id: group.groupId, name: group.name };
  const change = revocationOf(own, group, group.groupId);
  const destination = destinationFor({}, ports.stage);
  const entry = newEntry(ports, {
    change,
    matter: { targetGroup: named, securityGroup: named, targets: [], findings: [], destination },
  });
  await ports.ledger.intend([entry]);
  try {
    await ports.ec2.revokeRule(change.groupId, change.direction, change.ruleId);
  } catch (error) {
    if (!(error instanceof AwsCallError) || !REFUSALS.has(error.meaning)) throw error;
    return ports.ledger.settle(entry, { status: 'failed', code: error.code, message: error.awsMessage }, ports.now());
  }
  return ports.ledger.settle(entry, { status: 'applied' }, ports.now());
};

/** Takes one removal on the accounts of the stage and of the security group; `false` when the hour has no more. */
const takeRoom = ({ stage, budgets, now }: SweepPorts, groupId: string): Promise<boolean> => {
  const limit = stage.removalsPerHour;
  const scopes = [`stage|${stage.name}`, `security-group|${groupId}`].map((scope) => ({ scope, limit }));
  return budgets.take(scopes, 1, now());
};

/** Under the lease: whoever registers a target behind this group waits until it is known which rules are left. */
const collectUnderLease = async (
  ports: SweepPorts,
  groupId: string,
  ruleIds: ReadonlySet<string>,
): Promise<readonly LeftAlone[]> => {
  if ((await ports.pauses.find()) !== undefined) return [];
  const desk = await observe(ports, groupId, ruleIds);
  if (desk === undefined) return [];
  const gone = new Set<string>();
  const refused: LeftAlone[] = [];
  for (const own of desk.removable) {
    const { ruleId } = own.rule;
    const isOutgrown = desk.outgrown.has(ruleId);
    const network = withoutRules(isOutgrown ? gone : new Set([...gone, ...desk.outgrown]), desk.network);
    if (needOf(own.rule, desk.seats, network, isOutgrown || desk.superseded.has(ruleId)) !== 'unneeded') continue;
    if (!(await takeRoom(ports, groupId))) {
      refused.push({ because: 'TooManyRemovals', names: [desk.group.name], count: 1 });
      continue;
    }
    const { status } = await revoke(ports, own, desk.group);
    if (status === 'applied') gone.add(ruleId);
    else refused.push({ because: 'RefusedByAws', names: [desk.group.name], count: 1 });
    ports.log({ event: 'rule-collected', ruleId, groupId, status });
  }
  return [...desk.leftAlone, ...refused];
};

const collectFrom = async (
  ports: SweepPorts,
  groupId: string,
  ruleIds: ReadonlySet<string>,
): Promise<readonly LeftAlone[]> => {
  const lease = await ports.leases.acquire([groupId], `sweep-${ports.newId()}`, ports.now(), LEASE_SECONDS);
  if (lease === undefined) return [];
  try {
    return await collectUnderLease(ports, groupId, ruleIds);
  } finally {
    await ports.leases.release(lease);
  }
};

/** What became of rules of ours at the end of a sweep. */
export interface Collected {
  readonly unneeded: SweepRecord['unneeded'];
  /** Every rule of ours there is. */
  readonly own: readonly SecurityGroupRule[];
  readonly leftAlone: SweepTally['leftAlone'];
}

/**
 * Removes rules of ours that nobody needs: those on which no seat of two whole sweeps relied, a quarter of an hour or more
 * apart, and of which the engine proves it on a fresh read under the lease. What fails for one security group stops no other.
 * @throws {AwsCallError} when the rules can't even be listed
 */
export const collectRules = async (ports: SweepPorts, run: SweepRun, record: SweepRecord): Promise<Collected> => {
  const own = await ownAmong(ports, await ports.fleet.readRulesTagged(USHER_TAG.owner, ports.stage.name));
  const reliedOn = new Set(run.reliedOn);
  // What was added since this sweep began was not there when its slices were looked at.
  const seen = own.filter(({ owned: { since } }) => Date.parse(since) < Date.parse(run.startedAt));
  const superseded = new Set([
    ...(await supersededAmong(
      ports,
      own.map(({ rule }) => rule),
    )),
    ...(run.outgrown ?? []),
  ]);
  const idle = seen.filter(({ rule: { ruleId } }) => !reliedOn.has(ruleId) || superseded.has(ruleId));
  const unneeded = stillUnneeded(
    record.unneeded,
    idle.map(({ rule }) => rule),
    run.runId,
    ports.now(),
  );
  const all = own.map(({ rule }) => rule);
  if (run.mode === 'look') return { unneeded, own: all, leftAlone: [] };
  const due = idle.filter(({ rule }) => isTwiceUnneeded(record.unneeded[rule.ruleId], run.runId, ports.now()));
  const leftAlone: LeftAlone[] = [];
  // Another order each time, so that groups of which nothing can be proven don't keep the others waiting for ever.
  const turn = ([groupId]: readonly [string, unknown]): string => shortDigest(`${run.runId}|${groupId}`);
  const byGroup = [...Map.groupBy(due, ({ rule }) => rule.groupId)]
    .sort((a, b) => compareText(turn(a), turn(b)))
    .slice(0, GROUPS_PER_SWEEP);
  for (const [groupId, rules] of byGroup) {
    try {
      leftAlone.push(...(await collectFrom(ports, groupId, new Set(rules.map(({ rule }) => rule.ruleId)))));
    } catch (error) {
      ports.log({ event: 'not-collected', groupId, because: error instanceof Error ? error.message : String(error) });
    }
  }
  return { unneeded, own: all, leftAlone: mergeLeftAlone(leftAlone) };
};
