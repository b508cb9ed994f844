import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toRegistration } from '../../../internet/whois/jprs-answer.ts';
import { whoisRegistries } from '../../../internet/whois/registries.ts';
import type { TcpServer } from '../../support/internet/tls-server.ts';
import { startTcpServer } from '../../support/internet/tls-server.ts';

const BANNER = `[ JPRS database provides information on network administration. Its use is    ]
[ restricted to network administration purposes. For further information,     ]
`;

/** The form for general names, after public samples of JPRS's answers (facts, addenda); the names are made up. */
const GENERAL = `${BANNER}Domain Information:
[Domain Name]                   EXAMPLE.JP

[Registrant]                    Example Inc.

[Name Server]                   ns1.example.jp
[Signing Key]                   

[Created on]                    2015/03/24
[Expires on]                    2027/03/31
[Status]                        Active
[Lock Status]                   DomainTransferLocked
[Last Updated]                  2026/04/01 01:05:00 (JST)

Contact Information:
[Name]                          Somebody Else
[Postal Address]                1-2-3, Somewhere
                                Tokyo
`;

/** The form for organisations' names. */
const ORGANISATION = `${BANNER}Domain Information:
a. [Domain Name]                EXAMPLE.CO.JP
g. [Organization]               Example Corporation
l. [Organization Type]          Corporation
p. [Name Server]                ns1.example.co.jp
s. [Signing Key]                
[State]                         Connected (2027/06/30)
[Registered Date]               2001/03/22
[Connected Date]                2001/04/01
[Last Update]                   2026/04/01 01:02:00 (JST)
`;

/** Without `/e`, or where it isn't heeded. */
const JAPANESE = `Domain Information: [ドメイン情報]
[ドメイン名]                    EXAMPLE.JP

[登録者名]                      株式会社例
[登録年月日]                    2001/02/02
[有効期限]                      2027/02/28
[状態]                          Active
[最終更新]                      2026/03/01 01:05:03 (JST)
`;

let servers: TcpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

const whoisOf = async (react: (socket: Socket, question: string) => void, timeoutMilliseconds = 5_000) => {
  const asked: string[] = [];
  const server = await startTcpServer((socket) =>
    socket.on('data', (data) => {
      asked.push(data.toString());
      react(socket, data.toString());
    }),
  );
  servers.push(server);
  return { asked, whois: whoisRegistries({ host: '127.0.0.1', port: server.port, timeoutMilliseconds }) };
};

const couldNotCheck = (why: string) => ({ kind: 'could-not-check', why });

const registered = (expiresAt: string, ...statuses: string[]) => ({
  kind: 'registered',
  source: 'whois',
  expiresAt: new Date(expiresAt),
  registrar: undefined,
  renewsItself: undefined,
  statuses,
});

