import * as z from 'zod';
import type { CompanionSide } from '../../domain/companion/side.ts';
import type { FindingReason } from '../../domain/finding.ts';
import type { PathFindingReason } from '../../domain/invalidation/paths.ts';
import { CERTAINTY } from '../../slack/catalogue/catalogue.ts';
import { CATALOGUES } from '../../slack/render.ts';

/** Parts that several kinds of report hold. */
export const count = z.number().int().nonnegative();
export const named = z.object({ name: z.string(), id: z.string() });

/** JSON has no `undefined`: what a producer left undefined arrives as an absent key. */
export const absentable = <T extends z.ZodType>(type: T) =>
  z
    .union([type, z.undefined()])
    .optional()
    .transform((value): z.output<T> | undefined => value);

export const pathFinding = z.object({
  reason: z.custom<PathFindingReason>(
    (value) => typeof value === 'string' && Object.hasOwn(CATALOGUES.en.invalidations.finding, value),
    { message: 'is no reason that has words in the catalogue' },
  ),
  severity: z.enum(['refused', 'warning', 'note']),
  said: z.string(),
  offer: absentable(z.string()),
});

export const price = z.object({ paths: count, sentThisMonth: count, atMostMills: count, atLeastMills: count });

export const severity = z.enum(['information', 'warning', 'critical']);

const reason = z.custom<FindingReason>((value) => typeof value === 'string' && Object.hasOwn(CERTAINTY, value), {
  message: 'is no reason that has words in the catalogue',
});

/** Rules as code; shown as it is, so a character that isn't plain ASCII is none of ours. */
const lines = z.string().regex(/^[\x20-\x7e\n]+$/);
export const codeSnippets = z.object({ cloudFormation: lines, hcl: lines, rules: count, of: count });

export const companionSide = z.enum(['balancer', 'targets'] as const satisfies readonly CompanionSide[]);

export const finding = z.object({
  reason,
  severity,
  evidence: z.record(z.string(), z.string()),
  remedy: z.string().exactOptional(),
  code: codeSnippets.exactOptional(),
});

export const target = z.object({
  name: z.string(),
  instanceId: absentable(z.string()),
  port: absentable(count),
  availabilityZone: absentable(z.string()),
});

export const health = z.object({
  healthy: count,
  total: count,
  zones: z.array(z.object({ name: z.string(), healthy: count })).exactOptional(),
  names: z.array(z.string()).exactOptional(),
});
