import { describe, expect, test } from '@jest/globals';
import type { Announced } from '../../../domain/expiry/announced.ts';
import type { Registration } from '../../../domain/expiry/registration.ts';
import {
  domainEnding,
  judgeRegistration,
  quietUntilAfterConfirmation,
} from '../../../domain/expiry/registration-judgement.ts';
import { DEFAULT_THRESHOLDS_DAYS } from '../../../domain/expiry/standing.ts';
import { announcedAfter } from '../../../domain/expiry/telling.ts';
import { inDays, NOW } from './certificates.ts';

type Registered = Extract<Registration, { kind: 'registered' }>;

const registered = (days: number, change: Partial<Registered> = {}): Registration => ({
  kind: 'registered',
  source: 'rdap',
  expiresAt: inDays(days),
  registrar: 'Registrar Inc.',
  renewsItself: undefined,
  statuses: ['active'],
  ...change,
});

const judge = (registration: Registration, domain = 'example.com') =>
  judgeRegistration({ domain, names: [`www.${domain}`] }, registration, DEFAULT_THRESHOLDS_DAYS, NOW);

const whois = (days: number, statuses: readonly string[] = ['Active']) =>
  registered(days, { source: 'whois', statuses });
const route53 = (days: number, renewsItself: boolean) => registered(days, { source: 'route53', renewsItself });

describe('what needs a person', () => {
  test.each<[string, Registration, string, object]>([
    [
      '45 days left, and nobody says that it renews itself',
      registered(45),
      'example.com',
      { finding: 'expiring', thresholdDays: 45, severity: 'information' },
    ],
    ['14 days left', registered(14), 'example.com', { finding: 'expiring', thresholdDays: 14, severity: 'warning' }],
    ['3 days left', registered(3), 'example.com', { finding: 'expiring', thresholdDays: 3, severity: 'critical' }],
    [
      'expired a moment ago',
      registered(-1),
      'example.com',
      { finding: 'expired', thresholdDays: undefined, severity: 'critical' },
    ],
    ['auto-renew off', route53(30, false), 'example.com', { finding: 'auto-renew-off', thresholdDays: 30 }],
    ['auto-renew on, and expired', route53(-1, true), 'example.com', { finding: 'expired' }],
    ['.jp, 30 days left', whois(30), 'example.jp', { finding: 'confirm-renewal', severity: 'information' }],
    ['.jp, 2 days left', whois(2), 'example.jp', { finding: 'confirm-renewal', thresholdDays: 3, severity: 'warning' }],
    [
      '.jp, whose date passed three days ago',
      whois(-3),
      'example.co.jp',
      { finding: 'confirm-renewal', severity: 'warning' },
    ],
    ['.jp, whose date passed four days ago', whois(-4), 'example.co.jp', { finding: 'expired', severity: 'critical' }],
    ['.jp, given up', whois(20, ['To Be Suspended']), 'example.jp', { finding: 'expiring', thresholdDays: 30 }],
    ['.jp, suspended', whois(200, ['Suspended']), 'example.jp', { finding: 'on-hold', severity: 'critical' }],
    [
      'a date by hand in .jp',
      registered(7, { source: 'configured' }),
      'example.jp',
      { finding: 'expiring', source: 'configured' },
    ],
    [
      'client hold, as RDAP says it',
      registered(200, { statuses: ['client hold'] }),
      'example.com',
      { finding: 'on-hold' },
    ],
    ['redemptionPeriod, as EPP says it', route53(-40, true), 'example.com', { finding: 'expired' }],
    ['redemptionPeriod', registered(-40, { statuses: ['redemptionPeriod'] }), 'example.com', { finding: 'on-hold' }],
    [
      'nobody’s',
      { kind: 'not-registered', source: 'rdap' },
      'example.com',
      { finding: 'not-registered', source: 'rdap', severity: 'critical' },
    ],
    [
      'no source',
      { kind: 'cannot-know', why: 'NoSource' },
      'example.zz',
      { finding: 'cannot-know', detail: 'NoSource', severity: 'information' },
    ],
    [
      'no answer',
      { kind: 'could-not-check', why: 'TimedOut' },
      'example.com',
      { finding: 'could-not-check', detail: 'TimedOut', severity: 'information' },
    ],
  ])('Given %s', (_, registration, domain, expected) => {
    const { needs, standing } = judge(registration, domain);
    expect({ ...needs?.telling, ...needs?.body }).toMatchObject(expected);
    expect(needs?.telling.standing).toBe(standing);
  });

  test.each<[string, Registration, string, string]>([
    ['46 days left', registered(46), 'example.com', 'expiring'],
    ['auto-renew on, on its last day', route53(0, true), 'example.com', 'renews-itself'],
    ['.jp, 46 days left', whois(46), 'example.jp', 'confirm-renewal'],
    ['auto-renew off, 200 days left', route53(200, false), 'example.com', 'auto-renew-off'],
  ])('Given %s, then nobody yet, and where it stands is known', (_, registration, domain, standing) => {
    expect(judge(registration, domain)).toMatchObject({ standing, needs: undefined });
  });

  test('Given a hundred names, then ten are told and all are counted', () => {
    const names = Array.from({ length: 100 }, (_, index) => `n${index}.example.com`);
    const { needs } = judgeRegistration({ domain: 'example.com', names }, registered(1), DEFAULT_THRESHOLDS_DAYS, NOW);
    expect([needs?.body.names.length, needs?.body.nameCount]).toEqual([10, 100]);
  });

  test('Given a confirmation, then it is quiet until the registry should show the next date', () => {
    expect(quietUntilAfterConfirmation(new Date('2027-03-31T00:00:00Z')).toISOString()).toBe(
      '2027-04-03T00:00:00.000Z',
    );
  });
});

describe('endings', () => {
  const told = (registration: Registration): Announced => {
    const { needs } = judge(registration);
    if (needs === undefined) throw new Error('nothing is to be told');
    return announcedAfter(undefined, needs.telling, { matter: 'm', destination: 'default' }, NOW);
  };

  test.each<[string, Registration, Registration, string]>([
    ['its date has moved', registered(14), registered(379), 'settled'],
    ['its date has not', registered(14), registered(14), 'open'],
    ['it renews itself by now', route53(14, false), route53(14, true), 'settled'],
    ['it is off hold', registered(200, { statuses: ['clientHold'] }), registered(200), 'settled'],
    ['it was registered', { kind: 'not-registered', source: 'rdap' }, registered(365), 'settled'],
    ['the registry answers again', { kind: 'could-not-check', why: 'x' }, registered(365), 'forgotten'],
    ['a date is known by now', { kind: 'cannot-know', why: 'NoSource' }, registered(365), 'forgotten'],
  ])('Given that %s', (_, before, now, ending) => {
    expect(domainEnding(told(before), judge(now))).toBe(ending);
  });
});
