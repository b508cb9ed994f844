import { describe, expect, test } from '@jest/globals';
import { checkApplication, checkPatience, checkReasonCodes } from '../../../../domain/diagnosis/checks/application.ts';
import { checkPaths } from '../../../../domain/diagnosis/checks/paths.ts';
import { diagnose } from '../../../../domain/diagnosis/diagnose.ts';
import type { FindingReason } from '../../../../domain/finding.ts';
import { unreadable } from '../../../../domain/reading.ts';
import type { TargetHealth } from '../../../../domain/target.ts';
import { anAlb, targetGroupArn } from '../../../support/world/builders.ts';
import type { World } from '../world.ts';
import {
  albWorld,
  allOut,
  anInstanceIn,
  answering,
  asked,
  classicWorld,
  everybody,
  gathered,
  gwlbWorld,
  healthy,
  ingress,
  nlbWorld,
  unwell,
  W1,
  W2,
  W3,
} from '../world.ts';

const right = albWorld();
const third = (member: TargetHealth, world: World = right): World => ({
  ...world,
  members: [healthy(W1), healthy(W2), member],
});
const shut = (world: World): World => ({ ...world, rules: { ...world.rules, 'sg-web': [allOut('sg-web')] } });
const ABOUT = { targets: 'web-3', count: '1', of: '3', targetGroup: 'web' };

describe('Given a network that passes', () => {
  test('when nobody takes the connection, then nothing answers on the port', () => {
    expect(checkApplication(gathered(third(unwell(W3, 'Target.FailedHealthChecks'))))).toEqual([
      {
        reason: 'ApplicationRefuses',
        severity: 'warning',
        evidence: { port: '80', code: 'Target.FailedHealthChecks', ...ABOUT },
        remedy: "sudo ss -ltnp 'sport = :80'",
      },
    ]);
  });

  test('when no answer comes in time, then the application is silent, with how long it was waited for', () => {
    expect(checkApplication(gathered(third(unwell(W3, 'Target.Timeout'))))).toEqual([
      {
        reason: 'ApplicationSilent',
        severity: 'warning',
        evidence: { port: '80', code: 'Target.Timeout', timeoutSeconds: '5', ...ABOUT },
        remedy: "curl -im 5 'http://localhost:80/'",
      },
    ]);
  });

  test.each([
    ['the network blocks', shut(third(unwell(W3, 'Target.Timeout')))],
    ['the target answers', third(answering(W3, 500))],
    ['it is still registering', third(unwell(W3, 'Elb.RegistrationInProgress', { state: 'initial' }))],
    [
      'a Network balancer’s network is not judged',
      everybody(nlbWorld(), (id) => unwell(id, 'Target.FailedHealthChecks')),
    ],
    [
      'a Classic balancer never tells the one from the other',
      everybody(classicWorld(), (id) => unwell(id, 'Target.FailedHealthChecks', { port: undefined })),
    ],
    ['all are healthy', right],
  ])('when %s, then the application is not blamed', (_case, world) => {
    expect(checkApplication(gathered(world))).toEqual([]);
  });
});

describe('Given a check that waits for less than five seconds', () => {
  const impatient = (timeoutSeconds: number, more = {}) =>
    asked(third(unwell(W3, 'Target.Timeout')), { timeoutSeconds, ...more });

  test('when no answer comes in that time, then it may be too short, with the line that gives the default', () => {
    expect(checkPatience(gathered(impatient(4)))).toEqual([
      {
        reason: 'HealthCheckTimeoutShort',
        severity: 'warning',
        evidence: { timeoutSeconds: '4', port: '80', ...ABOUT },
        remedy: `aws elbv2 modify-target-group --target-group-arn ${targetGroupArn('web')} --health-check-timeout-seconds 5 --region ap-northeast-1`,
      },
    ]);
  });

  test('when the interval has no room for the default, then no line is offered that AWS would refuse', () => {
    expect(checkPatience(gathered(impatient(2, { intervalSeconds: 5 })))[0]).not.toHaveProperty('remedy');
  });

  test.each([
    ['it waits for five', impatient(5)],
    ['the connection is refused', asked(third(unwell(W3, 'Target.FailedHealthChecks')), { timeoutSeconds: 2 })],
    ['the network blocks', shut(impatient(2))],
    ['all are healthy', asked(right, { timeoutSeconds: 2 })],
  ])('when %s, then nothing is said', (_case, world) => {
    expect(checkPatience(gathered(world))).toEqual([]);
  });
});

