import type { Health, HealthTiming } from './health.ts';
import { afterLook, lookAt } from './health.ts';
import type { AddressBook } from './interfaces.ts';
import { readSubnets } from './interfaces.ts';
import type { BalancerKind, Network } from './network.ts';
import type { Answer, Call } from './protocol.ts';
import { answerTo, list, Refusal } from './protocol.ts';
import type { FlowVerdict } from './reachability.ts';
import { healthPortOf, interfaceOf, judgeFlow } from './reachability.ts';
import type { AskedTarget, KnownInstance } from './refuse-targets.ts';
import { refuseMalformedTargets, refuseTooMany, refuseUnfitAddresses, refuseUnfitInstances } from './refuse-targets.ts';
import type { Registration, Registrations } from './registrations.ts';
import type { Room } from './room.ts';
import { askAll, filterParameters } from './room.ts';
import type { Switches } from './switches.ts';
import type { Origin } from './upstream.ts';
import type { GroupRow, ShownState } from './world.ts';
import { readGroup, readNetwork, regionOf } from './world.ts';
import type { XmlElement } from './xml.ts';
import { itemsOf, textOf, xml } from './xml.ts';

/** What target handling needs besides the room. */
export interface TargetDesk {
  readonly room: Room;
  readonly registrations: Registrations;
  readonly book: AddressBook;
  readonly switches: Switches;
  readonly shown: ShownState;
}

const askedTargets = (call: Call): readonly AskedTarget[] =>
  list(call.parameters, 'Targets.member').map((target) => {
    const port = target.get('Port');
    return {
      id: target.get('Id') ?? '',
      port: port === undefined ? undefined : Number(port),
      zone: target.get('AvailabilityZone'),
    };
  });

const groupArnOf = (call: Call): string => call.parameters.get('TargetGroupArn') ?? '';

/** Groups of functions and of other balancers have nothing that this proxy could judge. */
const isOurs = ({ type }: GroupRow): boolean => type === 'instance' || type === 'ip';

const readInstances = async (
  { room, shown }: TargetDesk,
  origin: Origin,
  ids: readonly string[],
): Promise<readonly KnownInstance[]> => {
  const filter = filterParameters(['instance-id', ...ids]);
  const reservations = await askAll(room, origin, 'ec2', 'DescribeInstances', ['reservationSet'], filter);
  return reservations
    .flatMap((reservation) => itemsOf(reservation, 'instancesSet'))
    .map((item) => {
      const id = textOf(item, 'instanceId');
      return { id, vpcId: textOf(item, 'vpcId'), state: shown(id, textOf(item, 'instanceState', 'name')) };
    });
};

const refuseUnfit = async (
  desk: TargetDesk,
  call: Call,
  group: GroupRow,
  targets: readonly AskedTarget[],
): Promise<void> => {
  refuseMalformedTargets(group, targets);
  if (group.type === 'instance') {
    refuseUnfitInstances(
      group,
      targets,
      await readInstances(
        desk,
        call,
        targets.map(({ id }) => id),
      ),
    );
    return;
  }
  const subnets = await readSubnets(desk.room, call);
  refuseUnfitAddresses(
    targets,
    subnets.filter(({ vpcId }) => vpcId === group.vpcId).flatMap(({ cidr, ipv6Cidrs }) => [cidr, ...ipv6Cidrs]),
  );
};

const isLive = ({ drainingUntil }: Registration): boolean => drainingUntil === undefined;

/** RegisterTargets: all of them, or none and the reason. */
export const registerTargets =
  (desk: TargetDesk) =>
  async (call: Call): Promise<Answer> => {
    const { room, registrations } = desk;
    const targets = askedTargets(call);
    const group = await readGroup(room, call, groupArnOf(call));
    if (!isOurs(group)) return room.upstream.forward(call);
    await refuseUnfit(desk, call, group, targets);
    await adopt(desk, call, group);
    const wanted = targets.map(({ id, port, zone }) => ({ id, port: port ?? group.port, zone, adopted: false }));
    const live = registrations.of(group.arn, room.now()).filter(isLive);
    const keys = new Set([...live, ...wanted].map(({ id, port }) => `${id} ${port}`));
    refuseTooMany(keys.size, room.settings().targetsPerGroup);
    const answer = await room.upstream.forward(call);
    if (answer.status < 400) for (const target of wanted) registrations.register(group.arn, target, room.now());
    return answer;
  };

