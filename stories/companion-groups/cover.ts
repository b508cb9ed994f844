import type { AuthorizeRule } from '../../domain/change.ts';
import { changeKey, revocationKey, targetChangeKey } from '../../domain/change.ts';
import { twinFor, wornWith } from '../../domain/companion/companion.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import { REPAIR_DEFAULTS } from '../../domain/network/draft.ts';
import type { Network, SecurityGroupRule } from '../../domain/network/model.ts';
import { needsOf } from '../../domain/network/needs.ts';
import { repair } from '../../domain/network/repair.ts';
import { permit } from '../../domain/permit.ts';
import { read } from '../../domain/reading.ts';
import { ruleMatter, seatsByKey } from '../../domain/seating/matter.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import type { PlanContent } from '../../domain/stored-plan.ts';
import { tagValue, USHER_TAG } from '../../domain/tags.ts';
import { targetKey } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { lookedAt, memberSeats, readWearers } from '../group-seats.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { judgeSeats, observeForRepair, observeNetwork } from '../observe-network.ts';
import type { Intended } from '../seat-instances/apply.ts';
import { applyRules } from '../seat-instances/apply.ts';
import { GroupsBusyError } from '../seat-instances/approved.ts';
import { readLeftToCode } from '../seat-instances/decide.ts';
import { onePerRule, toAuthorizeRules } from '../seat-instances/plan-paths.ts';
import { startWatches } from '../start-watches.ts';
import { readStops } from '../stops.ts';
import type { CompanionPorts } from './ports.ts';
import { caredFor } from './propose.ts';

type Approval = Extract<PlanContent, { readonly kind: 'companion' }>;

/** A companion group on its wearers, and the balancer as it was read for that. */
export interface Worn {
  readonly groupId: string;
  readonly loadBalancer: LoadBalancer;
}

/** The members as seats, wearing what they were just given: reads lag a write by seconds. */
const seatsIn = async (
  ports: CompanionPorts,
  group: TargetGroup,
  { side, targets }: Approval,
  { groupId, loadBalancer }: Worn,
): Promise<readonly DesiredSeat[]> => {
  const members = lookedAt((await ports.loadBalancing.readTargetHealth(group.arn)) ?? []);
  const wearers = await readWearers(ports.ec2, members, group.vpcId);
  const dressed =
    side === 'balancer'
      ? { ...loadBalancer, securityGroupIds: wornWith(loadBalancer.securityGroupIds, groupId) }
      : loadBalancer;
  const wearing = new Set(targets.map(({ networkInterfaceId }) => networkInterfaceId));
  return memberSeats(group, dressed, members, wearers).map((desired) => {
    const { networkInterface } = desired.seat;
    if (networkInterface === undefined || !wearing.has(networkInterface.networkInterfaceId)) return desired;
    const securityGroupIds = wornWith(networkInterface.securityGroupIds, groupId);
    return { ...desired, seat: { ...desired.seat, networkInterface: { ...networkInterface, securityGroupIds } } };
  });
};

/** Inbound rules of ours, by tag and ledger, that name a group which the balancer wears besides its companion. */
const ownInbound = async (
  ports: CompanionPorts,
  network: Network,
  { groupId, loadBalancer }: Worn,
): Promise<readonly SecurityGroupRule[]> => {
  const rules = [...network.rules.values()].flatMap((reading) => (reading.kind === 'read' ? reading.value : []));
  const tagged = rules.filter(
    ({ direction, peer, tags }) =>
      direction === 'ingress' &&
      peer.kind === 'security-group' &&
      peer.groupId !== groupId &&
      loadBalancer.securityGroupIds.includes(peer.groupId) &&
      tagValue(tags, USHER_TAG.owner) === ports.stage.name,
  );
  if (tagged.length === 0) return [];
  const owned = await ports.ledger.readOwnership(tagged.map((rule) => revocationKey(rule.groupId, rule.ruleId)));
  return tagged.filter((rule) => owned.has(revocationKey(rule.groupId, rule.ruleId)));
};

/** The same rules for the companion: each as narrow as the one it stands beside. */
const twinsOf = (
  own: readonly SecurityGroupRule[],
  seats: readonly DesiredSeat[],
  network: Network,
  { groupId, loadBalancer }: Worn,
): readonly AuthorizeRule[] => {
  const rules = [...network.rules.values()].flatMap((reading) => (reading.kind === 'read' ? reading.value : []));
  return own
    .filter((rule) => twinFor(rule, rules, new Set([groupId])) === undefined)
    .flatMap(({ groupId: near, protocol, fromPort, toPort }): readonly AuthorizeRule[] => {
      if ((protocol !== 'tcp' && protocol !== 'udp') || fromPort === undefined || fromPort !== toPort) return [];
      const behind = seats.filter(({ seat }) => seat.networkInterface?.securityGroupIds.includes(near));
      return [...Map.groupBy(behind, ({ seat }) => seat.targetGroup.arn)].map(([targetGroupArn, at]) => ({
        kind: 'authorize-rule',
        groupId: near,
        vpcId: loadBalancer.vpcId ?? '',
        direction: 'ingress',
        protocol,
        port: fromPort,
        peer: { kind: 'security-group', groupId },
        targetGroupArn,
        targetKeys: at.map(({ seat }) => targetKey(seat.target)),
        reason: 'PathBlocked',
      }));
    });
};

