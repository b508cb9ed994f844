import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { cloudFormationOf } from '../../../domain/code-snippets/cloudformation.ts';
import { hclOf } from '../../../domain/code-snippets/hcl.ts';
import type { RuleInCode } from '../../../domain/code-snippets/rule.ts';
import { snippetsOf } from '../../../domain/code-snippets/snippets.ts';

const WEB: RuleInCode = {
  groupId: 'sg-0aaa1111bbbb2222c',
  direction: 'ingress',
  protocol: 'tcp',
  port: 80,
  peer: { kind: 'security-group', groupId: 'sg-0ccc3333dddd4444e' },
  description: 'sg-alb to web-prod on tcp/80',
};

const OUT: RuleInCode = { ...WEB, direction: 'egress', protocol: 'udp', port: 6081, peer: WEB.peer };

test('an inbound rule as a CloudFormation resource', () => {
  const text = cloudFormationOf([WEB]);
  expect(text).toBe(
    [
      'Resources:',
      '  UsherSg0aaa1111bbbb2222cIngressTcp80FromSg0ccc3333dddd4444e:',
      '    Type: AWS::EC2::SecurityGroupIngress',
      '    Properties:',
      "      GroupId: 'sg-0aaa1111bbbb2222c'",
      "      IpProtocol: 'tcp'",
      '      FromPort: 80',
      '      ToPort: 80',
      "      SourceSecurityGroupId: 'sg-0ccc3333dddd4444e'",
      "      Description: 'sg-alb to web-prod on tcp/80'",
    ].join('\n'),
  );
});

test('an outbound rule as a CloudFormation resource reads back as what AWS takes', () => {
  expect(parse(cloudFormationOf([OUT]))).toEqual({
    Resources: {
      UsherSg0aaa1111bbbb2222cEgressUdp6081ToSg0ccc3333dddd4444e: {
        Type: 'AWS::EC2::SecurityGroupEgress',
        Properties: {
          GroupId: 'sg-0aaa1111bbbb2222c',
          IpProtocol: 'udp',
          FromPort: 6081,
          ToPort: 6081,
          DestinationSecurityGroupId: 'sg-0ccc3333dddd4444e',
          Description: 'sg-alb to web-prod on tcp/80',
        },
      },
    },
  });
});

test.each([
  ['ingress', { kind: 'cidr-ipv4', cidr: '10.0.0.4/32' }, { CidrIp: '10.0.0.4/32' }],
  ['ingress', { kind: 'cidr-ipv6', cidr: '2001:db8::4/128' }, { CidrIpv6: '2001:db8::4/128' }],
  ['ingress', { kind: 'prefix-list', prefixListId: 'pl-1' }, { SourcePrefixListId: 'pl-1' }],
  ['egress', { kind: 'cidr-ipv4', cidr: '10.0.0.4/32' }, { CidrIp: '10.0.0.4/32' }],
  ['egress', { kind: 'cidr-ipv6', cidr: '2001:db8::4/128' }, { CidrIpv6: '2001:db8::4/128' }],
  ['egress', { kind: 'prefix-list', prefixListId: 'pl-1' }, { DestinationPrefixListId: 'pl-1' }],
] as const)('%s and %o in CloudFormation', (direction, peer, property) => {
  const [resource] = Object.values<{ Properties: object }>(
    parse(cloudFormationOf([{ ...WEB, direction, peer }])).Resources,
  );
  expect(resource?.Properties).toMatchObject(property);
});

test('an inbound rule in HCL, as terraform fmt leaves it', () => {
  expect(hclOf([WEB])).toBe(
    [
      'resource "aws_vpc_security_group_ingress_rule" "usher_sg_0aaa1111bbbb2222c_ingress_tcp_80_from_sg_0ccc3333dddd4444e" {',
      '  security_group_id            = "sg-0aaa1111bbbb2222c"',
      '  referenced_security_group_id = "sg-0ccc3333dddd4444e"',
      '  ip_protocol                  = "tcp"',
      '  from_port                    = 80',
      '  to_port                      = 80',
      '  description                  = "sg-alb to web-prod on tcp/80"',
      '}',
    ].join('\n'),
  );
});

