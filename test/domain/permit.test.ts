import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuthorizeRule, Change, DeregisterTarget, RegisterTarget, RevokeRule } from '../../domain/change.ts';
import { changeKey } from '../../domain/change.ts';
import type { PermitContext, WithheldBecause } from '../../domain/permit.ts';
import { effectivePolicy, isManagedByCode, permit } from '../../domain/permit.ts';
import { read, unreadable } from '../../domain/reading.ts';
import { POLICIES } from '../../domain/stage.ts';
import { aSecurityGroup, aStage } from '../support/world/builders.ts';

const WEB = 'arn:web';

const REGISTER: RegisterTarget = {
  kind: 'register-target',
  targetGroupArn: WEB,
  target: { id: 'i-00000001', port: 80 },
  instanceId: 'i-00000001',
  vpcId: 'vpc-1',
  reason: 'MissingFromGroup',
  freshLaunch: true,
};

const DEREGISTER: DeregisterTarget = {
  kind: 'deregister-target',
  targetGroupArn: WEB,
  target: { id: 'i-00000001', port: 80 },
  instanceId: 'i-00000001',
  vpcId: 'vpc-1',
  reason: 'NotDesired',
  ours: true,
};

const AUTHORIZE: AuthorizeRule = {
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
};

const REVOKE_OURS: RevokeRule = {
  kind: 'revoke-rule',
  groupId: 'sg-web',
  vpcId: 'vpc-1',
  direction: 'ingress',
  ruleId: 'sgr-1',
  ownership: 'ours',
  breadth: 'narrower-source',
  targetGroupArn: WEB,
  reason: 'Unneeded',
};

const REVOKE_WORLD: RevokeRule = {
  ...REVOKE_OURS,
  ownership: 'foreign',
  breadth: 'world-exactly-this-port',
  reason: 'BroaderThanNeeded',
};

const aContext = (context: Partial<PermitContext> = {}): PermitContext => ({
  stage: aStage({ defaultPolicy: 'apply-all', maximumPolicy: 'apply-all' }),
  targetGroupTags: new Map([[WEB, {}]]),
  instanceTags: new Map(),
  securityGroups: new Map([['sg-web', read(aSecurityGroup())]]),
  ruleTags: new Map(),
  heldKeys: new Set(),
  ...context,
});

const answer = (change: Change, context: Partial<PermitContext> = {}): WithheldBecause | 'permitted' =>
  permit([change], aContext(context)).withheld[0]?.because ?? 'permitted';

const groupTagged = (tags: Readonly<Record<string, string>>): Partial<PermitContext> => ({
  targetGroupTags: new Map([[WEB, tags]]),
});

const securityGroupTagged = (tags: Readonly<Record<string, string>>): Partial<PermitContext> => ({
  securityGroups: new Map([['sg-web', read(aSecurityGroup({ tags }))]]),
});

