import { wearingKey } from '../../domain/change.ts';
import {
  companionName,
  isShared,
  objectionToBalancer,
  objectionToServing,
  objectionToTarget,
} from '../../domain/companion/companion.ts';
import { destinationFor } from '../../domain/destination.ts';
import { compareText } from '../../domain/difference.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type { Named } from '../../domain/named.ts';
import type { SecurityGroup, SecurityGroupRule, Wearer } from '../../domain/network/model.ts';
import { NOTHING_READ, seatKey } from '../../domain/network/model.ts';
import { balancerOwner, weighing } from '../../domain/network/standing.ts';
import { read } from '../../domain/reading.ts';
import type { CompanionProposed, ReportedTarget } from '../../domain/report.ts';
import { reportOf } from '../../domain/report-frame.ts';
import { namedGroup, reportedTarget } from '../../domain/seating/matter.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import type { PlannedWearer } from '../../domain/stored-plan.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import type { Tags } from '../../domain/tags.ts';
import type { Obstacles } from '../seat-instances/plan-paths.ts';
import type { ProposingPorts } from './ports.ts';

const named = ({ arn, name }: LoadBalancer): Named => ({ id: arn, name });

/** Stores how it is made, and says so with the button for it. */
const offer = async (
  ports: ProposingPorts,
  body: CompanionProposed,
  vpcId: string,
  targets: readonly PlannedWearer[],
  groupTags: Tags,
): Promise<void> => {
  const { side, groupName, loadBalancer, targetGroup } = body;
  const destination = destinationFor(groupTags, ports.stage);
  const plan = newPlan(
    ports.newId(),
    { kind: 'companion', side, groupName, vpcId, loadBalancer, targetGroup, targets },
    destination,
    ports.now(),
  );
  await ports.plans.store(plan);
  const identity = [
    body.because,
    body.securityGroup.id,
    ...targets.map(({ networkInterfaceId }) => networkInterfaceId),
  ];
  const about = {
    destination,
    matter: `companion|${groupName}`,
    severity: 'information',
    identity: identity.join('|'),
  } as const;
  const button = { planId: plan.planId, object: { kind: 'companion', side } } as const;
  await ports.reports.publish({
    ...reportOf(ports.stage, about, body, ports.now()),
    buttons: [
      { ...button, verb: 'approve' },
      { ...button, verb: 'reject' },
    ],
  });
};

/** Groups that balancers wear, each weighed against its balancer. */
interface Wardrobe {
  readonly groups: ReadonlyMap<string, SecurityGroup>;
  readonly wearers: ReadonlyMap<string, readonly Wearer[]>;
}

export const readWardrobe = async (
  { ec2 }: Pick<ProposingPorts, 'ec2'>,
  groupIds: readonly string[],
): Promise<Wardrobe> => ({
  groups: groupIds.length === 0 ? new Map() : await ec2.readSecurityGroups(groupIds),
  wearers: groupIds.length === 0 ? new Map() : await ec2.readWearers(groupIds),
});

/** What a balancer wears, with how many others wear it; `undefined` where one of its groups was not to be read. */
export const weighedOf = (
  balancer: LoadBalancer,
  { groups, wearers }: Wardrobe,
): readonly { readonly group: SecurityGroup; readonly outside: number }[] | undefined => {
  const weigh = weighing({
    ...NOTHING_READ,
    securityGroups: new Map([...groups].map(([id, group]) => [id, read(group)])),
    wearers: new Map([...wearers].map(([id, all]) => [id, read(all)])),
  });
  const standings = balancer.securityGroupIds.map((id) => weigh(id, balancerOwner(balancer)));
  const weighed = standings.filter((standing) => standing.kind === 'read');
  return weighed.length === standings.length ? weighed : undefined;
};

/** Target groups of the balancer's that Usher cares for, by name, with their tags and the balancer's own. */
export const caredFor = async (
  { balancingFleet, stage }: Pick<ProposingPorts, 'balancingFleet' | 'stage'>,
  balancer: LoadBalancer,
) => {
  const groups = (await balancingFleet.readEveryTargetGroup())
    .filter(({ loadBalancerArns }) => loadBalancerArns.includes(balancer.arn))
    .sort((a, b) => compareText(a.name, b.name));
  const tags = await balancingFleet.readTags([balancer.arn, ...groups.map(({ arn }) => arn)]);
  const balancerTags = tags.get(balancer.arn) ?? {};
  return groups
    .map((group) => ({ ...group, tags: tags.get(group.arn) ?? {} }))
    .filter((group) => Object.keys(group.tags).some((key) => key.startsWith('usher:')))
    .filter((group) => objectionToServing(group.tags, balancer, balancerTags, stage) === undefined);
};

const isHeld = async (ports: ProposingPorts, balancer: LoadBalancer): Promise<boolean> => {
  const groupName = companionName(ports.stage.name, balancer, 'balancer');
  const key = wearingKey(balancer.vpcId ?? '', groupName, { kind: 'load-balancer', id: balancer.arn });
  return (await ports.ledger.readOwnership([key])).has(key);
};

