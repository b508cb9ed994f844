import type { HealthMemory, Look } from './health.ts';
import { afterLook, freshMemory, lookAt } from './health.ts';
import { readSubnets } from './interfaces.ts';
import type { Network, TargetGroup } from './network.ts';
import type { Answer, Call, Parameters } from './protocol.ts';
import { answerTo, list, Refusal, values, withParameters } from './protocol.ts';
import type { FlowVerdict } from './reachability.ts';
import { judgeFlow } from './reachability.ts';
import type { Room } from './room.ts';
import { askAll, filterParameters } from './room.ts';
import type { TargetDesk } from './targets.ts';
import type { GroupRow } from './world.ts';
import { readClassicNetwork } from './world.ts';
import type { XmlElement } from './xml.ts';
import { itemsOf, textOf, xml } from './xml.ts';

interface ClassicBalancer {
  readonly name: string;
  readonly vpcId: string;
  readonly instanceIds: readonly string[];
  readonly instancePorts: readonly number[];
  /** `HTTP:80/path` and the like. */
  readonly check: string;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

const toBalancer = (item: XmlElement): ClassicBalancer => ({
  name: textOf(item, 'LoadBalancerName'),
  vpcId: textOf(item, 'VPCId'),
  instanceIds: itemsOf(item, 'Instances').map((instance) => textOf(instance, 'InstanceId')),
  instancePorts: itemsOf(item, 'ListenerDescriptions').map((at) => Number(textOf(at, 'Listener', 'InstancePort'))),
  check: textOf(item, 'HealthCheck', 'Target'),
  healthyThreshold: Number(textOf(item, 'HealthCheck', 'HealthyThreshold') || 10),
  unhealthyThreshold: Number(textOf(item, 'HealthCheck', 'UnhealthyThreshold') || 2),
});

const readBalancer = async ({ room }: TargetDesk, call: Call): Promise<ClassicBalancer> => {
  const name = call.parameters.get('LoadBalancerName') ?? '';
  const path = ['DescribeLoadBalancersResult', 'LoadBalancerDescriptions'];
  const found = (await askAll(room, call, 'elb', 'DescribeLoadBalancers', path)).map(toBalancer);
  const balancer = found.find((candidate) => candidate.name === name);
  if (balancer === undefined)
    throw new Refusal('LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`);
  return balancer;
};

const namedInstances = (call: Call): readonly string[] =>
  list(call.parameters, 'Instances.member').map((instance) => instance.get('InstanceId') ?? '');

interface ClassicInstance {
  readonly id: string;
  readonly vpcId: string;
  readonly state: string;
}

const readInstances = async (
  { room, shown }: TargetDesk,
  call: Call,
  ids: readonly string[],
): Promise<readonly ClassicInstance[]> => {
  const filter = filterParameters(['instance-id', ...ids]);
  const reservations = await askAll(room, call, 'ec2', 'DescribeInstances', ['reservationSet'], filter);
  return reservations
    .flatMap((at) => itemsOf(at, 'instancesSet'))
    .map((item) => {
      const id = textOf(item, 'instanceId');
      return { id, vpcId: textOf(item, 'vpcId'), state: shown(id, textOf(item, 'instanceState', 'name')) };
    });
};

const instanceList = (ids: readonly string[]): XmlElement =>
  xml('Instances', ...ids.map((id) => xml('member', xml('InstanceId', id))));

/** What checks have said of each balancer's instances; who is taken out is forgotten, and starts anew when put back. */
interface Memories {
  readonly of: (name: string, id: string) => HealthMemory | undefined;
  readonly remember: (name: string, id: string, memory: HealthMemory) => void;
  readonly forget: (name: string, ids: readonly string[]) => void;
  readonly clear: () => void;
}

export const makeClassicMemories = (): Memories => {
  const memories = new Map<string, HealthMemory>();
  const keyOf = (name: string, id: string): string => `${name} ${id}`;
  return {
    of: (name, id) => memories.get(keyOf(name, id)),
    remember: (name, id, memory) => memories.set(keyOf(name, id), memory),
    forget: (name, ids) => {
      for (const id of ids) memories.delete(keyOf(name, id));
    },
    clear: () => memories.clear(),
  };
};

const parameterList = (name: string, entries: readonly string[]): readonly (readonly [string, string])[] =>
  entries.map((entry, index) => [`${name}.member.${index + 1}`, entry]);

/** What AWS sets for a balancer whose check nobody configured: a connection to the first listener's port. */
const defaultCheck = (name: string, listeners: readonly Parameters[]): readonly (readonly [string, string])[] => [
  ['LoadBalancerName', name],
  ['HealthCheck.Target', `TCP:${listeners[0]?.get('InstancePort') ?? '80'}`],
  ['HealthCheck.Interval', '30'],
  ['HealthCheck.Timeout', '5'],
  ['HealthCheck.UnhealthyThreshold', '2'],
  ['HealthCheck.HealthyThreshold', '10'],
];

/** CreateLoadBalancer (Classic) with the zones of its subnets and the health check that AWS fills in. */
export const createClassicBalancer =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    const wanted = values(call.parameters, 'Subnets.member');
    const zones = (await readSubnets(room, call)).filter(({ id }) => wanted.includes(id)).map(({ zone }) => zone);
    const filled = [...call.parameters, ...parameterList('AvailabilityZones', [...new Set(zones)].sort())];
    const answer = await room.upstream.forward(wanted.length === 0 ? call : withParameters(call, filled));
    if (answer.status >= 400) return answer;
    const name = call.parameters.get('LoadBalancerName') ?? '';
    const listeners = list(call.parameters, 'Listeners.member');
    await room.upstream.ask(call, 'elb', 'ConfigureHealthCheck', defaultCheck(name, listeners));
    return answer;
  };

/** The same call about other instances: the emulator lists one that is registered twice two times. */
const naming = (call: Call, ids: readonly string[]): Call =>
  withParameters(call, [
    ...[...call.parameters].filter(([key]) => !key.startsWith('Instances.')),
    ...ids.map((id, index) => [`Instances.member.${index + 1}.InstanceId`, id] as const),
  ]);

/** RegisterInstancesWithLoadBalancer: a running instance of the balancer's VPC (facts 2.7); the answer lists all members. */
export const registerInstances =
  (desk: TargetDesk) =>
  async (call: Call): Promise<Answer> => {
    const balancer = await readBalancer(desk, call);
    const ids = namedInstances(call);
    const known = await readInstances(desk, call, ids);
    for (const id of ids) {
      const instance = known.find((candidate) => candidate.id === id);
      if (instance === undefined) throw new Refusal('InvalidInstance', `Could not find EC2 instance ${id}.`);
      if (instance.vpcId !== balancer.vpcId)
        throw new Refusal('InvalidInstance', `EC2 instance ${id} is not in the same VPC as ELB.`);
      if (instance.state !== 'running') throw new Refusal('InvalidInstance', `Instance ${id} is not in running state.`);
    }
    const added = [...new Set(ids)].filter((id) => !balancer.instanceIds.includes(id));
    if (added.length > 0) {
      const answer = await desk.room.upstream.forward(naming(call, added));
      if (answer.status >= 400) return answer;
    }
    return answerTo(call, instanceList([...balancer.instanceIds, ...added]));
  };

/** DeregisterInstancesFromLoadBalancer, answering with the members that stay; nobody goes when one is a stranger. */
export const deregisterInstances =
  (desk: TargetDesk, memories: Memories) =>
  async (call: Call): Promise<Answer> => {
    const balancer = await readBalancer(desk, call);
    const ids = namedInstances(call);
    const stranger = ids.find((id) => !balancer.instanceIds.includes(id));
    if (stranger !== undefined) throw new Refusal('InvalidInstance', `Could not find EC2 instance ${stranger}.`);
    const answer = await desk.room.upstream.forward(call);
    if (answer.status >= 400) return answer;
    memories.forget(balancer.name, ids);
    return answerTo(call, instanceList(balancer.instanceIds.filter((id) => !ids.includes(id))));
  };

interface InstanceHealth {
  readonly state: 'InService' | 'OutOfService';
  readonly reasonCode: 'N/A' | 'ELB' | 'Instance';
  readonly description: string;
}

const IN_SERVICE: InstanceHealth = { state: 'InService', reasonCode: 'N/A', description: 'N/A' };

const out = (reasonCode: 'ELB' | 'Instance', description: string): InstanceHealth => ({
  state: 'OutOfService',
  reasonCode,
  description,
});

const NOT_CONFIGURED = out(
  'ELB',
  'Instance is in the EC2 Availability Zone for which LoadBalancer is not configured to route traffic to.',
);

const toHealth = (look: Look, state: string, reason: string | undefined): InstanceHealth => {
  if (state === 'healthy') return IN_SERVICE;
  if (look.kind === 'unused') {
    const inState = /in the (\w+) state/.exec(look.description)?.[1];
    return inState === undefined ? NOT_CONFIGURED : out('Instance', `Instance is in ${inState} state.`);
  }
  if (reason === 'Elb.RegistrationInProgress') return out('ELB', 'Instance registration is still in progress.');
  if (state === 'initial')
    return out('ELB', 'Instance has not passed the configured HealthyThreshold number of health checks consecutively.');
  return out('Instance', 'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.');
};

const CHECK = /^(HTTPS?|TCP|SSL):(\d+)/;

const groupOf = (balancer: ClassicBalancer): TargetGroup => {
  const [, protocol = 'TCP', port = '80'] = CHECK.exec(balancer.check) ?? [];
  return { protocol: 'TCP', healthProtocol: protocol, healthPort: port, preservesClientAddresses: false };
};

/** A Classic balancer's health check in the terms of a target group's. */
const asRow = (balancer: ClassicBalancer): GroupRow => ({
  ...groupOf(balancer),
  arn: balancer.name,
  type: 'instance',
  port: balancer.instancePorts[0] ?? 80,
  vpcId: balancer.vpcId,
  intervalSeconds: 30,
  healthyThreshold: balancer.healthyThreshold,
  unhealthyThreshold: balancer.unhealthyThreshold,
  balancerArns: [],
  attributes: {},
});

const judge = (network: Network, balancer: ClassicBalancer, id: string): FlowVerdict => {
  const group = groupOf(balancer);
  return judgeFlow(network, group, { id, port: Number(group.healthPort) }, 'health');
};

/** DescribeInstanceHealth, computed from what is reachable now; terminated instances are not listed (facts 2.7). */
export const describeInstanceHealth =
  (desk: TargetDesk, memories: Memories) =>
  async (call: Call): Promise<Answer> => {
    const { room, switches, book, shown } = desk;
    const balancer = await readBalancer(desk, call);
    const network = await readClassicNetwork(room, call, balancer.name, balancer.vpcId, book, shown);
    const asked = namedInstances(call);
    const healthOf = (id: string, state: string): InstanceHealth => {
      const row = asRow(balancer);
      const look = lookAt(
        row,
        'classic',
        judge(network, balancer, id),
        state,
        switches.behaviourOf(id, Number(row.healthPort)),
      );
      const { registrationMilliseconds, healthIntervalMilliseconds: intervalMilliseconds } = room.settings();
      const { healthyThreshold, unhealthyThreshold } = balancer;
      const timing = { registrationMilliseconds, intervalMilliseconds, healthyThreshold, unhealthyThreshold };
      const memory = memories.of(balancer.name, id) ?? freshMemory(room.now());
      const after = afterLook(memory, look, timing, room.changedAt(), room.now());
      memories.remember(balancer.name, id, after.memory);
      return toHealth(look, after.health.state, after.health.reason);
    };
    const members = balancer.instanceIds
      .filter((id) => asked.length === 0 || asked.includes(id))
      .flatMap((id) => {
        const state = network.instances.find((instance) => instance.id === id)?.state;
        return state === undefined || state === 'terminated' ? [] : [[id, healthOf(id, state)] as const];
      })
      .map(([id, { state, reasonCode, description }]) =>
        xml(
          'member',
          xml('InstanceId', id),
          xml('State', state),
          xml('ReasonCode', reasonCode),
          xml('Description', description),
        ),
      );
    return answerTo(call, xml('InstanceStates', ...members));
  };