describe('Given one target of three with a reason code of DescribeTargetHealth', () => {
  const stopped = {
    instances: [anInstanceIn('a', W1), anInstanceIn('c', W2), anInstanceIn('a', W3, { state: 'stopped' })],
  };
  const twoZones = anAlb({
    zones: [
      { availabilityZone: 'ap-northeast-1c', subnetId: 'subnet-c' },
      { availabilityZone: 'ap-northeast-1d', subnetId: 'subnet-d' },
    ],
  });
  const unusedOf = (reason: string) => unwell(W3, reason, { state: 'unused' });

  test.each<readonly [string, string, World, FindingReason]>([
    ['Target.ResponseCodeMismatch', 'a code with a meaning', third(answering(W3, 404)), 'HealthCheckPathMissing'],
    ['Target.ResponseCodeMismatch', 'any other code', third(answering(W3, 418)), 'Target.ResponseCodeMismatch'],
    [
      'Target.Timeout',
      'a path that is blocked',
      {
        ...third(unwell(W3, 'Target.Timeout')),
        instances: [
          anInstanceIn('a', W1),
          anInstanceIn('c', W2),
          anInstanceIn('a', W3, { securityGroupIds: ['sg-none'] }),
        ],
        rules: { ...right.rules, 'sg-none': [] },
      },
      'IngressMissing',
    ],
    ['Target.Timeout', 'a path that passes', third(unwell(W3, 'Target.Timeout')), 'ApplicationSilent'],
    [
      'Target.Timeout',
      'a path that was not judged',
      { ...third(unwell('10.0.9.9', 'Target.Timeout')), targetGroup: { ...right.targetGroup, targetType: 'ip' } },
      'InterfaceNotFound',
    ],
    [
      'Target.FailedHealthChecks',
      'a path that passes',
      third(unwell(W3, 'Target.FailedHealthChecks')),
      'ApplicationRefuses',
    ],
    [
      'Target.FailedHealthChecks',
      'a Network balancer',
      third(unwell(W3, 'Target.FailedHealthChecks'), nlbWorld()),
      'Target.FailedHealthChecks',
    ],
    [
      'Target.FailedHealthChecks',
      'a Network balancer’s grace',
      third(unwell(W3, 'Target.FailedHealthChecks', { state: 'unhealthy.draining' }), nlbWorld()),
      'Target.FailedHealthChecks',
    ],
    [
      'Target.NotInUse',
      'a zone that is not enabled',
      {
        ...third(unusedOf('Target.NotInUse')),
        members: [healthy(W2), unusedOf('Target.NotInUse')],
        loadBalancer: twoZones,
      },
      'ZoneNotEnabled',
    ],
    ['Target.NotInUse', 'zones that are all enabled', third(unusedOf('Target.NotInUse')), 'Target.NotInUse'],
    ['Target.NotRegistered', 'anything', third(unusedOf('Target.NotRegistered')), 'Target.NotRegistered'],
    [
      'Target.InvalidState',
      'an instance that is stopped',
      { ...third(unusedOf('Target.InvalidState')), ...stopped },
      'InstanceNotRunning',
    ],
    [
      'Target.InvalidState',
      'an instance that runs again',
      third(unusedOf('Target.InvalidState')),
      'Target.InvalidState',
    ],
    ['Target.IpUnusable', 'anything', third(unusedOf('Target.IpUnusable')), 'Target.IpUnusable'],
    [
      'Target.HealthCheckDisabled',
      'anything',
      third(unwell(W3, 'Target.HealthCheckDisabled', { state: 'unavailable' })),
      'Target.HealthCheckDisabled',
    ],
    [
      'Target.DeregistrationInProgress',
      'everybody leaving',
      everybody(right, (id) => unwell(id, 'Target.DeregistrationInProgress', { state: 'draining' })),
      'Target.DeregistrationInProgress',
    ],
    [
      'Elb.RegistrationInProgress',
      'anything',
      third(unwell(W3, 'Elb.RegistrationInProgress', { state: 'initial' })),
      'Elb.RegistrationInProgress',
    ],
    [
      'Elb.InitialHealthChecking',
      'anything',
      third(unwell(W3, 'Elb.InitialHealthChecking', { state: 'initial' })),
      'Elb.InitialHealthChecking',
    ],
    ['Elb.InternalError', 'anything', third(unwell(W3, 'Elb.InternalError')), 'Elb.InternalError'],
    ['Target.GrownSince', 'a code that is not known', third(unwell(W3, 'Target.GrownSince')), 'HealthReasonUnknown'],
  ])('when it is %s with %s, then the first finding is about it', (_code, _with, world, first) => {
    expect(diagnose(gathered(world)).findings[0]?.reason).toBe(first);
  });

  test('when another check says more, then the code is not said beside it', () => {
    const worlds = [
      third(answering(W3, 404)),
      third(unwell(W3, 'Target.Timeout')),
      shut(everybody(right, (id) => unwell(id, 'Target.Timeout'))),
      { ...third(unusedOf('Target.InvalidState')), ...stopped },
    ];
    expect(worlds.flatMap((world) => checkReasonCodes(gathered(world)))).toEqual([]);
  });

  test('when one of its codes has a meaning and another has none, then AWS’s own words are said as well', () => {
    expect(checkReasonCodes(gathered(third(answering(W3, '404, 418'))))).toMatchObject([
      {
        reason: 'Target.ResponseCodeMismatch',
        evidence: { description: 'Health checks failed with these codes: [404, 418]' },
      },
    ]);
  });

  test('when it will pass by waiting, then it is information; else a warning', () => {
    const severityOf = (member: TargetHealth) => checkReasonCodes(gathered(third(member)))[0]?.severity;
    expect(severityOf(unwell(W3, 'Elb.InitialHealthChecking', { state: 'initial' }))).toBe('information');
    expect(severityOf(unwell(W3, 'Elb.InternalError'))).toBe('warning');
  });

  test('when the group could not be read, then the code alone is said', () => {
    const evidence = gathered(third(unwell(W3, 'Elb.InternalError')), { targetGroup: unreadable('denied') });
    expect(checkReasonCodes(evidence)).toEqual([
      {
        reason: 'Elb.InternalError',
        severity: 'warning',
        evidence: { port: '80', targets: 'web-3', count: '1', of: '3' },
      },
    ]);
  });
});

