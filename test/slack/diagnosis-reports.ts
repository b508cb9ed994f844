import type { AlarmExplained, AlarmRecovered, ChangeTold, ToldChange } from '../../domain/diagnosis/report.ts';
import type { Report, ReportBody } from '../../domain/report.ts';
import { EVIDENCE, reportOf, WEB_3 } from './reports.ts';

const GROUP = {
  name: 'web-prod',
  id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web-prod/0a1',
};
const SG_WEB = { name: 'sg-web', id: 'sg-0aa11bb22cc33dd44' };
const SG_ALB = { name: 'sg-alb', id: 'sg-0ee55ff66aa77bb88' };

/** Sun 22 Nov 2026, 14:02 in Tokyo is when these reports are made. */
const SINCE = '2026-11-22T04:59:00Z';

const WHO = { targets: 'web-1, web-2', count: '2', of: '2', targetGroup: GROUP.name };
const RULE_MISSING = {
  reason: 'IngressMissing',
  severity: 'critical',
  evidence: {
    securityGroup: SG_WEB.id,
    securityGroupName: SG_WEB.name,
    peer: SG_ALB.id,
    peerName: SG_ALB.name,
    protocol: 'tcp',
    port: '80',
    ...WHO,
  },
} as const;
const FAIL_OPEN = { reason: 'FailOpen', severity: 'information', evidence: WHO } as const;

const unwell = (name: string, instanceId: string) =>
  ({ ...WEB_3, name, instanceId, state: 'unhealthy', reason: 'Target.Timeout' }) as const;

const WEB_1 = unwell('web-1', 'i-0a1b2c3d4e5f67891');
const WEB_2 = unwell('web-2', 'i-0a1b2c3d4e5f67892');

const REMOVED: ToldChange = {
  what: 'RevokeSecurityGroupIngress',
  subject: SG_WEB,
  by: 'suzuki',
  via: 'console',
  at: '2026-11-22T04:58:00Z',
  isOurs: false,
};
const ADDED: ToldChange = {
  what: 'AuthorizeSecurityGroupIngress',
  subject: SG_WEB,
  by: undefined,
  via: undefined,
  at: '2026-11-22T05:01:00Z',
  isOurs: true,
};

const NONE_HEALTHY = { healthy: 0, total: 2, zones: [{ name: 'ap-northeast-1a', healthy: 0 }] };
const TWO_OF_THREE = {
  healthy: 2,
  total: 3,
  zones: [
    { name: 'ap-northeast-1a', healthy: 1 },
    { name: 'ap-northeast-1c', healthy: 1 },
  ],
  names: ['web-1', 'web-2'],
};
const ALL_HEALTHY = { healthy: 3, total: 3 };

/** Message D of the drafts: all down, with the rule that is missing. */
export const explained = (change: Partial<AlarmExplained> = {}): AlarmExplained => ({
  kind: 'alarm-explained',
  alarm: 'web-prod-unhealthy',
  symptom: { kind: 'unhealthy-hosts' },
  site: 'www.example.co.jp',
  targetGroup: GROUP,
  loadBalancer: {
    name: 'web-alb',
    id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/1',
  },
  targets: [WEB_1, WEB_2],
  health: NONE_HEALTHY,
  since: SINCE,
  effect: { kind: 'down', code: '504' },
  findings: [RULE_MISSING, FAIL_OPEN],
  network: 'blocked',
  changes: [],
  deploy: undefined,
  fix: [{ securityGroup: SG_WEB, direction: 'ingress', peer: SG_ALB, protocol: 'tcp', port: 80 }],
  awaitsTrail: true,
  timesRaised: 1,
  ...change,
});

const finding = (reason: keyof typeof EVIDENCE, evidence: Readonly<Record<string, string>> = EVIDENCE[reason]) =>
  ({ reason, severity: 'warning', evidence }) as const;

const well = (change: Partial<AlarmExplained>): AlarmExplained =>
  explained({
    health: ALL_HEALTHY,
    targets: [],
    findings: [],
    network: 'passes',
    fix: [],
    awaitsTrail: false,
    ...change,
  });

export const recovered = (change: Partial<AlarmRecovered> = {}): AlarmRecovered => ({
  kind: 'alarm-recovered',
  alarm: 'web-prod-unhealthy',
  targetGroup: GROUP,
  health: { healthy: 2, total: 2 },
  downSeconds: 420,
  wasDown: false,
  alarmsGone: [],
  timesRaised: 1,
  changes: [REMOVED, ADDED],
  ...change,
});

export const changeTold = (changes: readonly ToldChange[] = [REMOVED]): ChangeTold => ({
  kind: 'change-told',
  alarm: 'web-prod-unhealthy',
  changes,
});

