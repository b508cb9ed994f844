import type { ReadListener } from '../../aws/elastic-load-balancing/settings-port.ts';
import type { Attributes, Evidence, PathWord } from '../../domain/diagnosis/evidence.ts';
import type { DiagnosisSubject, Place, Symptom } from '../../domain/diagnosis/subject.ts';
import type { Instance } from '../../domain/instance.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import { clientCidrsOf } from '../../domain/network/client-cidrs.ts';
import { judgeClients } from '../../domain/network/clients.ts';
import type { ListenerPort } from '../../domain/network/doors.ts';
import { pathFinding, summarize } from '../../domain/network/findings.ts';
import { valueRead } from '../../domain/network/hop.ts';
import type { Judgement, Network } from '../../domain/network/model.ts';
import type { Reading } from '../../domain/reading.ts';
import { read, unreadable } from '../../domain/reading.ts';
import { autoScalingGroupOf } from '../../domain/seating/membership.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import type { Tags } from '../../domain/tags.ts';
import { targetKey } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { lookedAt, memberSeats, readWearers } from '../group-seats.ts';
import { judgeSeats, observeClients, observeNetwork } from '../observe-network.ts';
import { readDeploys } from './deploys.ts';
import type { GatheringPorts } from './ports.ts';
import { readingOf } from './reading.ts';

/** Groups of one balancer that are looked at, where an alarm names no group. */
const MOST_GROUPS = 5;

/** What was gathered about one subject, with what its repair and its report need besides. */
export interface Gathered {
  readonly evidence: Evidence;
  readonly seats: readonly DesiredSeat[];
  readonly judgements: readonly Judgement[];
  readonly network: Network | undefined;
  /** Whether what its tags forbid is known: else nothing may be offered. */
  readonly areTagsKnown: boolean;
  /** Host names that the balancer's rules name for this group. */
  readonly hosts: readonly string[];
}

interface Judged {
  readonly network: Network | undefined;
  readonly judgements: readonly Judgement[];
  readonly paths: ReadonlyMap<string, PathWord>;
}

/** The engine's word on each seat; where its reads fail, each is unknown. */
const judgePaths = async (ports: GatheringPorts, desired: readonly DesiredSeat[]): Promise<Judged> => {
  const seats = desired.map(({ seat }) => seat);
  const network = await readingOf(() => observeNetwork(ports, seats));
  if (network.kind === 'unreadable') {
    const findings = [pathFinding('PathUnknown', { because: 'ReadDenied', why: network.why })];
    const paths = new Map(seats.map(({ target }) => [targetKey(target), { verdict: 'unknown', findings } as const]));
    return { network: undefined, judgements: [], paths };
  }
  const judgements = judgeSeats(seats, network.value);
  const bySeat = Map.groupBy(judgements, ({ flow }) => targetKey(flow.seat.target));
  return {
    network: network.value,
    judgements,
    paths: new Map([...bySeat].map(([key, own]) => [key, summarize(own)])),
  };
};

const NOT_ASKED: Attributes = {
  crossZone: undefined,
  slowStartSeconds: undefined,
  preservesClientAddresses: undefined,
  idleTimeoutSeconds: undefined,
};

const statusOf = ({ statuses }: GatheringPorts, instances: readonly Instance[]) => {
  const running = instances.filter(({ state }) => state === 'running').map(({ instanceId }) => instanceId);
  return running.length === 0 ? read(new Map()) : readingOf(() => statuses.readStatusChecks(running));
};

/** Doors that lead to this group are for those whom its tag names. */
const doorsOf = (
  listeners: readonly ReadListener[],
  targetGroup: TargetGroup | undefined,
  areTagsKnown: boolean,
): readonly ListenerPort[] => {
  const told = targetGroup !== undefined && areTagsKnown ? clientCidrsOf(targetGroup) : undefined;
  return listeners.map(({ protocol, port, targetGroupArns }) => ({
    protocol,
    port,
    ...(told?.kind === 'told' && targetGroupArns.includes(targetGroup?.arn ?? '') ? { clientCidrs: told.cidrs } : {}),
  }));
};

