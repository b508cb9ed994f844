import * as z from 'zod';
import type { FrontDoorReason } from '../../domain/front-door/finding.ts';
import { ENGLISH_DOCTOR } from '../../slack/catalogue/english-doctor.ts';
import { planId } from './answer-parts.ts';
import { absentable, count, finding, named, severity } from './report-parts.ts';

const frontDoorFinding = z.object({
  reason: z.custom<FrontDoorReason>(
    (value) => typeof value === 'string' && Object.hasOwn(ENGLISH_DOCTOR.frontDoor, value),
    { message: 'is no reason that has words in the catalogue' },
  ),
  severity,
  evidence: z.record(z.string(), z.string()),
});

const group = z.object({ targetGroup: named, healthy: count, total: count, findings: z.array(finding) });

const cache = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cached'), ageSeconds: absentable(count) }),
  z.object({ kind: z.literal('cached-now') }),
  z.object({ kind: z.literal('not-cached'), because: absentable(z.enum(['Policy', 'Told', 'Cookie'])) }),
  z.object({ kind: z.literal('no-cloudfront') }),
  z.object({ kind: z.literal('unknown') }),
]);

/** Answers of `doctor`. */
export const doctorAnswers = [
  z.object({
    kind: z.literal('url-examined'),
    url: z.string(),
    requests: count,
    status: absentable(count),
    way: z.array(z.string()),
    cache,
    findings: z.array(frontDoorFinding),
    findingCount: count,
    groups: z.array(group),
    clearPlanId: absentable(planId),
  }),
  z.object({
    kind: z.literal('targets-examined'),
    what: z.enum(['target-group', 'load-balancer', 'instance']),
    subject: named,
    groups: z.array(group),
    more: count,
    late: z.boolean(),
  }),
  z.object({ kind: z.literal('examination-late'), said: z.string() }),
  z.object({ kind: z.literal('nothing-to-examine'), said: z.string() }),
  z.object({ kind: z.literal('ambiguous-subject'), said: z.string(), candidates: z.array(named) }),
] as const;
