import { describe, expect, test } from '@jest/globals';
import { paintFor } from '../../cli/paint.ts';
import { planJson } from '../../cli/plan-json.ts';
import { showPlan } from '../../cli/show-plan.ts';
import type { FleetPlan, PlannedChange } from '../../domain/fleet-plan.ts';
import { targetGroupArn } from '../support/world/builders.ts';

const web = { id: targetGroupArn('web'), name: 'web' };
const sgWeb = { id: 'sg-0a1', name: 'sg-web' };
const web1 = { key: 'i-01:80', name: 'web-1', instanceId: 'i-01', port: 80, availabilityZone: 'ap-northeast-1a' };
const matter = {
  targetGroup: web,
  targets: [web1],
  findings: [],
  destination: 'default',
};

const registration: PlannedChange = {
  change: {
    kind: 'register-target',
    targetGroupArn: web.id,
    target: { id: 'i-01', port: 80 },
    instanceId: 'i-01',
    vpcId: 'vpc-1',
    reason: 'MissingFromGroup',
    freshLaunch: true,
  },
  matter,
};
const removal: PlannedChange = {
  change: {
    kind: 'deregister-target',
    targetGroupArn: web.id,
    target: { id: 'i-02', port: 80 },
    instanceId: 'i-02',
    vpcId: 'vpc-1',
    reason: 'InstanceGone',
    because: 'Stopped',
    ours: true,
  },
  matter: {
    ...matter,
    targets: [{ ...web1, key: 'i-02:80', name: 'web-2', instanceId: 'i-02' }],
  },
};
const rule: PlannedChange = {
  change: {
    kind: 'authorize-rule',
    groupId: sgWeb.id,
    vpcId: 'vpc-1',
    direction: 'ingress',
    protocol: 'tcp',
    port: 80,
    peer: { kind: 'security-group', groupId: 'sg-0b2' },
    targetGroupArn: web.id,
    targetKeys: ['i-01:80'],
    reason: 'PathBlocked',
  },
  matter: { ...matter, securityGroup: sgWeb, peer: { id: 'sg-0b2', name: 'sg-alb' } },
};
const revocation: PlannedChange = {
  change: {
    kind: 'revoke-rule',
    groupId: sgWeb.id,
    vpcId: 'vpc-1',
    direction: 'ingress',
    ruleId: 'sgr-9',
    ownership: 'ours',
    breadth: 'narrower-source',
    targetGroupArn: sgWeb.id,
    reason: 'Unneeded',
  },
  matter: { ...matter, targetGroup: sgWeb, targets: [], securityGroup: sgWeb },
};

const aPlan = (plan: Partial<FleetPlan> = {}): FleetPlan => ({
  runId: 'run-1',
  at: new Date('2026-11-22T05:00:00.000Z'),
  instances: 3,
  targetGroups: 1,
  slices: [],
  changes: [],
  leftAsItIs: [],
  findings: [],
  pause: undefined,
  ...plan,
});

const place = { stage: 'prod', region: 'ap-northeast-1', account: '123456789012', isDeployed: true };
const plainly = paintFor(false);