/** Who may come to the balancer, as far as its own groups say; without its listeners nobody can tell where. */
const judgeDoors = async (
  ports: GatheringPorts,
  loadBalancer: Reading<LoadBalancer | undefined>,
  listeners: Reading<readonly ReadListener[]>,
  doors: (listeners: readonly ReadListener[]) => readonly ListenerPort[],
): Promise<Pick<Evidence, 'clients'>> => {
  const balancer = valueRead(loadBalancer);
  if (balancer === undefined || listeners.kind === 'unreadable') return {};
  const clients = await readingOf(
    async () => judgeClients(balancer, doors(listeners.value), await observeClients(ports, balancer)).findings,
  );
  return { clients };
};

/** A Classic balancer takes 200 alone for well. @see facts 2.7 */
const matcherOf = (targetGroup: TargetGroup | undefined, { kind }: DiagnosisSubject): string | undefined =>
  kind === 'classic' ? '200' : targetGroup?.healthCheck.matcher;

/** The balancer that the subject names, else the one that uses the group. */
const balancerArnOf = ({ loadBalancerArn }: DiagnosisSubject, group: TargetGroup | undefined): string | undefined =>
  loadBalancerArn ?? group?.loadBalancerArns[0];

const readBalancer = (
  { loadBalancing }: GatheringPorts,
  arn: string | undefined,
): Promise<Reading<LoadBalancer | undefined>> =>
  arn === undefined
    ? Promise.resolve(read(undefined))
    : readingOf(async () => (await loadBalancing.readLoadBalancers([arn]))[0]);

/** All that one group and its balancer tell of themselves. */
const gatherGroup = async (
  ports: GatheringPorts,
  subject: DiagnosisSubject & { readonly targetGroupArn: string },
  symptom: Symptom,
): Promise<Gathered> => {
  const { targetGroupArn } = subject;
  const [group, tags, members] = await Promise.all([
    readingOf(async () => (await ports.loadBalancing.readTargetGroups(new Map([[targetGroupArn, {}]])))[0]),
    readingOf(async () => (await ports.tags.readTags([targetGroupArn])).get(targetGroupArn)),
    readingOf(async () => (await ports.loadBalancing.readTargetHealth(targetGroupArn)) ?? []),
  ]);
  const own: Tags = valueRead(tags) ?? {};
  const found = valueRead(group);
  const targetGroup: TargetGroup | undefined = found && { ...found, tags: own };
  const balancerArn = balancerArnOf(subject, targetGroup);
  const all = valueRead(members) ?? [];
  const looked = lookedAt(all);
  const [loadBalancer, listeners, attributes, wearers] = await Promise.all([
    readBalancer(ports, balancerArn),
    balancerArn === undefined ? read([]) : readingOf(() => ports.settings.readListeners(balancerArn)),
    readingOf(() => ports.settings.readAttributes(targetGroupArn, balancerArn)),
    readingOf(() => readWearers(ports.ec2, looked, targetGroup?.vpcId)),
  ]);
  const worn = valueRead(wearers) ?? { instances: new Map(), interfaces: new Map() };
  const instances = [...worn.instances.values()];
  const seats =
    targetGroup === undefined || wearers.kind === 'unreadable' || loadBalancer.kind === 'unreadable'
      ? []
      : memberSeats(targetGroup, loadBalancer.value, looked, worn);
  const areTagsKnown = tags.kind === 'read' && tags.value !== undefined;
  const [judged, clients, statusChecks, deploys] = await Promise.all([
    judgePaths(ports, seats),
    judgeDoors(ports, loadBalancer, listeners, (all) => doorsOf(all, targetGroup, areTagsKnown)),
    statusOf(ports, instances),
    readDeploys(ports, targetGroupArn, [...new Set(instances.flatMap(({ tags }) => autoScalingGroupOf(tags) ?? []))]),
  ]);
  const hosts = (valueRead(listeners) ?? [])
    .filter(({ targetGroupArns }) => targetGroupArns.includes(targetGroupArn))
    .flatMap((listener: ReadListener) => listener.hosts);
  return {
    evidence: {
      now: ports.now(),
      subject,
      symptom,
      targetGroup: group.kind === 'unreadable' ? group : read(targetGroup),
      loadBalancer,
      listeners,
      members,
      lookedAt: new Set(looked.map(({ target }) => targetKey(target))),
      instances: wearers.kind === 'unreadable' ? wearers : read(worn.instances),
      statusChecks,
      sourceDestinationChecks:
        wearers.kind === 'unreadable'
          ? wearers
          : read(
              new Map(
                instances.map(({ instanceId, sourceDestinationCheck = true }) => [instanceId, sourceDestinationCheck]),
              ),
            ),
      attributes,
      matcher: matcherOf(targetGroup, subject),
      paths: judged.paths,
      deploys,
      ...clients,
    },
    seats,
    judgements: judged.judgements,
    network: judged.network,
    areTagsKnown,
    hosts: [...new Set(hosts)],
  };
};

