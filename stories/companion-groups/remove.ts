import type { CompanionChange, CompanionWearer } from '../../domain/change.ts';
import { companionIdKey, companionKey, wearingKey } from '../../domain/change.ts';
import { companionName, isShared, wornWithout } from '../../domain/companion/companion.ts';
import { firstDestination } from '../../domain/destination.ts';
import type { Matter, Ownership, Settlement } from '../../domain/ledger.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type { SecurityGroup, Wearer } from '../../domain/network/model.ts';
import { balancerOwner } from '../../domain/network/standing.ts';
import type { CompanionDetached, CompanionNotRemoved, Named } from '../../domain/report.ts';
import { reportOf } from '../../domain/report-frame.ts';
import { absenceOf } from '../../domain/seating/holds.ts';
import type { SweepRecord, SweepRun } from '../../domain/sweep/progress.ts';
import { isTwiceUnneeded, stillUnneeded } from '../../domain/sweep/progress.ts';
import { tagValue, USHER_TAG } from '../../domain/tags.ts';
import { LEASE_SECONDS } from '../leases.ts';
import type { CompanionPorts } from './ports.ts';
import { caredFor, readWardrobe, weighedOf } from './propose.ts';
import { settleSteps, takeStep } from './steps.ts';

/** Never within an hour of its making: rules and launches that rely on it may be under way. */
const HOUR_MILLISECONDS = 3_600_000;

/** A group of ours, as this look found it. */
interface Kept {
  readonly group: SecurityGroup;
  readonly owned: Ownership;
  readonly loadBalancerArn: string;
  /** `undefined` once the balancer is gone. */
  readonly balancer: LoadBalancer | undefined;
  readonly wearers: readonly Wearer[];
}

/** Groups of ours, by their tags and by their ids in the ledger. */
const ours = async (ports: CompanionPorts): Promise<readonly Omit<Kept, 'balancer' | 'wearers'>[]> => {
  const tagged = (await ports.companions.readTagged(USHER_TAG.owner, ports.stage.name)).flatMap((group) => {
    const loadBalancerArn = tagValue(group.tags, USHER_TAG.companionOf);
    return loadBalancerArn === undefined ? [] : [{ group, loadBalancerArn }];
  });
  if (tagged.length === 0) return [];
  const owned = await ports.ledger.readOwnership(tagged.map(({ group }) => companionIdKey(group.groupId)));
  return tagged.flatMap(({ group, loadBalancerArn }) => {
    const record = owned.get(companionIdKey(group.groupId));
    return record === undefined ? [] : [{ group, loadBalancerArn, owned: record }];
  });
};

const look = async (ports: CompanionPorts): Promise<readonly Kept[]> => {
  const found = await ours(ports);
  if (found.length === 0) return [];
  const balancers = new Map((await ports.balancingFleet.readEveryLoadBalancer()).map((each) => [each.arn, each]));
  const wearers = await ports.ec2.readWearers(found.map(({ group }) => group.groupId));
  return found.map((each) => ({
    ...each,
    balancer: balancers.get(each.loadBalancerArn),
    wearers: wearers.get(each.group.groupId) ?? [],
  }));
};

/** What we put it on, as far as it is worn there still. Worn by anybody else, it is needed by them. */
const wornByUs = async (
  ports: CompanionPorts,
  { group, balancer, wearers }: Kept,
): Promise<readonly CompanionWearer[] | undefined> => {
  const owner = balancer && balancerOwner(balancer);
  const others = wearers.filter((wearer) => owner?.owns(wearer) !== true);
  const at = [
    ...(balancer?.securityGroupIds.includes(group.groupId) === true
      ? [{ kind: 'load-balancer', id: balancer.arn } as const]
      : []),
    ...others.map(({ networkInterfaceId }) => ({ kind: 'network-interface', id: networkInterfaceId }) as const),
  ];
  const keys = at.map((wearer) => wearingKey(group.vpcId, group.name, wearer));
  const owned = keys.length === 0 ? new Map() : await ports.ledger.readOwnership(keys);
  return keys.every((key) => owned.has(key)) ? at : undefined;
};

/**
 * Whether the balancer stands before a group that Usher cares for, and would have to share every group it wears. Targets may be
 * gone for a night and come back by a launch template that names their group, which would launch nothing without it.
 */