test('an outbound rule in HCL, and one to addresses', () => {
  const text = hclOf([OUT, { ...OUT, peer: { kind: 'cidr-ipv6', cidr: '2001:db8::/56' } }]);
  expect(text.split('\n').filter((line) => /resource|cidr|referenced/.test(line))).toEqual([
    'resource "aws_vpc_security_group_egress_rule" "usher_sg_0aaa1111bbbb2222c_egress_udp_6081_to_sg_0ccc3333dddd4444e" {',
    '  referenced_security_group_id = "sg-0ccc3333dddd4444e"',
    'resource "aws_vpc_security_group_egress_rule" "usher_sg_0aaa1111bbbb2222c_egress_udp_6081_to_ipv6_2001_db8_56" {',
    '  cidr_ipv6         = "2001:db8::/56"',
  ]);
});

test('a name that would be a template of HCL, or end a string of it, is only text', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of HCL, not of ours
  const [line] = hclOf([{ ...WEB, description: '${var.secret} %{ if "x" } \\ end' }])
    .split('\n')
    .slice(-2);
  expect(line).toBe('  description                  = "$${var.secret} _{ if _x_ } _ end"');
});

test("a name with quotes, a new line and Japanese in it is only text in YAML, and in EC2's own letters", () => {
  const text = cloudFormationOf([{ ...WEB, description: "it's\nFromPort: 22 # 本番" }]);
  const [resource] = Object.values<{ Properties: object }>(parse(text).Resources);
  expect(resource?.Properties).toMatchObject({ FromPort: 80, Description: 'it_s_FromPort: 22 # _' });
});

test.each(['{{resolve:secretsmanager:prod/db}}', '{{{resolve:ssm:/prod/db}}}'])(
  'a name that CloudFormation would look up as a reference is only text: %s',
  (name) => {
    expect(cloudFormationOf([{ ...WEB, description: `${name} to web on tcp/80` }])).not.toContain('{{');
  },
);

test('whatever a description holds, the template holds one resource, and HCL no line more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (description) => {
      const rule = { ...WEB, description };
      expect(Object.keys(parse(cloudFormationOf([rule])).Resources)).toHaveLength(1);
      const lines = hclOf([rule]).split('\n');
      expect(lines).toHaveLength(8);
      expect(lines[6]).toMatch(/^ {2}description {18}= "(?:[^"\\]|\\.)*"$/);
      expect(lines[6]).not.toMatch(/(?<!\$)(?:\$\$)*\$\{/);
    }),
  );
});

test('two rules that differ in anything have two names', () => {
  const rules = [WEB, OUT, { ...WEB, port: 8080 }, { ...WEB, peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' } as const }];
  expect(Object.keys(parse(cloudFormationOf(rules)).Resources)).toHaveLength(4);
});

test('a few rules are shown of many, in order, and how many there are', () => {
  const change = (port: number) =>
    ({
      kind: 'authorize-rule',
      groupId: WEB.groupId,
      vpcId: 'vpc-1',
      direction: 'ingress',
      protocol: 'tcp',
      port,
      peer: WEB.peer,
      targetGroupArn: 'arn',
      targetKeys: [],
      reason: 'PathBlocked',
    }) as const;
  const snippets = snippetsOf([change(8080), change(80), change(443)], ({ port }) => `port ${port}`);
  expect(snippets).toMatchObject({ rules: 2, of: 3 });
  expect(snippets?.cloudFormation).toContain("Description: 'port 80'");
  expect(snippets?.hcl).toContain('"port 443"');
  expect(snippetsOf([], () => '')).toBeUndefined();
});
