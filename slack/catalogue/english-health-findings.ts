import type { HealthReason } from '../../domain/finding.ts';
import type { Phrase } from '../phrase.ts';
import { say, words } from '../phrase.ts';
import type { Facts, FindingCatalogue } from './catalogue.ts';
import { id, shortName } from './catalogue.ts';
import { fromAws, group, itsPort, target, verb } from './english-facts.ts';

/** What a failed check of a Classic balancer may be; only HTTP has codes, and only 200 is well there. */
const failedThere = ({ check }: Facts): Phrase => [
  words(
    check?.startsWith('HTTP')
      ? 'nothing answers there, or not in time, or with another code than 200'
      : 'nothing answers there, or not in time',
  ),
];

/** What the balancer says of a target, in English. */
export const ENGLISH_HEALTH_FINDINGS: Pick<FindingCatalogue, HealthReason> = {
  'Target.ResponseCodeMismatch': {
    short: () => say`it answers with an unexpected code`,
    cause: (facts) =>
      say`the application on ${target(facts)} answers the health check with a code that the group doesn’t accept${fromAws(facts)}`,
    next: (facts) => say`on ${target(facts)}: look at the application’s log for the health check path`,
  },
  'Target.Timeout': {
    short: (facts) => say`no answer in time on ${itsPort(facts)}`,
    cause: (facts) =>
      say`${target(facts)} ${verb(facts, 'doesn’t', 'don’t')} answer the health check on ${itsPort(facts)} in time: overloaded, hanging, or dropped by a firewall on the host${fromAws(facts)}`,
    next: (facts) => say`on ${target(facts)}: check its load, its application’s log and its own firewall`,
  },
  'Target.FailedHealthChecks': {
    short: (facts) =>
      facts['check'] === undefined
        ? say`nothing answers on ${itsPort(facts)}`
        : say`it fails the health check ${shortName(facts['check'], '')}`,
    cause: (facts) =>
      facts['check'] === undefined
        ? say`the application isn’t running on ${target(facts)}, or doesn’t listen on ${itsPort(facts)}${fromAws(facts)}`
        : say`${target(facts)} ${verb(facts, 'fails', 'fail')} the health check ${id(facts['check'], '')}: ${failedThere(facts)}${fromAws(facts)}`,
    next: (facts) =>
      facts['check'] === undefined
        ? say`on ${target(facts)}: start the application, and see whether it listens on ${itsPort(facts)}`
        : say`on ${target(facts)}: start the application, and see what it answers to ${id(facts['check'], '')}`,
  },
  'Target.NotInUse': {
    short: () => say`the balancer sends it nothing`,
    cause: (facts) =>
      say`no listener uses ${group(facts)}, or the zone of ${target(facts)} is not enabled on the balancer${fromAws(facts)}`,
    next: () => say`check the listener’s rules and the balancer’s zones`,
  },
  'Target.NotRegistered': {
    short: () => say`it is no longer in the group`,
    cause: (facts) =>
      say`${target(facts)} is no longer registered in ${group(facts)}; somebody or something took it out${fromAws(facts)}`,
    next: () => say`find out who took it out before you put it back`,
  },
  'Target.InvalidState': {
    short: () => say`the instance is stopped or terminated`,
    cause: (facts) => say`the instance behind ${target(facts)} is stopped or terminated${fromAws(facts)}`,
    next: () => say`start the instance, or launch another`,
  },
  'Target.IpUnusable': {
    short: () => say`its address belongs to a load balancer`,
    cause: (facts) => say`the address of ${target(facts)} is in use by a load balancer${fromAws(facts)}`,
    next: () => say`register the address of the instance itself`,
  },
  'Target.HealthCheckDisabled': {
    short: () => say`health checks are off`,
    cause: (facts) =>
      say`health checks of ${group(facts)} are off, so nobody knows whether it answers${fromAws(facts)}`,
    next: (facts) => say`turn the health checks of ${group(facts)} on`,
  },
  'Target.DeregistrationInProgress': {
    short: () => say`it is being taken out`,
    cause: (facts) =>
      say`${target(facts)} ${verb(facts, 'is', 'are')} draining: somebody or something is taking ${verb(facts, 'it', 'them')} out of ${group(facts)}${fromAws(facts)}`,
    next: () => say`nothing, if that was meant; else register it again when it is out`,
  },
  'Elb.RegistrationInProgress': {
    short: () => say`it is still being registered`,
    cause: (facts) => say`the balancer is still registering ${target(facts)}${fromAws(facts)}`,
    next: () => say`wait for the next look`,
  },
  'Elb.InitialHealthChecking': {
    short: () => say`too few checks have passed so far`,
    cause: (facts) => say`the balancer hasn’t checked ${target(facts)} often enough yet${fromAws(facts)}`,
    next: () => say`wait for the next look`,
  },
  'Elb.InternalError': {
    short: () => say`the balancer has an internal error`,
    cause: (facts) => say`the load balancer itself reports an internal error${fromAws(facts)}`,
    next: () => say`look at the AWS Health dashboard, and open a support case if it lasts`,
  },
  HealthReasonUnknown: {
    short: () => say`AWS gives a reason Usher doesn’t know`,
    cause: (facts) =>
      say`AWS gives the reason ${id(facts['code'], 'without a code')}, which Usher doesn’t know${fromAws(facts)}`,
    next: () => say`look the reason up in the Elastic Load Balancing documentation`,
  },
};
