import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReceivedMessage } from '../../../aws/queues/received-messages.ts';
import type { Report } from '../../../domain/report.ts';
import type { PostReportsPorts, QueuedReport } from '../../../functions/post-to-slack/post-reports.ts';
import { postReports } from '../../../functions/post-to-slack/post-reports.ts';
import type { SlackStandIn } from '../../../local/slack/stand-in.ts';
import { startSlackStandIn } from '../../../local/slack/stand-in.ts';
import { deliver } from '../../../slack/deliver.ts';
import { renderReport } from '../../../slack/render.ts';
import { WebhookUrlError } from '../../../slack/webhook-url.ts';
import { IN_SERVICE, NOT_IN_SERVICE, notInService } from '../../slack/reports.ts';
import { aMemoryState } from '../../support/world/memory-state.ts';

const NOW = new Date('2026-11-22T05:03:00Z');
const HOUR = 3_600_000;

const queued = (name: string, change: Partial<QueuedReport> & { report?: Partial<Report> } = {}): QueuedReport => {
  const { report, ...queue } = change;
  return {
    messageId: name,
    receiptHandle: `handle-${name}`,
    groupId: 'default',
    body: JSON.stringify({ ...IN_SERVICE, key: name, ...report }),
    sentAt: NOW,
    receiveCount: 1,
    ...queue,
  };
};

/** The story's surroundings in memory, with a real Slack stand-in at the end of it. */
const world = (slack: SlackStandIn) => {
  const keys = new Set<string>();
  const muted = new Set<string>();
  const hidden: [string, number][] = [];
  const aside: [string, string][] = [];
  const pauses: number[] = [];
  const state = aMemoryState();
  const ports: PostReportsPorts = {
    delivered: {
      has: async (destination, key) => keys.has(`${destination} ${key}`),
      add: async (destination, key) => void keys.add(`${destination} ${key}`),
    },
    quietMatters: { isQuiet: async (matter) => muted.has(matter) },
    messages: {
      hideFor: async ({ messageId }: ReceivedMessage, seconds) => void hidden.push([messageId, seconds]),
      setAside: async ({ messageId }: ReceivedMessage, reason) => void aside.push([messageId, reason]),
    },
    pauses: state.pauses,
    render: (report, pause) =>
      renderReport(report, {
        language: 'en',
        timeZone: 'Asia/Tokyo',
        ...(pause === undefined ? {} : { pausedSince: pause.since }),
      }),
    deliver: ({ destination }, message, attempt) =>
      deliver(message, { webhookUrl: slack.webhookUrl(destination), attempt, timeoutMilliseconds: 500 }),
    now: () => NOW,
    pause: async (milliseconds) => void pauses.push(milliseconds),
    remainingMilliseconds: () => 60_000,
  };
  return { keys, muted, hidden, aside, pauses, state, ports };
};

let slack: SlackStandIn;
beforeEach(async () => {
  slack = await startSlackStandIn();
});
afterEach(() => slack.stop());

const DONE = { posted: 0, skipped: 0, setAside: 0, waiting: [], whys: [] };

test('Given three reports of one destination, then all are posted in order, a second apart, and remembered', async () => {
  const { keys, pauses, ports } = world(slack);
  expect(await postReports(ports)([queued('a'), queued('b'), queued('c')])).toEqual({ ...DONE, posted: 3 });
  expect(slack.messages.map(({ destination }) => destination)).toEqual(['default', 'default', 'default']);
  expect([...keys]).toEqual(['default a', 'default b', 'default c']);
  expect(pauses).toEqual([1_000, 1_000]);
});

test('Given a report that was delivered before, then it is done without a word to Slack', async () => {
  const { keys, ports } = world(slack);
  keys.add('default a');
  expect(await postReports(ports)([queued('a')])).toEqual({ ...DONE, skipped: 1 });
  expect(slack.requests).toEqual([]);
});

