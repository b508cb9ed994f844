import { expect, test } from '@jest/globals';
import type { Registration } from '../../domain/expiry/registration.ts';
import { registries } from '../../internet/registries.ts';

const registered = (source: 'rdap' | 'whois'): Registration => ({
  kind: 'registered',
  source,
  expiresAt: new Date('2027-03-31T14:59:59Z'),
  registrar: undefined,
  renewsItself: undefined,
  statuses: [],
});

const NO_SOURCE: Registration = { kind: 'cannot-know', why: 'NoSource' };
const NO_DATE: Registration = { kind: 'cannot-know', why: 'SourceGivesNoDate' };
const FAILED: Registration = { kind: 'could-not-check', why: 'TimedOut' };
const NOBODYS: Registration = { kind: 'not-registered', source: 'rdap' };

test.each<[string, Registration, Registration, Registration, number]>([
  ['RDAP knows', registered('rdap'), registered('whois'), registered('rdap'), 0],
  ['RDAP knows that nobody has it', NOBODYS, registered('whois'), NOBODYS, 0],
  ['only WHOIS speaks for it', NO_SOURCE, registered('whois'), registered('whois'), 1],
  ['only WHOIS speaks for it and does not answer', NO_SOURCE, FAILED, FAILED, 1],
  ['RDAP can not be asked and WHOIS can', FAILED, registered('whois'), registered('whois'), 1],
  ['RDAP can not be asked and WHOIS is no source', FAILED, NO_SOURCE, FAILED, 1],
  ['RDAP gives no date and WHOIS is no source', NO_DATE, NO_SOURCE, NO_DATE, 1],
  ['neither is a source', NO_SOURCE, NO_SOURCE, NO_SOURCE, 1],
])('Given %s, then the better word is told', async (_, byRdap, byWhois, expected, askedWhois) => {
  let asked = 0;
  const both = registries(
    { readRegistration: async () => byRdap },
    {
      readRegistration: async () => {
        asked += 1;
        return byWhois;
      },
    },
  );
  expect(await both.readRegistration('example.jp')).toEqual(expected);
  expect(asked).toBe(askedWhois);
});
