import * as z from 'zod/mini';
import type { Arn } from './arn.ts';
import { isAccount, isRegion, parseArn } from './arn.ts';

/** The part of a transform's context that takes complaints. */
interface Complaints {
  readonly issues: { push(issue: z.core.$ZodRawIssue): unknown };
}

/** Records that something is wrong at `path` below the field at hand, so that the whole parse fails with it. */
export const complain = (complaints: Complaints, expected: string, path: PropertyKey[] = []): never => {
  complaints.issues.push({ code: 'custom', message: expected, path, input: undefined });
  return z.NEVER;
};

/** Events are only ever read as JSON objects; what we don't know of them is dropped. */
export const objectOf = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.object(shape, 'expected an object');

const isText = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;

/** A field that need not be there. */
const anything = z.optional(z.unknown());

/** Text as it was meant: a number counts as text, spaces around it don't, blank or null is the same as absent. */
const tidyText = (value: unknown, complaints: Complaints): string | undefined => {
  if (isAbsent(value)) return undefined;
  return isText(value) ? String(value).trim() || undefined : complain(complaints, 'expected text');
};

export const optionalText = z.pipe(anything, z.transform(tidyText));

/** @param expected what belongs here, such as `expected a state` */
export const requiredText = (expected: string) =>
  z.pipe(
    optionalText,
    z.transform((text, complaints): string => text ?? complain(complaints, expected)),
  );

/** A name that AWS gives, for comparing: lower case, one space between words. */
export const comparable = (name: string): string => name.toLowerCase().replace(/\s+/g, ' ');

/** Twelve digits; a number has lost its leading zeros and gets them back. */
export const optionalAccount = z.pipe(
  anything,
  z.transform((value, complaints): string | undefined => {
    const text = tidyText(value, complaints);
    const account = typeof value === 'number' ? text?.padStart(12, '0') : text;
    if (account === undefined || isAccount(account)) return account;
    return complain(complaints, 'expected an account of 12 digits');
  }),
);

export const optionalRegion = z.pipe(
  optionalText,
  z.transform((text, complaints): string | undefined => {
    const region = text?.toLowerCase();
    if (region === undefined || isRegion(region)) return region;
    return complain(complaints, 'expected a Region');
  }),
);

const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** ISO 8601 with its zone. Nothing is decided by it, so what can't be read as that is merely absent. */
export const optionalInstant = z.pipe(
  anything,
  z.transform((value): Date | undefined => {
    const text = typeof value === 'string' ? value.trim() : '';
    const instant = new Date(ISO_INSTANT.test(text) ? text : Number.NaN);
    return Number.isNaN(instant.getTime()) ? undefined : instant;
  }),
);

const listOf = (value: unknown): readonly unknown[] => {
  if (isAbsent(value)) return [];
  return Array.isArray(value) ? value : [value];
};

/** The ARNs among what is listed; AWS's own samples hold placeholders that are none. */
export const arns = z.pipe(
  anything,
  z.transform((value): readonly Arn[] =>
    listOf(value).flatMap((entry) => (typeof entry === 'string' ? (parseArn(entry) ?? []) : [])),
  ),
);

/** Tag keys exactly as they are, spaces and case included, each once. */
export const tagKeys = z.pipe(
  anything,
  z.transform((value, complaints): readonly string[] => {
    const keys = listOf(value);
    if (!keys.every(isText)) return complain(complaints, 'expected a list of tag keys');
    return [...new Set(keys.map(String).filter((key) => key !== ''))];
  }),
);
