import { expect, test } from '@jest/globals';
import type { GroupRule } from '../../../local/proxy/network.ts';
import {
  askedRules,
  checkDescription,
  refuseBeyondQuota,
  refuseDuplicates,
  refuseRepetition,
} from '../../../local/proxy/refuse-rules.ts';

const asked = (text: string) => askedRules(new Map(new URLSearchParams(text)));
const permission = (cidr: string, ports = 'FromPort=80&IpPermissions.1.ToPort=80', protocol = 'tcp') =>
  `IpPermissions.1.IpProtocol=${protocol}&IpPermissions.1.${ports}&IpPermissions.1.IpRanges.1.CidrIp=${cidr}`;
const rule = (peer: GroupRule['peer']): GroupRule => ({ protocol: 'tcp', fromPort: 80, toPort: 80, peer });

test('Given host bits, a protocol number and a description, when the rule is read, then it is as EC2 stores it', () => {
  expect(asked(`${permission('100.68.0.18/18', undefined, '6')}&IpPermissions.1.IpRanges.1.Description=ours`)).toEqual([
    {
      protocol: 'tcp',
      fromPort: 80,
      toPort: 80,
      peer: { kind: 'cidr', cidr: '100.68.0.0/18' },
      description: 'ours',
      peeringConnectionId: undefined,
    },
  ]);
});

test('Given protocol -1 with ports, when the rule is read, then the ports mean nothing', () => {
  expect(asked(permission('10.0.0.0/8', undefined, '-1'))).toMatchObject([
    { protocol: '-1', fromPort: -1, toPort: -1 },
  ]);
});

test.each([
  [permission('10.0.0.0/40'), 'InvalidParameterValue', 'CIDR block 10.0.0.0/40 is malformed'],
  [permission('2001:db8::/32'), 'InvalidParameterValue', 'CIDR block 2001:db8::/32 is malformed'],
  [permission('10.0.0.0/8', 'FromPort=70000&IpPermissions.1.ToPort=70000'), 'InvalidParameterValue', 'Invalid value'],
  [permission('10.0.0.0/8', 'FromPort=90&IpPermissions.1.ToPort=80'), 'InvalidParameterValue', 'Invalid value'],
  [permission('10.0.0.0/8', 'FromPort=80'), 'InvalidParameterValue', 'Must specify both from and to ports'],
  [permission('10.0.0.0/8', undefined, 'bogus'), 'InvalidParameterValue', 'Unknown protocol'],
  [
    'IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=1&IpPermissions.1.ToPort=1',
    'MissingParameter',
    'Missing source',
  ],
])('Given %s, when it is read, then it is refused with %s', (text, code, message) => {
  expect(() => asked(text)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test('Given descriptions, when they are checked, then foreign characters and a 256th are refused', () => {
  expect(() => checkDescription('usher: web-prod (tcp/80) [a]')).not.toThrow();
  expect(() => checkDescription('x'.repeat(255))).not.toThrow();
  for (const description of ['x'.repeat(256), "it's", '<b>', '日本', 'a|b']) {
    expect(() => checkDescription(description)).toThrow(expect.objectContaining({ code: 'InvalidParameterValue' }));
  }
});

test('Given one rule twice in a call, differing only in host bits and description, when it is checked, then it is refused', () => {
  const twice = [
    ...asked(permission('10.0.0.1/8')),
    ...asked(`${permission('10.0.0.0/8')}&IpPermissions.1.IpRanges.1.Description=b`),
  ];
  expect(() => refuseRepetition(twice)).toThrow(expect.objectContaining({ code: 'InvalidParameterValue' }));
});

test('Given a rule that the group has, when it is asked for again, then it is a duplicate', () => {
  const present = [rule({ kind: 'cidr', cidr: '10.0.0.0/8' })];
  expect(() => refuseDuplicates(asked(permission('10.0.0.0/8')), present)).toThrow(
    expect.objectContaining({
      code: 'InvalidPermission.Duplicate',
      message: 'the specified rule "peer: 10.0.0.0/8, TCP, from port: 80, to port: 80, ALLOW" already exists',
    }),
  );
  expect(() => refuseDuplicates(asked(permission('11.0.0.0/8')), present)).not.toThrow();
});

test('Given rules of both families and a prefix list, when they are counted, then each family has its own limit', () => {
  const four = rule({ kind: 'cidr', cidr: '10.0.0.0/8' });
  const six = rule({ kind: 'cidr', cidr: '::/0' });
  const group = rule({ kind: 'group', groupId: 'sg-1' });
  const cloudFront = rule({ kind: 'prefix-list', prefixListId: 'pl-1' });
  const count =
    (...rules: readonly GroupRule[]) =>
    () =>
      refuseBeyondQuota(rules, 60, () => 55);
  expect(count(...Array(60).fill(four), ...Array(60).fill(six))).not.toThrow();
  expect(count(...Array(60).fill(four), group)).toThrow(
    expect.objectContaining({ code: 'RulesPerSecurityGroupLimitExceeded' }),
  );
  expect(count(...Array(5).fill(four), cloudFront)).not.toThrow();
  expect(count(...Array(6).fill(four), cloudFront)).toThrow(
    expect.objectContaining({ code: 'RulesPerSecurityGroupLimitExceeded' }),
  );
});
