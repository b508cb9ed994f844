import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Severity } from '../../domain/finding.ts';
import type { Report, ReportBody, ReportedTarget, TargetsInService } from '../../domain/report.ts';
import type { Thread } from '../../domain/thread.ts';
import { placeReport, threadAfter, threadFrom } from '../../domain/thread.ts';
import { changeTold, explained, recovered } from '../slack/diagnosis-reports.ts';
import { IN_SERVICE, notInService, reportOf, WEB_3 } from '../slack/reports.ts';

const NOW = new Date('2026-11-22T05:03:00Z');
const later = (hours: number): Date => new Date(NOW.getTime() + hours * 3_600_000);

const WEB_4 = { ...WEB_3, name: 'web-4', instanceId: 'i-0fedcba9876543210' };
const [THREE, FOUR] = ['i-0a1b2c3d4e5f67890:80', 'i-0fedcba9876543210:80'];

const sick = (severity: Severity, ...targets: readonly ReportedTarget[]): Report => {
  const [pattern] = notInService().targets;
  if (pattern === undefined) throw new Error('the pattern has a target');
  return reportOf(notInService({ targets: targets.map((target) => ({ ...pattern, ...target })) }), severity);
};

const well = (recovered: boolean, ...targets: readonly ReportedTarget[]): Report =>
  reportOf(
    {
      ...(IN_SERVICE.body as TargetsInService),
      targets: targets.map((target) => ({ ...target, healthyAfterSeconds: 240 })),
      recovered,
    },
    'information',
  );

const thread = (change: Partial<Thread> = {}): Thread => ({
  channel: 'C0000000001',
  ts: '1.000001',
  head: '{}',
  severity: 'warning',
  open: [THREE],
  openUntil: later(24),
  ...change,
});

const place = { name: 'www.example.co.jp', id: 'E1ABC' };
const of = { place, paths: ['/'], pathCount: 1 };
const person = { kind: 'person', userId: 'U0123456' } as const;
const QUEUED = reportOf(
  { kind: 'invalidation-queued', ...of, askedBy: person, position: 2, because: 'QuotaInUse' },
  'information',
);
const COMPLETED = reportOf(
  {
    kind: 'invalidation-completed',
    ...of,
    invalidationId: 'I1',
    durationSeconds: 108,
    askedBy: [person],
    pathsThisMonth: 37,
  },
  'information',
);
const STILL = reportOf({
  kind: 'invalidation-still-running',
  ...of,
  invalidationId: 'I1',
  sinceSeconds: 7200,
  askedBy: [person],
});

describe('a target that is not in service', () => {
  test('Given no thread, then it begins one that waits for its targets', () => {
    expect(placeReport(sick('warning', WEB_3, WEB_4), undefined, NOW)).toEqual({ kind: 'head', open: [THREE, FOUR] });
  });

  test('Given its thread, when it is said again of the same target, then quietly in the thread', () => {
    expect(placeReport(sick('warning', WEB_3), thread(), NOW)).toMatchObject({
      kind: 'reply',
      isShownInChannel: false,
      isEnding: false,
      open: [THREE],
    });
  });

  test.each([
    ['it got worse', sick('critical', WEB_3), [THREE]],
    ['another target joined', sick('warning', WEB_4), [THREE, FOUR]],
  ])('Given its thread, when %s, then in the thread and shown in the channel', (_, report, open) => {
    expect(placeReport(report, thread(), NOW)).toMatchObject({ kind: 'reply', isShownInChannel: true, open });
  });

  test('Given that the worst was said, when it is merely bad, then that is no news', () => {
    expect(placeReport(sick('warning', WEB_3), thread({ severity: 'critical' }), NOW)).toMatchObject({
      isShownInChannel: false,
    });
  });

  test.each([
    ['has ended', thread({ open: [] })],
    ['was silent for a day', thread({ openUntil: NOW })],
  ])('Given a thread that %s, then it begins another', (_, over) => {
    expect(placeReport(sick('warning', WEB_3), over, NOW)).toEqual({ kind: 'head', open: [THREE] });
  });
});

describe('a target in service', () => {
  test('Given that it recovered and is the last of its thread, then it ends the thread, shown in the channel', () => {
    expect(placeReport(well(true, WEB_3), thread(), NOW)).toEqual({
      kind: 'reply',
      thread: thread(),
      isShownInChannel: true,
      open: [],
      isEnding: true,
    });
  });

  test('Given that another of the thread is still sick, then it is a quiet word in it', () => {
    expect(placeReport(well(true, WEB_3), thread({ open: [THREE, FOUR] }), NOW)).toMatchObject({
      isShownInChannel: false,
      open: [FOUR],
      isEnding: false,
    });
  });

  test('Given a target that its thread waits for, then it is the end, whoever remembers that it failed', () => {
    expect(placeReport(well(false, WEB_3), thread(), NOW)).toMatchObject({ isEnding: true });
  });

  test.each([
    ['a fresh launch', well(false, WEB_4), thread()],
    ['recovered, and never spoken of here', well(true, WEB_4), thread()],
    ['recovered, with no thread', well(true, WEB_3), undefined],
    ['recovered, and its thread has ended', well(true, WEB_3), thread({ open: [] })],
  ])('Given %s, then it is a message of its own', (_, report, known) => {
    expect(placeReport(report, known, NOW)).toEqual({ kind: 'alone' });
  });
});

