import * as z from 'zod';
import type { Report, ReportBody, TakenOutBecause } from '../../domain/report.ts';
import { ALARM_BODIES } from './alarm-bodies.ts';
import { answer, button } from './answer-schema.ts';
import { CLOSING_BODIES } from './closing-bodies.ts';
import { DIAGNOSIS_BODIES } from './diagnosis-bodies.ts';
import { EXPIRY_BODIES } from './expiry-bodies.ts';
import {
  absentable,
  codeSnippets,
  companionSide,
  count,
  finding,
  health,
  named,
  pathFinding,
  price,
  severity,
  target,
} from './report-parts.ts';
import { SWEEP_BODIES } from './sweep-bodies.ts';

/** A message of the report queue that isn't a report. The message says where it goes wrong. */
export class MalformedReportError extends Error {
  override readonly name = 'MalformedReportError';
}

const change = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('rule-added'),
    securityGroup: named,
    direction: z.enum(['ingress', 'egress']),
    protocol: z.string(),
    port: count,
    peer: named,
    ruleId: absentable(z.string()),
  }),
  z.object({ kind: z.literal('target-registered'), port: absentable(count), count }),
]);

const takenOutBecause = z.enum([
  'Stopped',
  'Terminated',
  'Absent',
  'Stopping',
  'ShuttingDown',
  'SpotInterruption',
  'ScaleIn',
  'IntoWarmPool',
  'Rebalance',
  'NotDesired',
] as const satisfies readonly TakenOutBecause[]);

const state = z.enum([
  'initial',
  'healthy',
  'unhealthy',
  'unhealthy.draining',
  'unused',
  'draining',
  'unavailable',
  'not-registered',
]);

const imageDifference = z.object({
  names: z.array(z.string()),
  count,
  otherNames: z.array(z.string()),
  otherCount: count,
});

const askedBy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), userId: z.string() }),
  z.object({ kind: z.literal('pipeline'), source: z.string(), idempotencyKey: z.string() }),
]);

const ofInvalidation = z.object({ place: named, paths: z.array(z.string()), pathCount: count });