test('Given a matter that was muted, then more of the same is left unsaid, but not its last word, its ending, or what is critical', async () => {
  const { keys, muted, ports } = world(slack);
  const { matter } = NOT_IN_SERVICE;
  muted.add(matter);
  const more = { body: NOT_IN_SERVICE.body, matter };
  const batch = [
    queued('more', { report: more }),
    queued('elsewhere', { report: { ...more, matter: 'another' } }),
    queued('critical', { report: { ...more, severity: 'critical' } }),
    queued('last', { report: { ...more, body: notInService({ looksAgainEverySeconds: undefined }) } }),
    queued('ending', { report: { matter } }),
  ];
  expect(await postReports(ports)(batch)).toEqual({ ...DONE, posted: 4, skipped: 1 });
  expect([...keys]).toEqual(['default elsewhere', 'default critical', 'default last', 'default ending']);
});

test('Given 500, then 429, then 200, when the queue hands it out again each time, then it arrives once', async () => {
  const { hidden, ports } = world(slack);
  slack.answerNext({ status: 500 }, { status: 429, retryAfterSeconds: 30 });
  const first = await postReports(ports)([queued('a')]);
  expect(first).toEqual({ ...DONE, waiting: ['a'], whys: ['Slack answered 500'] });
  const second = await postReports(ports)([queued('a', { receiveCount: 2 })]);
  expect(second).toEqual({ ...DONE, waiting: ['a'], whys: ['Slack answered 429'] });
  expect(await postReports(ports)([queued('a', { receiveCount: 3 })])).toEqual({ ...DONE, posted: 1 });
  expect(await postReports(ports)([queued('a', { receiveCount: 4 })])).toEqual({ ...DONE, skipped: 1 });
  expect(hidden).toEqual([
    ['a', 2],
    ['a', 30],
  ]);
  expect(slack.messages).toHaveLength(1);
});

test('Given that one has to wait, then those after it in its group wait as long, and other groups go on', async () => {
  const { hidden, ports } = world(slack);
  const limited: PostReportsPorts = {
    ...ports,
    deliver: async (report, message, attempt) =>
      report.destination === 'slow'
        ? { kind: 'wait', seconds: 45, why: 'Slack answered 429' }
        : ports.deliver(report, message, attempt),
  };
  const slow = { groupId: 'slow', report: { destination: 'slow' } };
  const outcome = await postReports(limited)([queued('a', slow), queued('b'), queued('c', slow), queued('d')]);
  expect(outcome).toEqual({ ...DONE, posted: 2, waiting: ['a', 'c'], whys: ['Slack answered 429'] });
  expect(hidden).toEqual([
    ['a', 45],
    ['c', 45],
  ]);
  expect(slack.messages.map(({ destination }) => destination)).toEqual(['default', 'default']);
});

test.each([
  [400, 'invalid_blocks'],
  [403, 'invalid_token'],
  [404, 'no_service'],
  [410, 'channel_is_archived'],
])(
  'Given %i %s, then the report is set aside at once with Slack’s word, and the next one is posted',
  async (status, body) => {
    const { aside, keys, ports } = world(slack);
    slack.answerNext({ status, body });
    expect(await postReports(ports)([queued('a'), queued('b')])).toMatchObject({ posted: 1, setAside: 1, waiting: [] });
    expect(aside).toEqual([['a', `Slack refused it: ${status} ${body}`]]);
    expect([...keys]).toEqual(['default b']);
  },
);

describe('what is no report', () => {
  test.each([
    ['not JSON', '{"key"', 'MalformedReportError: the message is not JSON'],
    ['another thing', '{"hello":1}', 'MalformedReportError: not a report: key: '],
    [
      'a report of an unknown kind',
      JSON.stringify({ ...IN_SERVICE, body: { kind: 'poem' } }),
      'MalformedReportError: not a report: body.kind: ',
    ],
    [
      'a reason without words',
      JSON.stringify({
        ...IN_SERVICE,
        body: { ...IN_SERVICE.body, findings: [{ reason: 'constructor', severity: 'warning', evidence: {} }] },
      }),
      'MalformedReportError: not a report: body.findings.0.reason: is no reason that has words in the catalogue',
    ],
  ])('%s is set aside alone, with its reason', async (_, body, reason) => {
    const { aside, ports } = world(slack);
    expect(await postReports(ports)([queued('bad', { body }), queued('good')])).toMatchObject({
      posted: 1,
      setAside: 1,
      waiting: [],
    });
    expect(aside).toHaveLength(1);
    expect(aside[0]?.[0]).toBe('bad');
    expect(aside[0]?.[1]).toContain(reason);
  });

  test('Given that it can’t even be set aside, then it stays in the queue', async () => {
    const { ports } = world(slack);
    const broken = {
      ...ports,
      messages: { ...ports.messages, setAside: async () => Promise.reject(new Error('no queue')) },
    };
    expect(await postReports(broken)([queued('bad', { body: '' }), queued('good')])).toMatchObject({
      posted: 0,
      setAside: 0,
      waiting: ['bad', 'good'],
    });
  });

  test('Given what producers leave undefined, which JSON drops, then it is a report all the same', async () => {
    const { ports } = world(slack);
    const body = {
      kind: 'targets-not-in-service',
      targetGroup: { name: 'g', id: 'g' },
      targets: [{ name: 't', port: 80, state: 'unhealthy', sinceSeconds: 1 }],
      health: { healthy: 0, total: 1 },
      network: 'unknown',
      findings: [],
      changes: [],
    };
    expect(await postReports(ports)([queued('a', { body: JSON.stringify({ ...IN_SERVICE, body }) })])).toMatchObject({
      posted: 1,
    });
  });
});

