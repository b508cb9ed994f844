import type { MovedBecause } from '../../domain/answer.ts';
import type { CompanionChange, CompanionWearer } from '../../domain/change.ts';
import { companionIdKey, companionKey, wearingKey } from '../../domain/change.ts';
import {
  companionTags,
  isDefaultEgress,
  isTaggedOurs,
  objectionToBalancer,
  objectionToServing,
  objectionToTarget,
  wornWith,
} from '../../domain/companion/companion.ts';
import { destinationFor } from '../../domain/destination.ts';
import type { LedgerEntry, Matter, Settlement } from '../../domain/ledger.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type { Named } from '../../domain/named.ts';
import { ruleDescription } from '../../domain/network/rule-description.ts';
import { absenceOf } from '../../domain/seating/holds.ts';
import type { PlanContent } from '../../domain/stored-plan.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { GroupsBusyError } from '../seat-instances/approved.ts';
import { readStops } from '../stops.ts';
import type { Worn } from './cover.ts';
import { coverWithRules } from './cover.ts';
import type { CompanionPorts } from './ports.ts';
import { settleSteps, takeStep } from './steps.ts';

type Approval = Extract<PlanContent, { readonly kind: 'companion' }>;

export type MadeCompanion =
  | {
      readonly kind: 'made';
      readonly securityGroup: Named;
      /** Interfaces of targets, or the one balancer. */
      readonly wearers: number;
      readonly rulesAdded: number;
      readonly failed: number;
    }
  | { readonly kind: 'moved'; readonly moved: readonly { readonly name: string; readonly because: MovedBecause }[] }
  | { readonly kind: 'refused'; readonly code: string };

/** What stops the making: an answer for the person who pressed. */
class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly answer: MadeCompanion;

  constructor(answer: MadeCompanion) {
    super(answer.kind);
    this.answer = answer;
  }
}

const stop = (name: string, because: MovedBecause): never => {
  throw new Stopped({ kind: 'moved', moved: [{ name, because }] });
};

/** Somebody who is to wear the group, with all that is worn now. */
interface Candidate {
  readonly wearer: CompanionWearer;
  readonly name: string;
  readonly worn: readonly string[];
}

/** What is looked at afresh before anything is done. */
interface Desk {
  readonly approval: Approval;
  readonly loadBalancer: LoadBalancer;
  readonly matter: Matter;
  readonly candidates: readonly Candidate[];
}

const candidatesOf = async (
  ports: CompanionPorts,
  { side, targets, loadBalancer: named }: Approval,
  loadBalancer: LoadBalancer,
  groupId: string | undefined,
): Promise<readonly Candidate[]> => {
  if (side === 'balancer') {
    const because = objectionToBalancer(loadBalancer, groupId);
    if (because !== undefined) stop(named.name, because);
    const wearer = { kind: 'load-balancer', id: loadBalancer.arn } as const;
    return [{ wearer, name: named.name, worn: loadBalancer.securityGroupIds }];
  }
  const instances = await ports.ec2.readInstances(targets.map(({ instanceId }) => instanceId));
  return targets.map(({ instanceId, networkInterfaceId, name }): Candidate => {
    const instance = instances.find((each) => each.instanceId === instanceId);
    const at = instance?.networkInterfaces.find((each) => each.networkInterfaceId === networkInterfaceId);
    if (instance === undefined || at === undefined) return stop(name, 'InstanceGone');
    const because = objectionToTarget(instance, at, ports.stage, groupId);
    if (because !== undefined) stop(name, because);
    return { wearer: { kind: 'network-interface', id: networkInterfaceId }, name, worn: at.securityGroupIds };
  });
};

const observe = async (ports: CompanionPorts, approval: Approval, groupId: string | undefined): Promise<Desk> => {
  const { loadBalancer: named, targetGroup, groupName } = approval;
  const { isPaused, stoppedGroups } = await readStops(ports);
  if (isPaused) stop(groupName, 'Paused');
  if (stoppedGroups.has(targetGroup.id)) stop(targetGroup.name, 'ReportOnly');
  const [loadBalancer] = await ports.loadBalancing.readLoadBalancers([named.id]);
  if (loadBalancer === undefined || loadBalancer.vpcId !== approval.vpcId) return stop(named.name, 'BalancerGone');
  const tags = await ports.balancingFleet.readTags([named.id, targetGroup.id]);
  const [groupTags, balancerTags] = [tags.get(targetGroup.id), tags.get(named.id) ?? {}];
  if (groupTags === undefined) return stop(targetGroup.name, 'GroupGone');
  const because = objectionToServing(groupTags, loadBalancer, balancerTags, ports.stage);
  if (because !== undefined) stop(named.name, because);
  const candidates = await candidatesOf(ports, approval, loadBalancer, groupId);
  const destination = destinationFor(groupTags, ports.stage);
  const matter = {
    targetGroup,
    securityGroup: { id: groupId ?? groupName, name: groupName },
    targets: [],
    findings: [],
    destination,
  };
  return { approval, loadBalancer, matter, candidates };
};

