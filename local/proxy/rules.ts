import type { GroupRule } from './network.ts';
import type { Answer, Call } from './protocol.ts';
import { answerTo, Refusal, values, withParameters } from './protocol.ts';
import type { AskedRule } from './refuse-rules.ts';
import {
  askedRules,
  checkDescription,
  peerText,
  refuseBeyondQuota,
  refuseDuplicates,
  refuseRepetition,
  ruleKey,
} from './refuse-rules.ts';
import type { Room } from './room.ts';
import { askAll, filterParameters } from './room.ts';
import { rulesOf } from './world.ts';
import type { XmlElement } from './xml.ts';
import { textOf, xml } from './xml.ts';

type Direction = 'ingress' | 'egress';

const readGroups = (room: Room, call: Call): Promise<readonly XmlElement[]> =>
  askAll(room, call, 'ec2', 'DescribeSecurityGroups', ['securityGroupInfo']);

const groupIn = (groups: readonly XmlElement[], id: string): XmlElement => {
  const found = groups.find((group) => textOf(group, 'groupId') === id);
  if (found === undefined) throw new Refusal('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  return found;
};

const arePeered = async (room: Room, call: Call, vpcIds: readonly string[]): Promise<boolean> => {
  const items = await askAll(room, call, 'ec2', 'DescribeVpcPeeringConnections', ['vpcPeeringConnectionSet']);
  return items.some((item) => {
    const ends = [textOf(item, 'requesterVpcInfo', 'vpcId'), textOf(item, 'accepterVpcInfo', 'vpcId')];
    return textOf(item, 'status', 'code') === 'active' && vpcIds.every((id) => ends.includes(id));
  });
};

const refuseForeignGroups = async (
  room: Room,
  call: Call,
  rules: readonly AskedRule[],
  groups: readonly XmlElement[],
  own: XmlElement,
) => {
  const vpcId = textOf(own, 'vpcId');
  for (const { peer } of rules) {
    if (peer.kind !== 'group') continue;
    const other = textOf(groupIn(groups, peer.groupId), 'vpcId');
    if (other === vpcId || (await arePeered(room, call, [vpcId, other]))) continue;
    throw new Refusal('InvalidGroup.NotFound', 'You have specified two resources that belong to different networks.');
  }
};

/** AWS gives its CloudFront lists a weight of 55 (facts 3.1); a customer's list counts its maximum. */
const weightIn = (item: XmlElement): number => {
  if (/cloudfront\.origin-facing$/.test(textOf(item, 'prefixListName'))) return 55;
  return Number(textOf(item, 'maxEntries') || 1);
};

const readWeights = async (room: Room, call: Call, rules: readonly GroupRule[]): Promise<(id: string) => number> => {
  if (!rules.some(({ peer }) => peer.kind === 'prefix-list')) return () => 1;
  const items = await askAll(room, call, 'ec2', 'DescribeManagedPrefixLists', ['prefixListSet']);
  const weights = new Map(items.map((item) => [textOf(item, 'prefixListId'), weightIn(item)]));
  return (id) => {
    const weight = weights.get(id);
    if (weight === undefined)
      throw new Refusal('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);
    return weight;
  };
};

const SOURCE: Readonly<Record<string, string>> = {
  CidrIp: 'IpRanges',
  CidrIpv6: 'Ipv6Ranges',
  GroupId: 'Groups',
  PrefixListId: 'PrefixListIds',
};

const sourceMember = ({ peer }: GroupRule): string => {
  if (peer.kind === 'group') return 'GroupId';
  if (peer.kind === 'prefix-list') return 'PrefixListId';
  return peer.cidr.includes(':') ? 'CidrIpv6' : 'CidrIp';
};

/** The call's rules written out one by one, canonically; everything else of it stays. */
const rewritten = (call: Call, rules: readonly AskedRule[]): Call => {
  const kept = [...call.parameters].filter(
    ([key]) => !/^(IpPermissions\.|CidrIp$|FromPort$|ToPort$|IpProtocol$)/.test(key),
  );
  const written = rules.flatMap((rule, index): [string, string][] => {
    const prefix = `IpPermissions.${index + 1}`;
    const member = sourceMember(rule);
    const source = `${prefix}.${SOURCE[member]}.1`;
    const ports: [string, string][] =
      rule.protocol === '-1'
        ? []
        : [
            [`${prefix}.FromPort`, `${rule.fromPort}`],
            [`${prefix}.ToPort`, `${rule.toPort}`],
          ];
    const description: [string, string][] =
      rule.description === undefined ? [] : [[`${source}.Description`, rule.description]];
    return [
      [`${prefix}.IpProtocol`, rule.protocol],
      ...ports,
      [`${source}.${member}`, peerText(rule.peer)],
      ...description,
    ];
  });
  return withParameters(call, [...kept, ...written]);
};

interface StoredRule {
  readonly id: string;
  readonly key: string;
  readonly item: XmlElement;
}

const numberAt = (item: XmlElement, name: string): number => Number(textOf(item, name) || -1);

const storedRule = (item: XmlElement): StoredRule => {
  const groupId = textOf(item, 'referencedGroupInfo', 'groupId');
  const prefixListId = textOf(item, 'prefixListId');
  const cidr = textOf(item, 'cidrIpv4') || textOf(item, 'cidrIpv6');
  const peer: GroupRule['peer'] =
    groupId !== ''
      ? { kind: 'group', groupId }
      : prefixListId !== ''
        ? { kind: 'prefix-list', prefixListId }
        : { kind: 'cidr', cidr };
  const ports = { fromPort: numberAt(item, 'fromPort'), toPort: numberAt(item, 'toPort') };
  return {
    id: textOf(item, 'securityGroupRuleId'),
    key: ruleKey({ protocol: textOf(item, 'ipProtocol'), ...ports, peer }),
    item,
  };
};

const readRules = async (
  room: Room,
  call: Call,
  groupId: string,
  direction: Direction,
): Promise<readonly StoredRule[]> => {
  const filter = filterParameters(['group-id', groupId]);
  const items = await askAll(room, call, 'ec2', 'DescribeSecurityGroupRules', ['securityGroupRuleSet'], filter);
  return items.filter((item) => (textOf(item, 'isEgress') === 'true') === (direction === 'egress')).map(storedRule);
};

/** AWS answers every rule that it wrote; the emulator the last permission's only. */
const answerWithAll = async (
  room: Room,
  call: Call,
  groupId: string,
  direction: Direction,
  rules: readonly AskedRule[],
): Promise<Answer> => {
  const keys = new Set(rules.map(ruleKey));
  const written = (await readRules(room, call, groupId, direction)).filter(({ key }) => keys.has(key));
  return answerTo(call, xml('return', 'true'), xml('securityGroupRuleSet', ...written.map(({ item }) => item)));
};

/** AuthorizeSecurityGroupIngress and …Egress: every refusal comes before anything is added. */
export const authorize =
  (room: Room, direction: Direction) =>
  async (call: Call): Promise<Answer> => {
    const groupId = call.parameters.get('GroupId');
    if (groupId === undefined) return room.upstream.forward(call);
    const rules = askedRules(call.parameters);
    if (rules.length === 0) return room.upstream.forward(call); // names a group of EC2-Classic times
    for (const { description } of rules) checkDescription(description);
    refuseRepetition(rules);
    const groups = await readGroups(room, call);
    const own = groupIn(groups, groupId);
    await refuseForeignGroups(room, call, rules, groups, own);
    const existing = rulesOf(own, direction === 'ingress' ? 'ipPermissions' : 'ipPermissionsEgress');
    refuseDuplicates(rules, existing);
    const after = [...existing, ...rules];
    refuseBeyondQuota(after, room.settings().rulesPerSecurityGroup, await readWeights(room, call, after));
    const answer = await room.upstream.forward(rewritten(call, rules));
    return rules.length === 1 || answer.status >= 400 ? answer : answerWithAll(room, call, groupId, direction, rules);
  };

const isInDefaultVpc = async (room: Room, call: Call, groupId: string): Promise<boolean> => {
  const group = groupIn(await readGroups(room, call), groupId);
  const vpcs = await askAll(room, call, 'ec2', 'DescribeVpcs', ['vpcSet']);
  return vpcs.some((vpc) => textOf(vpc, 'vpcId') === textOf(group, 'vpcId') && textOf(vpc, 'isDefault') === 'true');
};

const unknownPermission = (rule: AskedRule): XmlElement => {
  const member = sourceMember(rule);
  const lists: Readonly<Record<string, string>> = {
    CidrIp: 'ipRanges',
    CidrIpv6: 'ipv6Ranges',
    GroupId: 'groups',
    PrefixListId: 'prefixListIds',
  };
  const name = `${member.slice(0, 1).toLowerCase()}${member.slice(1)}`;
  const ports = rule.protocol === '-1' ? [] : [xml('fromPort', `${rule.fromPort}`), xml('toPort', `${rule.toPort}`)];
  const source = xml(lists[member] ?? 'ipRanges', xml('item', xml(name, peerText(rule.peer))));
  return xml('item', xml('ipProtocol', rule.protocol), ...ports, source);
};

const revokedRule = ({ item }: StoredRule): XmlElement => ({
  ...item,
  children: item.children.flatMap((child) => {
    if (child.name === 'tagSet') return [];
    return [child.name === 'referencedGroupInfo' ? xml('referencedGroupId', textOf(child, 'groupId')) : child];
  }),
});

const removeRules = async (
  room: Room,
  call: Call,
  rules: readonly StoredRule[],
  unknown: readonly AskedRule[],
): Promise<Answer> => {
  if (rules.length > 0) {
    const base = [...call.parameters].filter(([key]) => ['Action', 'Version', 'GroupId'].includes(key));
    const ids = rules.map(({ id }, index): [string, string] => [`SecurityGroupRuleId.${index + 1}`, id]);
    const answer = await room.upstream.forward(withParameters(call, [...base, ...ids]));
    if (answer.status >= 400) return answer;
  }
  const unknownSet = unknown.length === 0 ? [] : [xml('unknownIpPermissionSet', ...unknown.map(unknownPermission))];
  const revokedSet = xml('revokedSecurityGroupRuleSet', ...rules.map(revokedRule));
  return answerTo(call, xml('return', 'true'), ...unknownSet, revokedSet);
};

const revokeByIds = (
  room: Room,
  call: Call,
  stored: readonly StoredRule[],
  ids: readonly string[],
): Promise<Answer> => {
  const rules = ids.map((id) => {
    const rule = stored.find((candidate) => candidate.id === id);
    if (rule !== undefined) return rule;
    throw new Refusal('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`);
  });
  return removeRules(room, call, rules, []);
};

/** Of a rule that isn't there, a default VPC's groups say so and do the rest; others refuse the whole call (facts 3.3). */
const revokeByProperties = async (
  room: Room,
  call: Call,
  stored: readonly StoredRule[],
  groupId: string,
): Promise<Answer> => {
  const asked = askedRules(call.parameters);
  const matching = asked.map((rule) => stored.find(({ key }) => key === ruleKey(rule)));
  const unknown = asked.filter((_, index) => matching[index] === undefined);
  if (unknown.length > 0 && !(await isInDefaultVpc(room, call, groupId))) {
    throw new Refusal('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
  }
  return removeRules(
    room,
    call,
    matching.filter((rule) => rule !== undefined),
    unknown,
  );
};

/** RevokeSecurityGroupIngress and …Egress, naming what was revoked and, in a default VPC, what wasn't there. */
export const revoke =
  (room: Room, direction: Direction) =>
  async (call: Call): Promise<Answer> => {
    const groupId = call.parameters.get('GroupId');
    if (groupId === undefined) return room.upstream.forward(call);
    groupIn(await readGroups(room, call), groupId);
    const stored = await readRules(room, call, groupId, direction);
    const ids = values(call.parameters, 'SecurityGroupRuleId');
    return ids.length > 0 ? revokeByIds(room, call, stored, ids) : revokeByProperties(room, call, stored, groupId);
  };
