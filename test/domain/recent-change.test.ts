import { expect, test } from '@jest/globals';
import type { RecentChange } from '../../domain/recent-change.ts';
import { isOwnCall, regardOf, removalAmong } from '../../domain/recent-change.ts';

const OWN = { account: '123456789012', roleNamePrefix: 'usher-prod-' };

test.each([
  ['a role of the stage’s own stack', 'usher-prod-SweepRole-1A2B3C', '123456789012', true],
  ['a role of another stage', 'usher-production-SweepRole-1A2B3C', '123456789012', false],
  ['a role of that name in another account', 'usher-prod-SweepRole-1A2B3C', '210987654321', false],
  ['a person without a role', undefined, '123456789012', false],
])(
  'Given a call made by %s, when it is asked whose it is, then ours is told from others’',
  (_, roleName, account, expected) => {
    expect(isOwnCall({ by: { name: 'x', roleName, account, via: undefined } }, OWN)).toBe(expected);
  },
);

test.each([
  ['the stage’s own account', '123456789012', true],
  ['another account', '210987654321', false],
])('Given a call made by Usher’s terminal in %s, then it is ours there only', (_, account, expected) => {
  expect(isOwnCall({ by: { name: 'tanaka', roleName: 'operators', account, via: 'usher' } }, OWN)).toBe(expected);
});

const call = (action: string, roleName: string | undefined, via: RecentChange['by']['via']) => ({
  action,
  by: { name: 'x', roleName, account: '123456789012', via },
});

test.each([
  ['our own call', call('RevokeSecurityGroupIngress', 'usher-prod-SweepRole-1', undefined), 'own'],
  ['Auto Scaling registering', call('RegisterTargets', 'AWSServiceRoleForAutoScaling', 'service'), 'routine'],
  ['Auto Scaling deregistering', call('DeregisterTargets', 'AWSServiceRoleForAutoScaling', 'service'), 'kept'],
  [
    'ELB at its interfaces',
    call('ModifyNetworkInterfaceAttribute', 'AWSServiceRoleForElasticLoadBalancing', 'service'),
    'routine',
  ],
  ['CodeDeploy taking out', call('DeregisterTargets', 'deploys', 'service'), 'kept'],
  ['CodeDeploy bringing back', call('RegisterTargets', 'deploys', 'service'), 'kept'],
  ['a person at routes', call('DeleteRoute', 'operators', 'console'), 'kept'],
  ['a person taking out', call('DeregisterTargets', 'operators', 'console'), 'looked-at'],
  ['CloudFormation at rules', call('RevokeSecurityGroupIngress', 'deploys', 'cloudformation'), 'looked-at'],
  ['a service at rules', call('RevokeSecurityGroupIngress', 'deploys', 'service'), 'looked-at'],
  ['an IAM user', call('AuthorizeSecurityGroupIngress', undefined, 'cli'), 'looked-at'],
] as const)('Given %s, then what it asks of us is told apart', (_, change, expected) => {
  expect(regardOf(change, OWN)).toBe(expected);
});

const SINCE = new Date('2026-11-22T03:00:00.500Z');

const removal = (
  eventId: string,
  name: string,
  touched: RecentChange['touched'],
  at = SINCE,
  action = 'DeregisterTargets',
): RecentChange => ({
  eventId,
  at,
  service: 'elasticloadbalancing',
  action,
  by: { name, roleName: undefined, account: '123456789012', via: 'console' },
  touched,
});

const instance = (id: string) => ({ kind: 'instance', id }) as const;
const rule = (id: string) => ({ kind: 'security-group-rule', id }) as const;
const OURS = { kind: 'target', instanceId: 'i-1' } as const;

test('Given calls that name instances, then the last that names ours did it, and no other', () => {
  const changes = [
    removal('1', 'suzuki', [instance('i-1')]),
    removal('2', 'tanaka', [instance('i-1')]),
    removal('3', 'sato', [instance('i-2')]),
  ];
  expect(removalAmong(changes, OURS, SINCE)?.eventId).toBe('2');
  expect(removalAmong(changes.slice(2), OURS, SINCE)).toBeUndefined();
});

test('Given a call of before we put it there, or another call, then it did not do it; the same second counts', () => {
  const before = new Date('2026-11-22T02:59:59.000Z');
  expect(removalAmong([removal('1', 'suzuki', [instance('i-1')], before)], OURS, SINCE)).toBeUndefined();
  const same = new Date('2026-11-22T03:00:00.000Z');
  expect(removalAmong([removal('1', 'suzuki', [instance('i-1')], same)], OURS, SINCE)?.eventId).toBe('1');
  const other = removal('1', 'suzuki', [instance('i-1')], SINCE, 'RegisterTargets');
  expect(removalAmong([other], OURS, SINCE)).toBeUndefined();
});

test('Given calls that name no target and no rule, then it was who made them all, and nobody where several did', () => {
  const revoke = (eventId: string, name: string, touched: RecentChange['touched'] = []) =>
    removal(eventId, name, touched, SINCE, 'RevokeSecurityGroupIngress');
  const what = { kind: 'rule', ruleId: 'sgr-1' } as const;
  expect(removalAmong([revoke('1', 'suzuki'), revoke('2', 'suzuki')], what, SINCE)?.eventId).toBe('2');
  expect(removalAmong([revoke('1', 'suzuki'), revoke('2', 'tanaka')], what, SINCE)).toBeUndefined();
  expect(removalAmong([revoke('1', 'suzuki'), revoke('2', 'tanaka', [rule('sgr-2')])], what, SINCE)?.eventId).toBe('1');
  expect(removalAmong([revoke('1', 'suzuki'), revoke('2', 'tanaka', [rule('sgr-1')])], what, SINCE)?.eventId).toBe('2');
  expect(removalAmong([revoke('1', 'tanaka', [rule('sgr-2')])], { ...what, ruleId: undefined }, SINCE)).toBeUndefined();
});
