import { describe, expect, test } from '@jest/globals';
import { SURVEY_MESSAGE, serializeExpiryMessage } from '../../../events/expiry-message.ts';
import { takeMessages } from '../../../functions/alert-expiring-certificates/take-messages.ts';
import { acmEvent, arnOf } from '../../stories/watch-expiry/samples.ts';
import { anExpiryWorld } from '../../support/world/expiry-world.ts';

const aFunction = () => {
  const world = anExpiryWorld();
  const sent: string[] = [];
  const setAside: { readonly body: string; readonly reason: string }[] = [];
  const looked: string[] = [];
  let isBroken = false;
  let secondsPerLook = 0;
  const ports = {
    ...world.ports,
    certificates: () => ({
      readCertificates: async () => [],
      readCertificate: async (arn: string) => {
        world.clock.advance(secondsPerLook);
        if (isBroken) throw new TypeError('a mistake of ours');
        looked.push(arn);
        return undefined;
      },
    }),
    expiryQueue: { sendLater: async (body: string) => void sent.push(body) },
    deadLetters: { send: async (body: string, reason: string) => void setAside.push({ body, reason }) },
  };
  return {
    sent,
    setAside,
    looked,
    log: world.log,
    breakReads: () => {
      isBroken = true;
    },
    takeSecondsPerLook: (seconds: number) => {
      secondsPerLook = seconds;
    },
    take: (...bodies: readonly string[]) =>
      takeMessages(ports)({ Records: bodies.map((body, index) => ({ messageId: `m${index + 1}`, body })) }),
  };
};

const about = (id: string): string => acmEvent('ACM Certificate Approaching Expiration', arnOf(id));
const NONE_FAILED = { batchItemFailures: [] };

describe('what a message asks for', () => {
  test('Given the word of the schedule, then the parts of the survey are sent, each as a note of its own', async () => {
    const { take, sent } = aFunction();
    expect(await take(SURVEY_MESSAGE)).toEqual(NONE_FAILED);
    expect(sent.map((body) => JSON.parse(body).kind)).toEqual([
      'expiry-certificates',
      'expiry-endpoints',
      'expiry-records',
      'expiry-domains',
    ]);
  });

  test('Given events of ACM, then the certificates are looked at; the same event twice in a batch, once', async () => {
    const { take, looked } = aFunction();
    expect(await take(about('a'), about('a'), about('b'))).toEqual(NONE_FAILED);
    expect(looked).toEqual([arnOf('a'), arnOf('b')]);
  });

  test('Given an event of a service that is none of ours, then it is left alone, with a line in the log', async () => {
    const { take, log, setAside } = aFunction();
    const event = { ...JSON.parse(about('a')), source: 'aws.ec2' };
    expect(await take(JSON.stringify(event))).toEqual(NONE_FAILED);
    expect(log).toContainEqual(expect.objectContaining({ event: 'ignored', because: 'SourceNotOurs' }));
    expect(setAside).toEqual([]);
  });
});

describe('what goes wrong', () => {
  test.each([
    ['no JSON', 'hello'],
    ['an event without a certificate', JSON.stringify({ ...JSON.parse(about('a')), resources: [] })],
    ['a note of another version', SURVEY_MESSAGE.replace('1', '2')],
    ['a note that nobody knows', '{"usher":1,"kind":"expiry-dance"}'],
  ])('Given %s, then it is set aside alone, with its reason, and the others are taken', async (_, body) => {
    const { take, setAside, looked } = aFunction();
    expect(await take(body, about('b'))).toEqual(NONE_FAILED);
    expect(setAside).toEqual([{ body, reason: expect.stringMatching(/./) }]);
    expect(looked).toEqual([arnOf('b')]);
  });

  test('Given a look that fails, then it alone comes back', async () => {
    const { take, breakReads, log } = aFunction();
    breakReads();
    expect(await take(about('a'), SURVEY_MESSAGE)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(log).toContainEqual(expect.objectContaining({ event: 'failed', messageId: 'm1' }));
  });

  test('Given a batch that takes long, then what could not be begun in time is handed on as it is', async () => {
    const { take, takeSecondsPerLook, looked, sent } = aFunction();
    takeSecondsPerLook(11);
    const note = serializeExpiryMessage({ kind: 'expiry-look', subjects: [`certificate|${arnOf('c')}`] });
    expect(await take(about('a'), about('b'), note)).toEqual(NONE_FAILED);
    expect(looked).toEqual([arnOf('a')]);
    expect(sent).toEqual(expect.arrayContaining([about('b'), note]));
  });

  test('Given a look that takes long and then fails, then the others are handed on, and it alone comes back', async () => {
    const { take, takeSecondsPerLook, breakReads, sent } = aFunction();
    takeSecondsPerLook(60);
    breakReads();
    expect(await take(about('a'), about('b'), about('c'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(sent).toEqual([about('b'), about('c')]);
  });
});