/** A balancer that sends to nobody, is gone, or could not be read. */
const gatherBalancer = async (
  ports: GatheringPorts,
  subject: DiagnosisSubject,
  symptom: Symptom,
  listeners: Reading<readonly ReadListener[]>,
): Promise<Gathered> => {
  const unread = read(undefined);
  return {
    evidence: {
      now: ports.now(),
      subject,
      symptom,
      targetGroup: unread,
      loadBalancer: await readBalancer(ports, subject.loadBalancerArn),
      listeners,
      members: read([]),
      lookedAt: new Set(),
      instances: read(new Map()),
      statusChecks: read(new Map()),
      sourceDestinationChecks: read(new Map()),
      attributes: read(NOT_ASKED),
      matcher: undefined,
      paths: new Map(),
      deploys: read([]),
    },
    seats: [],
    judgements: [],
    network: undefined,
    areTagsKnown: false,
    hosts: [],
  };
};

/** What is not here is not asked for: whatever answered would be another's. */
const gatherElsewhere = (
  { now }: GatheringPorts,
  subject: DiagnosisSubject,
  symptom: Symptom,
  elsewhere: Place,
): Gathered => {
  const unread = unreadable('it is elsewhere');
  return {
    evidence: {
      now: now(),
      subject,
      symptom,
      elsewhere,
      targetGroup: unread,
      loadBalancer: unread,
      listeners: unread,
      members: unread,
      lookedAt: new Set(),
      instances: unread,
      statusChecks: unread,
      sourceDestinationChecks: unread,
      attributes: unread,
      matcher: undefined,
      paths: new Map(),
      deploys: unread,
    },
    seats: [],
    judgements: [],
    network: undefined,
    areTagsKnown: false,
    hosts: [],
  };
};

/**
 * Gathers what can be known about a subject at once: of a group everything; of a balancer without a group, each of the groups
 * it sends to. What can't be read is said so, and nothing is thrown for it.
 * @param elsewhere where the subject is, if that is not here
 */
export const gather = async (
  ports: GatheringPorts,
  subject: DiagnosisSubject,
  symptom: Symptom,
  elsewhere?: Place,
): Promise<readonly Gathered[]> => {
  if (elsewhere !== undefined) return [gatherElsewhere(ports, subject, symptom, elsewhere)];
  const { targetGroupArn, loadBalancerArn } = subject;
  if (targetGroupArn !== undefined) return [await gatherGroup(ports, { ...subject, targetGroupArn }, symptom)];
  const listeners =
    loadBalancerArn === undefined ? read([]) : await readingOf(() => ports.settings.readListeners(loadBalancerArn));
  const arns = [...new Set((valueRead(listeners) ?? []).flatMap((listener) => listener.targetGroupArns))];
  if (arns.length === 0) return [await gatherBalancer(ports, subject, symptom, listeners)];
  return Promise.all(
    arns.slice(0, MOST_GROUPS).map((arn) => gatherGroup(ports, { ...subject, targetGroupArn: arn }, symptom)),
  );
};
