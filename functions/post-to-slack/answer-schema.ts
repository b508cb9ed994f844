import * as z from 'zod';
import type { Right } from '../../domain/authorisation.ts';
import type { ExpiryRow } from '../../domain/expiry/report.ts';
import { buttonVerb, moment, movedBecause, notUndone, planId, slackId, verb } from './answer-parts.ts';
import { doctorAnswers } from './doctor-answer-schema.ts';
import { absentable, companionSide, count, named, pathFinding, price } from './report-parts.ts';
import { verbAnswers } from './verb-answer-schema.ts';

const names = z.array(z.string());
const right = z.enum([
  'read',
  'invalidate',
  'pause',
  'resume',
  'drain',
  'keep',
  'sweep',
  'approve',
  'reject',
  'undo',
  'put-it-back',
  'snooze',
  'mute',
  'confirm',
] as const satisfies readonly (Right | 'read')[]);

const offer = z.object({ planId, names, count });

const outcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('seated'),
    targetGroup: named,
    names,
    count,
    registered: count,
    rulesAdded: count,
    failed: count,
    // Absent from an answer that was queued before this was counted.
    blocked: z._default(count, 0),
  }),
  z.object({
    kind: z.literal('undone'),
    targetGroup: named,
    names,
    count,
    rules: z.array(z.object({ ruleId: z.string(), securityGroup: named })),
  }),
  z.object({ kind: z.literal('taken-out'), targetGroup: named, names, count }),
  z.object({
    kind: z.literal('companion-made'),
    targetGroup: named,
    loadBalancer: named,
    securityGroup: named,
    side: companionSide,
    wearers: count,
    rulesAdded: count,
    failed: count,
  }),
  z.object({ kind: z.literal('companion-refused'), targetGroup: named, groupName: z.string(), code: z.string() }),
  z.object({
    kind: z.literal('not-undone'),
    targetGroup: named,
    because: notUndone,
  }),
  z.object({ kind: z.literal('invalidating'), place: named, pathCount: count }),
  z.object({ kind: z.literal('invalidating-already'), place: named, pathCount: count }),
  z.object({ kind: z.literal('rejected') }),
  z.object({ kind: z.literal('silenced'), until: moment }),
  z.object({ kind: z.literal('looking') }),
  z.object({ kind: z.literal('sweeping') }),
  z.object({ kind: z.literal('rules-closed'), securityGroup: named, count, until: moment }),
  z.object({ kind: z.literal('rules-kept'), securityGroup: named, count }),
  z.object({ kind: z.literal('closing-refused'), securityGroup: named, code: z.string() }),
  z.object({ kind: z.literal('lines-shown'), lines: names }),
  z.object({ kind: z.literal('making-alarms'), count }),
  z.object({
    kind: z.literal('moved'),
    targetGroup: named,
    moved: z.array(z.object({ name: z.string(), because: movedBecause })),
    offer: absentable(offer),
  }),
  z.object({
    kind: z.literal('decided-before'),
    status: z.enum(['done', 'rejected', 'refused']),
    byUserId: slackId,
    at: moment,
  }),
  z.object({ kind: z.literal('under-way'), byUserId: slackId }),
  z.object({ kind: z.literal('expired'), at: moment }),
  z.object({ kind: z.literal('unknown') }),
]);

/** An answer to an order, as it stands in a report. */
export const answer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('help'),
    about: absentable(verb),
  }),
  z.object({
    kind: z.literal('not-understood'),
    said: z.string(),
    because: z.enum([
      'UnknownVerb',
      'NoDistribution',
      'NoPaths',
      'SeveralDistributions',
      'UnbalancedQuotes',
      'TooLong',
    ]),
  }),
  z.object({
    kind: z.literal('not-allowed'),
    right,
    parameter: z.enum(['slackTeamId', 'readChannels', 'writers', 'distributionWriters']),
    allowed: names,
    yours: z.string(),
    distributionId: z.string().exactOptional(),
  }),
  z.object({
    kind: z.literal('invalidation-taken'),
    places: z.array(named),
    price,
    findings: z.array(pathFinding),
    findingCount: count,
  }),
  z.object({ kind: z.literal('no-such-place'), said: z.string(), suggestions: names }),
  z.object({ kind: z.literal('ambiguous-place'), said: z.string(), candidates: z.array(named) }),
  z.object({ kind: z.literal('tenant-only-place'), said: z.string() }),
  z.object({
    kind: z.literal('paths-refused'),
    places: z.array(named),
    findings: z.array(pathFinding),
    findingCount: count,
  }),
  z.object({ kind: z.literal('too-many-paths'), places: z.array(named), count }),
  z.object({
    kind: z.literal('certificates'),
    table: z.object({
      days: count,
      rows: z.array(
        z.object({
          kind: z.enum(['certificate', 'domain']),
          name: z.string(),
          endsAt: absentable(moment),
          daysLeft: absentable(z.number().int()),
          standing: z.enum([
            'fine',
            'renewing-by-itself',
            'stuck',
            'wont-renew',
            'expired',
            'revoked',
            'pending-issuance',
            'failed',
            'could-not-check',
            'expiring',
            'auto-renew-off',
            'confirm-renewal',
            'on-hold',
            'not-registered',
            'cannot-know',
            'renews-itself',
          ] as const satisfies readonly ExpiryRow['standing'][]),
          region: absentable(z.string()),
          uses: names,
        }),
      ),
      later: count,
      unread: names,
    }),
  }),
  ...verbAnswers,
  ...doctorAnswers,
  z.object({ kind: z.literal('failed'), code: z.string() }),
  z.object({ kind: z.literal('pressed'), verb: buttonVerb, byUserId: slackId, outcome }),
]);

export const button = z.object({
  verb: buttonVerb,
  planId,
  object: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('targets'),
      names,
      count,
      number: count.exactOptional(),
      leaving: z.literal(true).exactOptional(),
    }),
    z.object({ kind: z.literal('cache'), when: z.enum(['run', 'now', 'when-deployed']) }),
    z.object({ kind: z.literal('matter'), seconds: count }),
    z.object({ kind: z.literal('until'), at: moment }),
    z.object({ kind: z.literal('look') }),
    z.object({ kind: z.literal('rule'), count }),
    z.object({ kind: z.literal('missing-rule'), count }),
    z.object({ kind: z.literal('companion'), side: companionSide }),
    z.object({ kind: z.literal('sweep'), count }),
    z.object({ kind: z.literal('closing'), ports: z.array(count), count }),
    z.object({ kind: z.literal('alarms'), count }),
  ]),
});