describe('a day of waiting', () => {
  test.each([
    ['just within 24 h', 24 * HOUR - 3_000, { waiting: ['a'], setAside: 0 }, []],
    [
      'beyond 24 h',
      24 * HOUR - 1_000,
      { waiting: [], setAside: 1 },
      [['a', 'not delivered within 24 h: Slack answered 503']],
    ],
  ])('Given a report %s old with the wait, then …', async (_, age, outcome, aside) => {
    const its = world(slack);
    slack.answerNext({ status: 503 });
    expect(await postReports(its.ports)([queued('a', { sentAt: new Date(NOW.getTime() - age) })])).toMatchObject(
      outcome,
    );
    expect(its.aside).toEqual(aside);
  });
});

describe('what fails around Slack', () => {
  test('Given a webhook that isn’t Slack’s, then the report is set aside with the reason; a missing one is waited for', async () => {
    const { aside, hidden, ports } = world(slack);
    const wrong = {
      ...ports,
      deliver: async () => Promise.reject(new WebhookUrlError('/usher/prod/slack/default/webhook-url: not a URL')),
    };
    expect(await postReports(wrong)([queued('a')])).toMatchObject({ setAside: 1, waiting: [] });
    expect(aside).toEqual([['a', 'WebhookUrlError: /usher/prod/slack/default/webhook-url: not a URL']]);
    const missing = { ...ports, deliver: async () => Promise.reject(new Error('there is no parameter')) };
    expect(await postReports(missing)([queued('b', { receiveCount: 3 })])).toMatchObject({
      waiting: ['b'],
      whys: ['Error: there is no parameter'],
    });
    expect(hidden).toEqual([['b', 8]]);
  });

  test('Given that the table can’t be asked, then nothing is posted unasked', async () => {
    const { ports } = world(slack);
    const blind = {
      ...ports,
      delivered: { ...ports.delivered, has: async () => Promise.reject(new Error('throttled')) },
    };
    expect(await postReports(blind)([queued('a')])).toMatchObject({ posted: 0, waiting: ['a'] });
    expect(slack.requests).toEqual([]);
  });

  test('Given that the key can’t be stored after Slack’s 200, then it is tried three times and the message is done: it is not posted again', async () => {
    const { pauses, ports } = world(slack);
    let attempts = 0;
    const forgetful = {
      ...ports,
      delivered: {
        ...ports.delivered,
        add: async () => {
          attempts += 1;
          throw new Error('throttled');
        },
      },
    };
    expect(await postReports(forgetful)([queued('a')])).toEqual({ ...DONE, posted: 1 });
    expect(attempts).toBe(3);
    expect(pauses).toEqual([200, 400]);
    expect(slack.messages).toHaveLength(1);
  });

  test('Given a crash after Slack’s 200 and before the key is stored, then the report is posted once more and never a third time', async () => {
    const { ports } = world(slack);
    const crash = new Promise<never>(() => {});
    const dying = postReports({ ...ports, delivered: { ...ports.delivered, add: () => crash } })([queued('a')]);
    await slack.nextMessage();
    void dying;
    expect(await postReports(ports)([queued('a', { receiveCount: 2 })])).toEqual({ ...DONE, posted: 1 });
    expect(await postReports(ports)([queued('a', { receiveCount: 3 })])).toEqual({ ...DONE, skipped: 1 });
    expect(slack.messages).toHaveLength(2);
  });

  test('Given a report that can’t be rendered, then it is set aside and blocks nobody', async () => {
    const { aside, ports } = world(slack);
    const clumsy = {
      ...ports,
      render: (report: Report) => {
        if (report.key === 'a') throw new RangeError('no such time');
        return ports.render(report, undefined);
      },
    };
    expect(await postReports(clumsy)([queued('a'), queued('b')])).toMatchObject({ posted: 1, setAside: 1 });
    expect(aside).toEqual([['a', 'could not be rendered: RangeError: no such time']]);
  });

  test('Given that hiding fails, then the messages still stay in the queue', async () => {
    const { ports } = world(slack);
    slack.answerNext({ status: 500 });
    const stuck = { ...ports, messages: { ...ports.messages, hideFor: async () => Promise.reject(new Error('gone')) } };
    expect(await postReports(stuck)([queued('a')])).toMatchObject({ waiting: ['a'] });
  });

  test('Given little time left, then the rest goes back to the queue unposted', async () => {
    const { hidden, ports } = world(slack);
    const times = [60_000, 19_999];
    const short = { ...ports, remainingMilliseconds: () => times.shift() ?? 0 };
    expect(await postReports(short)([queued('a'), queued('b'), queued('c')])).toMatchObject({
      posted: 1,
      waiting: ['b', 'c'],
    });
    expect(hidden).toEqual([
      ['b', 1],
      ['c', 1],
    ]);
  });
});

