import type { Answer, Call } from './protocol.ts';
import { xmlAnswer } from './protocol.ts';
import type { Room } from './room.ts';
import { askAll } from './room.ts';
import type { Origin } from './upstream.ts';
import type { XmlElement } from './xml.ts';
import { childOf, itemsOf, parseXml, putChild, textOf, withChild, xml } from './xml.ts';

const targetGroupsIn = (element: XmlElement): readonly string[] => [
  ...(element.name === 'TargetGroupArn' ? [element.text.trim()] : []),
  ...element.children.flatMap(targetGroupsIn),
];

/** The groups to which a balancer's listeners and their rules forward. */
export const groupsBehind = async (room: Room, origin: Origin, balancerArn: string): Promise<ReadonlySet<string>> => {
  const path = ['DescribeListenersResult', 'Listeners'];
  const listeners = await askAll(room, origin, 'elbv2', 'DescribeListeners', path, [['LoadBalancerArn', balancerArn]]);
  const rules = await Promise.all(
    listeners.map((listener) =>
      room.upstream.ask(origin, 'elbv2', 'DescribeRules', [['ListenerArn', textOf(listener, 'ListenerArn')]]),
    ),
  );
  return new Set([...listeners, ...rules].flatMap(targetGroupsIn));
};

const balancersByGroup = async (room: Room, origin: Origin): Promise<ReadonlyMap<string, readonly string[]>> => {
  const path = ['DescribeLoadBalancersResult', 'LoadBalancers'];
  const balancers = await askAll(room, origin, 'elbv2', 'DescribeLoadBalancers', path);
  const found = new Map<string, readonly string[]>();
  for (const balancer of balancers) {
    const arn = textOf(balancer, 'LoadBalancerArn');
    for (const group of await groupsBehind(room, origin, arn)) found.set(group, [...(found.get(group) ?? []), arn]);
  }
  return found;
};

const withBalancers = (group: XmlElement, arns: readonly string[]): XmlElement =>
  putChild(group, xml('LoadBalancerArns', ...[...new Set(arns)].map((arn) => xml('member', arn))));

/** DescribeTargetGroups naming each balancer that forwards to the group once, and none that no longer does. */
export const describeTargetGroups =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    const answer = await room.upstream.forward(call);
    if (answer.status >= 400) return answer;
    const usage = room.listenersMoved() ? await balancersByGroup(room, call) : undefined;
    const corrected = (group: XmlElement): XmlElement => {
      const stated = itemsOf(group, 'LoadBalancerArns').map(({ text }) => text.trim());
      return withBalancers(group, usage === undefined ? stated : (usage.get(textOf(group, 'TargetGroupArn')) ?? []));
    };
    const element = parseXml(answer.body.toString('utf8'));
    if (childOf(element, 'DescribeTargetGroupsResult', 'TargetGroups') === undefined) return answer;
    return xmlAnswer(
      withChild(element, 'DescribeTargetGroupsResult', (result) =>
        withChild(result, 'TargetGroups', (set) => ({ ...set, children: set.children.map(corrected) })),
      ),
    );
  };