const changeOf = ({ approval: { groupName, vpcId, loadBalancer, targetGroup } }: Pick<Desk, 'approval'>) => ({
  groupName,
  vpcId,
  loadBalancerArn: loadBalancer.id,
  targetGroupArn: targetGroup.id,
  reason: 'Approved' as const,
});

/** The id of our group of that name, by its tags and the ledger; somebody else's of the same name stops everything. */
const findOurs = async (
  ports: CompanionPorts,
  { vpcId, groupName, loadBalancer }: Approval,
): Promise<string | undefined> => {
  const found = await ports.companions.readNamed(vpcId, groupName);
  if (found === undefined) return undefined;
  const owned = await ports.ledger.readOwnership([companionIdKey(found.groupId)]);
  return isTaggedOurs(found, ports.stage.name, loadBalancer.id) && owned.has(companionIdKey(found.groupId))
    ? found.groupId
    : stop(groupName, 'NameTaken');
};

const stopIfFailed = ({ failure, status }: LedgerEntry): void => {
  if (status === 'failed') throw new Stopped({ kind: 'refused', code: failure?.code ?? '-' });
};

/** A name that is taken though nobody showed it is our own, made by an attempt whose answer was lost, if it has our tags. */
const takenBy = async (ports: CompanionPorts, { vpcId, groupName, loadBalancer }: Approval): Promise<Settlement> => {
  const found = await ports.companions.readNamed(vpcId, groupName);
  return found !== undefined && isTaggedOurs(found, ports.stage.name, loadBalancer.id)
    ? { status: 'applied', ruleId: found.groupId }
    : { status: 'failed', code: 'InvalidGroup.Duplicate', message: `the VPC has a security group called ${groupName}` };
};

const DESCRIPTION = {
  balancer: (name: string) => `Usher: worn by ${name} alone, so that rules can name it. Made on approval.`,
  targets: (name: string) => `Usher: lets ${name} reach its targets. Made on approval.`,
} as const;

const create = async (ports: CompanionPorts, desk: Desk): Promise<string> => {
  const { approval, matter } = desk;
  const { groupName: name, vpcId, loadBalancer, side } = approval;
  const change: CompanionChange = { ...changeOf(desk), kind: 'create-security-group' };
  const entry = await takeStep(ports, change, matter, async () => {
    const made = await ports.companions.createGroup({
      name,
      vpcId,
      description: ruleDescription(DESCRIPTION[side](loadBalancer.name)),
      tags: companionTags(ports.stage.name, loadBalancer.id),
    });
    return made.kind === 'created' ? { status: 'applied', ruleId: made.groupId } : takenBy(ports, approval);
  });
  stopIfFailed(entry);
  return entry.ruleId ?? stop(name, 'NameTaken');
};

/**
 * A group that nobody wears yet opens nothing before it is worn: AWS's own rule for everything out is taken away, should the
 * run that made the group have died before; a rule of anybody else's stops us. What is worn already is left as it is.
 */
const emptied = async (ports: CompanionPorts, groupId: string, { groupName }: Approval): Promise<void> => {
  const wearers = (await ports.ec2.readWearers([groupId])).get(groupId) ?? [];
  if (wearers.length > 0) return;
  const rules = (await ports.ec2.readSecurityGroupRules([groupId])).get(groupId) ?? [];
  const owned = await ports.ledger.readOwnership(rules.map(({ ruleId }) => `rule|${groupId}|${ruleId}`));
  for (const rule of rules) {
    if (owned.has(`rule|${groupId}|${rule.ruleId}`)) continue;
    if (!isDefaultEgress(rule)) stop(groupName, 'NameTaken');
    await ports.ec2.revokeRule(groupId, 'egress', rule.ruleId);
  }
};

