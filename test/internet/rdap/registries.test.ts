import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { isPublicHttps } from '../../../internet/rdap/bounded-fetch.ts';
import { rdapRegistries } from '../../../internet/rdap/registries.ts';
import type { RdapServer } from '../../support/internet/rdap-server.ts';
import { answerJson, bootstrapFile, startRdapServer } from '../../support/internet/rdap-server.ts';

/** As RFC 9083 (sections 5.1 and 5.3) has it; as much of it as is read, and a little besides. */
const ANSWER = {
  rdapConformance: ['rdap_level_0'],
  objectClassName: 'domain',
  handle: '1_DOMAIN_COM-VRSN',
  ldhName: 'EXAMPLE.COM',
  status: ['client transfer prohibited', 'client hold'],
  entities: [
    { objectClassName: 'entity', roles: ['abuse'], handle: 'no' },
    {
      objectClassName: 'entity',
      roles: ['registrar'],
      handle: '292',
      vcardArray: [
        'vcard',
        [
          ['version', {}, 'text', '4.0'],
          ['fn', {}, 'text', 'Example Registrar, Inc.'],
        ],
      ],
    },
  ],
  events: [
    { eventAction: 'registration', eventDate: '1995-08-14T04:00:00Z' },
    { eventAction: 'expiration', eventDate: '2027-08-13T04:00:00Z' },
    { eventAction: 'registrar expiration', eventDate: '2029-01-01T00:00:00Z' },
  ],
};

let servers: RdapServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

type Answering = (response: ServerResponse, path: string) => void;

/** A registry for `.com` behind a bootstrap file, both on one server. */
const registryOf = async (answer: Answering, bootstrap?: Answering, timeoutMilliseconds = 5_000) => {
  const server: RdapServer = await startRdapServer((path, response) => {
    if (path === '/dns.json') {
      if (bootstrap !== undefined) bootstrap(response, path);
      else response.end(bootstrapFile({ com: `${server.url}com/v1`, 'xn--q9jyb4c': `${server.url}minna/` }));
    } else answer(response, path);
  });
  servers.push(server);
  const options = { bootstrapUrl: `${server.url}dns.json`, timeoutMilliseconds, mayAsk: () => true };
  return { server, rdap: rdapRegistries(options) };
};

const answering =
  (value: unknown, status = 200): Answering =>
  (response) =>
    answerJson(response, status, value);

const readExample = async (answer: Answering, timeoutMilliseconds?: number) =>
  (await registryOf(answer, undefined, timeoutMilliseconds)).rdap.readRegistration('example.com');

const couldNotCheck = (why: string) => ({ kind: 'could-not-check', why });

/** Short only where a test waits for the time to be up. */
const timeFor = (expected: object): number => (JSON.stringify(expected).includes('TimedOut') ? 200 : 5_000);

