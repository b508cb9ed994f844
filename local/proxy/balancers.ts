import { refuseManyGroups } from './groups.ts';
import type { BalancerRow } from './interfaces.ts';
import { readBalancers, readSubnets } from './interfaces.ts';
import type { Answer, Call } from './protocol.ts';
import { list, parametersText, values, withParameters } from './protocol.ts';
import {
  refuseFewerSubnets,
  refuseFirstGroups,
  refuseGenevePort,
  refuseGroupsOfGateway,
  refuseUnfitGroup,
  refuseUnfitSubnets,
} from './refuse-balancers.ts';
import type { Room } from './room.ts';
import { askAll, filterParameters } from './room.ts';
import { readGroup } from './world.ts';
import { itemsOf, parseXml, textOf } from './xml.ts';

const PARTS: Readonly<Record<string, string>> = { network: 'net', gateway: 'gwy' };

/** `loadbalancer/app/NAME/ID` is what the emulator says of every kind; AWS says `net/` and `gwy/` of two of them. */
export interface BalancerNames {
  readonly learn: (id: string, type: string) => void;
  /** A client's ARNs as the emulator knows them. */
  readonly inward: (call: Call) => Call;
  /** The emulator's ARNs as AWS writes them. */
  readonly outward: (answer: Answer) => Answer;
  readonly clear: () => void;
}

const AWS_ARN = /\b(loadbalancer|listener|listener-rule)\/(?:net|gwy)\//g;
const EMULATED_ARN = /\b(loadbalancer|listener|listener-rule)\/app\/([\w-]+)\/([0-9a-f]{16})\b/g;

export const makeBalancerNames = (): BalancerNames => {
  const parts = new Map<string, string>();
  return {
    learn: (id, type) => {
      const part = PARTS[type];
      if (part !== undefined) parts.set(id, part);
    },
    inward: (call) => {
      const text = parametersText(call);
      const inward = text.replace(AWS_ARN, '$1/app/');
      if (inward === text) return call;
      if (call.headers['x-amz-target'] !== undefined) return { ...call, body: Buffer.from(inward) };
      return withParameters(
        call,
        [...call.parameters].map(([key, value]) => [key, value.replace(AWS_ARN, '$1/app/')] as const),
      );
    },
    outward: (answer) => {
      if (parts.size === 0) return answer;
      const text = answer.body.toString('utf8');
      const outward = text.replace(EMULATED_ARN, (whole, kind: string, name: string, id: string) => {
        const part = parts.get(id);
        return part === undefined ? whole : `${kind}/${part}/${name}/${id}`;
      });
      return { ...answer, body: Buffer.from(outward) };
    },
    clear: () => parts.clear(),
  };
};

const subnetIdsIn = ({ parameters }: Call): readonly string[] => [
  ...values(parameters, 'Subnets.member'),
  ...list(parameters, 'SubnetMappings.member').map((mapping) => mapping.get('SubnetId') ?? ''),
];

/** AWS puts an ALB that names no groups into the VPC's default one. */
const defaultGroup = async (room: Room, call: Call): Promise<readonly (readonly [string, string])[]> => {
  const parameters = [...call.parameters.keys()];
  const type = call.parameters.get('Type') ?? 'application';
  if (type !== 'application' || parameters.some((key) => key.startsWith('SecurityGroups.'))) return [];
  const [first] = subnetIdsIn(call);
  const vpcId = (await readSubnets(room, call)).find(({ id }) => id === first)?.vpcId;
  if (vpcId === undefined) return [];
  const filter = filterParameters(['vpc-id', vpcId], ['group-name', 'default']);
  const [group] = await askAll(room, call, 'ec2', 'DescribeSecurityGroups', ['securityGroupInfo'], filter);
  return group === undefined ? [] : [['SecurityGroups.member.1', textOf(group, 'groupId')]];
};

/** CreateLoadBalancer with the defaults that the emulator doesn't fill in, and the ARN's right middle part remembered. */
export const createLoadBalancer =
  (room: Room, names: BalancerNames) =>
  async (call: Call): Promise<Answer> => {
    const type = call.parameters.get('Type') ?? 'application';
    refuseGroupsOfGateway(type, values(call.parameters, 'SecurityGroups.member'));
    refuseUnfitSubnets(type, subnetIdsIn(call), await readSubnets(room, call));
    const scheme = type === 'gateway' || call.parameters.has('Scheme') ? [] : [['Scheme', 'internet-facing'] as const];
    const filled = withParameters(call, [...call.parameters, ...scheme, ...(await defaultGroup(room, call))]);
    const answer = await room.upstream.forward(filled);
    if (answer.status >= 400) return answer;
    for (const item of itemsOf(parseXml(answer.body.toString('utf8')), 'CreateLoadBalancerResult', 'LoadBalancers')) {
      names.learn(textOf(item, 'LoadBalancerArn').split('/').at(-1) ?? '', type);
    }
    return answer;
  };

/** DescribeLoadBalancers, from which the ARNs of balancers made before the proxy came are learnt. */
export const describeLoadBalancers =
  (room: Room, names: BalancerNames) =>
  async (call: Call): Promise<Answer> => {
    const answer = await room.upstream.forward(call);
    if (answer.status >= 400) return answer;
    for (const item of itemsOf(
      parseXml(answer.body.toString('utf8')),
      'DescribeLoadBalancersResult',
      'LoadBalancers',
    )) {
      names.learn(textOf(item, 'LoadBalancerArn').split('/').at(-1) ?? '', textOf(item, 'Type'));
    }
    return answer;
  };

const balancerNamed = async (room: Room, call: Call): Promise<BalancerRow | undefined> => {
  const arn = call.parameters.get('LoadBalancerArn');
  return (await readBalancers(room, call)).find(({ id }) => id === arn);
};

/** SetSecurityGroups of a balancer that can have any. */
export const setSecurityGroups =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    const balancer = await balancerNamed(room, call);
    if (balancer === undefined) return room.upstream.forward(call);
    refuseGroupsOfGateway(balancer.kind, values(call.parameters, 'SecurityGroups.member'));
    refuseFirstGroups(balancer.kind, balancer.groupIds);
    refuseManyGroups(values(call.parameters, 'SecurityGroups.member'));
    return room.upstream.forward(call);
  };

/** SetSubnets with subnets that its balancer can have. */
export const setSubnets =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    const balancer = await balancerNamed(room, call);
    if (balancer === undefined) return room.upstream.forward(call);
    const wanted = subnetIdsIn(call);
    refuseUnfitSubnets(balancer.kind, wanted, await readSubnets(room, call));
    refuseFewerSubnets(balancer.kind, balancer.subnetIds, wanted);
    return room.upstream.forward(call);
  };

/** CreateListener that forwards to groups of the balancer's VPC and protocols. */
export const createListener =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    const balancer = await balancerNamed(room, call);
    const named = [...call.parameters].flatMap(([key, arn]) => (key.endsWith('.TargetGroupArn') ? [arn] : []));
    if (balancer === undefined) return room.upstream.forward(call);
    for (const arn of new Set(named)) refuseUnfitGroup(balancer, await readGroup(room, call, arn));
    return room.upstream.forward(call);
  };

/** CreateTargetGroup on a port that its protocol has. */
export const createTargetGroup =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    refuseGenevePort(call.parameters.get('Protocol'), call.parameters.get('Port'));
    return room.upstream.forward(call);
  };