const isStillWanted = async (ports: CompanionPorts, { group, balancer }: Kept): Promise<boolean> => {
  if (balancer === undefined) return false;
  if (group.name === companionName(ports.stage.name, balancer, 'targets'))
    return (await caredFor(ports, balancer)).length > 0;
  if (group.name !== companionName(ports.stage.name, balancer, 'balancer')) return false;
  const without = { ...balancer, securityGroupIds: wornWithout(balancer.securityGroupIds, group.groupId) };
  if (without.securityGroupIds.length === balancer.securityGroupIds.length) return false;
  const weighed = weighedOf(without, await readWardrobe(ports, without.securityGroupIds));
  if (weighed !== undefined && !isShared(weighed)) return false;
  return (await caredFor(ports, balancer)).length > 0;
};

/** Whether anything relies on the group: a rule in it or one that names it, somebody else who wears it, or what it was made for. */
const isNeeded = async (ports: CompanionPorts, kept: Kept): Promise<boolean> => {
  const { group, owned } = kept;
  if (ports.now().getTime() - Date.parse(owned.since) < HOUR_MILLISECONDS) return true;
  const rules = (await ports.ec2.readSecurityGroupRules([group.groupId])).get(group.groupId) ?? [];
  if (rules.length > 0 || (await ports.companions.readNaming(group.groupId)).length > 0) return true;
  if ((await wornByUs(ports, kept)) === undefined) return true;
  return isStillWanted(ports, kept);
};

const named = ({ groupId, name }: SecurityGroup): Named => ({ id: groupId, name });

const balancerNamed = ({ balancer, loadBalancerArn }: Kept): Named => ({
  id: loadBalancerArn,
  name: balancer?.name ?? loadBalancerArn.replace(/^.*:loadbalancer\/(?:(?:app|net|gwy)\/)?([^/]+).*$/, '$1'),
});

const publish = async (ports: CompanionPorts, body: CompanionDetached | CompanionNotRemoved, identity: string) => {
  const severity = body.kind === 'companion-detached' ? 'warning' : 'information';
  const about = {
    destination: firstDestination(ports.stage),
    matter: `companion|${body.securityGroup.name}`,
    severity,
    identity,
  } as const;
  await ports.reports.publish(reportOf(ports.stage, about, body, ports.now()));
};

/** Says once that somebody took a companion off its balancer: it stays off. */
const tellDetached = async (ports: CompanionPorts, kept: Kept): Promise<void> => {
  const { group, balancer } = kept;
  if (balancer === undefined || balancer.securityGroupIds.includes(group.groupId)) return;
  const key = wearingKey(group.vpcId, group.name, { kind: 'load-balancer', id: balancer.arn });
  const since = (await ports.ledger.readOwnership([key])).get(key)?.since;
  if (since === undefined || absenceOf(new Date(since), ports.now()) !== 'held') return;
  const body: CompanionDetached = {
    kind: 'companion-detached',
    securityGroup: named(group),
    loadBalancer: balancerNamed(kept),
    worn: balancer.securityGroupIds,
  };
  await publish(ports, body, since);
};

const changeOf = ({ group, loadBalancerArn }: Kept) => ({
  groupName: group.name,
  vpcId: group.vpcId,
  groupId: group.groupId,
  loadBalancerArn,
  targetGroupArn: loadBalancerArn,
  reason: 'Unneeded' as const,
});

const matterOf = (ports: CompanionPorts, kept: Kept): Matter => ({
  targetGroup: balancerNamed(kept),
  securityGroup: named(kept.group),
  targets: [],
  findings: [],
  destination: firstDestination(ports.stage),
});

/** What else a wearer has on at this moment, for it is overwritten; without anything else it can't be undressed. */
const readRest = async (
  { loadBalancing, ec2 }: CompanionPorts,
  { group: { groupId } }: Kept,
  { kind, id }: CompanionWearer,
): Promise<readonly string[]> => {
  const [worn = []] =
    kind === 'load-balancer'
      ? (await loadBalancing.readLoadBalancers([id])).map(({ securityGroupIds }) => securityGroupIds)
      : ((await ec2.readWearers([groupId])).get(groupId) ?? []).flatMap((wearer) =>
          wearer.networkInterfaceId === id ? [wearer.securityGroupIds] : [],
        );
  return worn.includes(groupId) ? wornWithout(worn, groupId) : [];
};

