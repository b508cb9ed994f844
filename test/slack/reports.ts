import type { Finding, FindingReason } from '../../domain/finding.ts';
import type { Report, ReportBody, TargetsNotInService } from '../../domain/report.ts';

/** Sun 22 Nov 2026, 14:02 in Tokyo. */
const AT = '2026-11-22T05:02:00Z';

export const reportOf = (body: ReportBody, severity: Report['severity'] = 'warning'): Report => ({
  key: 'seat|web-prod|i-0a1b2c3d4e5f67890:80|1',
  matter: 'web-prod',
  destination: 'default',
  severity,
  at: AT,
  stage: 'prod',
  region: 'ap-northeast-1',
  account: '123456789012',
  body,
});

const WEB_PROD = {
  name: 'web-prod',
  id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web-prod/0a1',
};

export const WEB_3 = {
  name: 'web-3',
  instanceId: 'i-0a1b2c3d4e5f67890',
  port: 80,
  availabilityZone: 'ap-northeast-1a',
} as const;

const RULE_ADDED = {
  kind: 'rule-added',
  securityGroup: { name: 'sg-web', id: 'sg-0aa11bb22cc33dd44' },
  direction: 'ingress',
  protocol: 'tcp',
  port: 80,
  peer: { name: 'sg-alb', id: 'sg-0ee55ff66aa77bb88' },
  ruleId: 'sgr-0123456789abcdef0',
} as const;

const REGISTERED = { kind: 'target-registered', port: 80, count: 1 } as const;

/** Message A of the drafts: launched, registered, healthy. */
export const IN_SERVICE = reportOf(
  {
    kind: 'targets-in-service',
    targetGroup: WEB_PROD,
    targets: [{ ...WEB_3, healthyAfterSeconds: 23 }],
    health: {
      healthy: 3,
      total: 3,
      zones: [
        { name: 'ap-northeast-1a', healthy: 2 },
        { name: 'ap-northeast-1c', healthy: 1 },
      ],
      names: ['web-1', 'web-2'],
    },
    changes: [RULE_ADDED, REGISTERED],
    findings: [],
    recovered: false,
    launchedBy: 'web-asg',
  },
  'information',
);

export const notInService = (change: Partial<TargetsNotInService> = {}): TargetsNotInService => ({
  kind: 'targets-not-in-service',
  targetGroup: WEB_PROD,
  targets: [
    {
      ...WEB_3,
      state: 'unhealthy',
      reason: 'Target.FailedHealthChecks',
      description: 'Health checks failed',
      sinceSeconds: 120,
    },
  ],
  health: {
    healthy: 2,
    total: 3,
    zones: [
      { name: 'ap-northeast-1a', healthy: 1 },
      { name: 'ap-northeast-1c', healthy: 1 },
    ],
    names: ['web-1', 'web-2'],
  },
  network: 'passes',
  findings: [
    {
      reason: 'Target.FailedHealthChecks',
      severity: 'warning',
      evidence: { port: '80' },
      remedy: "sudo ss -ltnp 'sport = :80'",
    },
  ],
  changes: [REGISTERED, RULE_ADDED],
  looksAgainEverySeconds: 60,
  ...change,
});

/** Message B of the drafts: registered, unhealthy, with the cause. */
export const NOT_IN_SERVICE = reportOf(notInService());

export const notRegistered = (findings: readonly Finding[], severity: Report['severity'] = 'warning'): Report =>
  reportOf({ kind: 'targets-not-registered', targetGroup: WEB_PROD, targets: [{ ...WEB_3, findings }] }, severity);

export const configuration = (findings: readonly Finding[]): Report =>
  reportOf({ kind: 'configuration-findings', subject: { ...WEB_PROD, type: 'target-group' }, findings });

const PATH = {
  securityGroup: 'sg-0aa11bb22cc33dd44',
  securityGroupName: 'sg-web',
  peer: 'sg-0ee55ff66aa77bb88',
  peerName: 'sg-alb',
  protocol: 'tcp',
  port: '8080',
  target: '10.0.1.5',
  loadBalancer: 'web-alb',
};