const drainMilliseconds = ({ room }: TargetDesk, group: GroupRow): number => {
  const { drainMilliseconds: stated, healthIntervalMilliseconds } = room.settings();
  if (stated !== null) return stated;
  const delaySeconds = Number(group.attributes['deregistration_delay.timeout_seconds'] ?? 300);
  return (delaySeconds * healthIntervalMilliseconds) / group.intervalSeconds;
};

/**
 * DeregisterTargets takes out what is registered under the very id and port, the port being the group's when none is
 * given; anything else is no error and removes nothing (facts 2.2, trap 2).
 */
export const deregisterTargets =
  (desk: TargetDesk) =>
  async (call: Call): Promise<Answer> => {
    const { room, registrations } = desk;
    const group = await readGroup(room, call, groupArnOf(call));
    if (!isOurs(group)) return room.upstream.forward(call);
    await adopt(desk, call, group);
    const until = new Date(room.now().getTime() + drainMilliseconds(desk, group));
    const live = registrations.of(group.arn, room.now()).filter(isLive);
    const named = askedTargets(call).map(({ id, port }) => `${id} ${port ?? group.port}`);
    const leaving = live.filter(({ id, port }) => named.includes(`${id} ${port}`));
    const staying = live.filter((registration) => !leaving.includes(registration));
    const gone = [...new Set(leaving.map(({ id }) => id))].filter((id) => !staying.some((other) => other.id === id));
    if (gone.length > 0) {
      const members = gone.map((id, index): [string, string] => [`Targets.member.${index + 1}.Id`, id]);
      await room.upstream.ask(call, 'elbv2', 'DeregisterTargets', [['TargetGroupArn', group.arn], ...members]);
    }
    for (const registration of leaving) registrations.drain(registration, until);
    return answerTo(call);
  };

/** Takes over what Auto Scaling registered inside the emulator, and lets go of what it took out there. */
const adopt = async (desk: TargetDesk, origin: Origin, group: GroupRow): Promise<void> => {
  const { room, registrations } = desk;
  const answer = await room.upstream.ask(origin, 'elbv2', 'DescribeTargetHealth', [['TargetGroupArn', group.arn]]);
  const there = itemsOf(answer, 'DescribeTargetHealthResult', 'TargetHealthDescriptions').map((item) => ({
    id: textOf(item, 'Target', 'Id'),
    port: Number(textOf(item, 'Target', 'Port') || group.port),
  }));
  const known = registrations.of(group.arn, room.now());
  for (const { id, port } of there) {
    const isKnown = known.some((registration) => registration.id === id && isLive(registration));
    if (!isKnown) registrations.register(group.arn, { id, port, zone: undefined, adopted: true }, room.now());
  }
  const until = new Date(room.now().getTime() + drainMilliseconds(desk, group));
  const left = known.filter(({ adopted, id }) => adopted && !there.some((other) => other.id === id));
  for (const registration of left) registrations.drain(registration, until);
};

/** Both flows of one target, for tests that hold another judge against this one. */
export interface TargetVerdicts {
  readonly id: string;
  readonly port: number;
  readonly traffic: FlowVerdict;
  readonly health: FlowVerdict;
}

const kindOf = (group: GroupRow, network: Network): BalancerKind => {
  if (network.balancers[0] !== undefined) return network.balancers[0].kind;
  if (group.protocol === 'GENEVE') return 'gateway';
  return group.protocol.startsWith('HTTP') ? 'application' : 'network';
};

const stateOf = (network: Network, id: string): string | undefined => {
  const instanceId = id.startsWith('i-') ? id : interfaceOf(network, id)?.instanceId;
  if (instanceId === undefined) return undefined;
  return network.instances.find((instance) => instance.id === instanceId)?.state ?? 'terminated';
};

const timingOf = ({ room }: TargetDesk, group: GroupRow): HealthTiming => ({
  registrationMilliseconds: room.settings().registrationMilliseconds,
  intervalMilliseconds: room.settings().healthIntervalMilliseconds,
  healthyThreshold: group.healthyThreshold,
  unhealthyThreshold: group.unhealthyThreshold,
});