const detach = async (ports: CompanionPorts, kept: Kept, wearer: CompanionWearer): Promise<void> => {
  const rest = await readRest(ports, kept, wearer);
  if (rest.length === 0) return;
  const change: CompanionChange = { ...changeOf(kept), kind: 'detach-security-group', wearer };
  await takeStep(ports, change, matterOf(ports, kept), async () => {
    if (wearer.kind === 'load-balancer') await ports.balancerGroups.setSecurityGroups(wearer.id, rest);
    else await ports.companions.setInterfaceGroups(wearer.id, rest);
    return { status: 'applied' };
  });
};

const remove = async (ports: CompanionPorts, kept: Kept): Promise<void> => {
  const { group } = kept;
  const change: CompanionChange = { ...changeOf(kept), kind: 'delete-security-group' };
  const entry = await takeStep(ports, change, matterOf(ports, kept), async (): Promise<Settlement> => {
    const deleted = await ports.companions.deleteGroup(group.groupId);
    if (deleted !== 'in-use') return { status: 'applied' };
    return { status: 'failed', code: 'DependencyViolation', message: `${group.groupId} has a dependent object` };
  });
  if (entry.status !== 'failed') return;
  const body: CompanionNotRemoved = {
    kind: 'companion-not-removed',
    securityGroup: named(group),
    loadBalancer: balancerNamed(kept),
    code: entry.failure?.code ?? '-',
  };
  await publish(ports, body, `${group.groupId}|${body.code}`);
};

/** Under its lease, on a fresh look: takes the group off, and deletes it once nobody wears it. */
const undress = async (ports: CompanionPorts, { group, loadBalancerArn, wearers: seen }: Kept): Promise<void> => {
  const owner = `sweep-${ports.newId()}`;
  const interfaces = seen.map(({ networkInterfaceId }) => networkInterfaceId);
  const resources = [...new Set([companionKey(group.vpcId, group.name), loadBalancerArn, ...interfaces])].sort();
  const lease = await ports.leases.acquire(resources, owner, ports.now(), LEASE_SECONDS);
  if (lease === undefined) return;
  try {
    if ((await ports.pauses.find()) !== undefined) return;
    await settleSteps(ports, group.vpcId, group.name);
    const kept = (await look(ports)).find((each) => each.group.groupId === group.groupId);
    if (kept === undefined || (await isNeeded(ports, kept))) return;
    const wearers = (await wornByUs(ports, kept)) ?? [];
    for (const wearer of wearers) await detach(ports, kept, wearer);
    // An interface lets go of a group some seconds after its balancer did: the next sweep finds it worn by nobody.
    if (wearers.length === 0 && kept.wearers.length === 0) await remove(ports, kept);
  } finally {
    await ports.leases.release(lease);
  }
};

/** What is left to the next sweep of companion groups that nothing needs. */
export type UnneededCompanions = SweepRecord['unneeded'];

/**
 * Looks after companion groups: says of one that somebody took off, and takes away those that nothing relied on in two
 * whole sweeps a quarter of an hour or more apart: off first, deleted by a later sweep. What fails for one stops no other.
 * @throws {AwsCallError} when they can't even be listed
 */
export const lookAfterCompanions = async (
  ports: CompanionPorts,
  run: Pick<SweepRun, 'runId' | 'mode'>,
  record: Pick<SweepRecord, 'unneeded'>,
): Promise<UnneededCompanions> => {
  const unneeded: Kept[] = [];
  for (const kept of await look(ports)) {
    if (run.mode === 'apply') await tellDetached(ports, kept);
    if (!(await isNeeded(ports, kept))) unneeded.push(kept);
  }
  const found = unneeded.map(({ group: { groupId } }) => ({ ruleId: groupId, groupId }));
  const left = stillUnneeded(record.unneeded, found, run.runId, ports.now());
  if (run.mode === 'look') return left;
  for (const kept of unneeded) {
    const { groupId } = kept.group;
    if (!isTwiceUnneeded(record.unneeded[groupId], run.runId, ports.now())) continue;
    try {
      await undress(ports, kept);
    } catch (error) {
      ports.log({ event: 'companion-left', groupId, because: error instanceof Error ? error.message : String(error) });
    }
  }
  return left;
};
