import type { AutoScalingReader, AutoScalingWriter, InstanceRefreshReader } from '../../../aws/auto-scaling/port.ts';
import type { CompanionGroups } from '../../../aws/ec2/companion-port.ts';
import type { Ec2Reader, Ec2Writer } from '../../../aws/ec2/port.ts';
import type { BalancingFleetReader } from '../../../aws/elastic-load-balancing/fleet-port.ts';
import type { LoadBalancingReader, LoadBalancingWriter } from '../../../aws/elastic-load-balancing/port.ts';
import type { BalancerSecurityGroups } from '../../../aws/elastic-load-balancing/security-groups-port.ts';
import type { ReportPublisher, WaitingQueue } from '../../../aws/queues/port.ts';
import type { Closings } from '../../../aws/state/closings-port.ts';
import type { Holds } from '../../../aws/state/holds-port.ts';
import type {
  Budgets,
  DeliveredReports,
  Leases,
  Ledger,
  Orders,
  Pauses,
  QuietMatters,
  StoredPlans,
  Watches,
} from '../../../aws/state/port.ts';
import type { RecentChanges } from '../../../aws/state/recent-changes-port.ts';
import type { TaggingReader } from '../../../aws/tagging/port.ts';
import type { Instance } from '../../../domain/instance.ts';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import type { SecurityGroup, SecurityGroupRule } from '../../../domain/network/model.ts';
import { autoScalingGroupOf } from '../../../domain/seating/membership.ts';
import type { Stage } from '../../../domain/stage.ts';
import type { Target } from '../../../domain/target.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import type { LogLine, Surroundings } from '../../../stories/log.ts';
import {
  anAlb,
  anOpenAcl,
  aRouteTable,
  aRule,
  aSecurityGroup,
  aStage,
  aSubnet,
  aTargetGroup,
  aVpc,
  VPC,
} from './builders.ts';
import type { Call, CallKind, OnCall, Process } from './calls.ts';
import { aSwitchboard, recorded } from './calls.ts';
import type { Clock } from './clock.ts';
import { aClock } from './clock.ts';
import type { MemoryBalancing } from './memory-balancing.ts';
import {
  aMemoryBalancing,
  memoryLoadBalancingReader,
  memoryLoadBalancingWriter,
  memoryTaggingReader,
} from './memory-balancing.ts';
import { memoryBalancerGroups, memoryCompanions } from './memory-companions.ts';
import { memoryBalancingFleet } from './memory-fleet.ts';
import { aMemoryOfHolds } from './memory-holds.ts';
import type { MemoryNetwork } from './memory-network.ts';
import { aMemoryNetwork, interfaceDescription, memoryEc2Reader, memoryEc2Writer } from './memory-network.ts';
import type { MemoryQueue, MemoryReports } from './memory-queues.ts';
import { aMemoryQueue, aMemoryReportQueue } from './memory-queues.ts';
import { aMemoryOfChanges } from './memory-recent-changes.ts';
import type { MemoryState } from './memory-state.ts';
import { aMemoryState } from './memory-state.ts';

/** Every port of every story, all recorded, all able to fail. */
export interface WorldPorts extends Surroundings {
  readonly stage: Stage;
  readonly ec2: Ec2Reader & Ec2Writer;
  readonly loadBalancing: LoadBalancingReader & LoadBalancingWriter;
  readonly companions: CompanionGroups;
  readonly balancerGroups: BalancerSecurityGroups;
  readonly tagging: TaggingReader;
  readonly tags: Pick<BalancingFleetReader, 'readTags'>;
  readonly autoScaling: AutoScalingReader & AutoScalingWriter;
  readonly refreshes: InstanceRefreshReader;
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly budgets: Budgets;
  readonly watches: Watches;
  readonly deliveredReports: DeliveredReports;
  readonly orders: Orders;
  readonly plans: StoredPlans;
  readonly quietMatters: QuietMatters;
  readonly pauses: Pauses;
  readonly closings: Closings;
  readonly recentChanges: RecentChanges;
  readonly holds: Holds;
  readonly reports: ReportPublisher;
  readonly launchQueue: WaitingQueue;
  readonly watchQueue: WaitingQueue;
}