describe('invalidations', () => {
  const open = ['person U0123456'];

  test('Given a queued one, then it begins a thread, and waiting on is said in it, out loud after two hours', () => {
    expect(placeReport(QUEUED, undefined, NOW)).toEqual({ kind: 'head', open });
    expect(placeReport(QUEUED, thread({ open }), NOW)).toMatchObject({ kind: 'reply', isShownInChannel: false });
    expect(placeReport(STILL, thread({ open }), NOW)).toMatchObject({ kind: 'reply', isShownInChannel: true, open });
  });

  test('Given that another’s of the same distribution completes, then the thread goes on waiting', () => {
    const both = [...open, 'pipeline ci build-7'];
    expect(placeReport(COMPLETED, thread({ open: both }), NOW)).toMatchObject({
      isEnding: false,
      isShownInChannel: false,
      open: ['pipeline ci build-7'],
    });
    expect(placeReport(COMPLETED, thread({ open: ['pipeline ci build-7'] }), NOW)).toEqual({ kind: 'alone' });
  });

  test('Given a question with buttons, then it stands alone, so that no other ending takes its buttons', () => {
    const report = reportOf({
      kind: 'confirmation-wanted',
      ...of,
      askedBy: person,
      because: ['Everything'],
      price: { paths: 1, sentThisMonth: 0, atMostMills: 5, atLeastMills: 0 },
      findings: [],
      choices: [{ label: 'run', planId: 'plan-1' }],
    });
    expect(placeReport(report, thread({ open }), NOW)).toEqual({ kind: 'alone' });
  });

  test('Given its completion, then it ends the thread; without one it is a message of its own', () => {
    expect(placeReport(COMPLETED, thread({ open }), NOW)).toMatchObject({ isEnding: true, isShownInChannel: true });
    expect(placeReport(COMPLETED, undefined, NOW)).toEqual({ kind: 'alone' });
  });
});

test.each<ReportBody>([
  { kind: 'configuration-findings', subject: { name: 'web-prod', id: 'arn', type: 'target-group' }, findings: [] },
  { kind: 'targets-not-registered', targetGroup: { name: 'web-prod', id: 'arn' }, targets: [] },
])('Given $kind, then it stands alone, thread or not', (body) => {
  expect(placeReport(reportOf(body), thread(), NOW)).toEqual({ kind: 'alone' });
});

test('Whatever is told of three targets in any order: a thread ends when, and only when, the last of those it spoke of is well', () => {
  const targets = [WEB_3, WEB_4, { ...WEB_3, name: 'web-5', instanceId: 'i-5' }];
  const step = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 2 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let known: Thread | undefined;
      const waiting = new Set<number>();
      for (const [isSick, index] of steps) {
        const target = targets[index] ?? WEB_3;
        const report = isSick ? sick('warning', target) : well(true, target);
        const placement = placeReport(report, known, NOW);
        const wasLast = waiting.size === 1 && waiting.has(index);
        if (placement.kind === 'head')
          known = threadFrom(report, placement.open, { channel: 'C1', ts: '1', head: '{}' }, NOW);
        if (placement.kind === 'reply') {
          expect(placement.isEnding).toBe(!isSick && wasLast);
          known = threadAfter(report, placement, NOW);
        }
        if (isSick) waiting.add(index);
        else waiting.delete(index);
        expect(known?.open.length ?? 0).toBe(waiting.size);
      }
    }),
  );
});

describe('an alarm', () => {
  const MATTER = 'alarm|web-prod';
  const story = (body: ReportBody, severity: Severity = 'warning'): Report => ({
    ...reportOf(body, severity),
    matter: MATTER,
  });
  const told = thread({ open: [MATTER] });

  test('Given no thread, when it is explained, then that begins one, which waits for the end of its story', () => {
    expect(placeReport(story(explained()), undefined, NOW)).toEqual({ kind: 'head', open: [MATTER] });
  });

  test('Given its thread, when another alarm tells the same, then quietly; when it is worse or back again, then shown', () => {
    const shown = (report: Report) => placeReport(report, told, NOW);
    expect(shown(story(explained({ alarm: 'other' })))).toMatchObject({ kind: 'reply', isShownInChannel: false });
    expect(shown(story(explained(), 'critical'))).toMatchObject({ kind: 'reply', isShownInChannel: true });
    expect(shown(story(explained({ timesRaised: 2 })))).toMatchObject({ kind: 'reply', isShownInChannel: true });
  });

  test('Given its thread, when it recovers, then that ends the thread, shown in the channel', () => {
    expect(placeReport(story(recovered()), told, NOW)).toEqual({
      kind: 'reply',
      thread: told,
      isShownInChannel: true,
      open: [],
      isEnding: true,
    });
  });

  test('Given its thread, ended or not, when it is known who changed what, then that is added quietly and ends nothing', () => {
    for (const known of [told, thread({ open: [] })])
      expect(placeReport(story(changeTold()), known, NOW)).toEqual({
        kind: 'reply',
        thread: known,
        isShownInChannel: false,
        open: known.open,
        isEnding: false,
      });
  });

  test.each([
    ['no thread', undefined],
    ['a thread that was silent for a day', thread({ open: [MATTER], openUntil: NOW })],
  ])('Given %s, when it is known who changed what, then that is a message of its own', (_, known) => {
    expect(placeReport(story(changeTold()), known, NOW)).toEqual({ kind: 'alone' });
  });

  test('Given no thread, when it recovers, then that is a message of its own', () => {
    expect(placeReport(story(recovered()), undefined, NOW)).toEqual({ kind: 'alone' });
  });
});
