import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../../domain/diagnosis/diagnose.ts';
import type { Effect } from '../../../domain/diagnosis/report.ts';
import type { FindingReason, Severity } from '../../../domain/finding.ts';
import { anAlb, anOpenAcl, aTargetGroup } from '../../support/world/builders.ts';
import type { World } from './world.ts';
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
  NOW,
  nlbWorld,
  unwell,
  W1,
  W2,
  W3,
} from './world.ts';

const right = albWorld();

const allTimeOut = (world: World) => everybody(world, (id) => unwell(id, 'Target.Timeout'));
const allRefuse = (world: World) => everybody(world, (id) => unwell(id, 'Target.FailedHealthChecks'));

const withRules = (world: World, rules: World['rules']): World => ({ ...world, rules: { ...world.rules, ...rules } });

const twoWell = (third: World['members'][number]): World['members'] => [healthy(W1), healthy(W2), third];

const deny = (egress: boolean, from: number, to: number) =>
  anOpenAcl({
    networkAclId: 'acl-shut',
    entries: [
      { ruleNumber: 90, egress, action: 'deny', protocol: '6', cidr: '0.0.0.0/0', fromPort: from, toPort: to },
      ...anOpenAcl().entries,
    ],
  });

const unused = (id: string, reason: string) => unwell(id, reason, { state: 'unused' });

const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

interface Case {
  readonly broken: string;
  readonly world: World;
  readonly first: FindingReason;
  readonly severity: Severity;
  readonly effect: Effect;
  readonly evidence?: Readonly<Record<string, string>>;
}

const NONE: Effect = { kind: 'none' };
const down = (code: '502' | '503' | '504' | undefined): Effect => ({ kind: 'down', code });
const errors = (code: '502' | '503' | '504' | undefined): Effect => ({ kind: 'errors', code });

