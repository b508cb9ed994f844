import type { Attributes, Deploy, Evidence, ListenerUse, StatusChecks } from '../../../domain/diagnosis/evidence.ts';
import type { DiagnosisSubject, Symptom } from '../../../domain/diagnosis/subject.ts';
import type { Instance } from '../../../domain/instance.ts';
import { primaryInterface } from '../../../domain/instance.ts';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import { summarize } from '../../../domain/network/findings.ts';
import { judge } from '../../../domain/network/judge.ts';
import type { BalancerInterface, Network, NetworkAcl, SecurityGroupRule } from '../../../domain/network/model.ts';
import { NOTHING_READ } from '../../../domain/network/model.ts';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import type { Reading } from '../../../domain/reading.ts';
import { read } from '../../../domain/reading.ts';
import type { TargetHealth } from '../../../domain/target.ts';
import { targetKey } from '../../../domain/target.ts';
import type { HealthCheck, TargetGroup } from '../../../domain/target-group.ts';
import {
  aClassicBalancer,
  aClassicGroup,
  anAlb,
  anInstance,
  anOpenAcl,
  aRouteTable,
  aRule,
  aSubnet,
  aTargetGroup,
  loadBalancerArn,
  targetGroupArn,
} from '../../support/world/builders.ts';

export const NOW = new Date('2026-11-22T18:05:00.000Z');

const A = 'ap-northeast-1a';
const C = 'ap-northeast-1c';

/** A balancer, its group, who sits there, and the network around them: all that a diagnosis is gathered from. */
export interface World {
  readonly symptom: Symptom;
  readonly targetGroup: TargetGroup;
  readonly loadBalancer: LoadBalancer;
  readonly listeners: readonly ListenerUse[];
  readonly members: readonly TargetHealth[];
  readonly instances: readonly Instance[];
  readonly statusChecks: Readonly<Record<string, Partial<StatusChecks>>>;
  /** Instances whose source/destination check is off. */
  readonly unchecked: readonly string[];
  readonly attributes: Attributes;
  readonly matcher: string | undefined;
  readonly deploys: readonly Deploy[];
  /** Rules by group id. */
  readonly rules: Readonly<Record<string, readonly SecurityGroupRule[]>>;
  /** By subnet id; an open one elsewhere. */
  readonly acls: Readonly<Record<string, NetworkAcl>>;
}

export const ingress = (groupId: string, port: number, peer: string, protocol = 'tcp'): SecurityGroupRule =>
  aRule({
    ruleId: `sgr-${groupId}-${port}`,
    groupId,
    direction: 'ingress',
    protocol,
    fromPort: port,
    toPort: port,
    peer: peer.startsWith('sg-') ? { kind: 'security-group', groupId: peer } : { kind: 'cidr-ipv4', cidr: peer },
  });

export const allOut = (groupId: string): SecurityGroupRule => aRule({ ruleId: `sgr-${groupId}-out`, groupId });

export const healthy = (id: string, port: number | undefined = 80): TargetHealth => ({
  target: { id, port },
  state: 'healthy',
  reason: undefined,
  description: undefined,
});

/** AWS's sentences for its reason codes. @see ELB guides, "Health check reason codes" */
const SENTENCES: Readonly<Record<string, string>> = {
  'Target.Timeout': 'Request timed out',
  'Target.FailedHealthChecks': 'Health checks failed',
  'Target.NotInUse': 'Target is in an Availability Zone that is not enabled for the load balancer',
  'Target.InvalidState': 'Target is in the stopped state',
};

export const unwell = (
  id: string,
  reason: string,
  more: Partial<Omit<TargetHealth, 'target'>> & { readonly port?: number | undefined } = {},
): TargetHealth => {
  const { port = 80, ...told } = more;
  return {
    target: { id, port: 'port' in more ? more.port : port },
    state: 'unhealthy',
    reason,
    description: SENTENCES[reason],
    ...told,
  };
};

/** An HTTP answer that the matcher does not take, in AWS's words. */
export const answering = (id: string, code: number | string, port = 80): TargetHealth =>
  unwell(id, 'Target.ResponseCodeMismatch', { port, description: `Health checks failed with these codes: [${code}]` });

export const W1 = 'i-00000001';
export const W2 = 'i-00000002';
export const W3 = 'i-00000003';

const inC = (instanceId: string, more: Parameters<typeof anInstance>[0] = {}): Instance =>
  anInstance({
    instanceId,
    availabilityZone: C,
    subnetId: 'subnet-c',
    address: `10.0.2.${instanceId.slice(-1)}`,
    ...more,
  });

export const anInstanceIn = (
  zone: 'a' | 'c',
  instanceId: string,
  more: Parameters<typeof anInstance>[0] = {},
): Instance => (zone === 'a' ? anInstance({ instanceId, ...more }) : inC(instanceId, more));