test('Whatever Slack answers: each message is posted, set aside or stays, and within a group nothing overtakes', async () => {
  const answer = fc.constantFrom('delivered', 'wait', 'refused');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z'), answer), { maxLength: 10 }), async (batch) => {
      const { aside, ports } = world(slack);
      const posted: string[] = [];
      const items = batch.map(([groupId], index) =>
        queued(String(index), { groupId, report: { stage: String(index) } }),
      );
      const outcome = await postReports({
        ...ports,
        render: ({ stage }) => ({ text: stage, blocks: [] }),
        deliver: async (_, { text }) => {
          const kind = batch[Number(text)]?.[1];
          if (kind === 'delivered') posted.push(text);
          if (kind === 'wait') return { kind, seconds: 1, why: 'busy' };
          return kind === 'refused' ? { kind, status: 410, slackError: 'channel_is_archived' } : { kind: 'delivered' };
        },
      })(items);
      const ended = [...posted, ...aside.map(([id]) => id), ...outcome.waiting];
      expect(ended.toSorted()).toEqual(items.map(({ messageId }) => messageId).toSorted());
      for (const group of ['x', 'y', 'z']) {
        const ids = items.filter(({ groupId }) => groupId === group).map(({ messageId }) => messageId);
        const firstWait = ids.findIndex((id) => outcome.waiting.includes(id));
        const expected = firstWait === -1 ? [] : ids.slice(firstWait);
        expect(ids.filter((id) => outcome.waiting.includes(id))).toEqual(expected);
      }
    }),
    { numRuns: 200 },
  );
});

test('Given the stage is paused, then every message says so in its grey line, and none once it goes on', async () => {
  const { state, ports } = world(slack);
  await state.pauses.begin({ since: NOW, byUserId: 'U0001' });
  await postReports(ports)([queued('a'), queued('b')]);
  await state.pauses.end();
  await postReports(ports)([queued('c')]);
  const greyLines = slack.messages.map(({ blocks }) => JSON.stringify(blocks));
  expect(greyLines.map((line) => line.includes('paused since Sun 22 Nov 14:03 JST'))).toEqual([true, true, false]);
});

test('Given it can’t be read whether the stage is paused, then the report waits', async () => {
  const { ports, hidden } = world(slack);
  const unread = { find: async () => Promise.reject(new Error('no answer')) };
  const { waiting } = await postReports({ ...ports, pauses: unread })([queued('a')]);
  expect([waiting, hidden.map(([name]) => name), slack.messages]).toEqual([['a'], ['a'], []]);
});