/** AWS, our table and our queues in memory, for story tests. */
export interface World {
  readonly clock: Clock;
  readonly stage: Stage;
  /** Ports of the running process. After a kill they do nothing more: take them afresh after `restart`. */
  readonly ports: WorldPorts;
  /** Sets what becomes of each call from now on (counted from 1), or with nothing lets all through again. */
  onCall(hook?: OnCall): void;
  /** A new process over the same world: what the killed one left is all still there. The hook stays. */
  restart(): void;
  /** A further port of the running process, recorded and able to fail like the others. */
  readonly record: <T extends object>(name: string, port: T, kindOf: (method: string) => CallKind) => T;
  /** Calls made so far, in order; `forgetCalls` empties it. */
  readonly calls: readonly Call[];
  readonly forgetCalls: () => void;
  readonly network: MemoryNetwork;
  readonly balancing: MemoryBalancing;
  readonly attachedTargetGroups: Map<string, readonly string[]>;
  /** Where Auto Scaling has an instance in its life cycle, by instance id. */
  readonly lifecycleStates: Map<string, string>;
  /** Auto Scaling groups whose instances are being replaced. */
  readonly refreshing: Set<string>;
  readonly state: MemoryState;
  readonly launchQueue: MemoryQueue;
  readonly watchQueue: MemoryQueue;
  readonly reports: MemoryReports;
  readonly log: readonly LogLine[];
  putInstances(...instances: readonly Instance[]): void;
  /** Registered and not leaving, in the order of registration. */
  targetsIn(targetGroupArn: string): readonly Target[];
  rulesOf(groupId: string): readonly SecurityGroupRule[];
  /** Number of calls that changed AWS. */
  writes(): readonly Call[];
}

/** What a test may put into a world at the start; what it leaves out is the small web site of `aWorld`. */
export interface WorldParts {
  readonly stage?: Partial<Stage>;
  readonly clock?: Clock;
  readonly instances?: readonly Instance[];
  readonly targetGroups?: readonly TargetGroup[];
  readonly loadBalancers?: readonly LoadBalancer[];
  readonly securityGroups?: readonly SecurityGroup[];
  readonly rules?: readonly SecurityGroupRule[];
}

const always = (kind: CallKind) => (): CallKind => kind;

const readOrWrite = (method: string): CallKind => (method.startsWith('read') ? 'read' : 'write');

const fill = (network: MemoryNetwork, balancing: MemoryBalancing, parts: WorldParts): void => {
  const zones = [
    { subnetId: 'subnet-a', availabilityZone: 'ap-northeast-1a', ipv4Cidr: '10.0.1.0/24' },
    { subnetId: 'subnet-c', availabilityZone: 'ap-northeast-1c', ipv4Cidr: '10.0.2.0/24' },
    { subnetId: 'subnet-d', availabilityZone: 'ap-northeast-1d', ipv4Cidr: '10.0.3.0/24' },
  ];
  for (const zone of zones) {
    network.subnets.set(zone.subnetId, aSubnet(zone));
    network.acls.set(zone.subnetId, anOpenAcl());
    network.routes.set(zone.subnetId, aRouteTable());
  }
  network.vpcs.set(VPC, aVpc());
  const groups = parts.securityGroups ?? ['sg-alb', 'sg-web'].map((groupId) => aSecurityGroup({ groupId }));
  for (const group of groups) network.securityGroups.set(group.groupId, group);
  for (const rule of parts.rules ?? groups.map(({ groupId }) => aRule({ groupId })))
    network.rules.set(rule.groupId, [...(network.rules.get(rule.groupId) ?? []), rule]);
  for (const instance of parts.instances ?? []) network.instances.set(instance.instanceId, instance);
  for (const group of parts.targetGroups ?? [aTargetGroup()]) balancing.targetGroups.set(group.arn, group);
  for (const balancer of parts.loadBalancers ?? [anAlb()]) {
    balancing.loadBalancers.set(balancer.arn, balancer);
    balancer.zones.forEach(({ subnetId }, index) => {
      const networkInterfaceId = `eni-${balancer.name}-${index}`;
      network.otherInterfaces.set(networkInterfaceId, {
        networkInterfaceId,
        deviceIndex: undefined,
        networkCardIndex: undefined,
        vpcId: balancer.vpcId ?? VPC,
        subnetId,
        securityGroupIds: balancer.securityGroupIds,
        privateIpv4Addresses: [`10.0.${index + 1}.${200 + balancing.loadBalancers.size}`],
        ipv6Addresses: [],
        description: interfaceDescription(balancer.arn),
      });
    });
  }
};

/**
 * A small web site unless told otherwise: VPC `vpc-1` with three zones and open ACLs, ALB `web-alb` wearing `sg-alb` in two
 * of them, group `web` on port 80 for `Role=web`, and `sg-web`, which lets everything out and nothing in. No instances.
 */
