import { peerText } from '../change.ts';
import type { RuleDirection, RulePeer } from '../network/model.ts';
import { ruleDescription } from '../network/rule-description.ts';
import type { RuleInCode } from './rule.ts';
import { namePartsOf } from './rule.ts';

/** @see Terraform Registry, hashicorp/aws, `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule` */
const TYPE: Readonly<Record<RuleDirection, string>> = {
  ingress: 'aws_vpc_security_group_ingress_rule',
  egress: 'aws_vpc_security_group_egress_rule',
};

const PEER: Readonly<Record<RulePeer['kind'], string>> = {
  'security-group': 'referenced_security_group_id',
  'prefix-list': 'prefix_list_id',
  'cidr-ipv4': 'cidr_ipv4',
  'cidr-ipv6': 'cidr_ipv6',
};

/** A string of HCL that is nothing but text: no quote ends it and no template begins in it. @see HCL syntax specification, "Template Expressions" */
const quoted = (text: string): string =>
  `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/\$(?=\{)/g, '$$$$')
    .replaceAll(/%(?=\{)/g, '%%')}"`;

/** Attributes with their equals signs under each other, as `terraform fmt` leaves them. */
const aligned = (attributes: readonly (readonly [name: string, value: string])[]): readonly string[] => {
  const width = Math.max(...attributes.map(([name]) => name.length));
  return attributes.map(([name, value]) => `  ${name.padEnd(width)} = ${value}`);
};

const resource = (rule: RuleInCode): readonly string[] => {
  const peer = peerText(rule.peer);
  return [
    `resource "${TYPE[rule.direction]}" "${namePartsOf(rule, peer).join('_').toLowerCase()}" {`,
    ...aligned([
      ['security_group_id', quoted(rule.groupId)],
      [PEER[rule.peer.kind], quoted(peer)],
      ['ip_protocol', quoted(rule.protocol)],
      ['from_port', String(rule.port)],
      ['to_port', String(rule.port)],
      ['description', quoted(ruleDescription(rule.description))],
    ]),
    '}',
  ];
};

/** Rules as resources of Terraform's AWS provider in HCL, one resource each. */
export const hclOf = (rules: readonly RuleInCode[]): string => rules.flatMap(resource).join('\n');