describe('a registration', () => {
  test('Given the registry knows the domain, then end, registrar and states are told; the file is read once', async () => {
    const { rdap, server } = await registryOf(answering(ANSWER));
    const registration = {
      kind: 'registered',
      source: 'rdap',
      expiresAt: new Date('2027-08-13T04:00:00Z'),
      registrar: 'Example Registrar, Inc.',
      renewsItself: undefined,
      statuses: ['client transfer prohibited', 'client hold'],
    };
    expect(await rdap.readRegistration('Example.com.')).toEqual(registration);
    expect(await rdap.readRegistration('example.com')).toEqual(registration);
    expect(server.asked).toEqual(['/dns.json', '/com/v1/domain/example.com', '/com/v1/domain/example.com']);
  });

  test('Given a domain beyond ASCII, then it is asked for in punycode', async () => {
    const { rdap, server } = await registryOf(answering({ ...ANSWER, ldhName: undefined, unicodeName: '例え.みんな' }));
    expect(await rdap.readRegistration('例え.みんな')).toMatchObject({ kind: 'registered' });
    expect(server.asked.at(-1)).toBe('/minna/domain/xn--r8jz45g.xn--q9jyb4c');
  });

  test('Given no service for the top-level domain, then nobody can know, and nobody is asked', async () => {
    const { rdap, server } = await registryOf(answering(ANSWER));
    for (const domain of ['example.co.jp', 'localhost', 'not a name'])
      expect(await rdap.readRegistration(domain)).toEqual({ kind: 'cannot-know', why: 'NoSource' });
    expect(server.asked).toEqual(['/dns.json']);
  });

  test.each<[string, unknown, object]>([
    ['without events', { ...ANSWER, events: undefined }, { kind: 'cannot-know', why: 'SourceGivesNoDate' }],
    ['without an end', { ...ANSWER, events: [ANSWER.events[0]] }, { kind: 'cannot-know', why: 'SourceGivesNoDate' }],
    ['of another domain', { ...ANSWER, ldhName: 'example.net' }, couldNotCheck('AnotherDomain')],
    ['of another kind', { ...ANSWER, objectClassName: 'entity' }, couldNotCheck('UnreadableAnswer')],
    ['that is a list', [ANSWER], couldNotCheck('UnreadableAnswer')],
    ['that is null', null, couldNotCheck('UnreadableAnswer')],
    [
      'with fields of other kinds',
      {
        ...ANSWER,
        status: 'ok',
        entities: [null, 7, { roles: 'registrar' }, { roles: ['registrar'], vcardArray: 'x' }],
      },
      { kind: 'registered', registrar: undefined, statuses: [] },
    ],
    [
      'with a handle for a registrar',
      { ...ANSWER, entities: [{ roles: ['registrar'], handle: '292' }] },
      { registrar: '292' },
    ],
    [
      'with a hundred states of a thousand letters',
      { ...ANSWER, status: Array.from({ length: 100 }, () => 'x'.repeat(1_000)) },
      { statuses: Array.from({ length: 20 }, () => 'x'.repeat(100)) },
    ],
  ])('Given an answer %s, then what it says is told, and nothing made up', async (_, value, expected) => {
    expect(await readExample(answering(value))).toMatchObject(expected);
  });

  test.each([
    ['2027-08-13T04:00:00Z', '2027-08-13T04:00:00.000Z'],
    ['2027-08-13T04:00:00.123456Z', '2027-08-13T04:00:00.123Z'],
    ['2027-08-13t04:00:00z', '2027-08-13T04:00:00.000Z'],
    ['2027-08-13 04:00:00', '2027-08-13T04:00:00.000Z'],
    ['2027-08-13T04:00:00+09:00', '2027-08-12T19:00:00.000Z'],
    ['2027-08-13T04:00:00+0900', '2027-08-12T19:00:00.000Z'],
    ['2027-08-13', '2027-08-13T00:00:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('Given the end %s, then it is read', async (eventDate, expiresAt) => {
    const value = { ...ANSWER, events: [{ eventAction: 'Expiration', eventDate }] };
    expect(await readExample(answering(value))).toMatchObject({ expiresAt: new Date(expiresAt) });
  });

  test.each([
    '2027-02-29T00:00:00Z',
    '2027-13-01',
    '2027-08-13T25:00:00Z',
    '13/08/2027',
    'never',
    '',
    '9999-12-31T00:00:00Z',
    '0001-01-01',
  ])('Given the end "%s", then it is no date', async (eventDate) => {
    const value = { ...ANSWER, events: [{ eventAction: 'expiration', eventDate }] };
    expect(await readExample(answering(value))).toEqual(couldNotCheck('UnreadableDate'));
  });

  test('Given two ends, then the first counts; and one that can not be read spoils both', async () => {
    const events = ['2028-01-01', '2027-01-01'].map((eventDate) => ({ eventAction: 'expiration', eventDate }));
    expect(await readExample(answering({ ...ANSWER, events }))).toMatchObject({ expiresAt: new Date('2027-01-01') });
    const odd = [...events, { eventAction: 'expiration', eventDate: 'soon' }];
    expect(await readExample(answering({ ...ANSWER, events: odd }))).toEqual(couldNotCheck('UnreadableDate'));
  });
});

describe('what is not an answer', () => {
  test.each<[string, Answering, object]>([
    ['404 in JSON', answering({ errorCode: 404 }, 404), { kind: 'not-registered', source: 'rdap' }],
    ['404 without a body', (response) => response.writeHead(404).end(), { kind: 'not-registered', source: 'rdap' }],
    [
      'a web page that says 404',
      (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>'),
      couldNotCheck('HTTP 404'),
    ],
    ['too many requests', answering({}, 429), couldNotCheck('HTTP 429')],
    ['an error of its own', answering({}, 500), couldNotCheck('HTTP 500')],
    ['no content', (response) => response.writeHead(204).end(), couldNotCheck('HTTP 204')],
    ['no JSON', (response) => response.end('<html>'), couldNotCheck('UnreadableAnswer')],
    ['nothing', () => undefined, couldNotCheck('TimedOut')],
    [
      'a beginning without an end',
      (response) => response.writeHead(200).write('{"objectClassName":'),
      couldNotCheck('TimedOut'),
    ],
    [
      'more than it announces and we take',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/rdap+json' });
        response.end(JSON.stringify({ ...ANSWER, remarks: 'x'.repeat(300_000) }));
      },
      couldNotCheck('TooLong'),
    ],
    [
      'a redirection to itself',
      (response, path) => response.writeHead(302, { location: path }).end(),
      couldNotCheck('TooManyRedirects'),
    ],
    [
      'a redirection to no address',
      (response) => response.writeHead(302, { location: 'http://' }).end(),
      couldNotCheck('UrlNotAllowed'),
    ],
    ['a redirection to nowhere', (response) => response.writeHead(302).end(), couldNotCheck('HTTP 302')],
  ])('Given the registry answers %s, then that is told', async (_, answer, expected) => {
    expect(await readExample(answer, timeFor(expected))).toEqual(expected);
  });

  test('Given the connection breaks, then that is told', async () => {
    expect(await readExample((response) => response.destroy())).toMatchObject({ kind: 'could-not-check' });
  });

  test('Given a redirection, then it is followed', async () => {
    const registration = await readExample((response, path) => {
      if (path === '/moved') answerJson(response, 200, ANSWER);
      else response.writeHead(301, { location: '/moved' }).end();
    });
    expect(registration).toMatchObject({ kind: 'registered' });
  });

  test('Given the first service fails, then the second is asked', async () => {
    const { rdap, server } = await registryOf(
      (response, path) => answerJson(response, path.startsWith('/two/') ? 200 : 503, ANSWER),
      (response) => response.end(JSON.stringify({ services: [[['com'], [`${server.url}one/`, `${server.url}two/`]]] })),
    );
    expect(await rdap.readRegistration('example.com')).toMatchObject({ kind: 'registered' });
  });

  test.each<[string, Answering, string]>([
    ['an error', (response) => response.writeHead(503).end(), 'BootstrapHTTP 503'],
    ['no JSON', (response) => response.end('<html>'), 'BootstrapUnreadable'],
    ['no services', (response) => response.end('{"services":[]}'), 'BootstrapUnreadable'],
    ['services of another form', (response) => response.end('{"services":{"com":"x"}}'), 'BootstrapUnreadable'],
    ['nothing', () => undefined, 'BootstrapTimedOut'],
    ['too much', (response) => response.end(' '.repeat(1_100_000)), 'BootstrapTooLong'],
  ])(
    'Given the bootstrap file is %s, then it could not be checked, and is asked for anew',
    async (_, bootstrap, why) => {
      const { rdap, server } = await registryOf(answering(ANSWER), bootstrap, timeFor({ why }));
      expect(await rdap.readRegistration('example.com')).toEqual(couldNotCheck(why));
      await rdap.readRegistration('example.com');
      expect(server.asked).toEqual(['/dns.json', '/dns.json']);
    },
  );
});

test.each([
  ['https://rdap.example.com/v1/domain/x', true],
  ['http://rdap.example.com/', false],
  ['https://169.254.169.254/latest/meta-data', false],
  ['https://[::1]/', false],
  ['https://0x7f000001/', false],
  ['https://localhost/', false],
  ['https://rdap.example.com:8443/', false],
  ['https://user:word@rdap.example.com/', false],
  ['file:///etc/passwd', false],
])('Given the address %s, then it may be asked: %s', (url, isAllowed) => {
  expect(isPublicHttps(new URL(url))).toBe(isAllowed);
});

test('Given a registry that is not to be asked, then nothing is sent', async () => {
  const { server } = await registryOf(answering(ANSWER));
  const rdap = rdapRegistries({ bootstrapUrl: `${server.url}dns.json` });
  expect(await rdap.readRegistration('example.com')).toEqual(couldNotCheck('BootstrapUrlNotAllowed'));
  expect(server.asked).toEqual([]);
});