export const aWorld = (parts: WorldParts = {}): World => {
  const clock = parts.clock ?? aClock();
  const stage = aStage(parts.stage);
  const network = aMemoryNetwork();
  const balancing = aMemoryBalancing();
  fill(network, balancing, parts);
  const attachedTargetGroups = new Map<string, readonly string[]>();
  const lifecycleStates = new Map<string, string>();
  const refreshing = new Set<string>();
  const state = aMemoryState();
  const recentChanges = aMemoryOfChanges();
  const holds = aMemoryOfHolds();
  const launchQueue = aMemoryQueue(clock);
  const watchQueue = aMemoryQueue(clock);
  const reports = aMemoryReportQueue(clock);
  const log: LogLine[] = [];
  const switchboard = aSwitchboard();
  const ec2 = { ...memoryEc2Reader(network, clock), ...memoryEc2Writer(network) };
  const loadBalancing = {
    ...memoryLoadBalancingReader(balancing, network, clock),
    ...memoryLoadBalancingWriter(balancing, network, clock),
  };
  const companions = memoryCompanions(network);
  const balancerGroups = memoryBalancerGroups(balancing, network);
  const autoScaling: AutoScalingReader & AutoScalingWriter = {
    readGroups: async (names) =>
      new Map(
        names.flatMap((name) => {
          const own = [...network.instances.values()].filter(({ tags }) => autoScalingGroupOf(tags) === name);
          const attachedTo = attachedTargetGroups.get(name);
          const states = own.flatMap(({ instanceId }) => {
            const state = lifecycleStates.get(instanceId);
            return state === undefined ? [] : [[instanceId, state] as const];
          });
          if (attachedTo === undefined && states.length === 0) return [];
          return [[name, { attachedTo: attachedTo ?? [], lifecycleStates: new Map(states) }] as const];
        }),
      ),
    keepWaiting: async ({ instanceId }) => lifecycleStates.get(instanceId)?.endsWith(':Wait') === true,
    letGo: async ({ instanceId }) => {
      const state = lifecycleStates.get(instanceId);
      if (state?.endsWith(':Wait') !== true) return false;
      lifecycleStates.set(instanceId, state.replace(':Wait', ':Proceed'));
      return true;
    },
  };
  let ids = 0;
  let running: Process = { isDead: false };
  const start = (): WorldPorts => {
    const process: Process = { isDead: false };
    running = process;
    const port = <T extends object>(name: string, of: T, kindOf: (method: string) => CallKind): T =>
      recorded(name, of, kindOf, process, switchboard);
    return {
      stage,
      now: clock.now,
      log: (line) => {
        if (!process.isDead) log.push(line);
      },
      newId: () => {
        ids += 1;
        return `id${String(ids).padStart(4, '0')}`;
      },
      ec2: port('ec2', ec2, readOrWrite),
      loadBalancing: port('loadBalancing', loadBalancing, readOrWrite),
      companions: port('companions', companions, readOrWrite),
      balancerGroups: port('balancerGroups', balancerGroups, always('write')),
      tagging: port('tagging', memoryTaggingReader(balancing), always('read')),
      tags: port('tags', memoryBalancingFleet(balancing), always('read')),
      autoScaling: port('autoScaling', autoScaling, readOrWrite),
      refreshes: port<InstanceRefreshReader>(
        'refreshes',
        { isRefreshing: async (name) => refreshing.has(name) },
        always('read'),
      ),
      ledger: port('ledger', state.ledger, always('state')),
      leases: port('leases', state.leases, always('state')),
      budgets: port('budgets', state.budgets, always('state')),
      watches: port('watches', state.watches, always('state')),
      deliveredReports: port('deliveredReports', state.deliveredReports, always('state')),
      orders: port('orders', state.orders, always('state')),
      plans: port('plans', state.plans, always('state')),
      quietMatters: port('quietMatters', state.quietMatters, always('state')),
      pauses: port('pauses', state.pauses, always('state')),
      closings: port('closings', state.closings, always('state')),
      recentChanges: port('recentChanges', recentChanges, always('state')),
      holds: port('holds', holds, always('state')),
      reports: port<ReportPublisher>('reports', reports, always('send')),
      launchQueue: port<WaitingQueue>('launchQueue', launchQueue, always('send')),
      watchQueue: port<WaitingQueue>('watchQueue', watchQueue, always('send')),
    };
  };
  let ports = start();
  return {
    clock,
    stage,
    get ports() {
      return ports;
    },
    onCall: (hook) => switchboard.setOnCall(hook),
    restart: () => {
      running.isDead = true;
      ports = start();
    },
    record: (name, of, kindOf) => recorded(name, of, kindOf, running, switchboard),
    calls: switchboard.calls,
    forgetCalls: () => switchboard.forget(),
    network,
    balancing,
    attachedTargetGroups,
    lifecycleStates,
    refreshing,
    state,
    launchQueue,
    watchQueue,
    reports,
    log,
    putInstances: (...instances) => {
      for (const instance of instances) network.instances.set(instance.instanceId, instance);
    },
    targetsIn: (arn) =>
      (balancing.registered.get(arn) ?? [])
        .filter(({ drainingUntil }) => drainingUntil === undefined)
        .map(({ target }) => target),
    rulesOf: (groupId) => network.rules.get(groupId) ?? [],
    writes: () => switchboard.calls.filter(({ kind }) => kind === 'write'),
  };
};