const DRAINING: Health = {
  state: 'draining',
  reason: 'Target.DeregistrationInProgress',
  description: 'Target deregistration is in progress',
};

const NOT_REGISTERED: Health = {
  state: 'unused',
  reason: 'Target.NotRegistered',
  description: 'Target is not registered to the target group',
};

const lookAgain = (desk: TargetDesk, group: GroupRow, network: Network, registration: Registration): Health => {
  if (!isLive(registration)) return DRAINING;
  const { room, switches, registrations } = desk;
  const instanceId = registration.id.startsWith('i-')
    ? registration.id
    : (interfaceOf(network, registration.id)?.instanceId ?? registration.id);
  const look = lookAt(
    group,
    kindOf(group, network),
    judgeFlow(network, group, registration, 'health'),
    stateOf(network, registration.id),
    switches.behaviourOf(instanceId, healthPortOf(group, registration)),
  );
  const after = afterLook(registration.memory, look, timingOf(desk, group), room.changedAt(), room.now());
  registrations.remember(registration, after.memory);
  return after.health;
};

type Described = Pick<Registration, 'id' | 'port' | 'zone'> & { readonly health: Health };

const describe = async (desk: TargetDesk, origin: Origin, group: GroupRow): Promise<readonly Described[]> => {
  const { room, registrations, book, shown } = desk;
  await adopt(desk, origin, group);
  const present = registrations.of(group.arn, room.now());
  if (present.length === 0) return [];
  const network = await readNetwork(room, origin, group, book, shown);
  return present.map((registration) => ({ ...registration, health: lookAgain(desk, group, network, registration) }));
};

const toMember = (group: GroupRow, { id, port, zone, health }: Described): XmlElement =>
  xml(
    'member',
    xml(
      'Target',
      xml('Id', id),
      xml('Port', `${port}`),
      zone === undefined ? undefined : xml('AvailabilityZone', zone),
    ),
    xml('HealthCheckPort', `${healthPortOf(group, { id, port })}`),
    xml(
      'TargetHealth',
      xml('State', health.state),
      health.reason === undefined ? undefined : xml('Reason', health.reason),
      health.description === undefined ? undefined : xml('Description', health.description),
    ),
  );

/** DescribeTargetHealth, computed from what is reachable now; of targets asked by name also those that aren't registered. */
export const describeTargetHealth =
  (desk: TargetDesk) =>
  async (call: Call): Promise<Answer> => {
    const group = await readGroup(desk.room, call, groupArnOf(call));
    if (!isOurs(group)) return desk.room.upstream.forward(call);
    const all = await describe(desk, call, group);
    const asked = askedTargets(call);
    const wanted = asked.map(({ id, port = group.port, zone }): Described => {
      return all.find((one) => one.id === id && one.port === port) ?? { id, port, zone, health: NOT_REGISTERED };
    });
    const shownTargets = asked.length === 0 ? all : wanted;
    return answerTo(call, xml('TargetHealthDescriptions', ...shownTargets.map((one) => toMember(group, one))));
  };

/**
 * The proxy's own verdicts on the flows of a group's targets, or of one that needn't be registered.
 * @throws {Refusal} for a group that isn't there or whose targets can't be judged
 */
export const verdictsOf = async (
  desk: TargetDesk,
  groupArn: string,
  target?: { id: string; port?: number },
): Promise<readonly TargetVerdicts[]> => {
  const origin = { region: regionOf(groupArn), accessKeyId: '' };
  const group = await readGroup(desk.room, origin, groupArn);
  if (!isOurs(group)) throw new Refusal('ValidationError', `a group of type ${group.type} has no path to judge`);
  const network = await readNetwork(desk.room, origin, group, desk.book, desk.shown);
  const registered = desk.registrations.of(groupArn, desk.room.now()).filter(isLive);
  const targets = target === undefined ? registered : [{ id: target.id, port: target.port ?? group.port }];
  return targets.map(({ id, port }) => ({
    id,
    port,
    traffic: judgeFlow(network, group, { id, port }, 'traffic'),
    health: judgeFlow(network, group, { id, port }, 'health'),
  }));
};
