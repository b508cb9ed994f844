import { describe, expect, test } from '@jest/globals';
import type { AuthorizeRule, Change } from '../../domain/change.ts';
import { changeKey, peerText } from '../../domain/change.ts';

const RULE: AuthorizeRule = {
  kind: 'authorize-rule',
  groupId: 'sg-web',
  vpcId: 'vpc-1',
  direction: 'ingress',
  protocol: 'tcp',
  port: 80,
  peer: { kind: 'security-group', groupId: 'sg-alb' },
  targetGroupArn: 'arn:web',
  targetKeys: ['i-00000001:80'],
  reason: 'PathBlocked',
};

const TARGET = {
  targetGroupArn: 'arn:web',
  target: { id: 'i-00000001', port: 80 },
  instanceId: 'i-00000001',
  vpcId: 'vpc-1',
} as const;

const REGISTER: Change = { kind: 'register-target', ...TARGET, reason: 'MissingFromGroup', freshLaunch: true };

test.each([
  [{ kind: 'cidr-ipv4', cidr: '10.0.0.0/16' }, '10.0.0.0/16'],
  [{ kind: 'cidr-ipv6', cidr: '2001:db8::/64' }, '2001:db8::/64'],
  [{ kind: 'prefix-list', prefixListId: 'pl-1' }, 'pl-1'],
  [{ kind: 'security-group', groupId: 'sg-alb' }, 'sg-alb'],
] as const)('Given a peer, when it is written, then it reads as AWS writes it', (peer, text) => {
  expect(peerText(peer)).toBe(text);
});

describe('the key of a change', () => {
  test('Given each kind of change, when its key is made, then it says what is written', () => {
    const revoke: Change = {
      kind: 'revoke-rule',
      groupId: 'sg-web',
      vpcId: 'vpc-1',
      direction: 'ingress',
      ruleId: 'sgr-1',
      ownership: 'ours',
      breadth: 'narrower-source',
      targetGroupArn: 'arn:web',
      reason: 'Unneeded',
    };
    expect([REGISTER, RULE, revoke].map(changeKey)).toEqual([
      'target|arn:web|i-00000001:80',
      'rule|sg-web|ingress|tcp|80|sg-alb',
      'rule|sg-web|sgr-1',
    ]);
  });

  test('Given a registration and its reverse, when their keys are made, then they are one', () => {
    const deregister: Change = { kind: 'deregister-target', ...TARGET, reason: 'InstanceGone', ours: true };
    expect(changeKey(deregister)).toBe(changeKey(REGISTER));
  });

  test('Given one rule asked for by two groups, when their keys are made, then they are one', () => {
    expect(changeKey({ ...RULE, targetGroupArn: 'arn:api', targetKeys: ['i-00000002:80'] })).toBe(changeKey(RULE));
  });

  test.each([
    { groupId: 'sg-api' },
    { direction: 'egress' as const },
    { protocol: 'udp' as const },
    { port: 81 },
    { peer: { kind: 'security-group' as const, groupId: 'sg-nlb' } },
  ])('Given a rule that differs by %j, when its key is made, then it is another', (other) => {
    expect(changeKey({ ...RULE, ...other })).not.toBe(changeKey(RULE));
  });

  test('Given IPv6 targets whose address and port read alike, when their keys are made, then they differ', () => {
    const at = (id: string, port: number): Change => ({ ...REGISTER, ...TARGET, target: { id, port } }) as Change;
    expect(changeKey(at('2001:db8::1', 80))).not.toBe(changeKey(at('2001:db8::1:80', 80)));
  });
});