const CASES: readonly Case[] = [
  {
    broken: 'the rule that admits the balancer is gone',
    world: withRules(allTimeOut(right), { 'sg-web': [allOut('sg-web')] }),
    first: 'IngressMissing',
    severity: 'critical',
    effect: down('504'),
    evidence: { securityGroup: 'sg-web', peer: 'sg-alb', port: '80', targets: 'web-1, web-2', count: '3', of: '3' },
  },
  {
    broken: 'the rule admits another port',
    world: withRules(allTimeOut(right), { 'sg-web': [ingress('sg-web', 8080, 'sg-alb'), allOut('sg-web')] }),
    first: 'IngressMissing',
    severity: 'critical',
    effect: down('504'),
  },
  {
    broken: 'the rule admits another group',
    world: withRules(allTimeOut(right), { 'sg-web': [ingress('sg-web', 80, 'sg-old'), allOut('sg-web')] }),
    first: 'IngressMissing',
    severity: 'critical',
    effect: down('504'),
  },
  {
    broken: 'the balancer’s group lets nothing out',
    world: withRules(allTimeOut(right), { 'sg-alb': [ingress('sg-alb', 443, '0.0.0.0/0')] }),
    first: 'EgressMissing',
    severity: 'critical',
    effect: down('504'),
    evidence: { securityGroup: 'sg-alb', peer: 'sg-web', port: '80' },
  },
  {
    broken: 'one instance wears a group of its own',
    world: {
      ...withRules(right, { 'sg-own': [allOut('sg-own')] }),
      instances: [
        anInstanceIn('a', W1),
        anInstanceIn('c', W2),
        anInstanceIn('a', W3, { securityGroupIds: ['sg-own'] }),
      ],
      members: twoWell(unwell(W3, 'Target.Timeout')),
    },
    first: 'IngressMissing',
    severity: 'warning',
    effect: NONE,
    evidence: { securityGroup: 'sg-own', targets: 'web-3', count: '1', of: '3' },
  },
  {
    broken: 'the health check asks a port that no rule admits',
    world: allTimeOut(asked(right, { port: 9000 })),
    first: 'IngressMissing',
    severity: 'critical',
    effect: down('504'),
    evidence: { port: '9000' },
  },
  {
    broken: 'an ACL denies the way in',
    world: allTimeOut({ ...right, acls: { 'subnet-a': deny(false, 80, 80), 'subnet-c': deny(false, 80, 80) } }),
    first: 'NetworkAclDenies',
    severity: 'critical',
    effect: down('504'),
    evidence: { acl: 'acl-shut', entry: '90', direction: 'inbound' },
  },
  {
    broken: 'an ACL denies the way back',
    world: allTimeOut({
      ...right,
      acls: { 'subnet-a': deny(true, 1024, 65_535), 'subnet-c': deny(true, 1024, 65_535) },
    }),
    first: 'NetworkAclDenies',
    severity: 'critical',
    effect: down('504'),
    evidence: { direction: 'outbound' },
  },
  {
    broken: 'the balancer is not enabled in a zone',
    world: {
      ...right,
      loadBalancer: anAlb({
        zones: [anAlb().zones[0], { availabilityZone: 'ap-northeast-1d', subnetId: 'subnet-d' }].filter(
          (zone) => zone !== undefined,
        ),
      }),
      members: [healthy(W1), unused(W2, 'Target.NotInUse'), healthy(W3)],
    },
    first: 'ZoneNotEnabled',
    severity: 'warning',
    effect: NONE,
    evidence: { zone: 'ap-northeast-1c', targets: 'web-2' },
  },
  {
    broken: 'no listener sends to the group',
    world: {
      ...everybody(right, (id) => unused(id, 'Target.NotInUse')),
      targetGroup: aTargetGroup({ loadBalancerArns: [] }),
      listeners: [],
    },
    first: 'GroupNotUsed',
    severity: 'information',
    effect: { kind: 'unused' },
  },
  {
    broken: 'one instance is stopped',
    world: {
      ...right,
      instances: [anInstanceIn('a', W1), anInstanceIn('c', W2), anInstanceIn('a', W3, { state: 'stopped' })],
      members: twoWell(unused(W3, 'Target.InvalidState')),
    },
    first: 'InstanceNotRunning',
    severity: 'warning',
    effect: NONE,
    evidence: { state: 'stopped', targets: 'web-3' },
  },
  {
    broken: 'one instance is gone',
    world: {
      ...right,
      instances: [anInstanceIn('a', W1), anInstanceIn('c', W2)],
      members: twoWell(unused(W3, 'Target.InvalidState')),
    },
    first: 'InstanceNotRunning',
    severity: 'warning',
    effect: NONE,
    evidence: { state: 'terminated', targets: W3 },
  },
  {
    broken: 'the operating system of one has hung',
    world: {
      ...right,
      statusChecks: { [W3]: { instance: 'impaired' } },
      members: twoWell(unwell(W3, 'Target.Timeout')),
    },
    first: 'StatusCheckFailed',
    severity: 'warning',
    effect: NONE,
    evidence: { check: 'instance', targets: 'web-3' },
  },
  {
    broken: 'the host below one has failed',
    world: {
      ...right,
      statusChecks: { [W3]: { instance: 'impaired', system: 'impaired' } },
      members: twoWell(unwell(W3, 'Target.Timeout')),
    },
    first: 'StatusCheckFailed',
    severity: 'warning',
    effect: NONE,
    evidence: { check: 'both' },
  },
  {
    broken: 'nothing is registered',
    world: { ...right, members: [] },
    first: 'NoTargets',
    severity: 'critical',
    effect: down('503'),
  },
  {
    broken: 'everybody is leaving',
    world: everybody(right, (id) => unwell(id, 'Target.DeregistrationInProgress', { state: 'draining' })),
    first: 'Target.DeregistrationInProgress',
    severity: 'critical',
    effect: down('503'),
  },
  {
    broken: 'one is registered on another port',
    world: { ...right, members: twoWell(unwell(W3, 'Target.Timeout', { port: 8081 })) },
    first: 'PortDiffers',
    severity: 'warning',
    effect: NONE,
    evidence: { port: '8081', otherPort: '80' },
  },
  {
    broken: 'the health check asks a port that nobody serves',
    world: withRules(allRefuse(asked(right, { port: 9000 })), {
      'sg-web': [ingress('sg-web', 80, 'sg-alb'), ingress('sg-web', 9000, 'sg-alb'), allOut('sg-web')],
    }),
    first: 'HealthCheckPortDiffers',
    severity: 'critical',
    effect: down('502'),
    evidence: { port: '9000', targetPort: '80' },
  },
  {
    broken: 'the application sends everybody to https',
    world: everybody(right, (id) => answering(id, 301)),
    first: 'HealthCheckRedirected',
    severity: 'critical',
    effect: { kind: 'fail-open' },
    evidence: { code: '301', matcher: '200', path: '/' },
  },
  {
    broken: 'the path wants a login',
    world: everybody(right, (id) => answering(id, 401)),
    first: 'HealthCheckNeedsLogin',
    severity: 'critical',
    effect: { kind: 'fail-open' },
  },
  {
    broken: 'a release has dropped the path',
    world: everybody(right, (id) => answering(id, 404)),
    first: 'HealthCheckPathMissing',
    severity: 'critical',
    effect: { kind: 'fail-open' },
  },
  {
    broken: 'the application of one fails',
    world: { ...right, members: twoWell(answering(W3, 500)) },
    first: 'HealthCheckServerError',
    severity: 'warning',
    effect: NONE,
    evidence: { code: '500', targets: 'web-3' },
  },
  {
    broken: 'TLS is asked in plain HTTP',
    world: everybody(asked(right, {}, { protocol: 'HTTPS' }), (id) => answering(id, 400)),
    first: 'HealthCheckPlainOnTls',
    severity: 'critical',
    effect: { kind: 'fail-open' },
  },
  {
    broken: 'plain HTTP is asked by TLS',
    world: allRefuse(asked(right, { protocol: 'HTTPS' })),
    first: 'HealthCheckTlsOnPlain',
    severity: 'critical',
    effect: down('502'),
  },
  {
    broken: 'nginx of one is not running',
    world: { ...right, members: twoWell(unwell(W3, 'Target.FailedHealthChecks')) },
    first: 'ApplicationRefuses',
    severity: 'warning',
    effect: NONE,
    evidence: { port: '80', code: 'Target.FailedHealthChecks', targets: 'web-3', count: '1', of: '3' },
  },
  {
    broken: 'the application of all hangs',
    world: allTimeOut(right),
    first: 'ApplicationSilent',
    severity: 'critical',
    effect: down('504'),
    evidence: { timeoutSeconds: '5' },
  },
  {
    broken: 'the check waits for two seconds only',
    world: allTimeOut(asked(right, { timeoutSeconds: 2 })),
    first: 'HealthCheckTimeoutShort',
    severity: 'critical',
    effect: down('504'),
    evidence: { timeoutSeconds: '2' },
  },
  {
    broken: 'one was launched a minute ago',
    world: {
      ...right,
      instances: [anInstanceIn('a', W1), anInstanceIn('c', W2), anInstanceIn('a', W3, { launchedAt: secondsAgo(60) })],
      members: twoWell(unwell(W3, 'Target.FailedHealthChecks')),
    },
    first: 'WarmingUp',
    severity: 'warning',
    effect: NONE,
    evidence: { seconds: '60', targets: 'web-3' },
  },
  {
    broken: 'a refresh is replacing instances',
    world: {
      ...right,
      members: twoWell(unwell(W3, 'Target.FailedHealthChecks')),
      deploys: [{ kind: 'instance-refresh', name: 'web-asg', since: secondsAgo(90) }],
    },
    first: 'DeployInProgress',
    severity: 'warning',
    effect: NONE,
    evidence: { deploy: 'instance-refresh', name: 'web-asg', seconds: '90' },
  },
  {
    broken: 'the new image does not start its server',
    world: {
      ...right,
      instances: [anInstanceIn('a', W1), anInstanceIn('c', W2), anInstanceIn('a', W3, { imageId: 'ami-2' })],
      members: twoWell(unwell(W3, 'Target.FailedHealthChecks')),
    },
    first: 'ImagesDiffer',
    severity: 'warning',
    effect: NONE,
    evidence: { image: 'ami-2', otherImage: 'ami-1' },
  },
  {
    broken: 'an application closes idle connections before the balancer does',
    world: { ...right, symptom: { kind: 'balancer-error', code: '502' } },
    first: 'TargetClosedConnection',
    severity: 'warning',
    effect: errors('502'),
    evidence: { idleTimeoutSeconds: '60' },
  },
  {
    broken: 'an application answers later than the balancer waits',
    world: { ...right, symptom: { kind: 'balancer-error', code: '504' } },
    first: 'ApplicationSlow',
    severity: 'warning',
    effect: errors('504'),
    evidence: { code: '504', idleTimeoutSeconds: '60' },
  },
  {
    broken: 'requests take a port that is shut, health checks one that is open',
    world: withRules(
      { ...asked(right, { port: 9000 }), symptom: { kind: 'balancer-error', code: '504' } },
      { 'sg-web': [ingress('sg-web', 9000, 'sg-alb'), allOut('sg-web')] },
    ),
    first: 'IngressMissing',
    severity: 'warning',
    effect: errors('504'),
    evidence: { port: '80' },
  },
  {
    broken: 'targets answer with errors of their own',
    world: { ...right, symptom: { kind: 'target-error' } },
    first: 'ApplicationErrors',
    severity: 'warning',
    effect: errors(undefined),
  },
  {
    broken: 'a zone that stands alone has nobody',
    world: {
      ...right,
      symptom: { kind: 'balancer-error', code: '503' },
      members: [healthy(W1), healthy(W3)],
      attributes: { ...right.attributes, crossZone: false },
    },
    first: 'ZoneWithoutTargets',
    severity: 'warning',
    effect: { kind: 'partly', zones: ['ap-northeast-1c'] },
    evidence: { zones: 'ap-northeast-1c' },
  },
  {
    broken: 'a Network balancer’s targets fail, and its network passes',
    world: everybody(nlbWorld(), (id) => unwell(id, 'Target.FailedHealthChecks')),
    first: 'Target.FailedHealthChecks',
    severity: 'critical',
    effect: { kind: 'fail-open' },
  },
  {
    broken: 'a Network balancer asks by TLS, and its targets speak 1.3 only',
    world: everybody(asked(nlbWorld(), { protocol: 'HTTPS' }, { protocol: 'TLS', port: 443 }), (id) =>
      unwell(id, 'Target.FailedHealthChecks', { port: 443 }),
    ),
    first: 'TlsTooNew',
    severity: 'critical',
    effect: { kind: 'fail-open' },
  },
  {
    broken: 'a Network balancer sends a target to itself',
    world: nlbWorld({ symptom: { kind: 'connection-errors' } }),
    first: 'HairpinWithPreservedAddresses',
    severity: 'warning',
    effect: errors(undefined),
  },
  {
    broken: 'an appliance drops what is not its own',
    world: gwlbWorld({
      members: [healthy(W1, 6081), unwell(W2, 'Target.FailedHealthChecks', { port: 6081 })],
      unchecked: [W1],
    }),
    first: 'SourceDestinationCheckOn',
    severity: 'warning',
    effect: NONE,
    evidence: { targets: 'web-2' },
  },
  {
    broken: 'a Classic balancer is not admitted to its health port',
    world: withRules(
      everybody(classicWorld(), (id) => unwell(id, 'Target.FailedHealthChecks', { port: undefined })),
      { 'sg-web': [...[8080, 2525].map((port) => ingress('sg-web', port, 'sg-elb')), allOut('sg-web')] },
    ),
    first: 'IngressMissing',
    severity: 'critical',
    effect: down('503'),
    evidence: { port: '9000' },
  },
];

