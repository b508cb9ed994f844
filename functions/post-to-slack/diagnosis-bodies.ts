import * as z from 'zod';
import type { DiagnosisReportBody } from '../../domain/diagnosis/report.ts';
import type { TargetState } from '../../domain/target.ts';
import { absentable, count, finding, health, named, target } from './report-parts.ts';

const symptom = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unhealthy-hosts') }),
  z.object({ kind: z.literal('too-few-healthy-hosts'), needed: z.optional(count) }),
  z.object({ kind: z.literal('balancer-error'), code: z.enum(['502', '503', '504', 'other']) }),
  z.object({ kind: z.literal('target-error') }),
  z.object({ kind: z.literal('connection-errors') }),
  z.object({ kind: z.literal('slow') }),
  z.object({ kind: z.literal('other'), metric: absentable(z.string()) }),
]);

const code = absentable(z.enum(['502', '503', '504']));

const effect = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('down'), code }),
  z.object({ kind: z.literal('fail-open') }),
  z.object({ kind: z.literal('partly'), zones: z.array(z.string()) }),
  z.object({ kind: z.literal('errors'), code }),
  z.object({ kind: z.literal('slow') }),
  z.object({ kind: z.literal('unused') }),
  z.object({ kind: z.literal('unknown') }),
]);

const state = z.enum([
  'initial',
  'healthy',
  'unhealthy',
  'unhealthy.draining',
  'unused',
  'draining',
  'unavailable',
] as const satisfies readonly TargetState[]);

const changes = z.array(
  z.object({
    what: z.string(),
    subject: named,
    by: absentable(z.string()),
    via: absentable(z.string()),
    at: z.iso.datetime(),
    isOurs: z.boolean(),
  }),
);

/** What a diagnosis says, as it stands in a message of the report queue. */
export const DIAGNOSIS_BODIES = {
  'alarm-explained': z.object({
    kind: z.literal('alarm-explained'),
    alarm: z.string(),
    symptom,
    site: absentable(z.string()),
    targetGroup: absentable(named),
    loadBalancer: absentable(named),
    targets: z.array(target.extend({ state, reason: absentable(z.string()) })),
    health: absentable(health),
    since: z.iso.datetime(),
    effect,
    findings: z.array(finding),
    network: z.enum(['passes', 'blocked', 'unknown']),
    changes,
    deploy: absentable(
      z.object({
        kind: z.enum(['instance-refresh', 'codedeploy', 'registration']),
        name: z.string(),
        since: z.iso.datetime(),
      }),
    ),
    fix: z.array(
      z.object({
        securityGroup: named,
        direction: z.enum(['ingress', 'egress']),
        peer: named,
        protocol: z.string(),
        port: count,
      }),
    ),
    existed: absentable(z.object({ ruleId: z.string(), at: z.iso.datetime() })),
    awaitsTrail: z.boolean(),
    timesRaised: count,
  }),
  'change-told': z.object({ kind: z.literal('change-told'), alarm: z.string(), changes }),
  'alarm-recovered': z.object({
    kind: z.literal('alarm-recovered'),
    alarm: z.string(),
    targetGroup: absentable(named),
    health: absentable(health),
    downSeconds: z.number(),
    wasDown: z.boolean(),
    alarmsGone: z.array(z.string()),
    timesRaised: count,
    changes,
  }),
} satisfies {
  readonly [Kind in DiagnosisReportBody['kind']]: z.ZodType<Extract<DiagnosisReportBody, { readonly kind: Kind }>>;
};
