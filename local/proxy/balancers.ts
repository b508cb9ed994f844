import { readSubnets } from './interfaces.ts';
import type { Answer, Call } from './protocol.ts';
import { parametersText, values, withParameters } from './protocol.ts';
import type { Room } from './room.ts';
import { askAll, filterParameters } from './room.ts';
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

/** AWS puts an ALB that names no groups into the VPC's default one. */
const defaultGroup = async (room: Room, call: Call): Promise<readonly (readonly [string, string])[]> => {
  const parameters = [...call.parameters.keys()];
  const type = call.parameters.get('Type') ?? 'application';
  if (type !== 'application' || parameters.some((key) => key.startsWith('SecurityGroups.'))) return [];
  const [first] = [...values(call.parameters, 'Subnets.member'), ...values(call.parameters, 'SubnetMappings.member')];
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