const SETTINGS: Attributes = {
  crossZone: true,
  slowStartSeconds: 0,
  preservesClientAddresses: undefined,
  idleTimeoutSeconds: 60,
};

/** An ALB in two zones, three healthy targets in them, everything right. */
export const albWorld = (more: Partial<World> = {}): World => ({
  symptom: { kind: 'unhealthy-hosts' },
  targetGroup: aTargetGroup(),
  loadBalancer: anAlb(),
  listeners: [{ protocol: 'HTTPS', port: 443, targetGroupArns: [targetGroupArn('web')] }],
  members: [healthy(W1), healthy(W2), healthy(W3)],
  instances: [anInstanceIn('a', W1), anInstanceIn('c', W2), anInstanceIn('a', W3)],
  statusChecks: {},
  unchecked: [],
  attributes: SETTINGS,
  matcher: '200',
  deploys: [],
  rules: {
    'sg-alb': [ingress('sg-alb', 443, '0.0.0.0/0'), allOut('sg-alb')],
    'sg-web': [ingress('sg-web', 80, 'sg-alb'), allOut('sg-web')],
  },
  acls: {},
  ...more,
});

const elsewhere = (kind: 'net' | 'gwy', name: string): string => loadBalancerArn(name).replace('/app/', `/${kind}/`);

export const NLB_ARN = elsewhere('net', 'tcp-nlb');
export const GWLB_ARN = elsewhere('gwy', 'inspect');

/** Addresses of a balancer's own interfaces, by subnet. */
const NODES: Readonly<Record<string, string>> = {
  'subnet-a': '10.0.1.200',
  'subnet-c': '10.0.2.200',
  'subnet-d': '10.0.3.200',
};

/** An NLB without security groups, TCP, asked by TCP on the traffic port; its clients are those of the VPC. */
export const nlbWorld = (more: Partial<World> = {}): World =>
  albWorld({
    loadBalancer: anAlb({ kind: 'network', name: 'tcp-nlb', arn: NLB_ARN, scheme: 'internal', securityGroupIds: [] }),
    targetGroup: aTargetGroup({
      protocol: 'TCP',
      tags: { ...aTargetGroup().tags, 'usher:client-cidrs': '10.0.0.0/16' },
      loadBalancerArns: [NLB_ARN],
      healthCheck: { ...aTargetGroup().healthCheck, protocol: 'TCP', path: undefined, timeoutSeconds: 10 },
    }),
    listeners: [{ protocol: 'TCP', port: 80, targetGroupArns: [targetGroupArn('web')] }],
    matcher: undefined,
    rules: {
      'sg-web': [...[80, 443, 8443].map((port) => ingress('sg-web', port, '10.0.0.0/16')), allOut('sg-web')],
    },
    attributes: { ...SETTINGS, crossZone: undefined, preservesClientAddresses: true, idleTimeoutSeconds: undefined },
    ...more,
  });

/** Appliances behind a Gateway Load Balancer, asked on port 80, forwarding. */
export const gwlbWorld = (more: Partial<World> = {}): World =>
  albWorld({
    loadBalancer: anAlb({ kind: 'gateway', name: 'inspect', arn: GWLB_ARN, scheme: undefined, securityGroupIds: [] }),
    targetGroup: aTargetGroup({
      protocol: 'GENEVE',
      port: 6081,
      loadBalancerArns: [GWLB_ARN],
      healthCheck: { ...aTargetGroup().healthCheck, protocol: 'TCP', port: 80, path: undefined, intervalSeconds: 10 },
    }),
    listeners: [{ protocol: 'GENEVE', port: 6081, targetGroupArns: [targetGroupArn('web')] }],
    members: [healthy(W1, 6081), healthy(W2, 6081)],
    unchecked: [W1, W2],
    rules: {
      'sg-web': [
        ...['10.0.1.200/32', '10.0.2.200/32'].flatMap((node) => [
          ingress('sg-web', 6081, node, 'udp'),
          ingress('sg-web', 80, node),
          ingress('sg-web', 443, node),
        ]),
        allOut('sg-web'),
      ],
    },
    matcher: undefined,
    attributes: { ...SETTINGS, crossZone: undefined, idleTimeoutSeconds: undefined },
    ...more,
  });

/** A Classic balancer with listeners to 8080 and 2525, asked by HTTP on 9000. */
export const classicWorld = (more: Partial<World> = {}): World =>
  albWorld({
    loadBalancer: aClassicBalancer(),
    targetGroup: aClassicGroup(),
    listeners: [{ protocol: 'HTTP', port: 80, targetGroupArns: [] }],
    members: [W1, W2].map((id) => ({ ...healthy(id), target: { id, port: undefined } })),
    rules: {
      'sg-elb': [ingress('sg-elb', 80, '0.0.0.0/0'), allOut('sg-elb')],
      'sg-web': [...[8080, 2525, 9000].map((port) => ingress('sg-web', port, 'sg-elb')), allOut('sg-web')],
    },
    matcher: undefined,
    ...more,
  });