/** Names and tags of the groups that rules go to or name; one that is not to be read forbids its rules. */
const withGroups = async (
  ports: CompanionPorts,
  network: Network,
  asked: readonly AuthorizeRule[],
): Promise<Network> => {
  const ids = asked.flatMap(({ groupId, peer }) =>
    peer.kind === 'security-group' ? [groupId, peer.groupId] : [groupId],
  );
  const missing = [...new Set(ids)].filter((id) => network.securityGroups.get(id)?.kind !== 'read');
  if (missing.length === 0) return network;
  const found = await ports.ec2.readSecurityGroups(missing);
  return {
    ...network,
    securityGroups: new Map([
      ...network.securityGroups,
      ...[...found].map(([id, group]) => [id, read(group)] as const),
    ]),
  };
};

const plan = async (ports: CompanionPorts, seats: readonly DesiredSeat[], approval: Approval, worn: Worn) => {
  const places = seats.map(({ seat }) => seat);
  const seen = await observeNetwork(ports, places);
  const judgements = judgeSeats(places, seen);
  const around = await observeForRepair(ports.ec2, seen, judgements);
  const mended = repair(judgements, around, REPAIR_DEFAULTS).rules.flatMap(toAuthorizeRules);
  const twins = approval.side === 'balancer' ? twinsOf(await ownInbound(ports, seen, worn), seats, seen, worn) : [];
  const asked = [...mended, ...twins];
  const network = await withGroups(ports, around, asked);
  const { permitted } = onePerRule(
    permit(asked, {
      stage: ports.stage,
      ...(await readStops(ports)),
      leftToCode: await readLeftToCode(ports, asked, network),
      targetGroupTags: new Map(places.map(({ targetGroup: { arn, tags } }) => [arn, tags])),
      instanceTags: new Map(),
      securityGroups: network.securityGroups,
      ruleTags: new Map(),
      heldKeys: new Set(),
      approvedKeys: new Set(
        places.map(({ targetGroup, target }) => targetChangeKey(targetGroup.arn, targetKey(target))),
      ),
    }),
  );
  const once = new Map(permitted.map((change) => [changeKey(change), change]));
  return { rules: [...once.values()].flatMap((change) => (change.kind === 'authorize-rule' ? [change] : [])), network };
};

/**
 * Adds the rules by which the companion serves: those the engine asks for, and beside each rule of ours that names a group
 * others wear, one that names the companion. The older ones go with the sweeps, once two of them found those unneeded.
 * @throws {GroupsBusyError} when somebody else has the lease of one of the groups; come again
 */
export const coverWithRules = async (
  ports: CompanionPorts,
  approval: Approval,
  worn: Worn,
): Promise<{ readonly added: number; readonly failed: number }> => {
  const seats: DesiredSeat[] = [];
  for (const group of await caredFor(ports, worn.loadBalancer))
    seats.push(...(await seatsIn(ports, group, approval, worn)));
  if (seats.length === 0) return { added: 0, failed: 0 };
  const places = seats.map(({ seat }) => seat);
  const resources = [
    ...new Set([...places.map(({ targetGroup }) => targetGroup.arn), ...needsOf(places).securityGroupIds]),
  ].sort();
  const lease = await ports.leases.acquire(resources, `companion-${ports.newId()}`, ports.now(), LEASE_SECONDS);
  if (lease === undefined)
    throw new GroupsBusyError(`groups behind ${approval.loadBalancer.name} are leased to others`);
  try {
    const { rules, network } = await plan(ports, seats, approval, worn);
    const byKey = seatsByKey(seats);
    const intended = rules.flatMap((change): readonly Intended<AuthorizeRule>[] => {
      const matter = ruleMatter(change, byKey, network, ports.stage);
      return matter === undefined ? [] : [{ change, matter }];
    });
    const entries = await applyRules(ports, intended);
    await startWatches(ports, entries);
    return {
      added: entries.filter(({ status }) => status === 'applied').length,
      failed: entries.filter(({ status }) => status === 'failed').length,
    };
  } finally {
    await ports.leases.release(lease);
  }
};
