import { expect, test } from '@jest/globals';
import type { Report } from '../../../domain/report.ts';
import { orderAnswers } from '../../../functions/invalidate-distributions/order-answers.ts';
import type { answer } from '../../../slack/answer.ts';
import { invalidationReport } from '../../../stories/invalidate/words.ts';
import type { LogLine } from '../../../stories/log.ts';
import { aRequest } from '../../support/contracts/invalidations-contract.ts';
import { aStage } from '../../support/world/builders.ts';
import { aMemoryState } from '../../support/world/memory-state.ts';

const NOW = () => new Date('2026-11-22T05:02:00Z');
const REPORT: Report = invalidationReport({ stage: aStage(), now: NOW }, aRequest('r'), 'default', 'r', {
  kind: 'invalidation-queued',
  place: { name: 'www.example.com', id: 'E1WWW2222222' },
  paths: ['/'],
  pathCount: 1,
  askedBy: { kind: 'person', userId: 'U1' },
  position: 1,
  because: 'QuotaInUse',
});
const TO = { orderId: 'o1', orderedAt: '2026-11-22T05:00:00.000Z', responseUrl: 'https://hooks.slack.com/commands/1' };

const at = (takes: boolean, delivery: Awaited<ReturnType<typeof answer>>) => {
  const sent: unknown[] = [];
  const log: LogLine[] = [];
  const answers = orderAnswers({
    now: NOW,
    log: (line) => log.push(line),
    orders: { takeAnswer: async () => takes },
    pauses: aMemoryState().pauses,
    render: ({ key }) => ({ text: key, blocks: [] }),
    allowsLoopback: false,
    answer: async (message, options) => {
      sent.push([message.text, options]);
      return delivery;
    },
  });
  return { answers, sent, log };
};

test('Given Slack takes an answer, then the person alone sees it', async () => {
  const { answers, sent, log } = at(true, { kind: 'delivered' });
  expect(await answers.tell(TO, REPORT)).toBe(true);
  const options = {
    responseUrl: TO.responseUrl,
    audience: 'person',
    allowsLoopback: false,
    timeoutMilliseconds: 8_000,
  };
  expect(sent).toEqual([[REPORT.key, options]]);
  expect(log).toEqual([]);
});

test('Given five answers were given, or Slack refuses, then nothing is thrown, and no address is in the log', async () => {
  const usedUp = at(false, { kind: 'delivered' });
  expect(await usedUp.answers.tell(TO, REPORT)).toBe(false);
  expect(usedUp.sent).toEqual([]);
  const refused = at(true, { kind: 'refused', status: 404, slackError: 'expired_url' });
  expect(await refused.answers.tell(TO, REPORT)).toBe(false);
  expect(refused.log).toMatchObject([{ event: 'order-not-answered', orderId: 'o1', because: '404 expired_url' }]);
  expect(JSON.stringify(refused.log)).not.toContain('hooks.slack.com');
});

test('Given the order is half an hour old, then Slack is not asked', async () => {
  const { answers, sent, log } = at(true, { kind: 'delivered' });
  expect(await answers.tell({ ...TO, orderedAt: '2026-11-22T04:32:00.000Z' }, REPORT)).toBe(false);
  expect(sent).toEqual([]);
  expect(log).toMatchObject([{ event: 'order-not-answered', because: 'too-late' }]);
});

test('Given the table fails, then nothing is thrown, for the ending stands', async () => {
  const { log } = at(true, { kind: 'delivered' });
  const answers = orderAnswers({
    now: NOW,
    log: (line) => log.push(line),
    orders: {
      takeAnswer: async () => {
        throw new Error(TO.responseUrl);
      },
    },
    pauses: aMemoryState().pauses,
    render: ({ key }) => ({ text: key, blocks: [] }),
    allowsLoopback: false,
    answer: async () => ({ kind: 'delivered' }),
  });
  expect(await answers.tell(TO, REPORT)).toBe(false);
  expect(log).toMatchObject([{ event: 'order-not-answered', because: 'Error' }]);
  expect(JSON.stringify(log)).not.toContain('hooks.slack.com');
});
