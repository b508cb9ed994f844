import type { Finding, FindingReason } from '../../domain/finding.ts';
import type { WithheldBecause as NotWrittenBecause } from '../../domain/network/choice.ts';
import type { HopName } from '../../domain/network/model.ts';
import type { WithheldBecause } from '../../domain/permit.ts';
import type { GroupHealth, Named, ReportedChange, TakenOutBecause, WithoutHealthy } from '../../domain/report.ts';
import type { StaysBecause } from '../../domain/seating/departures.ts';
import type { TargetState } from '../../domain/target.ts';
import type { Phrase } from '../phrase.ts';
import { code, outside, words } from '../phrase.ts';
import type { AlarmCatalogue } from './alarms.ts';
import type { AnswerCatalogue } from './answers.ts';
import type { ButtonCatalogue } from './buttons.ts';
import type { ClosingCatalogue } from './closing.ts';
import type { CompanionCatalogue } from './companions.ts';
import type { DiagnosisCatalogue } from './diagnosis.ts';
import type { ExpiryCatalogue } from './expiry.ts';
import type { HandsCatalogue } from './hands.ts';
import type { InvalidationCatalogue } from './invalidations.ts';
import type { SweepCatalogue } from './sweep.ts';

export type { Language } from './language.ts';

/** How much we know; each has its own words, so that a guess never sounds like a fact. */
export type Certainty = 'sure' | 'likely' | 'unknown';

/** What a finding's words may use: its evidence, and `target`, `targetGroup` and `port` of the report around it. */
export type Facts = Readonly<Record<string, string | undefined>>;

/** What is said about one reason. */
export interface FindingWords {
  /** A few words for line 1, no ids. */
  readonly short: (facts: Facts) => Phrase;
  /** The cause as a sentence, with its evidence and without its full stop. */
  readonly cause: (facts: Facts) => Phrase;
  /** What to do, as an imperative without its full stop. */
  readonly next: (facts: Facts) => Phrase;
}

/** Typed by reason, so that a new reason without words does not compile. */
export type FindingCatalogue = Readonly<Record<FindingReason, FindingWords>>;

/** Reasons inside a reason, from permitting and from the engine. */
export type Because =
  | WithheldBecause
  | NotWrittenBecause
  | StaysBecause
  | 'NoSecurityGroups'
  | 'PrefixListUnread'
  | 'RuleMalformed'
  | 'PartOfBalancer'
  | 'AclUnread'
  | 'AclMalformed'
  | 'AddressUnknown'
  | 'BalancerUnread'
  | 'SubnetUnread'
  | 'WearersUnread'
  | 'NoBalancerInterfaces'
  | 'BalancerInterfacesUnread'
  | 'PreservationUnread'
  | 'EndpointServicesUnread'
  | 'VpcUnread'
  | 'RouteBlackhole'
  | 'SourceNatPrefixes'
  | 'AddressesTranslated'
  | 'ReadDenied';

export type BecauseCatalogue = Readonly<Record<Because, string>>;
export type HopCatalogue = Readonly<Record<HopName, string>>;

/** Which targets a headline speaks of. */
export interface Subjects {
  /** Names of as many as are shown. */
  readonly names: readonly string[];
  readonly count: number;
}

