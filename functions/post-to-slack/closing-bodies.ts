import * as z from 'zod';
import type { ClosingEnded, ClosingReportBody, ProposedClosing } from '../../domain/closing/report.ts';
import { count, named } from './report-parts.ts';

const closed = z.object({
  ruleId: z.string(),
  securityGroup: named,
  protocol: z.string(),
  ports: z.string(),
  peer: z.string(),
});

const names = z.array(z.string());

/** What is said of rules that let more to targets than their balancer, as it stands in a message of the report queue. */
export const CLOSING_BODIES = {
  'closing-proposed': z.object({
    kind: z.literal('closing-proposed'),
    rules: z.array(
      closed.extend({
        extent: z.enum(['this-port', 'wider-range', 'all-ports', 'all-traffic']),
        source: z.enum(['world', 'cidr', 'single-host', 'prefix-list', 'group', 'balancer']),
        because: z.enum([
          'ReportOnly',
          'Ask',
          'NotOurs',
          'NotWorldOpen',
          'ManagedByCode',
          'Paused',
          'OtherWearers',
          'CoversOtherPorts',
        ] as const satisfies readonly ProposedClosing['because'][]),
        asked: z.array(count),
        names,
        count,
        publicCount: count.exactOptional(),
        balancers: names,
        healthy: count,
        total: count,
        lines: names,
      }),
    ),
    watchMinutes: count,
    until: z.iso.datetime().exactOptional(),
  }),
  'rules-closed': z.object({ kind: z.literal('rules-closed'), rules: z.array(closed), targetGroup: named }),
  'closing-ended': z.object({
    kind: z.literal('closing-ended'),
    how: z.enum([
      'stands',
      'unclear',
      'put-back',
      'not-put-back',
      'not-removed',
    ] as const satisfies readonly ClosingEnded['how'][]),
    rule: closed,
    groups: z.array(named),
    fell: names,
    fellCount: count,
    code: z.string().exactOptional(),
    line: z.string().exactOptional(),
  }),
} satisfies {
  readonly [Kind in ClosingReportBody['kind']]: z.ZodType<Extract<ClosingReportBody, { readonly kind: Kind }>>;
};