/** Whether somebody took the group off a wearer that we had put it on. What is younger than reads lag is there. */
const wearingOf = async (ports: CompanionPorts, desk: Desk, { wearer, worn }: Candidate, groupId: string) => {
  const { vpcId, groupName } = desk.approval;
  if (worn.includes(groupId)) return 'worn';
  const key = wearingKey(vpcId, groupName, wearer);
  const since = (await ports.ledger.readOwnership([key])).get(key)?.since;
  if (since === undefined) return 'not-worn';
  return absenceOf(new Date(since), ports.now()) === 'held' ? 'held' : 'worn';
};

const setGroups = (ports: CompanionPorts, { kind, id }: CompanionWearer, groupIds: readonly string[]): Promise<void> =>
  kind === 'load-balancer'
    ? ports.balancerGroups.setSecurityGroups(id, groupIds)
    : ports.companions.setInterfaceGroups(id, groupIds);

/** The same candidate at this moment: what is set overwrites all that is worn, and somebody may have changed it meanwhile. */
const lookAgain = async (
  ports: CompanionPorts,
  { approval, loadBalancer }: Desk,
  { wearer, name }: Candidate,
  groupId: string,
): Promise<Candidate> => {
  const [balancer] =
    wearer.kind === 'load-balancer' ? await ports.loadBalancing.readLoadBalancers([wearer.id]) : [loadBalancer];
  if (balancer === undefined) return stop(name, 'BalancerGone');
  const targets = approval.targets.filter(({ networkInterfaceId }) => networkInterfaceId === wearer.id);
  const [candidate] = await candidatesOf(ports, { ...approval, targets }, balancer, groupId);
  return candidate ?? stop(name, 'InstanceGone');
};

const attach = async (ports: CompanionPorts, desk: Desk, groupId: string): Promise<void> => {
  const standings = [];
  for (const candidate of desk.candidates)
    standings.push({ candidate, wearing: await wearingOf(ports, desk, candidate, groupId) });
  const held = standings.find(({ wearing }) => wearing === 'held');
  if (held !== undefined) stop(held.candidate.name, 'Held');
  for (const { candidate, wearing } of standings) {
    if (wearing === 'worn') continue;
    const { wearer, worn } = await lookAgain(ports, desk, candidate, groupId);
    if (worn.includes(groupId)) continue;
    const change: CompanionChange = { ...changeOf(desk), kind: 'attach-security-group', groupId, wearer };
    const matter = { ...desk.matter, securityGroup: { id: groupId, name: desk.approval.groupName } };
    const entry = await takeStep(ports, change, matter, async () => {
      await setGroups(ports, wearer, wornWith(worn, groupId));
      return { status: 'applied', ruleId: groupId };
    });
    stopIfFailed(entry);
  }
};

const dress = async (ports: CompanionPorts, approval: Approval): Promise<Worn> => {
  const { vpcId, groupName } = approval;
  const owner = `companion-${ports.newId()}`;
  const interfaces = approval.targets.map(({ networkInterfaceId }) => networkInterfaceId);
  // Those who wear it too: a group of another balancer's may be put on, or taken off, the same interface.
  const resources = [...new Set([companionKey(vpcId, groupName), approval.loadBalancer.id, ...interfaces])].sort();
  const lease = await ports.leases.acquire(resources, owner, ports.now(), LEASE_SECONDS);
  if (lease === undefined) throw new GroupsBusyError(`${groupName} is leased to others`);
  try {
    await settleSteps(ports, vpcId, groupName);
    const existing = await findOurs(ports, approval);
    const desk = await observe(ports, approval, existing);
    const groupId = existing ?? (await create(ports, desk));
    await emptied(ports, groupId, approval);
    await attach(ports, desk, groupId);
    return { groupId, loadBalancer: desk.loadBalancer };
  } finally {
    await ports.leases.release(lease);
  }
};

/**
 * Makes a companion group that a person approved: looks afresh, makes the group or finds ours, puts it on who is to wear it,
 * and adds the rules that go with it, each step in the ledger before and after. Killed anywhere and taken again, it goes on
 * where it was: it ends in the same state.
 * @throws {GroupsBusyError} when somebody else has a lease; what was done so far stands
 * @throws whatever a read or write of AWS failed with
 */
export const makeCompanion =
  (ports: CompanionPorts) =>
  async (approval: Approval): Promise<MadeCompanion> => {
    try {
      const worn = await dress(ports, approval);
      const { added, failed } = await coverWithRules(ports, approval, worn);
      return {
        kind: 'made',
        securityGroup: { id: worn.groupId, name: approval.groupName },
        wearers: approval.side === 'balancer' ? 1 : approval.targets.length,
        rulesAdded: added,
        failed,
      };
    } catch (error) {
      if (error instanceof Stopped) return error.answer;
      throw error;
    }
  };