/** Whom a check of a diagnosis is about. */
const WHO = { targets: 'web-1, web-2', count: '5', of: '7' } as const;

const ANSWERED = { port: '8080', path: '/health', matcher: '200', ...WHO } as const;

/** Evidence as the engine, the planner, the watch and the checks of a diagnosis give it, for every reason. */
export const EVIDENCE: Readonly<Record<FindingReason, Readonly<Record<string, string>>>> = {
  IngressMissing: PATH,
  EgressMissing: PATH,
  NetworkAclDenies: {
    hop: 'acl-target-in',
    acl: 'acl-0123456789abcdef0',
    entry: '100',
    direction: 'inbound',
    protocol: 'tcp',
    port: '8080',
    peer: '10.0.0.0/24',
    subnet: 'subnet-0123456789abcdef0',
    target: '10.0.1.5',
  },
  ZoneNotEnabled: {
    zone: 'ap-northeast-1d',
    loadBalancer: 'web-alb',
    enabledZones: 'ap-northeast-1a, ap-northeast-1c',
  },
  GroupNotUsed: { targetGroup: 'web-blue' },
  InstanceNotRunning: { instance: 'i-0123456789abcdef0', state: 'stopping' },
  TargetOutsideVpc: { target: '192.168.7.9', vpc: 'vpc-0123456789abcdef0' },
  InterfaceNotFound: { target: '10.0.9.9' },
  PathUnknown: {
    hop: 'target-ingress',
    because: 'SecurityGroupUnread',
    unread: 'sg-0badbadbadbadbad0',
    why: 'UnauthorizedOperation',
    ...PATH,
  },
  ReturnEgressMissing: { ...PATH, peer: '10.0.3.7/32, 10.0.4.9/32', protocol: 'udp', port: '6081' },
  ClientCidrsMissing: { targetGroup: 'game', tag: 'usher:client-cidrs', protocol: 'udp', port: '7777' },
  ClientCidrsMalformed: { targetGroup: 'game', tag: 'usher:client-cidrs', value: '203.0.113.0/24, 2001:db8::' },
  ClientsNotAdmitted: { ...PATH, peer: '0.0.0.0/0' },
  PortUnserved: { ...PATH, peer: '0.0.0.0/0' },
  PathMtuBlocked: { ...PATH, message: 'ICMP type 3 code 4' },
  BalancerGroupShared: PATH,
  RuleNotWritten: { ...PATH, because: 'ReportOnly' },
  SecurityGroupFull: PATH,
  WrongVpc: { instanceVpc: 'vpc-0123456789abcdef0', groupVpc: 'vpc-0fedcba9876543210' },
  NotRunning: { state: 'stopped' },
  WrongTargetType: { targetType: 'lambda' },
  NoPrimaryAddress: { family: 'ipv6' },
  GroupFull: { limit: '1000' },
  QuicServerIdNeeded: { protocol: 'TCP_QUIC' },
  PortNotAllowed: { port: '9000', admitted: '80 8080-8090' },
  ExplicitNotAccepted: { targetGroup: 'web-admin' },
  ExplicitGroupUnknown: { targetGroup: 'web-admni' },
  SelectorMalformed: { tag: 'usher:selector:2', value: 'Role==web' },
  SelectorNearMiss: { targetGroup: 'web-blue', selector: 'Role=web Env=prod' },
  SelectorMatchesNothing: { targetGroup: 'web-blue', selector: 'Role=wbe', leaving: '4', of: '4' },
  SelectorLosesMost: { targetGroup: 'web-blue', selector: 'Role=web Env=prod', leaving: '3', of: '4' },
  TagMalformed: { tag: 'usher:ports', value: '80-oops' },
  NotReady: { ready: 'status-checks' },
  LeftToItsOwner: { owner: 'Auto Scaling group web-asg' },
  Withheld: { because: 'OutsideVpcs' },
  RefusedByAws: { code: 'InvalidTarget', message: 'The target is not in the VPC of the target group' },
  'Target.ResponseCodeMismatch': { description: 'Health checks failed with these codes: [502]' },
  'Target.Timeout': { port: '8081' },
  'Target.FailedHealthChecks': { port: '8081' },
  'Target.NotInUse': { targetGroup: 'web-blue' },
  'Target.NotRegistered': { targetGroup: 'web-blue' },
  'Target.InvalidState': { description: 'Target is in the stopped state' },
  'Target.IpUnusable': { description: 'The IP address belongs to a balancer' },
  'Target.HealthCheckDisabled': { targetGroup: 'web-blue' },
  'Target.DeregistrationInProgress': { targetGroup: 'web-blue' },
  'Elb.RegistrationInProgress': { description: 'Target registration is in progress' },
  'Elb.InitialHealthChecking': { description: 'Initial health checks in progress' },
  'Elb.InternalError': { description: 'Internal error' },
  HealthReasonUnknown: { code: 'Target.NewReason' },
  SubjectGone: {
    subject: 'target-group',
    id: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0a1',
  },
  WatchesElsewhere: { account: '210987654321', region: 'eu-west-1' },
  TooFewHealthy: { healthy: '2', needed: '3', of: '2', targetGroup: 'web-blue' },
  CouldNotLook: { what: 'listeners', why: 'AccessDenied' },
  NoTargets: { targetGroup: 'web-blue' },
  StatusCheckFailed: { check: 'system', ...WHO },
  WarmingUp: { seconds: '90', ...WHO },
  ImagesDiffer: { image: 'ami-0123456789abcdef0', otherImage: 'ami-0fedcba9876543210', ...WHO },
  AllHealthyInOneZone: { zone: 'ap-northeast-1a', healthy: '2' },
  ZoneWithoutTargets: { zones: 'ap-northeast-1a, ap-northeast-1c', loadBalancer: 'web-alb' },
  FailOpen: WHO,
  DeployInProgress: { deploy: 'instance-refresh', name: 'web-asg', seconds: '240' },
  PortDiffers: { port: '8080', otherPort: '80', ...WHO },
  HealthCheckPortDiffers: { port: '8081', targetPort: '80', ...WHO },
  HealthCheckRedirected: { ...ANSWERED, code: '301' },
  HealthCheckNeedsLogin: { ...ANSWERED, code: '401' },
  HealthCheckPathMissing: { ...ANSWERED, code: '404' },
  HealthCheckServerError: { ...ANSWERED, code: '500' },
  HealthCheckPlainOnTls: { ...ANSWERED, code: '400', port: '443' },
  HealthCheckTlsOnPlain: { port: '80', path: '/health', ...WHO },
  HealthCheckTimeoutShort: { timeoutSeconds: '2', port: '8080', ...WHO },
  TlsTooNew: { port: '443', path: '/health', ...WHO },
  ApplicationRefuses: { port: '8080', code: 'Target.FailedHealthChecks', ...WHO },
  ApplicationSilent: { port: '8080', code: 'Target.Timeout', timeoutSeconds: '5', ...WHO },
  SourceDestinationCheckOff: WHO,
  SourceDestinationCheckOn: WHO,
  ApplianceMtuTooSmall: { instanceType: 'c1.xlarge, m1.small', ...WHO },
  ApplianceMtuUnseen: WHO,
  HairpinWithPreservedAddresses: { loadBalancer: 'game-nlb' },
  NoHealthyTarget: { code: '503', ...WHO },
  TargetUnreachable: { code: '504', ...WHO },
  TargetClosedConnection: { code: '502', idleTimeoutSeconds: '60' },
  ApplicationSlow: { code: '504', idleTimeoutSeconds: '60' },
  ApplicationErrors: {},
};
