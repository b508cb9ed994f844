import { expect, test } from '@jest/globals';
import type { Announced, ExpiryMemory } from '../../../aws/state/expiry-port.ts';
import type { Registration } from '../../../domain/expiry/registration.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');
const LATER = new Date('2026-11-23T12:00:00.000Z');

export const anAnnouncement = (changes: Partial<Announced> = {}): Announced => ({
  thresholdDays: 14,
  standing: 'stuck DnsRecord',
  endsAt: '2026-12-06T00:00:00.000Z',
  announcedAt: NOON.toISOString(),
  matter: 'certificate _3f1c.www.example.co.jp',
  destination: 'default',
  recordsSeenAt: undefined,
  quietUntil: undefined,
  ...changes,
});

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';

/** What every keeper of what was announced does; a fresh one for each test. */
export const expiryContract = (make: () => Promise<ExpiryMemory>): void => {
  test('Given nothing was announced, then nothing is known of a subject', async () => {
    const memory = await make();
    expect(await memory.announced(ARN)).toBeUndefined();
    expect(await memory.listAnnounced()).toEqual([]);
  });

  test.each([
    ['with all there is to say', { recordsSeenAt: NOON.toISOString(), quietUntil: LATER.toISOString() }],
    ['with nothing that can be absent', { thresholdDays: undefined, endsAt: undefined }],
    ['on the day itself', { thresholdDays: 0 }],
    ['with its name', { name: 'www.example.co.jp' }],
  ])('Given an announcement %s, when it is read, then it is what was written', async (_, changes) => {
    const memory = await make();
    await memory.announce(ARN, anAnnouncement(changes));
    expect(await memory.announced(ARN)).toStrictEqual(anAnnouncement(changes));
    expect(await memory.listAnnounced()).toStrictEqual([{ subject: ARN, ...anAnnouncement(changes) }]);
  });

  test('Given a later announcement of the same subject, then it takes the place of the earlier, whole', async () => {
    const memory = await make();
    await memory.announce(ARN, anAnnouncement({ quietUntil: LATER.toISOString() }));
    await memory.announce(ARN, anAnnouncement({ thresholdDays: 7, announcedAt: LATER.toISOString() }));
    expect(await memory.announced(ARN)).toStrictEqual(
      anAnnouncement({ thresholdDays: 7, announcedAt: LATER.toISOString() }),
    );
  });

  test('Given several subjects, when one is over, then it alone is forgotten, and to forget it twice does no harm', async () => {
    const memory = await make();
    await memory.announce('domain example.jp', anAnnouncement({ matter: 'domain example.jp' }));
    await memory.announce(ARN, anAnnouncement());
    await memory.announce('endpoint www.example.com:443', anAnnouncement({ thresholdDays: undefined }));
    expect((await memory.listAnnounced()).map(({ subject }) => subject)).toEqual([
      ARN,
      'domain example.jp',
      'endpoint www.example.com:443',
    ]);
    await memory.forget('domain example.jp');
    await memory.forget('domain example.jp');
    expect((await memory.listAnnounced()).map(({ subject }) => subject)).toEqual([ARN, 'endpoint www.example.com:443']);
    expect(await memory.announced('domain example.jp')).toBeUndefined();
  });

  test('Given a validation record was seen, then its last time is known, whatever the case of its name', async () => {
    const memory = await make();
    expect(await memory.recordSeenAt('_3f1c.www.example.co.jp')).toBeUndefined();
    await memory.sawRecord('_3F1C.www.example.co.jp', NOON);
    await memory.sawRecord('_3f1c.WWW.example.co.jp', LATER);
    expect(await memory.recordSeenAt('_3f1c.www.example.co.jp')).toEqual(LATER);
    expect(await memory.recordSeenAt('_3f1c.example.co.jp')).toBeUndefined();
  });

  const registrations: readonly Registration[] = [
    {
      kind: 'registered',
      source: 'rdap',
      expiresAt: new Date('2027-03-01T12:34:56.789Z'),
      registrar: 'Example Registrar, Inc.',
      renewsItself: undefined,
      statuses: ['client transfer prohibited', 'active'],
    },
    {
      kind: 'registered',
      source: 'route53',
      expiresAt: LATER,
      registrar: undefined,
      renewsItself: false,
      statuses: [],
    },
    { kind: 'not-registered', source: 'whois' },
    { kind: 'cannot-know', why: 'SourceGivesNoDate' },
    { kind: 'could-not-check', why: 'the registry answered 503' },
  ];

  test.each(registrations)(
    'Given a registration that is $kind, when it is read, then it is what was kept',
    async (it) => {
      const memory = await make();
      expect(await memory.registration('example.com')).toBeUndefined();
      await memory.keepRegistration('example.com', { kind: 'cannot-know', why: 'NoSource' }, NOON);
      await memory.keepRegistration('example.com', it, LATER);
      expect(await memory.registration('example.com')).toStrictEqual({ registration: it, readAt: LATER });
      expect(await memory.registration('example.org')).toBeUndefined();
    },
  );
};
