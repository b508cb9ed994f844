import * as z from 'zod/mini';
import type { CertificateOccasion } from './certificate-event/parse.ts';
import { objectOf } from './fields.ts';
import { parseWith } from './malformed-event-error.ts';

/** Usher's notes to itself on the queue of the watch over certificates and domains. Each may arrive twice. */
export type ExpiryMessage =
  /** The day's survey begins; also what the schedule sends. */
  | { readonly kind: 'expiry-survey' }
  /** Certificates of some Regions, in order of their names and on from where the message before left off. */
  | {
      readonly kind: 'expiry-certificates';
      /** All that are surveyed, unless named. */
      readonly regions?: readonly string[];
      /** The last that was looked at; none is looked at any more once `isListed`. */
      readonly after?: string;
      readonly isListed?: boolean;
      /** ARNs found to need somebody, of whom nothing was said yet. */
      readonly again?: readonly string[];
      /** Regions in which details were refused so far. */
      readonly refused?: readonly string[];
      /** How often the reads of these failed before. */
      readonly attempt?: number;
    }
  /** Validation records of certificates in use that are far from their end. */
  | { readonly kind: 'expiry-records'; readonly after?: string }
  /** What is served at the endpoints, on from where the message before left off, or at some of them once more. */
  | {
      readonly kind: 'expiry-endpoints';
      readonly after?: string;
      readonly only?: readonly string[];
      readonly attempt?: number;
    }
  /** Registrations of domains, on from where the message before left off, or of some of them once more. */
  | {
      readonly kind: 'expiry-domains';
      readonly after?: string;
      readonly only?: readonly string[];
      readonly attempt?: number;
    }
  /** What an event or a person points at: ARNs of certificates, subjects of endpoints and domains. */
  | {
      readonly kind: 'expiry-look';
      readonly subjects: readonly string[];
      /** Whoever asked wants to hear what is found, also when it is nothing new. */
      readonly askedBy?: string;
      readonly attempt?: number;
    }
  /** An event spoke of a certificate of another account, which can't be read from here. */
  | { readonly kind: 'expiry-elsewhere'; readonly arn: string; readonly occasion: CertificateOccasion }
  /** A look at everything that waits for a record, in the one chain of such looks. */
  | {
      readonly kind: 'expiry-follow';
      readonly tick: number;
      /** ISO 8601 in UTC: before it the message waits on. */
      readonly dueAt: string;
    };

/**
 * What the daily schedule puts in the queue, for holding infra/expiry.yml to it.
 * @internal
 */
export const SURVEY_MESSAGE = '{"usher":1,"kind":"expiry-survey"}';

const OCCASIONS = [
  'approaching-expiration',
  'expired',
  'renewal-action-required',
  'available',
  'revoked',
  'rotated',
] as const satisfies readonly CertificateOccasion[];

const version = z.literal(1, 'expected version 1 of the message');
const text = (what: string) => z.string(what).check(z.minLength(1, what), z.maxLength(2_048, what));
const texts = (what: string) => z.array(text(what), `expected a list: ${what}`);
const wholeNumber = z.int('expected a whole number').check(z.minimum(0, 'expected 0 or more'));
const after = z.exactOptional(text('expected where the message before left off'));
const attempt = z.exactOptional(wholeNumber);

const schema = z.discriminatedUnion(
  'kind',
  [
    objectOf({ usher: version, kind: z.literal('expiry-survey') }),
    objectOf({
      usher: version,
      kind: z.literal('expiry-certificates'),
      regions: z.exactOptional(texts('expected a Region')),
      after,
      isListed: z.exactOptional(z.boolean('expected true or false')),
      again: z.exactOptional(texts('expected the ARN of a certificate')),
      refused: z.exactOptional(texts('expected a Region')),
      attempt,
    }),
    objectOf({ usher: version, kind: z.literal('expiry-records'), after }),
    objectOf({
      usher: version,
      kind: z.literal('expiry-endpoints'),
      after,
      only: z.exactOptional(texts('expected an endpoint')),
      attempt,
    }),
    objectOf({
      usher: version,
      kind: z.literal('expiry-domains'),
      after,
      only: z.exactOptional(texts('expected a domain')),
      attempt,
    }),
    objectOf({
      usher: version,
      kind: z.literal('expiry-look'),
      subjects: texts('expected a certificate, an endpoint or a domain').check(
        z.minLength(1, 'expected something to look at'),
      ),
      askedBy: z.exactOptional(text('expected an order')),
      attempt,
    }),
    objectOf({
      usher: version,
      kind: z.literal('expiry-elsewhere'),
      arn: text('expected the ARN of a certificate'),
      occasion: z.enum(OCCASIONS, 'expected what happened'),
    }),
    objectOf({
      usher: version,
      kind: z.literal('expiry-follow'),
      tick: wholeNumber,
      dueAt: z.iso.datetime('expected an ISO 8601 instant in UTC'),
    }),
  ],
  'expected a note of the watch over certificates and domains',
);

/** Reads a message that was already taken out of its JSON. @throws {MalformedEventError} */
export const readExpiryMessage = (message: unknown): ExpiryMessage => {
  const { usher, ...rest } = parseWith(schema, message);
  return rest;
};

/** @throws {MalformedEventError} when the message is one that could not be read back */
export const serializeExpiryMessage = (message: ExpiryMessage): string =>
  JSON.stringify(parseWith(schema, { usher: 1, ...message }));
