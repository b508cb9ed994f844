import { compareText } from '../difference.ts';
import type { Announced } from '../expiry/announced.ts';

/** Something that people were told of, and when it ends. */
export interface NextEnd {
  /** As people know it: a domain, a host with its port, a certificate's first name or id. */
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly endsAt: string;
}

const ENDS_SHOWN = 2;

/** `domain|example.com` → `example.com`; of a certificate's ARN, its id. */
const nameIn = (subject: string): string => subject.slice(Math.max(subject.indexOf('|'), subject.lastIndexOf('/')) + 1);

/**
 * What ends next of the certificates, endpoints and domains that were spoken of and are not over, the soonest first. What
 * nobody had to be told of yet is weeks away, and not among them.
 */
export const nextEndsOf = (
  announced: readonly (Pick<Announced, 'endsAt' | 'name'> & { readonly subject: string })[],
  now: Date,
): readonly NextEnd[] =>
  announced
    .flatMap(({ subject, name, endsAt }) =>
      endsAt === undefined || Date.parse(endsAt) <= now.getTime() ? [] : [{ name: name ?? nameIn(subject), endsAt }],
    )
    .sort((a, b) => Date.parse(a.endsAt) - Date.parse(b.endsAt) || compareText(a.name, b.name))
    .slice(0, ENDS_SHOWN);
