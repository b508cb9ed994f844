import type { Severity } from '../finding.ts';

/**
 * What can be wrong between a URL and the targets, in the order in which a visitor meets it. Evidence is plain text, not yet
 * escaped; `host` is the host that was asked.
 */
export type FrontDoorReason =
  // the name
  | 'NameNotFound'
  | 'NameNotPublic' // it leads to no address of the internet; evidence.address
  | 'NameLeadsElsewhere' // evidence.distribution has the name, and something else answered
  // the door
  | 'NothingListens' // evidence.port, evidence.because: Refused, TimedOut, Unreachable
  | 'NoTls' // evidence.port
  | 'NotHttp' // evidence.port
  | 'PortNotAsked' // evidence.port
  | 'CertificateOtherName' // evidence.names: the first few that it has
  | 'CertificateExpired' // evidence.at
  | 'CertificateUntrusted' // evidence.trust
  // the distribution
  | 'NoDistributionHasName' // CloudFront answered, and none of this account has the name
  | 'DistributionDisabled' // evidence.distribution
  | 'DistributionDeploying' // evidence.distribution
  // where it leads
  | 'ProtocolLoop' // http and https send to each other; evidence.remedy: origin, application
  | 'RedirectLoop' // evidence.to
  | 'TooManyRedirects' // evidence.count
  | 'RedirectToPlain' // from https to http; evidence.to
  | 'S3Redirect' // 307 to a Region's address; evidence.to
  // the origin
  | 'OriginCertificateOtherName' // evidence.origin, evidence.names
  | 'OriginCertificateInvalid' // evidence.origin, evidence.trust
  | 'OriginSilent' // evidence.origin, evidence.port, evidence.because
  | 'ListenerMissing' // evidence.loadBalancer, evidence.port
  | 'S3Denied' // evidence.path
  // what came back
  | 'BalancerAnswered' // its own error; evidence.code, evidence.loadBalancer where it is known
  | 'FrontAnswered' // CloudFront's own error with nothing found to explain it; evidence.code
  | 'ApplicationFails' // 5xx; evidence.code
  | 'PageMissing' // 404, 410; evidence.code
  | 'RequestRefused' // another 4xx: a login, a firewall, a limit; evidence.code
  // what is kept
  | 'CookieCached' // one visitor's cookie for all
  | 'ErrorCached' // evidence.code, evidence.seconds
  // what the page asks for
  | 'PlainSubresources' // evidence.count, evidence.first
  // what could not be looked at
  | 'TimeRanOut' // evidence.steps: which, of `STEPS`, separated by commas
  | 'CouldNotLook'; // evidence.what: distributions, balancer; evidence.why

/** Something that is wrong, or could not be told, on the way from a URL to the targets. */
export interface FrontDoorFinding {
  readonly reason: FrontDoorReason;
  readonly severity: Severity;
  readonly evidence: Readonly<Record<string, string>>;
}