describe('policy', () => {
  const KINDS = [REGISTER, AUTHORIZE, { ...DEREGISTER, reason: 'InstanceGone' as const }, REVOKE_OURS, REVOKE_WORLD];

  test.each([
    ['report-only', ['ReportOnly', 'ReportOnly', 'ReportOnly', 'ReportOnly', 'ReportOnly']],
    ['ask', ['Ask', 'Ask', 'Ask', 'Ask', 'Ask']],
    ['add-only', ['permitted', 'permitted', 'permitted', 'permitted', 'NotOurs']],
    ['apply-all', ['permitted', 'permitted', 'permitted', 'permitted', 'permitted']],
  ])('Given %s, when each kind of change is asked for, then the answers are as written', (policy, answers) => {
    expect(KINDS.map((change) => answer(change, groupTagged({ 'usher:policy': policy })))).toEqual(answers);
  });

  test.each([
    [undefined, 'add-only'],
    ['apply-all', 'apply-all'],
    [' Report-Only ', 'report-only'],
    ['everything', 'report-only'],
    ['', 'report-only'],
  ])('Given the tag %j and a stage that allows all, then the policy is %s', (tag, policy) => {
    const stage = aStage({ defaultPolicy: 'add-only', maximumPolicy: 'apply-all' });
    expect(effectivePolicy(tag === undefined ? {} : { 'usher:policy': tag }, stage)).toBe(policy);
  });

  test('Given any tag and stage, then a tag never allows more than the stage’s maximum', () => {
    const policy = fc.constantFrom(...POLICIES);
    fc.assert(
      fc.property(policy, policy, fc.oneof(policy, fc.string()), (defaultPolicy, maximumPolicy, tag) => {
        const effective = effectivePolicy({ 'usher:policy': tag }, aStage({ defaultPolicy, maximumPolicy }));
        expect(POLICIES.indexOf(effective)).toBeLessThanOrEqual(POLICIES.indexOf(maximumPolicy));
        const untagged = effectivePolicy({}, aStage({ defaultPolicy, maximumPolicy }));
        expect(POLICIES.indexOf(untagged)).toBeLessThanOrEqual(
          Math.min(POLICIES.indexOf(defaultPolicy), POLICIES.indexOf(maximumPolicy)),
        );
      }),
    );
  });
});

describe('scope', () => {
  test('Given VPCs, when a change is in another, then it is withheld', () => {
    const stage = aStage({ vpcIds: ['vpc-1'] });
    expect(answer(REGISTER, { stage })).toBe('permitted');
    expect(answer({ ...REGISTER, vpcId: 'vpc-2' }, { stage })).toBe('OutsideVpcs');
    expect(answer({ ...REGISTER, vpcId: '' }, { stage })).toBe('OutsideVpcs');
  });

  test('Given a group of another stage, when it is to be changed, then it is withheld; of ours, it is not', () => {
    expect(answer(REGISTER, groupTagged({ 'usher:stage': 'test' }))).toBe('OtherStage');
    expect(answer(AUTHORIZE, groupTagged({ 'usher:stage': ' prod ' }))).toBe('permitted');
  });
});

describe('a pause', () => {
  test.each([
    ['registration', REGISTER],
    ['deregistration', DEREGISTER],
    ['rule', AUTHORIZE],
    ['removal of a rule', REVOKE_OURS],
  ] as const)(
    'Given a paused stage, when a %s is asked for, then it is withheld, also one that a person said yes to',
    (_, change) => {
      expect(answer(change, { isPaused: true })).toBe('Paused');
      expect(answer(change, { isPaused: true, approvedKeys: new Set([changeKey(REGISTER)]) })).toBe('Paused');
      expect(answer(change, { isPaused: false })).toBe('permitted');
    },
  );
});

describe('what is to be ignored', () => {
  test.each([
    ['group, registration', REGISTER, groupTagged({ 'usher:ignore': 'true' })],
    ['group, deregistration', DEREGISTER, groupTagged({ 'usher:ignore': 'true' })],
    ['group, rule', AUTHORIZE, groupTagged({ 'usher:ignore': 'true' })],
    ['instance, registration', REGISTER, { instanceTags: new Map([['i-00000001', { 'usher:ignore': ' TRUE' }]]) }],
    ['instance, deregistration', DEREGISTER, { instanceTags: new Map([['i-00000001', { 'usher:ignore': 'true' }]]) }],
    ['security group, rule', AUTHORIZE, securityGroupTagged({ 'usher:ignore': 'true' })],
    ['rule, its removal', REVOKE_OURS, { ruleTags: new Map([['sgr-1', { 'usher:ignore': 'true' }]]) }],
  ] as const)('Given the tag on a %s, then it is withheld', (_, change, context) => {
    expect(answer(change, context)).toBe('Ignored');
  });

  test('Given the tag on another instance, then the change is permitted', () => {
    expect(answer(REGISTER, { instanceTags: new Map([['i-00000002', { 'usher:ignore': 'true' }]]) })).toBe('permitted');
  });
});

