import type { Announced } from '../../domain/expiry/announced.ts';
import { subjectOf } from '../../domain/expiry/reports.ts';
import type { Stage } from '../../domain/stage.ts';

const after = (prefix: string, subject: string): string | undefined =>
  subject.startsWith(prefix) ? subject.slice(prefix.length) : undefined;

/** The ARN in the subject of a certificate; `undefined` for every other subject. */
export const arnOf = (subject: string): string | undefined => after(subjectOf.certificate(''), subject);

export const domainOf = (subject: string): string | undefined => after(subjectOf.domain(''), subject);

/** `host:port` in the subject of an endpoint. */
export const endpointOf = (subject: string): string | undefined => after('endpoint|', subject);

/** The Region in a certificate's ARN; one that names none is the stage's. */
export const regionOfArn =
  ({ region }: Pick<Stage, 'region'>) =>
  (arn: string): string =>
    arn.split(':')[3] || region;

/** A certificate of another account can't be read from here, and that it is not found says nothing. */
export const isForeign = ({ account }: Pick<Stage, 'account'>, arn: string): boolean => arn.split(':')[4] !== account;

/** A matter that ended before, for whoever asks about it once more. */
export const endedBefore = (matter: string, destination: string, askedBy: string): Announced => ({
  thresholdDays: undefined,
  standing: '',
  endsAt: undefined,
  // What tells this ending from the one that was told before.
  announcedAt: askedBy,
  matter,
  destination,
  recordsSeenAt: undefined,
  quietUntil: undefined,
});
