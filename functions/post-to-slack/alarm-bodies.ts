import * as z from 'zod';
import type { AlarmReportBody, NoAlarmBecause } from '../../domain/alarms/report.ts';
import { count, named } from './report-parts.ts';

const because = z.enum([
  'Paused',
  'OutsideVpcs',
  'OtherStage',
  'Ignored',
  'ReportOnly',
  'GroupGone',
  'Unused',
  'NotCounted',
  'NoSeriesYet',
  'HasOne',
  'RefusedByAws',
] as const satisfies readonly NoAlarmBecause[]);

/** What is said of alarms that are offered, made and taken away, as it stands in a message of the report queue. */
export const ALARM_BODIES = {
  'alarms-offered': z.object({
    kind: z.literal('alarms-offered'),
    targetGroups: z.array(named),
    count,
    deleted: count,
    onlyReports: z.boolean(),
    monthlyPrice: z.string(),
  }),
  'alarms-changed': z.object({
    kind: z.literal('alarms-changed'),
    created: z.array(named),
    createdCount: count,
    removed: z.array(named),
    removedCount: count,
    notMade: z.array(z.object({ targetGroup: named, because, code: z.string().exactOptional() })),
    notMadeCount: count,
    monthlyPrice: z.string(),
  }),
} satisfies {
  readonly [Kind in AlarmReportBody['kind']]: z.ZodType<Extract<AlarmReportBody, { readonly kind: Kind }>>;
};
