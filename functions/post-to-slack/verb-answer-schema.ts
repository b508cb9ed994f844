import * as z from 'zod';
import type { NotKeptBecause } from '../../domain/verb-answer.ts';
import { moment, movedBecause, notUndone, planId, slackId, verb } from './answer-parts.ts';
import { absentable, count, named } from './report-parts.ts';
import { leftAlone, limits } from './sweep-bodies.ts';

const rule = z.object({ ruleId: z.string(), securityGroup: named });

const notKept = z.union([
  z.enum(['Paused', 'ReportOnly', 'OutsideVpcs', 'Ignored', 'SecurityGroupGone'] as const satisfies readonly Exclude<
    NotKeptBecause,
    object
  >[]),
  z.object({ kind: z.literal('RefusedByAws'), code: z.string() }),
]);

const drainedGroup = z.object({
  targetGroup: named,
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('taken-out') }),
    z.object({ kind: z.literal('out-already') }),
    z.object({ kind: z.literal('stays'), because: movedBecause }),
    z.object({ kind: z.literal('not-taken-out'), because: notUndone }),
  ]),
});

const listedChange = z.object({
  number: count,
  what: z.enum([
    'registered',
    'taken-out',
    'rule-added',
    'rule-removed',
    'group-made',
    'group-put-on',
    'group-taken-off',
    'group-deleted',
  ]),
  name: z.string(),
  targetGroup: named,
  at: moment,
  planId: absentable(planId),
  isUndone: z.boolean(),
});

/** Answers to the verbs that stop, let go, take out, keep, undo, sweep, and say how things stand. */
export const verbAnswers = [
  z.object({
    kind: z.literal('paused'),
    byUserId: slackId,
    reason: absentable(z.string()),
    pausedBefore: absentable(moment),
  }),
  z.object({ kind: z.literal('resumed'), byUserId: slackId, pausedSince: moment }),
  z.object({ kind: z.literal('not-paused') }),
  z.object({ kind: z.literal('group-resumed'), byUserId: slackId, targetGroup: named }),
  z.object({ kind: z.literal('group-not-stopped'), said: z.string(), stopped: z.array(named) }),
  z.object({ kind: z.literal('drained'), byUserId: slackId, instance: named, groups: z.array(drainedGroup) }),
  z.object({ kind: z.literal('in-no-group'), instance: named }),
  z.object({ kind: z.literal('say-which'), verb }),
  z.object({ kind: z.literal('no-such-instance'), said: z.string() }),
  z.object({ kind: z.literal('ambiguous-instance'), said: z.string(), candidates: z.array(named) }),
  z.object({ kind: z.literal('kept'), byUserId: slackId, rule, wasKept: z.boolean() }),
  z.object({ kind: z.literal('not-kept'), rule, because: notKept }),
  z.object({ kind: z.literal('no-such-rule'), said: z.string() }),
  z.object({ kind: z.literal('kept-rules'), rules: z.array(rule), count }),
  z.object({ kind: z.literal('changes'), changes: z.array(listedChange), count }),
  z.object({ kind: z.literal('no-such-change'), said: z.string() }),
  z.object({ kind: z.literal('sweep-ordered'), byUserId: slackId }),
  z.object({
    kind: z.literal('status'),
    defaultPolicy: z.string(),
    maximumPolicy: z.string(),
    pause: absentable(z.object({ since: moment, byUserId: slackId, reason: absentable(z.string()) })),
    sweepingSince: absentable(moment),
    caution: absentable(z.enum(['Install', 'Upgrade', 'PolicyChanged', 'NoSweepForADay'])),
    lastSweep: absentable(z.object({ completedAt: moment, instances: count, targetGroups: count, leftAlone, limits })),
    stopped: z.array(named).exactOptional(),
  }),
] as const;