const FIX = { verb: 'approve', planId: 'plan-fix', object: { kind: 'missing-rule', count: 1 } } as const;
const MUTE = { verb: 'mute', planId: 'plan-mute', object: { kind: 'matter', seconds: 3_600 } } as const;

const withButtons = (body: ReportBody, severity: Report['severity'], ...buttons: NonNullable<Report['buttons']>) => ({
  ...reportOf(body, severity),
  buttons,
});

const ONE_OF_THREE_DOWN = explained({
  effect: { kind: 'none' },
  health: TWO_OF_THREE,
  targets: [{ ...WEB_3, state: 'unhealthy', reason: 'Target.FailedHealthChecks' }],
  network: 'passes',
  findings: [
    {
      reason: 'ApplicationRefuses',
      severity: 'warning',
      evidence: { port: '80', code: 'Target.FailedHealthChecks', targets: 'web-3', count: '1', of: '3' },
      remedy: "sudo ss -ltnp 'sport = :80'",
    },
    finding('DeployInProgress'),
  ],
  fix: [],
  deploy: { kind: 'instance-refresh', name: 'web-asg', since: '2026-11-22T04:55:00Z' },
  changes: [REMOVED],
  awaitsTrail: false,
});

/** One report for every effect, symptom and circumstance that has words of its own. */
export const DIAGNOSES: Readonly<Record<string, Report>> = {
  'down, 504, a rule is missing': withButtons(explained(), 'critical', FIX, MUTE),
  'down, 504, and the rule was there': withButtons(
    explained({ existed: { ruleId: 'sgr-0ab1', at: '2026-11-22T04:47:00Z' } }),
    'critical',
    FIX,
    MUTE,
  ),
  'down, 502': reportOf(
    explained({
      effect: { kind: 'down', code: '502' },
      network: 'passes',
      findings: [finding('ApplicationRefuses')],
      fix: [],
    }),
    'critical',
  ),
  'down, 503, nobody registered': reportOf(
    explained({
      effect: { kind: 'down', code: '503' },
      targets: [],
      health: { healthy: 0, total: 0 },
      network: 'unknown',
      findings: [finding('NoTargets', { targetGroup: 'web-prod' })],
      fix: [],
    }),
    'critical',
  ),
  'down, without a code': reportOf(
    explained({ effect: { kind: 'down', code: undefined }, health: undefined, findings: [FAIL_OPEN], fix: [] }),
    'critical',
  ),
  'down again, with two rules missing, and who removed them': withButtons(
    explained({
      timesRaised: 3,
      changes: [
        REMOVED,
        { ...REMOVED, by: 'ci', via: 'terraform', what: 'SetSubnets', subject: { name: 'web-alb', id: 'x' } },
      ],
      fix: [
        { securityGroup: SG_WEB, direction: 'ingress', peer: SG_ALB, protocol: 'tcp', port: 80 },
        { securityGroup: SG_ALB, direction: 'egress', peer: SG_WEB, protocol: 'tcp', port: 80 },
      ],
    }),
    'critical',
    { ...FIX, object: { kind: 'missing-rule', count: 2 } },
    MUTE,
  ),
  'a rule is missing that may not be added': reportOf(explained({ fix: [], awaitsTrail: false }), 'critical'),
  'fail-open': reportOf(
    explained({
      effect: { kind: 'fail-open' },
      network: 'passes',
      findings: [finding('HealthCheckPathMissing'), FAIL_OPEN],
      fix: [],
    }),
    'critical',
  ),
  'partly down': reportOf(
    explained({
      effect: { kind: 'partly', zones: ['ap-northeast-1c'] },
      health: { healthy: 2, total: 3 },
      targets: [WEB_2],
      network: 'passes',
      findings: [finding('StatusCheckFailed'), finding('ZoneWithoutTargets'), finding('AllHealthyInOneZone')],
      fix: [],
    }),
  ),
  'one of three': withButtons(ONE_OF_THREE_DOWN, 'warning', MUTE),
  'four of seven': reportOf(
    explained({
      effect: { kind: 'none' },
      health: { healthy: 3, total: 7 },
      targets: [WEB_1, WEB_2],
      timesRaised: 2,
      findings: [finding('ImagesDiffer')],
      network: 'unknown',
      fix: [],
    }),
  ),
  'some 502': reportOf(
    well({
      effect: { kind: 'errors', code: '502' },
      symptom: { kind: 'balancer-error', code: '502' },
      findings: [finding('TargetClosedConnection')],
    }),
  ),
  'some 503': reportOf(
    well({
      effect: { kind: 'errors', code: '503' },
      symptom: { kind: 'balancer-error', code: '503' },
    }),
  ),
  'some 504': reportOf(
    well({
      effect: { kind: 'errors', code: '504' },
      symptom: { kind: 'balancer-error', code: '504' },
      findings: [finding('ApplicationSlow')],
    }),
  ),
  'errors of the application’s': reportOf(
    well({
      effect: { kind: 'errors', code: undefined },
      symptom: { kind: 'target-error' },
      findings: [finding('ApplicationErrors')],
      deploy: { kind: 'codedeploy', name: 'd-0A1B2C3D4', since: '2026-11-22T04:55:00Z' },
    }),
  ),
  'errors of the balancer’s': reportOf(
    well({ effect: { kind: 'errors', code: undefined }, symptom: { kind: 'balancer-error', code: 'other' } }),
  ),
  'connections that fail': reportOf(
    well({
      effect: { kind: 'errors', code: undefined },
      symptom: { kind: 'connection-errors' },
      findings: [finding('HairpinWithPreservedAddresses')],
    }),
  ),
  slow: reportOf(
    well({
      effect: { kind: 'slow' },
      symptom: { kind: 'slow' },
      findings: [finding('ApplicationSlow', { idleTimeoutSeconds: '60' }), finding('WarmingUp')],
      deploy: { kind: 'registration', name: 'web-3', since: '2026-11-21T04:55:00Z' },
    }),
  ),
  unused: reportOf(
    explained({
      effect: { kind: 'unused' },
      network: 'blocked',
      findings: [finding('GroupNotUsed', { targetGroup: 'web-prod' })],
      fix: [],
      awaitsTrail: false,
    }),
    'information',
  ),
  'what could not be read': reportOf(
    explained({
      effect: { kind: 'unknown' },
      site: undefined,
      targets: [],
      health: undefined,
      network: 'unknown',
      findings: [finding('CouldNotLook')],
      fix: [],
      awaitsTrail: false,
    }),
  ),
  'what is gone': reportOf(
    explained({
      effect: { kind: 'unknown' },
      site: undefined,
      targets: [],
      health: undefined,
      network: 'unknown',
      findings: [finding('SubjectGone')],
      fix: [],
      awaitsTrail: false,
    }),
  ),
  'nothing known at all': reportOf(
    explained({
      effect: { kind: 'unknown' },
      site: undefined,
      targetGroup: undefined,
      loadBalancer: undefined,
      targets: [],
      health: undefined,
      network: 'unknown',
      findings: [],
      fix: [],
      awaitsTrail: false,
    }),
  ),
  'another metric, all well': reportOf(
    well({ effect: { kind: 'none' }, symptom: { kind: 'other', metric: 'ProcessedBytes' } }),
    'information',
  ),
  'a query, with something found': reportOf(
    well({
      effect: { kind: 'none' },
      symptom: { kind: 'other', metric: undefined },
      health: TWO_OF_THREE,
      targets: [{ ...WEB_3, state: 'unhealthy', reason: 'Target.Timeout' }],
      findings: [
        finding('ApplicationSilent', { port: '80', code: 'Target.Timeout', timeoutSeconds: '5', targets: 'web-3' }),
      ],
    }),
  ),
  'all well by now': reportOf(well({ effect: { kind: 'none' }, since: '2026-11-20T04:59:00Z' }), 'information'),
  'who changed it': reportOf(changeTold(), 'information'),
  'who changed it, three changes': reportOf(
    changeTold([
      REMOVED,
      { ...REMOVED, what: 'PutSomethingNew', by: undefined, via: 'chatbot' },
      { ...REMOVED, what: 'StopInstances', via: undefined, at: '2026-11-21T01:00:00Z' },
    ]),
    'information',
  ),
  'nobody changed it': reportOf(changeTold([]), 'information'),
  'back to normal': reportOf(recovered(), 'information'),
  'back, and nobody was served in between': reportOf(recovered({ wasDown: true, changes: [] }), 'information'),
  'its alarm is gone, not all well': reportOf(
    recovered({ health: { healthy: 1, total: 2 }, alarmsGone: ['web-prod-unhealthy'], changes: [] }),
    'information',
  ),
  'its alarms are gone, all well': reportOf(
    recovered({ alarmsGone: ['web-prod-unhealthy', 'web-prod-too-few'], changes: [] }),
    'information',
  ),
  'over, not all well, after coming and going': reportOf(
    recovered({ health: { healthy: 1, total: 2 }, timesRaised: 3, downSeconds: 5_400, changes: [] }),
    'information',
  ),
  'over, health not read': reportOf(
    recovered({ health: undefined, targetGroup: undefined, changes: [] }),
    'information',
  ),
};