const SUBNETS = [
  aSubnet(),
  aSubnet({ subnetId: 'subnet-c', availabilityZone: C, ipv4Cidr: '10.0.2.0/24' }),
  aSubnet({ subnetId: 'subnet-d', availabilityZone: 'ap-northeast-1d', ipv4Cidr: '10.0.3.0/24' }),
];

const readAll = <T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, Reading<T>> =>
  new Map(entries.map(([key, value]) => [key, read(value)]));

/** One interface of the balancer in each of its zones, at an address of its own. */
const interfacesOf = ({ zones }: LoadBalancer): readonly BalancerInterface[] =>
  zones.map(({ subnetId }) => ({
    networkInterfaceId: `eni-${subnetId}`,
    subnetId,
    privateIpv4Addresses: [NODES[subnetId] ?? ''],
    ipv6Addresses: [],
  }));

const networkOf = ({ rules, acls, loadBalancer, targetGroup, attributes }: World): Network => ({
  ...NOTHING_READ,
  routes: readAll(SUBNETS.map(({ subnetId }) => [subnetId, aRouteTable()] as const)),
  balancerInterfaces: readAll([[loadBalancer.arn, interfacesOf(loadBalancer)]]),
  preservation: readAll([[targetGroup.arn, attributes.preservesClientAddresses === true]]),
  endpointServices: readAll([[loadBalancer.arn, false]]),
  rules: readAll(Object.entries(rules)),
  acls: readAll(SUBNETS.map(({ subnetId }) => [subnetId, acls[subnetId] ?? anOpenAcl()] as const)),
  subnets: readAll(SUBNETS.map((subnet) => [subnet.subnetId, subnet] as const)),
});

const instanceOf = (world: World, { target }: TargetHealth): Instance | undefined =>
  world.instances.find(({ instanceId }) => instanceId === target.id);

/** The real engine's word on each member's path. */
const pathsOf = (world: World): Evidence['paths'] => {
  const network = networkOf(world);
  const { targetGroup, loadBalancer } = world;
  return new Map(
    world.members.map((member) => {
      const instance = instanceOf(world, member);
      const seat = {
        targetGroup,
        loadBalancer,
        target: member.target,
        instance,
        networkInterface: instance && primaryInterface(instance),
      };
      const judgements = requiredFlows(seat).map((flow) => judge(flow, network));
      return [targetKey(member.target), summarize(judgements)] as const;
    }),
  );
};

const subjectOf = ({ loadBalancer, targetGroup }: World): DiagnosisSubject => ({
  kind: loadBalancer.kind,
  loadBalancerArn: loadBalancer.arn,
  targetGroupArn: targetGroup.arn,
  availabilityZone: undefined,
});

const WELL: StatusChecks = { instance: 'ok', system: 'ok' };

/** What a gathering would bring home from this world; `more` puts other readings over it. */
export const gathered = (world: World, more: Partial<Evidence> = {}): Evidence => ({
  now: NOW,
  subject: subjectOf(world),
  symptom: world.symptom,
  targetGroup: read(world.targetGroup),
  loadBalancer: read(world.loadBalancer),
  listeners: read(world.listeners),
  members: read(world.members),
  lookedAt: new Set(world.members.map(({ target }) => targetKey(target))),
  instances: read(
    new Map(
      world.members.flatMap((member) => {
        const instance = instanceOf(world, member);
        return instance === undefined ? [] : [[targetKey(member.target), instance] as const];
      }),
    ),
  ),
  statusChecks: read(
    new Map(world.instances.map(({ instanceId }) => [instanceId, { ...WELL, ...world.statusChecks[instanceId] }])),
  ),
  sourceDestinationChecks: read(
    new Map(world.instances.map(({ instanceId }) => [instanceId, !world.unchecked.includes(instanceId)])),
  ),
  attributes: read(world.attributes),
  matcher: world.matcher,
  paths: pathsOf(world),
  deploys: read(world.deploys),
  ...more,
});

/** The group's health check with some of it put otherwise. */
export const asked = (world: World, healthCheck: Partial<HealthCheck>, more: Partial<TargetGroup> = {}): World => ({
  ...world,
  targetGroup: { ...world.targetGroup, ...more, healthCheck: { ...world.targetGroup.healthCheck, ...healthCheck } },
});

/** The whole group in one state. */
export const everybody = (world: World, member: (id: string) => TargetHealth): World => ({
  ...world,
  members: world.members.map(({ target }) => member(target.id)),
});

export const ZONES = { a: A, c: C } as const;