/** Everything Usher says in one language. Line 1 is built with a limit on the length of its names. */
export interface Catalogue {
  readonly findings: FindingCatalogue;
  readonly invalidations: InvalidationCatalogue;
  readonly expiry: ExpiryCatalogue;
  readonly sweep: SweepCatalogue;
  readonly closing: ClosingCatalogue;
  readonly diagnosis: DiagnosisCatalogue;
  readonly alarms: AlarmCatalogue;
  readonly hands: HandsCatalogue;
  readonly companions: CompanionCatalogue;
  readonly inService: (
    about: Subjects & { readonly group: Named; readonly seconds: number; readonly recovered: boolean },
    nameLimit: number,
  ) => { readonly strong: Phrase; readonly rest: Phrase };
  readonly notInService: (
    about: Subjects & {
      readonly state: TargetState | 'not-registered';
      readonly seconds: number;
      readonly short: Phrase;
    },
    nameLimit: number,
  ) => { readonly strong: Phrase; readonly rest: Phrase };
  /** Healthy by their check, and nothing that is sent to them gets there. */
  readonly unreached: (
    about: Subjects & { readonly short: Phrase },
    nameLimit: number,
  ) => { readonly strong: Phrase; readonly rest: Phrase };
  readonly notRegistered: (
    about: Subjects & { readonly group: Named; readonly short: Phrase },
    nameLimit: number,
  ) => { readonly strong: Phrase; readonly rest: Phrase };
  readonly notTakenOut: (
    about: Subjects & { readonly group: Named; readonly short: Phrase },
    nameLimit: number,
  ) => { readonly strong: Phrase; readonly rest: Phrase };
  readonly takenOut: (
    about: Subjects & { readonly group: Named; readonly because: readonly TakenOutBecause[] },
    nameLimit: number,
  ) => { readonly strong: Phrase; readonly rest: Phrase };
  /** What was changed when so many were taken out. */
  readonly deregistered: (count: number) => Phrase;
  /** The step when nobody is left to serve. */
  readonly bringAnother: () => Phrase;
  readonly configuration: (
    about: { readonly subject: Named; readonly short: Phrase; readonly more: number },
    nameLimit: number,
  ) => { readonly strong: Phrase; readonly rest: Phrase };
  /** With names of zones as short as they are called in one Region. */
  readonly healthNow: (health: GroupHealth) => Phrase;
  /**
   * That an AMI differs from that of all the others.
   * @param differing those that differ, where they are not all the report is about
   */
  readonly imageDiffers: (others: Subjects, differing: Subjects | undefined) => Phrase;
  /** The step after that: nothing, if somebody meant it. */
  readonly nothingToDoIfMeant: () => Phrase;
  readonly launchedBy: (name: string) => Phrase;
  readonly visitors: {
    readonly notAffected: (health: GroupHealth) => Phrase;
    /** @param then what the balancer does, where that is known */
    readonly noneHealthy: (group: Named, then: 'tries-all' | WithoutHealthy | undefined) => Phrase;
    /** Registered, but none that the balancer would send a request to. */
    readonly noneTried: (group: Named) => Phrase;
    readonly nothingRegistered: (group: Named) => Phrase;
    /** What the balancer sends to these gets lost. */
    readonly notReached: (who: Subjects) => Phrase;
    readonly groupNotUsed: (group: Named) => Phrase;
    readonly nothingChanges: () => Phrase;
  };
  readonly cause: (certainty: Certainty, sentence: Phrase) => Phrase;
  /** Said after a cause in the application: that the network passes, or could not be judged. */
  readonly networkPasses: () => Phrase;
  readonly networkUnknown: () => Phrase;
  /** The balancer's own reason code, for looking it up. */
  readonly reasonCode: (reason: string) => Phrase;
  readonly also: (shorts: readonly Phrase[], more: number) => Phrase;
  readonly evidence: (rest: readonly (readonly [string, string])[]) => Phrase;
  readonly perTarget: (name: string, sentence: Phrase) => Phrase;
  readonly next: (step: Phrase, commandLine: Phrase | undefined) => Phrase;
  readonly changed: (changes: readonly ReportedChange[], more: number) => Phrase;
  readonly nothingChanged: () => Phrase;
  readonly looksAgain: (everySeconds: number | undefined) => Phrase;
  readonly note: (sentence: Phrase) => Phrase;
  readonly nothingToDo: () => Phrase;
  readonly more: (count: number) => Phrase;
  readonly buttons: ButtonCatalogue;
  readonly answers: AnswerCatalogue;
  readonly place: (region: string) => string;
  readonly contextSeparator: string;
  readonly betweenSentences: string;
}

/** A value in code, or our words for it when the evidence does not say. */
export const id = (value: string | undefined, otherwise: string): Phrase =>
  value === undefined ? [words(otherwise)] : [code(value)];

/** A value as running text, or our words for it. */
export const told = (value: string | undefined, otherwise: string): Phrase =>
  value === undefined ? [words(otherwise)] : [outside(value)];

/** A name from outside in line 1, where room is short. */
export const shortName = (value: string | undefined, otherwise: string): Phrase =>
  value === undefined ? [words(otherwise)] : [outside(value, 16)];

/** The name in the ARN of a group or balancer; what is none stays as it is. */
export const nameInArn = (arn: string | undefined): string | undefined =>
  /:(?:targetgroup|loadbalancer)\/(?:(?:app|net|gwy)\/)?([^/]+)/.exec(arn ?? '')?.[1] ?? arn;