describe('security groups', () => {
  test('Given a group that could not be read, or was not, when a rule is to change, then it is withheld', () => {
    expect(answer(AUTHORIZE, { securityGroups: new Map([['sg-web', unreadable('denied')]]) })).toBe(
      'SecurityGroupUnreadable',
    );
    expect(answer(REVOKE_OURS, { securityGroups: new Map() })).toBe('SecurityGroupUnreadable');
    expect(answer(REGISTER, { securityGroups: new Map() })).toBe('permitted');
  });

  test('Given a group kept by code, then our additions follow the stage, our removals go, and foreign rules stay', () => {
    const kept = securityGroupTagged({ 'aws:cloudformation:stack-name': 'net' });
    const propose = aStage({ defaultPolicy: 'apply-all', maximumPolicy: 'apply-all', iacAdditions: 'propose' });
    expect(answer(AUTHORIZE, kept)).toBe('permitted');
    expect(answer(AUTHORIZE, { ...kept, stage: propose })).toBe('ManagedByCode');
    expect(answer(REVOKE_OURS, { ...kept, stage: propose })).toBe('permitted');
    expect(answer(REVOKE_WORLD, kept)).toBe('ManagedByCode');
  });

  test('Given a group kept by code that lost a rule of ours, then no other is added there, by a yes neither, and ours may go', () => {
    const kept = securityGroupTagged({ 'aws:cloudformation:stack-name': 'net' });
    const left = { ...kept, leftToCode: new Set(['sg-web']) };
    expect(answer(AUTHORIZE, left)).toBe('ManagedByCode');
    expect(answer(AUTHORIZE, { ...left, heldKeys: new Set([changeKey(AUTHORIZE)]) })).toBe('Held');
    const yes = { ...left, approvedKeys: new Set([changeKey(REGISTER)]), heldKeys: new Set([changeKey(AUTHORIZE)]) };
    expect(answer(AUTHORIZE, yes)).toBe('ManagedByCode');
    expect(answer(AUTHORIZE, { ...kept, leftToCode: new Set(['sg-other']) })).toBe('permitted');
    expect(answer(AUTHORIZE, { ...securityGroupTagged({}), leftToCode: new Set(['sg-web']) })).toBe('permitted');
    expect(answer(REVOKE_OURS, left)).toBe('permitted');
  });

  test.each([
    [{ 'aws:cloudformation:stack-id': 'x' }, [], true],
    [{ terraform: 'anything' }, ['terraform'], true],
    [{ owner: 'platform' }, ['owner=platform'], true],
    [{ owner: 'a=b' }, ['owner=a=b'], true],
    [{ owner: 'web' }, ['owner=platform'], false],
    [{ Terraform: 'true' }, ['terraform'], false],
    [{}, ['constructor', ''], false],
  ])('Given the tags %j and the stage’s %j, then kept by code is %s', (tags, managedByTags, kept) => {
    expect(isManagedByCode(tags, managedByTags)).toBe(kept);
  });
});

describe('ownership', () => {
  test('Given what we put in place and find gone, when it would be put back, then it is held', () => {
    expect(answer(REGISTER, { heldKeys: new Set([changeKey(REGISTER)]) })).toBe('Held');
    expect(answer(AUTHORIZE, { heldKeys: new Set([changeKey(AUTHORIZE)]) })).toBe('Held');
    expect(answer(DEREGISTER, { heldKeys: new Set([changeKey(REGISTER)]) })).toBe('permitted');
  });

  test('Given a target we did not register, when it is not desired, then it stays; when its instance is gone, it goes', () => {
    expect(answer({ ...DEREGISTER, ours: false })).toBe('NotOurs');
    expect(answer({ ...DEREGISTER, ours: false, reason: 'InstanceGone' })).toBe('permitted');
  });

  test('Given a rule tagged to be kept, when it would be removed, then it stays, ours or not', () => {
    const ruleTags = new Map([['sgr-1', { 'usher:keep': 'true' }]]);
    expect(answer(REVOKE_WORLD, { ruleTags })).toBe('Kept');
    expect(answer(REVOKE_OURS, { ruleTags })).toBe('Kept');
  });

  test.each([
    ['world-exactly-this-port', 'permitted'],
    ['world-wider', 'NotWorldOpen'],
    ['narrower-source', 'NotWorldOpen'],
  ] as const)('Given somebody else’s rule that is %s, then its removal is %s', (breadth, expected) => {
    expect(answer({ ...REVOKE_WORLD, breadth })).toBe(expected);
  });
});

