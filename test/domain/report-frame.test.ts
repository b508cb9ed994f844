import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../../domain/order.ts';
import type { ConfirmationWanted } from '../../domain/report.ts';
import { reportOf } from '../../domain/report-frame.ts';
import { answering, asking } from '../../stories/carry-out-orders/tell.ts';
import { invalidationReport } from '../../stories/invalidate/words.ts';
import { IN_SERVICE, notInService } from '../slack/reports.ts';
import { aStage } from '../support/world/builders.ts';

const NOW = new Date('2026-11-22T05:02:00Z');
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.constant('i-0a1b2c3d4e5f67890:80 '.repeat(90)),
);

/** What may be a report's key: short enough to be stored and sent, and no letter that needs care. */
const KEY = /^[A-Za-z0-9-]{1,128}$/;

test('Given matters and identities of any length and letters, then every key is at most 128 plain characters', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (name, matter, identity) => {
      const stage = aStage({ name });
      const about = { destination: 'ops', matter, severity: 'warning', identity } as const;
      expect(reportOf(stage, about, IN_SERVICE.body, NOW).key).toMatch(KEY);
      const ports = { stage, now: () => NOW };
      const place = { distributionId: matter, tenantId: identity, name };
      const order: Order = {
        orderId: identity,
        orderedAt: NOW.toISOString(),
        by: { teamId: 'T1', channelId: 'C1', userId: 'U1', userName: 'tanaka' },
        asked: { kind: 'button', verb: 'approve', planId: matter },
        responseUrl: undefined,
      };
      const wanted: ConfirmationWanted = {
        kind: 'confirmation-wanted',
        place: { name, id: matter },
        paths: [],
        pathCount: 0,
        askedBy: { kind: 'person', userId: 'U1' },
        because: ['Everything'],
        price: { paths: 1, sentThisMonth: 0, atMostMills: 5, atLeastMills: 0 },
        findings: [],
        choices: [],
      };
      expect(invalidationReport(ports, { place }, 'ops', identity, wanted).key).toMatch(KEY);
      expect(asking(ports, order, wanted).report.key).toMatch(KEY);
      expect(answering(ports, order, { kind: 'failed', code: 'Throttling' }).report.key).toMatch(KEY);
    }),
  );
});

test('Given reports of one kind, then equal ones have one key, and another stage, matter or identity has another', () => {
  const frame = { destination: 'ops', matter: 'web', severity: 'warning', identity: 'once' } as const;
  const key = (stage: string, about: Partial<typeof frame> | Record<string, string> = {}) =>
    reportOf(aStage({ name: stage }), { ...frame, ...about }, notInService(), NOW).key;
  expect(key('prod')).toBe(key('prod', { destination: 'web' }));
  const keys = [key('prod'), key('test'), key('prod', { matter: 'api' }), key('prod', { identity: 'twice' })];
  expect(new Set(keys).size).toBe(4);
});
