import type { CodeSnippets } from './code-snippets/code-snippets.ts';
import type { DiagnosisReason } from './diagnosis/reasons.ts';

/** How much a finding matters to the people who run the site. */
export type Severity = 'information' | 'warning' | 'critical';

/** Something a person should know: a reason for machines, evidence for people, a remedy where there is one. */
export interface Finding {
  /** Closed per family; the catalogue has one sentence in each language for every reason. */
  readonly reason: FindingReason;
  readonly severity: Severity;
  /** Names and values the sentence needs, such as `securityGroup`, `port`; plain text, not yet escaped. */
  readonly evidence: Readonly<Record<string, string>>;
  /** One command line that would mend it, or show on the host what is wrong; copyable as it is. */
  readonly remedy?: string;
  /** The rules that would mend it, for whoever keeps the security group by code. */
  readonly code?: CodeSnippets;
}

/** Why an instance has no seat: what the planner, policy or AWS says. */
export type SeatingReason =
  | 'WrongVpc'
  | 'NotRunning'
  | 'WrongTargetType' // lambda and alb groups take no instances
  | 'NoPrimaryAddress' // the group wants an address the instance does not have (IPv6)
  | 'NotReady' // usher:ready still waits after a quarter of an hour; evidence.ready
  | 'GroupFull'
  | 'QuicServerIdNeeded'
  | 'LeftToItsOwner' // membership belongs to Auto Scaling, Kubernetes, ECS or CodeDeploy; evidence.owner
  | 'Withheld' // policy, scope, budget or hold; evidence.because
  | 'RefusedByAws'; // evidence.code, evidence.message

/** What tags say that can't be followed. */
export type TagReason =
  | 'PortNotAllowed' // usher:port outside the group's usher:ports
  | 'ExplicitNotAccepted' // usher:targets names a group that does not say usher:accept-explicit
  | 'ExplicitGroupUnknown'
  | 'SelectorMalformed'
  | 'SelectorNearMiss' // a tag differs from the selector by case or spaces only
  | 'SelectorMatchesNothing' // it would empty the group; evidence.targetGroup, .selector, .leaving, .of
  | 'SelectorLosesMost' // it would take more than half of the group out; the same evidence
  | 'TagMalformed'; // another usher: tag holds what it cannot; evidence.tag, evidence.value

/** What the balancer says of a target: reason codes of `DescribeTargetHealth`. */
export type HealthReason =
  | 'Target.ResponseCodeMismatch'
  | 'Target.Timeout'
  | 'Target.FailedHealthChecks'
  | 'Target.NotInUse'
  | 'Target.NotRegistered'
  | 'Target.InvalidState'
  | 'Target.IpUnusable'
  | 'Target.HealthCheckDisabled'
  | 'Target.DeregistrationInProgress'
  | 'Elb.RegistrationInProgress'
  | 'Elb.InitialHealthChecking'
  | 'Elb.InternalError'
  | 'HealthReasonUnknown'; // a code the API has grown since; evidence.code

/** Reasons a finding can have; those that stand here themselves are the network engine's. */
export type FindingReason =
  | DiagnosisReason
  | SeatingReason
  | TagReason
  | HealthReason
  | 'IngressMissing' // the target's security groups do not admit the balancer
  | 'EgressMissing' // the balancer's security groups do not let the flow out
  | 'ReturnEgressMissing' // an appliance's security groups do not let out what it sends back through the tunnel
  | 'NetworkAclDenies'
  | 'ZoneNotEnabled'
  | 'GroupNotUsed' // no listener or rule forwards to the group
  | 'InstanceNotRunning'
  | 'TargetOutsideVpc'
  | 'InterfaceNotFound' // nobody wears the address, or the instance shows no primary interface
  | 'PathUnknown' // something on the path could not be read
  | 'ClientCidrsMissing' // targets see their clients' addresses, and nobody said which
  | 'ClientCidrsMalformed' // usher:client-cidrs holds what is no CIDR block; evidence.value
  | 'ClientsNotAdmitted' // the balancer's groups do not admit its clients on a listener's port
  | 'PortUnserved' // open on the balancer, and no listener serves it
  | 'PathMtuBlocked' // ICMP about packet sizes is not admitted; evidence.message
  | 'BalancerGroupShared' // others wear the balancer's group: "only the balancer" is not reached
  | 'RuleNotWritten' // the rule that would open the path was withheld or refused; evidence.because
  | 'SecurityGroupFull';