describe('additions', () => {
  const running = (number: number, targetGroupArn = WEB): RegisterTarget => ({
    ...REGISTER,
    targetGroupArn,
    target: { id: `i-0000000${number}`, port: 80 },
    instanceId: `i-0000000${number}`,
    freshLaunch: false,
  });

  test('Given as many running instances as the stage lets through, then all go; with one more, none of them, but fresh launches do', () => {
    const five = [1, 2, 3, 4, 5].map((number) => running(number));
    expect(permit(five, aContext()).permitted).toHaveLength(5);
    const fresh = { ...running(7), freshLaunch: true };
    const { permitted, withheld } = permit([...five, running(6), fresh], aContext());
    expect(permitted).toEqual([fresh]);
    expect(withheld.map(({ because }) => because)).toEqual(Array.from({ length: 6 }, () => 'TooManyAdditions'));
  });

  test('Given one crowded group and another, then only the crowded one waits', () => {
    const crowd = [1, 2, 3, 4, 5, 6].map((number) => running(number));
    const { permitted } = permit([...crowd, running(1, 'arn:api')], aContext());
    expect(permitted.map(({ targetGroupArn }) => targetGroupArn)).toEqual(['arn:api']);
  });
});

test('Given any plan and any context, then permitted and withheld together are the plan, each in its order, and report-only permits nothing', () => {
  const change = fc.constantFrom<Change>(REGISTER, DEREGISTER, AUTHORIZE, REVOKE_OURS, REVOKE_WORLD, {
    ...REGISTER,
    freshLaunch: false,
  });
  const policy = fc.constantFrom(...POLICIES);
  fc.assert(
    fc.property(fc.array(change), policy, fc.boolean(), (plan, maximumPolicy, isHeld) => {
      const context = aContext({
        stage: aStage({ defaultPolicy: 'apply-all', maximumPolicy }),
        heldKeys: new Set(isHeld ? [changeKey(REGISTER)] : []),
      });
      const { permitted, withheld } = permit(plan, context);
      const kept = new Set<Change>(permitted);
      const left = new Set<Change>(withheld.map(({ change: one }) => one));
      expect(permitted).toEqual(plan.filter((one) => kept.has(one)));
      expect(withheld.map(({ change: one }) => one)).toEqual(plan.filter((one) => left.has(one)));
      expect(permitted.length + withheld.length).toBe(plan.length);
      if (maximumPolicy === 'report-only' || maximumPolicy === 'ask') expect(permitted).toEqual([]);
      if (maximumPolicy === 'add-only') expect(permitted).not.toContain(REVOKE_WORLD);
    }),
  );
});

describe('undoing', () => {
  const changes: readonly Change[] = [{ ...DEREGISTER, reason: 'Undone', planId: 'plan-1' }];
  const because = (tags: Readonly<Record<string, string>>, approvedKeys: ReadonlySet<string>) =>
    permit(changes, aContext({ ...groupTagged(tags), approvedKeys })).withheld.map((each) => each.because);

  test('Given a group that asks, when a person had a registration undone, then it is permitted, and without them it is not', () => {
    expect(because({ 'usher:policy': 'ask' }, new Set(changes.map(changeKey)))).toEqual([]);
    expect(because({ 'usher:policy': 'ask' }, new Set())).toEqual(['Ask']);
  });

  test('Given a report-only group, when a person had a registration undone, then nothing is written all the same', () => {
    expect(because({ 'usher:policy': 'report-only' }, new Set(changes.map(changeKey)))).toEqual(['ReportOnly']);
  });
});