describe('A plan in the terminal', () => {
  test('Given all four kinds of change, then each stands under its group, with a sign, what it is about, and why', () => {
    const shown = showPlan(aPlan({ changes: [registration, removal, rule, revocation] }), place, plainly);
    expect(shown).toEqual([
      'prod · ap-northeast-1 · account 123456789012 · 3 instances, 1 tagged group',
      '',
      'sg-web (sg-0a1)',
      '  + add rule ingress tcp/80 from sg-alb (sg-0b2): without it the load balancer can’t reach web-1 in web',
      '  - remove rule ingress sgr-9: Usher added it, and nobody’s traffic needs it any more',
      '',
      `web (${web.id})`,
      '  + register web-1 (i-01) on port 80: its tags bring it here, and it is not registered',
      '  - take out web-2 (i-02) on port 80: the instance is stopped',
      '',
      '1 target to register, 1 target to take out, 1 rule to add, 1 rule to remove.',
    ]);
  });

  test('Given what is left as it is, then it says why, and what to do where a path is closed', () => {
    const of = { id: 'i-03', name: 'web-3' };
    const shown = showPlan(
      aPlan({
        leftAsItIs: [
          { what: 'register-target', targetGroup: web, of, because: 'Held', findings: [] },
          {
            what: 'path',
            targetGroup: web,
            of,
            because: 'Blocked',
            findings: [
              { reason: 'InstanceNotRunning', severity: 'warning', evidence: { state: 'stopped', instance: 'i-03' } },
            ],
          },
        ],
      }),
      place,
      plainly,
    );
    expect(shown.slice(2)).toEqual([
      `web (${web.id})`,
      '  ! not registered: web-3 (i-03): Usher put it there once and somebody took it away, so it is held',
      '  ! can’t be reached: web-3 (i-03): instance i-03 is stopped. Next: start the instance, or take it out of the group',
      '',
      '2 left as it is.',
    ]);
  });

  test('Given a rule for a security group that code keeps, then it stands there in both languages of code, to be copied', () => {
    const code = {
      cloudFormation: 'Resources:\n  UsherSgWeb:',
      hcl: 'resource "a" "b" {\n  from_port = 80\n}',
      rules: 1,
      of: 3,
    };
    const left = {
      what: 'authorize-rule',
      targetGroup: web,
      of: sgWeb,
      because: 'ManagedByCode',
      findings: [],
      code,
    } as const;
    expect(showPlan(aPlan({ leftAsItIs: [left] }), place, plainly).slice(3)).toEqual([
      '  ! no rule added to sg-web (sg-0a1): the security group is kept by code',
      '      CloudFormation:',
      '        Resources:',
      '          UsherSgWeb:',
      '      Terraform:',
      '        resource "a" "b" {',
      '          from_port = 80',
      '        }',
      '      and 2 more',
      '',
      '1 left as it is.',
    ]);
    expect(planJson(aPlan({ leftAsItIs: [left] }), place).left).toMatchObject([{ code }]);
  });

  test('Given a rule of others that lets in more than the balancer, then it says that it stays, and how it is closed', () => {
    const left = { what: 'revoke-rule', targetGroup: { id: '', name: '' }, of: sgWeb, findings: [] } as const;
    const shown = (because: 'NotOurs' | 'Paused') =>
      showPlan(aPlan({ leftAsItIs: [{ ...left, because }] }), place, plainly)[3];
    expect(shown('NotOurs')).toBe(
      '  ! a rule that lets in more than the load balancer stays in sg-web (sg-0a1): Usher did not put it there. Next: close it by its proposal in Slack, or by hand',
    );
    expect(shown('Paused')).toMatch(/^ {2}! no rule removed from sg-web \(sg-0a1\): /);
  });

  test('Given nothing to do, a pause, or no stage, then it says so', () => {
    expect(showPlan(aPlan(), place, plainly).at(-1)).toBe('Nothing to do.');
    const pause = { since: new Date('2026-11-22T04:00:00.000Z'), byUserId: 'U1', reason: 'release' };
    expect(showPlan(aPlan({ pause }), place, plainly)[1]).toBe(
      'Paused since 2026-11-22 04:00 UTC by U1: release. Nothing is written until: usher resume',
    );
    expect(showPlan(aPlan(), { ...place, isDeployed: false }, plainly)[1]).toContain('as if nothing were Usher’s own');
  });

  test('Given colours, then they are all that is added; and names from outside bring none of their own', () => {
    const evil = {
      ...registration,
      matter: { ...matter, targets: [{ ...web1, name: 'web\u001b[2J\u001b]0;x\u0007-1\nok' }] },
    };
    const plan = aPlan({ changes: [evil, removal] });
    const coloured = showPlan(plan, place, paintFor(true)).join('\n');
    const uncoloured = showPlan(plan, place, plainly);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    expect(coloured.replace(/\u001b\[\d+m/g, '').split('\n')).toEqual(uncoloured);
    expect(uncoloured.join('\n')).not.toMatch(/[^\P{C}\n]/u);
    expect(uncoloured.filter((line) => /^ {2}[+!-] /.test(line))).toHaveLength(2);
  });
});

describe('A plan as JSON', () => {
  test('keeps its form: whoever changes this has to give it another number', () => {
    const plan = aPlan({
      changes: [registration, removal, rule, revocation],
      leftAsItIs: [
        { what: 'register-target', targetGroup: web, of: { id: 'i-03', name: 'web-3' }, because: 'Ask', findings: [] },
      ],
      findings: [
        {
          subject: { id: 'i-04', name: 'web-4' },
          targetGroup: undefined,
          finding: { reason: 'SelectorNearMiss', severity: 'information', evidence: { tag: 'Role' } },
        },
      ],
    });
    const targets = [{ key: 'i-01:80', name: 'web-1', instanceId: 'i-01' }];
    expect(JSON.parse(JSON.stringify(planJson(plan, place)))).toEqual({
      usher: 1,
      stage: 'prod',
      region: 'ap-northeast-1',
      account: '123456789012',
      isDeployed: true,
      at: '2026-11-22T05:00:00.000Z',
      isDrift: true,
      paused: null,
      looked: { instances: 3, targetGroups: 1 },
      changes: [
        {
          kind: 'register-target',
          targetGroup: web,
          target: { id: 'i-01', port: 80 },
          instance: { id: 'i-01', name: 'web-1' },
          reason: 'MissingFromGroup',
          because: null,
        },
        {
          kind: 'deregister-target',
          targetGroup: web,
          target: { id: 'i-02', port: 80 },
          instance: { id: 'i-02', name: 'web-2' },
          reason: 'InstanceGone',
          because: 'Stopped',
        },
        {
          kind: 'authorize-rule',
          securityGroup: sgWeb,
          direction: 'ingress',
          protocol: 'tcp',
          port: 80,
          peer: { id: 'sg-0b2', name: 'sg-alb' },
          targetGroup: web,
          targets,
          reason: 'PathBlocked',
        },
        { kind: 'revoke-rule', securityGroup: sgWeb, direction: 'ingress', ruleId: 'sgr-9', reason: 'Unneeded' },
      ],
      left: [
        {
          what: 'register-target',
          targetGroup: web,
          of: { id: 'i-03', name: 'web-3' },
          because: 'Ask',
          isWaiting: true,
          findings: [],
        },
      ],
      findings: [
        {
          subject: { id: 'i-04', name: 'web-4' },
          targetGroup: null,
          reason: 'SelectorNearMiss',
          severity: 'information',
          evidence: { tag: 'Role' },
        },
      ],
    });
  });
});