describe('Given the network engine’s word on each path', () => {
  test('when one rule keeps several away, then it is told once, with the rule’s places and who they are', () => {
    const evidence = gathered(shut(everybody(right, (id) => unwell(id, 'Target.Timeout'))));
    expect(checkPaths(evidence)).toEqual([
      {
        reason: 'IngressMissing',
        severity: 'warning',
        evidence: {
          securityGroup: 'sg-web',
          peer: 'sg-alb',
          protocol: 'tcp',
          port: '80',
          loadBalancer: 'web-alb',
          targets: 'web-1, web-2',
          count: '3',
          of: '3',
          targetGroup: 'web',
        },
      },
    ]);
  });

  test('when health and traffic go to two ports and both are shut, then both are told', () => {
    const evidence = gathered(shut(everybody(asked(right, { port: 9000 }), (id) => unwell(id, 'Target.Timeout'))));
    expect(checkPaths(evidence).map(({ evidence: { port } }) => port)).toEqual(['80', '9000']);
  });

  const tcpSilent = (world: World) => everybody(world, (id) => unwell(id, 'Target.FailedHealthChecks'));
  const tunnelSilent = (world: World) =>
    everybody(world, (id) => unwell(id, 'Target.FailedHealthChecks', { port: 6081 }));

  test.each([
    ['a Network balancer', tcpSilent(nlbWorld())],
    ['a Gateway balancer', tunnelSilent(gwlbWorld())],
  ])('when it is %s and its addresses are admitted, then its network passes', (_kind, world) => {
    expect(checkPaths(gathered(world))).toEqual([]);
    expect(diagnose(gathered(world)).network).toBe('passes');
  });

  test('when a Network balancer’s clients are admitted and its own addresses are not, then its check is told by them', () => {
    const { targetGroup, rules, ...rest } = nlbWorld();
    const world = tcpSilent({
      ...rest,
      rules,
      targetGroup: { ...targetGroup, healthCheck: { ...targetGroup.healthCheck, port: 9000 } },
    });
    expect(checkPaths(gathered(world))).toMatchObject([
      { reason: 'IngressMissing', evidence: { protocol: 'tcp', port: '9000', peer: '10.0.1.200/32, 10.0.2.200/32' } },
    ]);
    expect(diagnose(gathered(world)).network).toBe('blocked');
  });

  test('when an appliance may send nothing back through its tunnel, then that is told with the line that lets it', () => {
    const world = gwlbWorld();
    const shutOut = {
      ...world,
      rules: { 'sg-web': (world.rules['sg-web'] ?? []).filter((rule) => rule.direction === 'ingress') },
    };
    const [finding] = checkPaths(gathered(tunnelSilent(shutOut)));
    expect(finding).toMatchObject({ reason: 'ReturnEgressMissing', evidence: { protocol: 'udp', port: '6081' } });
    expect(finding?.remedy).toContain('aws ec2 authorize-security-group-egress --group-id sg-web');
  });

  test.each([
    [
      'a healthy target’s is judged blocked while another fails, and the alarm is about hosts',
      {
        ...third(unwell(W3, 'Target.Timeout')),
        instances: [
          anInstanceIn('a', W1, { securityGroupIds: ['sg-none'] }),
          anInstanceIn('c', W2),
          anInstanceIn('a', W3),
        ],
        rules: { ...right.rules, 'sg-none': [] },
      },
    ],
    [
      'nothing uses the group, which is asked of the group',
      {
        ...everybody(right, (id) => unwell(id, 'Target.NotInUse', { state: 'unused' })),
        targetGroup: { ...right.targetGroup, loadBalancerArns: [] },
      },
    ],
    ['every path passes', third(unwell(W3, 'Target.Timeout'))],
  ])('when %s, then nothing is said of paths', (_case, world) => {
    expect(checkPaths(gathered(world))).toEqual([]);
  });

  test('when all are healthy and the path is blocked, then it is told: it will not stay so', () => {
    expect(checkPaths(gathered(shut(right)))).toMatchObject([{ reason: 'IngressMissing', evidence: { count: '3' } }]);
  });

  test('when requests fail, then a healthy target’s blocked path is told, for its check may take another', () => {
    const world: World = {
      ...asked(right, { port: 9000 }),
      symptom: { kind: 'connection-errors' },
      rules: { ...right.rules, 'sg-web': [ingress('sg-web', 9000, 'sg-alb'), allOut('sg-web')] },
    };
    expect(checkPaths(gathered(world))).toMatchObject([
      { reason: 'IngressMissing', evidence: { port: '80', count: '3' } },
    ]);
  });
});
