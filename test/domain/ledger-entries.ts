import type { LedgerEntry } from '../../domain/ledger.ts';
import { targetGroupArn } from '../support/world/builders.ts';

export const WEB = targetGroupArn('web');
export const AT = new Date('2026-11-22T05:00:00.000Z');

/** A moment some seconds after the entries of these tests were intended. */
export const secondsLater = (seconds: number): Date => new Date(AT.getTime() + seconds * 1000);

/** An applied registration of `web-1` that nobody was told of. */
export const aRegistration = (entry: Partial<LedgerEntry> = {}): LedgerEntry => ({
  entryId: '2026-11-22T05:00:00.000Z-b',
  targetGroupArn: WEB,
  change: {
    kind: 'register-target',
    targetGroupArn: WEB,
    target: { id: 'i-00000001', port: 80 },
    instanceId: 'i-00000001',
    vpcId: 'vpc-1',
    reason: 'MissingFromGroup',
    freshLaunch: true,
  },
  status: 'applied',
  telling: 'open',
  intendedAt: AT.toISOString(),
  settledAt: AT.toISOString(),
  ruleId: undefined,
  failure: undefined,
  matter: {
    targetGroup: { name: 'web', id: WEB },
    targets: [aTarget('1')],
    findings: [],
    destination: 'default',
  },
  ...entry,
});

export const aTarget = (digit: string) => ({
  key: `i-0000000${digit}:80`,
  name: `web-${digit}`,
  instanceId: `i-0000000${digit}`,
  port: 80,
  availabilityZone: 'ap-northeast-1a',
});

/** The applied rule that let the balancer reach `web-1`. */
export const anAddedRule = (entry: Partial<LedgerEntry> = {}): LedgerEntry =>
  aRegistration({
    entryId: '2026-11-22T05:00:00.000Z-a',
    change: {
      kind: 'authorize-rule',
      groupId: 'sg-web',
      vpcId: 'vpc-1',
      direction: 'ingress',
      protocol: 'tcp',
      port: 80,
      peer: { kind: 'security-group', groupId: 'sg-alb' },
      targetGroupArn: WEB,
      targetKeys: ['i-00000001:80'],
      reason: 'PathBlocked',
    },
    ruleId: 'sgr-1',
    matter: {
      ...aRegistration().matter,
      securityGroup: { name: 'web-servers', id: 'sg-web' },
      peer: { name: 'web-alb', id: 'sg-alb' },
    },
    ...entry,
  });
