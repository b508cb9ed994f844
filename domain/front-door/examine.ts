import { cookieCached, errorCached, errors, subresources } from './checks/answers.ts';
import type { FrontDoorCheck } from './checks/check.ts';
import {
  distributionState,
  door,
  leadsElsewhere,
  nameUnknown,
  notInTime,
  unread,
  visitorCertificate,
} from './checks/door.ts';
import { listener, originCertificate, originSilent } from './checks/origin.ts';
import { loops, s3Redirect, toPlain } from './checks/redirects.ts';
import type { FrontDoorFinding, FrontDoorReason } from './finding.ts';
import type { Walk } from './walk.ts';

const CHECKS: readonly FrontDoorCheck[] = [
  door,
  visitorCertificate,
  leadsElsewhere,
  nameUnknown,
  distributionState,
  loops,
  toPlain,
  s3Redirect,
  originCertificate,
  originSilent,
  listener,
  errors,
  cookieCached,
  errorCached,
  subresources,
  unread,
  notInTime,
];

/** Which comes first: what nothing behind it can be reached through before what is only worth knowing. */
const ORDER: readonly FrontDoorReason[] = [
  'NameNotFound',
  'NameNotPublic',
  'PortNotAsked',
  'NothingListens',
  'NoTls',
  'NotHttp',
  'CertificateExpired',
  'CertificateOtherName',
  'CertificateUntrusted',
  'NoDistributionHasName',
  'DistributionDisabled',
  'S3Redirect',
  'ProtocolLoop',
  'RedirectLoop',
  'TooManyRedirects',
  'ListenerMissing',
  'OriginCertificateOtherName',
  'OriginCertificateInvalid',
  'OriginSilent',
  'S3Denied',
  'BalancerAnswered',
  'ApplicationFails',
  'FrontAnswered',
  'CookieCached',
  'ErrorCached',
  'NameLeadsElsewhere',
  'RedirectToPlain',
  'PlainSubresources',
  'PageMissing',
  'RequestRefused',
  'TimeRanOut',
  'CouldNotLook',
  'DistributionDeploying',
];

/** What another finding explains is not said beside it. */
const EXPLAINED: Readonly<Partial<Record<FrontDoorReason, readonly FrontDoorReason[]>>> = {
  FrontAnswered: ['OriginCertificateOtherName', 'OriginCertificateInvalid', 'OriginSilent', 'ListenerMissing'],
  OriginSilent: ['ListenerMissing'],
  S3Denied: ['S3Redirect'],
  RequestRefused: ['NoDistributionHasName', 'DistributionDisabled'],
  // A listener may be missing behind a name that nobody gets to.
  NothingListens: ['ListenerMissing'],
};

/** All checks run over all that was recorded, the likeliest cause first; equal walks give equal findings. */
export const examine = (walk: Walk): readonly FrontDoorFinding[] => {
  const all = CHECKS.flatMap((check) => check(walk));
  const reasons = new Set(all.map(({ reason }) => reason));
  return all
    .filter(({ reason }) => !EXPLAINED[reason]?.some((other) => reasons.has(other)))
    .sort((a, b) => ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason));
};