describe('Given a whole world in which one thing is broken', () => {
  test.each(CASES)('when $broken, then that is the first finding', ({ world, first, severity, effect, evidence }) => {
    const { findings, ...told } = diagnose(gathered(world));
    expect(findings[0]?.reason).toBe(first);
    expect(findings[0]?.evidence).toMatchObject(evidence ?? {});
    expect({ severity: told.severity, effect: told.effect }).toEqual({ severity, effect });
  });

  test('when they are counted, then there are at least thirty of them', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(30);
  });
});

describe('Given a world in which everything is right', () => {
  test.each([
    ['an Application balancer', albWorld()],
    [
      'one whose zones stand alone, each with targets',
      albWorld({ attributes: { ...right.attributes, crossZone: false } }),
    ],
    [
      'one whose check asks a port of its own',
      withRules(asked(right, { port: 9000 }), {
        'sg-web': [...[80, 9000].map((port) => ingress('sg-web', port, 'sg-alb')), allOut('sg-web')],
      }),
    ],
    [
      'one whose targets run several images',
      albWorld({
        instances: [anInstanceIn('a', W1), anInstanceIn('c', W2, { imageId: 'ami-2' }), anInstanceIn('a', W3)],
      }),
    ],
    [
      'one whose target was launched just now',
      albWorld({
        instances: [
          anInstanceIn('a', W1, { launchedAt: secondsAgo(30) }),
          anInstanceIn('c', W2),
          anInstanceIn('a', W3),
        ],
      }),
    ],
    [
      'one in the midst of a refresh',
      albWorld({ deploys: [{ kind: 'instance-refresh', name: 'web-asg', since: secondsAgo(60) }] }),
    ],
    [
      'one with a target that is leaving',
      albWorld({
        members: [...albWorld().members.slice(1), unwell(W1, 'Target.DeregistrationInProgress', { state: 'draining' })],
      }),
    ],
    ['a Network balancer', nlbWorld()],
    ['a Gateway balancer', gwlbWorld()],
    ['a Classic balancer', classicWorld()],
  ])('when %s is diagnosed, then nothing is found, and nobody notices anything', (_kind, world) => {
    expect(diagnose(gathered(world))).toMatchObject({
      findings: [],
      effect: { kind: 'none' },
      severity: 'information',
    });
  });
});
