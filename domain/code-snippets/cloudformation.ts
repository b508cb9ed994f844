import { peerText } from '../change.ts';
import type { RuleDirection, RulePeer } from '../network/model.ts';
import { ruleDescription } from '../network/rule-description.ts';
import type { RuleInCode } from './rule.ts';
import { namePartsOf } from './rule.ts';

const TYPE: Readonly<Record<RuleDirection, string>> = {
  ingress: 'AWS::EC2::SecurityGroupIngress',
  egress: 'AWS::EC2::SecurityGroupEgress',
};

/** @see CloudFormation template reference, `AWS::EC2::SecurityGroupIngress` and `AWS::EC2::SecurityGroupEgress` */
const PEER: Readonly<Record<RuleDirection, Readonly<Record<RulePeer['kind'], string>>>> = {
  ingress: {
    'security-group': 'SourceSecurityGroupId',
    'prefix-list': 'SourcePrefixListId',
    'cidr-ipv4': 'CidrIp',
    'cidr-ipv6': 'CidrIpv6',
  },
  egress: {
    'security-group': 'DestinationSecurityGroupId',
    'prefix-list': 'DestinationPrefixListId',
    'cidr-ipv4': 'CidrIp',
    'cidr-ipv6': 'CidrIpv6',
  },
};

/** A YAML scalar that is nothing but text whatever it holds: in single quotes, its own doubled. @see YAML 1.2, 7.3.2 */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Two braces would begin a dynamic reference, which CloudFormation looks up wherever it stands. @see CloudFormation user guide, "Dynamic references" */
const inert = (text: string): string => text.replaceAll(/\{(?=\{)/g, '{ ');

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

/** A logical id holds letters and digits only. @see CloudFormation user guide, "Resources" */
const logicalId = (rule: RuleInCode): string => namePartsOf(rule, peerText(rule.peer)).map(capital).join('');

const resource = (rule: RuleInCode): readonly string[] => [
  `  ${logicalId(rule)}:`,
  `    Type: ${TYPE[rule.direction]}`,
  '    Properties:',
  `      GroupId: ${quoted(rule.groupId)}`,
  `      IpProtocol: ${quoted(rule.protocol)}`,
  `      FromPort: ${rule.port}`,
  `      ToPort: ${rule.port}`,
  `      ${PEER[rule.direction][rule.peer.kind]}: ${quoted(peerText(rule.peer))}`,
  `      Description: ${quoted(ruleDescription(inert(rule.description)))}`,
];

/** Rules as resources of a CloudFormation template in YAML, one resource each. */
export const cloudFormationOf = (rules: readonly RuleInCode[]): string =>
  ['Resources:', ...rules.flatMap(resource)].join('\n');