/** Typed by kind, so that a new kind of report that can't be read does not compile. */
const BODIES = {
  'targets-in-service': z.object({
    kind: z.literal('targets-in-service'),
    targetGroup: named,
    targets: z.array(target.extend({ healthyAfterSeconds: z.number() })),
    health,
    changes: z.array(change),
    findings: z.array(finding),
    recovered: z.boolean(),
    imageDiffers: imageDifference.exactOptional(),
    launchedBy: z.string().exactOptional(),
  }),
  'targets-not-in-service': z.object({
    kind: z.literal('targets-not-in-service'),
    targetGroup: named,
    targets: z.array(
      target.extend({
        state,
        reason: absentable(z.string()),
        description: absentable(z.string()),
        sinceSeconds: z.number(),
      }),
    ),
    health,
    withoutHealthy: z.enum(['refuses', 'drops']).exactOptional(),
    network: z.enum(['passes', 'blocked', 'unknown']),
    findings: z.array(finding),
    changes: z.array(change),
    looksAgainEverySeconds: absentable(z.number()),
    launchedBy: z.string().exactOptional(),
  }),
  'targets-not-registered': z.object({
    kind: z.literal('targets-not-registered'),
    targetGroup: named,
    targets: z.array(target.extend({ findings: z.array(finding) })),
  }),
  'targets-taken-out': z.object({
    kind: z.literal('targets-taken-out'),
    targetGroup: named,
    targets: z.array(target.extend({ because: takenOutBecause })),
    health,
  }),
  'targets-not-taken-out': z.object({
    kind: z.literal('targets-not-taken-out'),
    targetGroup: named,
    targets: z.array(target.extend({ findings: z.array(finding) })),
  }),
  'configuration-findings': z.object({
    kind: z.literal('configuration-findings'),
    subject: named.extend({ type: z.enum(['target-group', 'instance']) }),
    findings: z.array(finding),
  }),
  'held-by-others': z.object({
    kind: z.literal('held-by-others'),
    targetGroup: named,
    targets: z.array(target),
    rules: z.array(
      z.object({
        securityGroup: named,
        direction: z.enum(['ingress', 'egress']),
        protocol: z.string(),
        port: count,
        peer: named,
        ruleId: absentable(z.string()),
      }),
    ),
    behindRules: z.array(target),
    doer: absentable(
      z.object({
        name: z.string(),
        via: absentable(z.enum(['console', 'cli', 'cloudformation', 'terraform', 'service', 'usher'])),
        at: z.iso.datetime(),
      }),
    ),
    remedy: absentable(z.string()),
    isFollowUp: z.boolean(),
    code: codeSnippets.exactOptional(),
  }),
  'companion-proposed': z.object({
    kind: z.literal('companion-proposed'),
    side: companionSide,
    because: z.enum(['BalancerGroupShared', 'DefaultGroup', 'WornByOthers']),
    groupName: z.string(),
    loadBalancer: named,
    targetGroup: named,
    securityGroup: named,
    interfaces: count,
    targets: z.array(target),
  }),
  'companion-detached': z.object({
    kind: z.literal('companion-detached'),
    securityGroup: named,
    loadBalancer: named,
    worn: z.array(z.string()),
  }),
  'companion-not-removed': z.object({
    kind: z.literal('companion-not-removed'),
    securityGroup: named,
    loadBalancer: named,
    code: z.string(),
  }),
  'invalidation-completed': ofInvalidation.extend({
    kind: z.literal('invalidation-completed'),
    invalidationId: z.string(),
    durationSeconds: z.number(),
    askedBy: z.array(askedBy),
    pathsThisMonth: count,
  }),
  'invalidation-failed': ofInvalidation.extend({
    kind: z.literal('invalidation-failed'),
    askedBy,
    code: z.string(),
    message: z.string(),
    findings: z.array(pathFinding),
    retryPlanId: absentable(z.string()),
  }),
  'invalidation-still-running': ofInvalidation.extend({
    kind: z.literal('invalidation-still-running'),
    invalidationId: z.string(),
    sinceSeconds: z.number(),
    askedBy: z.array(askedBy),
  }),
  'invalidation-queued': ofInvalidation.extend({
    kind: z.literal('invalidation-queued'),
    askedBy,
    position: count,
    because: z.enum([
      'QuotaInUse',
      'TooManyInvalidationsInProgress',
      'Throttled',
      'NoAnswer',
      'StillDeploying',
      'Paused',
    ]),
  }),
  'confirmation-wanted': ofInvalidation.extend({
    kind: z.literal('confirmation-wanted'),
    askedBy,
    because: z.array(z.enum(['Everything', 'Gathered', 'StillDeploying'])),
    price,
    findings: z.array(pathFinding),
    choices: z.array(z.object({ label: z.enum(['run', 'now', 'when-deployed']), planId: z.string() })),
  }),
  'order-answered': z.object({ kind: z.literal('order-answered'), answer }),
  ...EXPIRY_BODIES,
  ...SWEEP_BODIES,
  ...CLOSING_BODIES,
  ...DIAGNOSIS_BODIES,
  ...ALARM_BODIES,
} satisfies { readonly [Kind in ReportBody['kind']]: z.ZodType<Extract<ReportBody, { readonly kind: Kind }>> };

const BODY_LIST = Object.values(BODIES);
type AnyBody = (typeof BODY_LIST)[number];

const body = z.discriminatedUnion('kind', BODY_LIST as [AnyBody, ...AnyBody[]]);

const report = z.object({
  key: z.string().min(1),
  matter: z.string(),
  destination: z.string(),
  severity,
  at: z.iso.datetime(),
  stage: z.string(),
  region: z.string(),
  account: z.string(),
  body,
  buttons: z.array(button).exactOptional(),
});

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedReportError('the message is not JSON', { cause });
  }
};

/**
 * A report from the body of a queue message.
 * @throws {MalformedReportError} when it is none; the message names the first place that is wrong
 */
export const parseReport = (text: string): Report => {
  const result = report.safeParse(parsedJson(text));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new MalformedReportError(`not a report: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
};
