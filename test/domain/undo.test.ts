import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changeKey } from '../../domain/change.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import { healthyFloor, takeRemovals } from '../../domain/removal-budget.ts';
import type { TargetHealth, TargetState } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import { roomForRemoval, undoOf } from '../../domain/undo.ts';

const WEB = { name: 'web', id: 'arn:web' };
const STAGE = { minimumHealthyTargets: 1, removalsPerHour: 10 };

const members = (...states: readonly TargetState[]): readonly TargetHealth[] =>
  states.map((state, index) => ({
    target: { id: `i-${index}`, port: 80 },
    state,
    reason: undefined,
    description: undefined,
  }));

const keysOf = (some: readonly TargetHealth[]): ReadonlySet<string> =>
  new Set(some.map(({ target }) => targetKey(target)));

describe('room for a removal', () => {
  test.each([
    ['the only healthy one', ['healthy'], 1, { kind: 'BelowFloor', healthy: 1, floor: 1 }],
    ['one of two', ['healthy', 'healthy'], 1, { kind: 'room', groupLimit: 1 }],
    ['two of three', ['healthy', 'healthy', 'healthy'], 2, { kind: 'BelowFloor', healthy: 3, floor: 2 }],
    ['an unhealthy one where nothing is healthy', ['unhealthy'], 1, { kind: 'room', groupLimit: 10 }],
    ['an unhealthy one of two', ['unhealthy', 'healthy'], 1, { kind: 'room', groupLimit: 10 }],
  ] as const)('Given %s, when it is to be taken out, then that is so', (_, states, count, expected) => {
    const all = members(...states);
    expect(roomForRemoval(all, keysOf(all.slice(0, count)), STAGE)).toEqual(expected);
  });

  test('Given a higher minimum of the stage, then that counts', () => {
    const all = members('healthy', 'healthy', 'healthy');
    expect(roomForRemoval(all, keysOf(all.slice(0, 1)), { ...STAGE, minimumHealthyTargets: 3 })).toEqual({
      kind: 'BelowFloor',
      healthy: 3,
      floor: 3,
    });
  });

  test('Given any number of removals within one hour, then at least the floor of the healthy at its start is left', () => {
    const now = new Date('2026-11-22T05:00:00.000Z');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 5 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 30 }),
        (atStart, minimumHealthyTargets, wanted) => {
          let healthy = members(...Array.from({ length: atStart }, () => 'healthy' as const));
          let account: readonly Date[] = [];
          for (const count of wanted) {
            const leaving = keysOf(healthy.slice(0, count));
            if (leaving.size === 0) continue;
            const room = roomForRemoval(healthy, leaving, { minimumHealthyTargets, removalsPerHour: 1_000 });
            const after = room.kind === 'room' ? takeRemovals(account, room.groupLimit, leaving.size, now) : undefined;
            if (after === undefined) continue;
            account = after;
            healthy = healthy.slice(leaving.size);
          }
          const taken = atStart - healthy.length;
          expect(taken === 0 || healthy.length >= healthyFloor(minimumHealthyTargets, atStart)).toBe(true);
        },
      ),
    );
  });

  test('Given six healthy, when one after the other is taken out within the hour, then three go and no more', () => {
    const now = new Date('2026-11-22T05:00:00.000Z');
    let account: readonly Date[] = [];
    const went = [6, 5, 4, 3].map((left) => {
      const all = members(...Array.from({ length: left }, () => 'healthy' as const));
      const room = roomForRemoval(all, keysOf(all.slice(0, 1)), STAGE);
      const after = room.kind === 'room' ? takeRemovals(account, room.groupLimit, 1, now) : undefined;
      account = after ?? account;
      return after !== undefined;
    });
    expect(went).toEqual([true, true, true, false]);
  });
});

const entry = (entryId: string, change: LedgerEntry['change'], more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  entryId,
  targetGroupArn: WEB.id,
  change,
  status: 'applied',
  telling: 'open',
  intendedAt: '2026-11-22T05:00:00.000Z',
  settledAt: '2026-11-22T05:00:01.000Z',
  ruleId: undefined,
  failure: undefined,
  matter: {
    targetGroup: WEB,
    targets: [{ key: 'i-1:80', name: 'web-1', instanceId: 'i-1', port: 80, availabilityZone: undefined }],
    findings: [],
    destination: 'default',
  },
  ...more,
});

const REGISTRATION: LedgerEntry['change'] = {
  kind: 'register-target',
  targetGroupArn: WEB.id,
  target: { id: 'i-1', port: 80 },
  instanceId: 'i-1',
  vpcId: 'vpc-1',
  reason: 'MissingFromGroup',
  freshLaunch: true,
};

const RULE: LedgerEntry['change'] = {
  kind: 'authorize-rule',
  groupId: 'sg-web',
  vpcId: 'vpc-1',
  direction: 'ingress',
  protocol: 'tcp',
  port: 80,
  peer: { kind: 'security-group', groupId: 'sg-alb' },
  targetGroupArn: WEB.id,
  targetKeys: ['i-1:80'],
  reason: 'PathBlocked',
};

describe('what can be undone', () => {
  test('Given a registration and the rule added for it, then the registration is, and the rule is named', () => {
    const rule = entry('1', RULE, { ruleId: 'sgr-1' });
    const securityGroup = { name: 'sg-web', id: 'sg-web' };
    const added = { ...rule, matter: { ...rule.matter, securityGroup } };
    expect(undoOf(WEB, [added, entry('2', REGISTRATION)])).toEqual({
      kind: 'undo',
      targetGroup: WEB,
      entries: [
        {
          entryId: '2',
          changeKey: changeKey(REGISTRATION),
          instanceId: 'i-1',
          name: 'web-1',
          target: { id: 'i-1', port: 80 },
        },
      ],
      rules: [{ ruleId: 'sgr-1', securityGroup }],
    });
  });

  test('Given a target registered twice, then its latest registration is', () => {
    expect(undoOf(WEB, [entry('1', REGISTRATION), entry('2', REGISTRATION)])?.entries).toMatchObject([
      { entryId: '2' },
    ]);
  });

  test('Given a rule alone, because somebody else registers the target, then nothing is', () => {
    expect(undoOf(WEB, [entry('1', RULE, { ruleId: 'sgr-1' })])).toBeUndefined();
  });

  test('Given a registration that AWS refused, then nothing is', () => {
    expect(undoOf(WEB, [entry('1', REGISTRATION, { status: 'failed' })])).toBeUndefined();
  });
});