const proposeBeside = async (ports: ProposingPorts, balancer: LoadBalancer, wardrobe: Wardrobe): Promise<void> => {
  const weighed = weighedOf(balancer, wardrobe);
  if (weighed === undefined || !isShared(weighed)) return;
  if (objectionToBalancer(balancer) !== undefined || (await isHeld(ports, balancer))) return;
  const [targetGroup] = await caredFor(ports, balancer);
  const [most] = [...weighed].sort((a, b) => b.outside - a.outside);
  if (targetGroup === undefined || most === undefined) return;
  const body: CompanionProposed = {
    kind: 'companion-proposed',
    side: 'balancer',
    because: 'BalancerGroupShared',
    groupName: companionName(ports.stage.name, balancer, 'balancer'),
    loadBalancer: named(balancer),
    targetGroup: namedGroup(targetGroup),
    securityGroup: { id: most.group.groupId, name: most.group.name },
    interfaces: most.outside,
    targets: [],
  };
  await offer(ports, body, balancer.vpcId ?? '', [], targetGroup.tags);
};

/**
 * Proposes a companion for every balancer that rules of ours name by groups which others wear too: there "only the balancer"
 * is not reached. Says each once; nothing is proposed where somebody took a companion off, or where others keep the balancer.
 * @param own inbound rules of ours
 */
export const proposeForBalancers = async (ports: ProposingPorts, own: readonly SecurityGroupRule[]): Promise<void> => {
  const peers = new Set(own.flatMap(({ peer }) => (peer.kind === 'security-group' ? [peer.groupId] : [])));
  if (peers.size === 0) return;
  const balancers = (await ports.balancingFleet.readEveryLoadBalancer()).filter(
    ({ kind, securityGroupIds }) => kind !== 'gateway' && securityGroupIds.some((id) => peers.has(id)),
  );
  const wardrobe = await readWardrobe(ports, [
    ...new Set(balancers.flatMap(({ securityGroupIds }) => securityGroupIds)),
  ]);
  for (const balancer of balancers) await proposeBeside(ports, balancer, wardrobe);
};

type Withheld = Extract<CompanionProposed['because'], 'DefaultGroup' | 'WornByOthers'>;

/** Why the rule for a target's own group was withheld, where a group of its own would be the way out. */
const withheldFor = ({ seat }: DesiredSeat, obstacles: Obstacles) => {
  const worn = seat.networkInterface?.securityGroupIds ?? [];
  for (const { reason, evidence } of obstacles.get(seatKey(seat)) ?? []) {
    const { because, securityGroup, securityGroupName, interfaces } = evidence;
    if (reason !== 'RuleNotWritten' || (because !== 'DefaultGroup' && because !== 'WornByOthers')) continue;
    if (securityGroup === undefined || !worn.includes(securityGroup)) continue;
    return { because: because as Withheld, id: securityGroup, name: securityGroupName ?? securityGroup, interfaces };
  }
  return undefined;
};

interface Wanting {
  readonly desired: DesiredSeat;
  readonly balancer: LoadBalancer;
  readonly withheld: NonNullable<ReturnType<typeof withheldFor>>;
}

const wantingAmong = (seats: readonly DesiredSeat[], obstacles: Obstacles): readonly Wanting[] =>
  seats.flatMap((desired) => {
    const withheld = withheldFor(desired, obstacles);
    const balancer = desired.seat.loadBalancer;
    return withheld === undefined || balancer === undefined ? [] : [{ desired, balancer, withheld }];
  });

const proposeFor = async (ports: ProposingPorts, wanting: readonly Wanting[]): Promise<void> => {
  const [first] = wanting;
  if (first === undefined) return;
  const { balancer, withheld, desired } = first;
  const { targetGroup } = desired.seat;
  const balancerTags = (await ports.balancingFleet.readTags([balancer.arn])).get(balancer.arn) ?? {};
  if (objectionToServing(targetGroup.tags, balancer, balancerTags, ports.stage) !== undefined) return;
  const able = wanting.flatMap(
    ({ desired: { seat, instance } }): readonly (PlannedWearer & { readonly reported: ReportedTarget })[] => {
      const at = seat.networkInterface;
      if (at === undefined || objectionToTarget(instance, at, ports.stage) !== undefined) return [];
      const reported = reportedTarget(instance, seat.target.port);
      return [
        { networkInterfaceId: at.networkInterfaceId, instanceId: instance.instanceId, name: reported.name, reported },
      ];
    },
  );
  const once = [...new Map(able.map((each) => [each.networkInterfaceId, each])).values()].sort((a, b) =>
    compareText(a.networkInterfaceId, b.networkInterfaceId),
  );
  if (once.length === 0) return;
  const body: CompanionProposed = {
    kind: 'companion-proposed',
    side: 'targets',
    because: withheld.because,
    groupName: companionName(ports.stage.name, balancer, 'targets'),
    loadBalancer: named(balancer),
    targetGroup: namedGroup(targetGroup),
    securityGroup: { id: withheld.id, name: withheld.name },
    interfaces: Number(withheld.interfaces ?? 0),
    targets: once.map(({ reported }) => reported),
  };
  const wearers = once.map(({ reported, ...wearer }) => wearer);
  await offer(ports, body, balancer.vpcId ?? '', wearers, targetGroup.tags);
};

/**
 * Proposes a companion for targets whose path stays blocked because the rule would have to go into the VPC's default group or
 * into one that many others wear: one for each target group.
 */
export const proposeForTargets = async (
  ports: ProposingPorts,
  seats: readonly DesiredSeat[],
  obstacles: Obstacles,
): Promise<void> => {
  const groups = Map.groupBy(wantingAmong(seats, obstacles), ({ desired }) => desired.seat.targetGroup.arn);
  for (const wanting of groups.values()) await proposeFor(ports, wanting);
};