describe('an answer of JPRS', () => {
  test.each([
    ['a general name', 'example.jp', GENERAL, registered('2027-03-31T14:59:59Z', 'Active', 'DomainTransferLocked')],
    ['an organisation', 'example.co.jp', ORGANISATION, registered('2027-06-30T14:59:59Z', 'Connected')],
    ['a general name, in Japanese', 'example.jp', JAPANESE, registered('2027-02-28T14:59:59Z', 'Active')],
    [
      'lines that end as on the wire',
      'example.jp',
      GENERAL.replaceAll('\n', '\r\n'),
      registered('2027-03-31T14:59:59Z', 'Active', 'DomainTransferLocked'),
    ],
    [
      'a name that ends at the end of the month',
      'example.jp',
      GENERAL.replace('Active', 'To be suspended'),
      registered('2027-03-31T14:59:59Z', 'To be suspended', 'DomainTransferLocked'),
    ],
    [
      'a name with letters beyond ASCII',
      'xn--r8jz45g.jp',
      GENERAL.replace('EXAMPLE.JP', '例え.JP'),
      registered('2027-03-31T14:59:59Z', 'Active', 'DomainTransferLocked'),
    ],
  ])('Given %s, then the end of its last day in Japan is told', (_, domain, text, expected) => {
    expect(toRegistration(domain, text)).toEqual(expected);
  });

  test.each([
    ['no match', 'example.jp', `${BANNER}No match!!\n`, { kind: 'not-registered', source: 'whois' }],
    ['nothing', 'example.jp', '', couldNotCheck('UnreadableAnswer')],
    ['its banner only', 'example.jp', BANNER, couldNotCheck('UnreadableAnswer')],
    ['a refusal', 'example.jp', 'Too many requests. Try again later.', couldNotCheck('UnreadableAnswer')],
    ['another domain', 'example.co.jp', GENERAL, couldNotCheck('AnotherDomain')],
    [
      'no date',
      'example.co.jp',
      ORGANISATION.replace(' (2027/06/30)', ''),
      { kind: 'cannot-know', why: 'SourceGivesNoDate' },
    ],
    [
      'an empty date',
      'example.jp',
      GENERAL.replace('2027/03/31', ''),
      { kind: 'cannot-know', why: 'SourceGivesNoDate' },
    ],
    [
      'a day that no calendar has',
      'example.jp',
      GENERAL.replace('2027/03/31', '2027/02/29'),
      couldNotCheck('UnreadableDate'),
    ],
    [
      'a date in another form',
      'example.jp',
      GENERAL.replace('2027/03/31', '31 Mar 2027'),
      couldNotCheck('UnreadableDate'),
    ],
    [
      'a date in the year 9999',
      'example.jp',
      GENERAL.replace('2027/03/31', '9999/12/31'),
      couldNotCheck('UnreadableDate'),
    ],
    [
      'words in parentheses',
      'example.co.jp',
      ORGANISATION.replace('2027/06/30', 'soon'),
      couldNotCheck('UnreadableDate'),
    ],
  ])('Given %s, then that is told, and nothing made up', (_, domain, text, expected) => {
    expect(toRegistration(domain, text)).toEqual(expected);
  });

  test.each([
    ['spaces', `[x] a${' '.repeat(63_000)}b`],
    ['brackets', `[State] x${'('.repeat(63_000)}`],
    ['empty lines', `${'\n'.repeat(63_000)}x`],
  ])('Given a line of 63,000 %s, as anybody on the way may write it, then it is read in no time', (_, text) => {
    const begin = performance.now();
    expect(toRegistration('example.jp', `${GENERAL}${text}\n`)).toMatchObject({ kind: 'registered' });
    expect(performance.now() - begin).toBeLessThan(1_000);
  });

  test('Given an address that says "No match!!", then the domain is registered all the same', () => {
    const text = GENERAL.replace('Tokyo', 'No match!!');
    expect(toRegistration('example.jp', text)).toMatchObject({ kind: 'registered', source: 'whois' });
  });

  test('whatever is answered, it is understood or not, and no error', () => {
    const line = fc.oneof(
      fc.constantFrom(...GENERAL.split('\n'), ...ORGANISATION.split('\n'), ...JAPANESE.split('\n')),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const registration = toRegistration('example.jp', lines.join('\n'));
        if (registration.kind === 'registered') expect(registration.expiresAt.getTime()).not.toBeNaN();
      }),
    );
  });
});

describe('asking', () => {
  test('Given a domain of .jp, then one line is asked, in ASCII, for English', async () => {
    const { asked, whois } = await whoisOf((socket) => socket.end(GENERAL));
    expect(await whois.readRegistration('Example.JP.')).toMatchObject({ kind: 'registered' });
    expect(await whois.readRegistration('例え.jp')).toEqual(couldNotCheck('AnotherDomain'));
    expect(asked).toEqual(['example.jp/e\r\n', 'xn--r8jz45g.jp/e\r\n']);
  });

  test('Given another top-level domain, or what is no name, then nobody is asked', async () => {
    const { asked, whois } = await whoisOf((socket) => socket.end(GENERAL));
    for (const domain of ['example.com', 'jp', 'example.jp\r\nDOM example', 'example.jp /e', ''])
      expect(await whois.readRegistration(domain)).toEqual({ kind: 'cannot-know', why: 'NoSource' });
    expect(asked).toEqual([]);
  });

  test('Given an answer in pieces, letters cut in two among them, then it is read whole', async () => {
    const bytes = Buffer.from(JAPANESE);
    const { whois } = await whoisOf((socket) => {
      socket.write(bytes.subarray(0, 23));
      setImmediate(() => socket.end(bytes.subarray(23)));
    });
    expect(await whois.readRegistration('example.jp')).toMatchObject({ statuses: ['Active'] });
  });

  test.each<[string, (socket: Socket) => void, string]>([
    ['says nothing', () => undefined, 'TimedOut'],
    ['begins and never ends', (socket) => socket.write(GENERAL), 'TimedOut'],
    ['never stops', (socket) => socket.write('x'.repeat(100_000)), 'TooLong'],
    ['hangs up without a word', (socket) => socket.end(), 'UnreadableAnswer'],
    ['breaks off', (socket) => socket.resetAndDestroy(), 'ECONNRESET'],
  ])('Given a server that %s, then it could not be checked', async (_, react, why) => {
    const { whois } = await whoisOf(react, why === 'TimedOut' ? 200 : 5_000);
    expect(await whois.readRegistration('example.jp')).toEqual(couldNotCheck(why));
  });

  test('Given nobody listens, then it could not be checked', async () => {
    const { port, close } = await startTcpServer(() => undefined);
    await close();
    const whois = whoisRegistries({ host: '127.0.0.1', port, timeoutMilliseconds: 5_000 });
    expect(await whois.readRegistration('example.jp')).toEqual(couldNotCheck('ECONNREFUSED'));
  });
});
