import * as z from 'zod';
import type { LeftAlone, SweepEnded, SweepReportBody } from '../../domain/sweep/report.ts';
import { absentable, count, named } from './report-parts.ts';

const names = z.array(z.string());

const targets = z.array(z.object({ targetGroup: named, names, count }));

export const leftAlone = z.array(
  z.object({
    because: z.enum([
      'Paused',
      'OutsideVpcs',
      'OtherStage',
      'Ignored',
      'NotReady',
      'ReportOnly',
      'Ask',
      'Held',
      'Leaving',
      'TooManyAdditions',
      'BelowFloor',
      'TooManyRemovals',
      'ManagedByCode',
      'SecurityGroupUnreadable',
      'NotOurs',
      'Kept',
      'NotWorldOpen',
      'Unreadable',
      'NotSeen',
      'AddressHeld',
      'ManyGoneAtOnce',
      'SelectorDoubtful',
      'LeftToItsOwner',
      'RefusedByAws',
      'Blocked',
    ] as const satisfies readonly LeftAlone['because'][]),
    names,
    count,
  }),
);

export const limits = z.array(
  z.object({
    kind: z.enum(['rules-ipv4', 'rules-ipv6', 'targets-in-group', 'targets-in-zone', 'targets-behind-balancer']),
    of: named,
    used: count,
    limit: count,
  }),
);

const caution = z.enum([
  'Install',
  'Upgrade',
  'PolicyChanged',
  'NoSweepForADay',
  'Paused',
] as const satisfies readonly SweepEnded['caution'][]);

/** What sweeps say, as it stands in a message of the report queue. */
export const SWEEP_BODIES = {
  'sweep-ended': z.object({
    kind: z.literal('sweep-ended'),
    mode: z.enum(['applied', 'looked']),
    caution: absentable(caution),
    instances: count,
    targetGroups: count,
    registered: targets,
    takenOut: targets,
    rulesAdded: count,
    rulesRemoved: z.array(z.object({ ruleId: z.string(), securityGroup: named })),
    missedEvents: count,
    leftAlone,
    limits,
    notLookedAt: absentable(z.object({ targetGroups: count, call: z.string(), code: z.string() })),
  }),
  'weekly-status': z.object({
    kind: z.literal('weekly-status'),
    instances: count,
    targetGroups: count,
    pausedSince: absentable(z.iso.datetime()),
    leftAlone,
    unneededRules: count,
    keptRules: count.exactOptional(),
    stopped: z.array(named).exactOptional(),
    unusedGroups: z.array(named),
    nextEnds: z.array(z.object({ name: z.string(), endsAt: z.iso.datetime() })),
    limits,
  }),
} satisfies {
  readonly [Kind in SweepReportBody['kind']]: z.ZodType<Extract<SweepReportBody, { readonly kind: Kind }>>;
};
