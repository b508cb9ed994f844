import { compareText } from '../difference.ts';
import type { Finding, FindingReason } from '../finding.ts';

/**
 * Which cause comes first: what nothing else can mend before what it explains. What is sure comes before what is likely, what
 * asks the application before what the balancer says of it, and what is only worth knowing last.
 */
const ORDER: readonly FindingReason[] = [
  // nobody is there, or nobody sends
  'WatchesElsewhere',
  'SubjectGone',
  'NoTargets',
  'GroupNotUsed',
  // the instance
  'InstanceNotRunning',
  'StatusCheckFailed',
  // on the wrong door, which the way there need not lead to
  'PortDiffers',
  // the way
  'ZoneNotEnabled',
  'IngressMissing',
  'EgressMissing',
  'ReturnEgressMissing',
  'NetworkAclDenies',
  'RuleNotWritten',
  'SecurityGroupFull',
  'InterfaceNotFound',
  'SourceDestinationCheckOn',
  // what the check asks, and what it is answered
  'HealthCheckPortDiffers',
  'HealthCheckTlsOnPlain',
  'HealthCheckPlainOnTls',
  'HealthCheckRedirected',
  'HealthCheckNeedsLogin',
  'HealthCheckPathMissing',
  'HealthCheckServerError',
  'Target.ResponseCodeMismatch',
  'TlsTooNew',
  // it will pass, or was brought about
  'Target.DeregistrationInProgress',
  'WarmingUp',
  'Elb.RegistrationInProgress',
  'Elb.InitialHealthChecking',
  'DeployInProgress',
  'ImagesDiffer',
  'SourceDestinationCheckOff',
  // the application
  'HealthCheckTimeoutShort',
  'ApplicationRefuses',
  'ApplicationSilent',
  // what the balancer says, and no more is known
  'Target.IpUnusable',
  'Target.NotInUse',
  'Target.InvalidState',
  'Target.NotRegistered',
  'Target.HealthCheckDisabled',
  'Target.FailedHealthChecks',
  'Target.Timeout',
  'Elb.InternalError',
  'HealthReasonUnknown',
  // requests that fail though targets are well
  'TargetUnreachable',
  'TargetClosedConnection',
  'ZoneWithoutTargets',
  'HairpinWithPreservedAddresses',
  'ApplianceMtuTooSmall',
  'ApplicationSlow',
  'ApplicationErrors',
  'NoHealthyTarget',
  'TooFewHealthy',
  // could not be told
  'CouldNotLook',
  'TargetOutsideVpc',
  'ClientCidrsMalformed',
  'ClientCidrsMissing',
  'PathUnknown',
  // worth knowing
  'FailOpen',
  'AllHealthyInOneZone',
  'ClientsNotAdmitted',
  'BalancerGroupShared',
  'PortUnserved',
  'PathMtuBlocked',
  'ApplianceMtuUnseen',
];

const RANK = new Map<FindingReason, number>(ORDER.map((reason, rank) => [reason, rank]));

const rankOf = ({ reason }: Finding): number => RANK.get(reason) ?? ORDER.length;

const keyOf = ({ reason, evidence }: Finding): string => JSON.stringify([reason, Object.entries(evidence).sort()]);

/** How many it concerns; what concerns more comes first among equals. */
const countOf = ({ evidence }: Finding): number => Number(evidence['count'] ?? 0);

/** Each finding once, the likeliest cause first; the same findings in any order give the same list. */
export const ranked = (findings: readonly Finding[]): readonly Finding[] =>
  [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()].sort(
    (a, b) => rankOf(a) - rankOf(b) || countOf(b) - countOf(a) || compareText(keyOf(a), keyOf(b)),
  );