/** The group by its name where it was read, else by its id. */
export const securityGroupOf = ({ securityGroup, securityGroupName }: Facts): string | undefined =>
  securityGroupName ?? securityGroup;

export const peerOf = ({ peer, peerName }: Facts): string | undefined => peerName ?? peer;

/** How sure a reason's sentence is of itself. Reason codes of a health check say what happened, not why. */
export const CERTAINTY: Readonly<Record<FindingReason, Certainty>> = {
  IngressMissing: 'sure',
  EgressMissing: 'sure',
  NetworkAclDenies: 'sure',
  ZoneNotEnabled: 'sure',
  GroupNotUsed: 'sure',
  InstanceNotRunning: 'sure',
  TargetOutsideVpc: 'unknown',
  InterfaceNotFound: 'unknown',
  PathUnknown: 'unknown',
  ReturnEgressMissing: 'sure',
  ClientCidrsMissing: 'unknown',
  ClientCidrsMalformed: 'sure',
  ClientsNotAdmitted: 'sure',
  PortUnserved: 'sure',
  PathMtuBlocked: 'sure',
  BalancerGroupShared: 'sure',
  RuleNotWritten: 'sure',
  SecurityGroupFull: 'sure',
  WrongVpc: 'sure',
  NotRunning: 'sure',
  WrongTargetType: 'sure',
  NoPrimaryAddress: 'sure',
  NotReady: 'sure',
  GroupFull: 'sure',
  QuicServerIdNeeded: 'sure',
  PortNotAllowed: 'sure',
  ExplicitNotAccepted: 'sure',
  ExplicitGroupUnknown: 'sure',
  SelectorMalformed: 'sure',
  SelectorNearMiss: 'likely',
  SelectorMatchesNothing: 'likely',
  SelectorLosesMost: 'likely',
  TagMalformed: 'sure',
  LeftToItsOwner: 'sure',
  Withheld: 'sure',
  RefusedByAws: 'sure',
  'Target.ResponseCodeMismatch': 'sure',
  'Target.Timeout': 'likely',
  'Target.FailedHealthChecks': 'likely',
  'Target.NotInUse': 'likely',
  'Target.NotRegistered': 'sure',
  'Target.InvalidState': 'sure',
  'Target.IpUnusable': 'sure',
  'Target.HealthCheckDisabled': 'sure',
  'Target.DeregistrationInProgress': 'sure',
  'Elb.RegistrationInProgress': 'sure',
  'Elb.InitialHealthChecking': 'sure',
  'Elb.InternalError': 'likely',
  HealthReasonUnknown: 'unknown',
  SubjectGone: 'sure',
  WatchesElsewhere: 'sure',
  CouldNotLook: 'unknown',
  NoTargets: 'sure',
  TooFewHealthy: 'sure',
  StatusCheckFailed: 'sure',
  WarmingUp: 'likely',
  ImagesDiffer: 'likely',
  AllHealthyInOneZone: 'sure',
  ZoneWithoutTargets: 'sure',
  FailOpen: 'sure',
  DeployInProgress: 'likely',
  PortDiffers: 'likely',
  HealthCheckPortDiffers: 'likely',
  HealthCheckRedirected: 'sure',
  HealthCheckNeedsLogin: 'sure',
  HealthCheckPathMissing: 'sure',
  HealthCheckServerError: 'sure',
  HealthCheckPlainOnTls: 'likely',
  HealthCheckTlsOnPlain: 'likely',
  HealthCheckTimeoutShort: 'likely',
  TlsTooNew: 'likely',
  ApplicationRefuses: 'likely',
  ApplicationSilent: 'likely',
  SourceDestinationCheckOff: 'likely',
  SourceDestinationCheckOn: 'likely',
  ApplianceMtuTooSmall: 'sure',
  ApplianceMtuUnseen: 'unknown',
  HairpinWithPreservedAddresses: 'likely',
  NoHealthyTarget: 'sure',
  TargetUnreachable: 'likely',
  TargetClosedConnection: 'likely',
  ApplicationSlow: 'likely',
  ApplicationErrors: 'sure',
};

/** Whether a reason comes from the balancer's health check, so that the network's verdict is worth a word beside it. */
export const isHealthReason = (reason: Finding['reason']): boolean =>
  ['Target.ResponseCodeMismatch', 'Target.Timeout', 'Target.FailedHealthChecks', 'HealthReasonUnknown'].includes(
    reason,
  );
