import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { sqsReportPublisher } from '../../../aws/queues/report-publisher.ts';
import type { Report } from '../../../domain/report.ts';
import { awsRefusal } from '../aws-refusal.ts';

const sqs = mockClient(SQSClient);
const eventBridge = mockClient(EventBridgeClient);

const QUEUE_URL = 'https://sqs.ap-northeast-1.amazonaws.com/123456789012/usher-prod-reports.fifo';

const REPORT: Report = {
  key: 'seated|web|i-0a1b2c3d4e5f67890:80',
  matter: 'web',
  destination: 'default',
  severity: 'information',
  at: '2026-11-22T05:02:23.000Z',
  stage: 'prod',
  region: 'ap-northeast-1',
  account: '123456789012',
  body: {
    kind: 'configuration-findings',
    subject: { name: 'web', id: 'tg-web', type: 'target-group' },
    findings: [],
  },
};

let warnings: { message: string; details: Readonly<Record<string, string>> }[];

const publisher = (
  busEntryOf = (report: Report) => ({
    source: 'usher',
    detailType: 'Usher Report',
    detail: JSON.stringify({ key: report.key }),
    at: new Date(report.at),
  }),
) =>
  sqsReportPublisher({
    sqs: new SQSClient({ region: 'ap-northeast-1' }),
    eventBridge: new EventBridgeClient({ region: 'ap-northeast-1' }),
    queueUrl: QUEUE_URL,
    busName: 'usher-prod',
    busEntryOf,
    log: { warn: (message, details) => warnings.push({ message, details }) },
  });

beforeEach(() => {
  warnings = [];
  sqs.reset();
  eventBridge.reset();
  sqs.on(SendMessageCommand).resolves({ MessageId: 'm-1' });
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'e-1' }] });
});

const sent = () => sqs.commandCalls(SendMessageCommand).map((call) => call.args[0].input);

describe('the queue', () => {
  test('Given a report, when it is published, then the queue has it whole and the bus has its copy', async () => {
    await publisher().publish(REPORT);
    expect(sent()).toEqual([
      {
        QueueUrl: QUEUE_URL,
        MessageBody: JSON.stringify(REPORT),
        MessageGroupId: 'default',
        MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(eventBridge.calls().map((call) => call.args[0].input)).toEqual([
      {
        Entries: [
          {
            EventBusName: 'usher-prod',
            Source: 'usher',
            DetailType: 'Usher Report',
            Detail: '{"key":"seated|web|i-0a1b2c3d4e5f67890:80"}',
            Time: new Date('2026-11-22T05:02:23.000Z'),
          },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  test('the same report has the same de-duplication id; another key, another destination, or the two run together have not', async () => {
    for (const report of [
      REPORT,
      { ...REPORT, at: '2026-11-22T06:00:00.000Z' },
      { ...REPORT, key: 'other' },
      { ...REPORT, destination: 'night' },
      { ...REPORT, destination: 'a', key: 'bc' },
      { ...REPORT, destination: 'ab', key: 'c' },
    ])
      await publisher().publish(report);
    const [first, again, ...others] = sent().map(({ MessageDeduplicationId }) => MessageDeduplicationId);
    expect(again).toBe(first);
    expect(new Set([first, ...others]).size).toBe(5);
  });

  test.each([
    ['ops team', 'ops_team'],
    ['当番', '__'],
    ['', '_'],
    ['x'.repeat(200), 'x'.repeat(128)],
    ['a!~b', 'a!~b'],
  ])('Given the destination %j, then its message group is %j, which SQS accepts', async (destination, group) => {
    await publisher().publish({ ...REPORT, destination });
    expect(sent()[0]?.MessageGroupId).toBe(group);
  });

  test('Given a report longer than a message can be, then it is refused by name before anything is sent', async () => {
    const findings = [
      { reason: 'TagMalformed', severity: 'warning', evidence: { value: '録'.repeat(350_000) } },
    ] as const;
    const tooLong = { ...REPORT, body: { ...REPORT.body, findings } } as Report;
    await expect(publisher().publish(tooLong)).rejects.toMatchObject({
      name: 'MessageTooLargeError',
      message: expect.stringMatching(
        /^the report seated\|web\|i-0a1b2c3d4e5f67890:80 is 10\d{5} bytes long; SQS takes at most 1048576$/,
      ),
    });
    expect([sqs.calls().length, eventBridge.calls().length]).toEqual([0, 0]);
  });

  test('Given characters that SQS would replace, then they travel escaped and read back the same', async () => {
    const report = { ...REPORT, matter: 'odd \uFFFE\uFFFF end' };
    await publisher().publish(report);
    const body = sent()[0]?.MessageBody ?? '';
    expect(body).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(JSON.parse(body)).toEqual(report);
  });

  test('Given the queue refuses, then it throws and the bus is not told of a report that nobody will see', async () => {
    sqs.on(SendMessageCommand).rejects(awsRefusal('AccessDenied', 'not allowed'));
    await expect(publisher().publish(REPORT)).rejects.toMatchObject({
      name: 'AwsCallError',
      service: 'SQS',
      meaning: 'denied',
    });
    expect(eventBridge.calls()).toHaveLength(0);
  });
});

describe('the copy on the bus', () => {
  test.each([
    [
      'the call fails',
      () => eventBridge.on(PutEventsCommand).rejects(awsRefusal('ThrottlingException', 'Rate exceeded')),
      'ThrottlingException: Rate exceeded',
    ],
    [
      'the entry fails inside a success',
      () =>
        eventBridge.on(PutEventsCommand).resolves({
          FailedEntryCount: 1,
          Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }],
        }),
      'MalformedDetail: Detail is malformed.',
    ],
  ])(
    'Given %s, when a report is published, then it is published all the same and the log says so',
    async (_what, arrange, because) => {
      arrange();
      await publisher().publish(REPORT);
      expect(sent()).toHaveLength(1);
      expect(warnings).toEqual([
        {
          message: 'The report is queued for Slack; its copy on the bus failed',
          details: { reportKey: REPORT.key, because: expect.stringContaining(because) },
        },
      ]);
    },
  );

  test('Given the copy cannot even be written, then the report is published all the same', async () => {
    await publisher(() => {
      throw new TypeError('cannot be written');
    }).publish(REPORT);
    expect(sent()).toHaveLength(1);
    expect(warnings[0]?.details).toMatchObject({ because: 'cannot be written' });
  });
});
