import { Resolver } from 'node:dns/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Question } from 'dns-packet';
import fc from 'fast-check';
import type { ServerAddress } from '../../../internet/dns/exchange.ts';
import { publicDns } from '../../../internet/dns/public-dns.ts';
import type { DnsReaction, DnsServer, Via } from '../../support/internet/dns-server.ts';
import {
  a,
  authoritative,
  CODE,
  cname,
  ns,
  secondHand,
  soa,
  startDnsServer,
  TRUNCATED,
} from '../../support/internet/dns-server.ts';

const NAME = '_3f1c9a7e.www.example.co.jp';
const VALUE = '_8d2e4b61.acm-validations.aws';

/** Addresses of the documentation range, each answered by a server of this machine. */
const ADDRESSES: Readonly<Record<string, string>> = {
  'a.dns.jp': '192.0.2.1',
  'ns1.dns-provider.example': '192.0.2.10',
  'ns2.dns-provider.example': '192.0.2.11',
  'ns-1.awsdns-01.com': '192.0.2.20',
  'ns.inside.example': '169.254.169.254',
};

/** Long enough for a busy machine; no test waits for it. */
const PATIENT = { timeoutMilliseconds: 5_000, attempts: 1 };

/** For tests in which somebody says nothing, which is only known when the time is up. */
const HASTY = { timeoutMilliseconds: 300, attempts: 1 };

type React = (question: Question, via: Via, id: number) => DnsReaction;

let servers: DnsServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

const start = async (react: React): Promise<DnsServer> => {
  const server = await startDnsServer(react);
  servers.push(server);
  return server;
};

/** What a resolver answers besides what a test says of it: where the servers are, and who has `jp`. */
const resolverOf =
  (react: React): React =>
  (question, via, id) => {
    const address = ADDRESSES[question.name];
    if (question.type === 'A' && address !== undefined) return secondHand([a(question.name, address)]);
    if (question.type === 'NS' && question.name === 'jp') return secondHand([ns('jp', 'a.dns.jp')]);
    return react(question, via, id);
  };

const knowsNothing: React = () => secondHand([], [], CODE.serverFailure);

/** Public DNS in which the servers of `ADDRESSES` do as told; who isn't told anything says nothing. */
const internetOf = async (
  reactions: Readonly<Record<string, React>>,
  resolver: React = knowsNothing,
  patience = PATIENT,
) => {
  const started = new Map<string, DnsServer>();
  for (const [name, react] of Object.entries(reactions)) started.set(ADDRESSES[name] ?? name, await start(react));
  const silent = await start(() => 'silence');
  const asked = await start(resolverOf(resolver));
  const reach = (address: string): ServerAddress | undefined =>
    address.startsWith('169.254.') ? undefined : (started.get(address) ?? silent);
  return {
    dns: publicDns({ resolvers: [asked], patience, reach }),
    resolver: asked,
    asked: (name: string) => started.get(ADDRESSES[name] ?? name)?.asked ?? [],
  };
};

const delegate =
  (zone: string, ...to: string[]): React =>
  () =>
    secondHand(
      [],
      to.map((server) => ns(zone, server)),
    );

const nothingIn =
  (zone: string): React =>
  () =>
    authoritative([], [soa(zone)], CODE.nameError);

const PROVIDER = ['ns1.dns-provider.example', 'ns2.dns-provider.example'];

describe('whom a name is delegated to', () => {
  test('Given the registry delegates the domain, then its word is told, with the zone that answers', async () => {
    const { dns } = await internetOf({
      'a.dns.jp': delegate('example.co.jp', 'NS2.dns-provider.example.', 'ns1.dns-provider.example'),
      'ns1.dns-provider.example': nothingIn('example.co.jp'),
    });
    expect(await dns.findDelegation(NAME)).toEqual({ zone: 'example.co.jp', servers: PROVIDER });
  });

  test('Given a zone below that is delegated on, then the nearest one is told', async () => {
    const { dns } = await internetOf({
      'a.dns.jp': delegate('example.co.jp', 'ns1.dns-provider.example'),
      'ns1.dns-provider.example': delegate('www.example.co.jp', 'ns-1.awsdns-01.com'),
      'ns-1.awsdns-01.com': nothingIn('www.example.co.jp'),
    });
    expect(await dns.findDelegation(NAME)).toEqual({ zone: 'www.example.co.jp', servers: ['ns-1.awsdns-01.com'] });
  });

  test('Given a zone below on the same servers, then what they say of themselves counts', async () => {
    const { dns } = await internetOf({
      'a.dns.jp': delegate('example.co.jp', 'ns1.dns-provider.example'),
      'ns1.dns-provider.example': nothingIn('www.example.co.jp'),
    });
    expect(await dns.findDelegation(NAME)).toEqual({
      zone: 'www.example.co.jp',
      servers: ['ns1.dns-provider.example'],
    });
  });

  test.each<[string, React]>([
    ['refuse', () => secondHand([], [], CODE.refused)],
    ['fail', () => secondHand([], [], CODE.serverFailure)],
    ['say nothing', () => 'silence'],
    ['send everybody to the root', () => secondHand([], [ns('.', 'a.root-servers.example')])],
    ['send everybody back up', () => secondHand([], [ns('jp', 'a.dns.jp')])],
    ['send everybody to another domain', () => secondHand([], [ns('evil.example', 'ns.evil.example')])],
  ])('Given a delegation to servers that %s, then it is told all the same', async (_, lame) => {
    const { dns } = await internetOf(
      { 'a.dns.jp': delegate('example.co.jp', 'ns-1.awsdns-01.com'), 'ns-1.awsdns-01.com': lame },
      knowsNothing,
      HASTY,
    );
    expect(await dns.findDelegation(NAME)).toEqual({ zone: 'example.co.jp', servers: ['ns-1.awsdns-01.com'] });
  });

  test('Given the registry knows no such domain, then nobody is told, whatever a resolver still remembers', async () => {
    const { dns } = await internetOf({ 'a.dns.jp': nothingIn('jp') }, ({ name }) =>
      secondHand(name === 'co.jp' ? [] : [ns(name, 'ns1.dns-provider.example')]),
    );
    expect(await dns.findDelegation(NAME)).toBeUndefined();
  });

  test('Given only the resolver can be reached, then its word counts; an alias is not taken for a zone', async () => {
    const resolver: React = ({ name }) => {
      if (name === 'example.co.jp') return secondHand([ns(name, 'ns1.dns-provider.example')]);
      // As a resolver answers: the alias, and the name servers of its target.
      return name === 'www.example.co.jp'
        ? secondHand([cname(name, 'd1.cloudfront.net'), ns('d1.cloudfront.net', 'ns-1.awsdns-01.com')])
        : secondHand([], [], CODE.nameError);
    };
    const { dns } = await internetOf({}, resolver, HASTY);
    expect(await dns.findDelegation(NAME)).toEqual({ zone: 'example.co.jp', servers: ['ns1.dns-provider.example'] });
  });

  test('Given nobody answers, or the name is none, then nothing is known', async () => {
    const { dns, resolver } = await internetOf({}, () => 'silence', HASTY);
    expect(await dns.findDelegation('example.com')).toBeUndefined();
    const before = resolver.asked.length;
    expect(await dns.findDelegation('not a name')).toBeUndefined();
    expect(await dns.findDelegation('localhost')).toBeUndefined();
    expect(resolver.asked).toHaveLength(before);
  });

  test('Given a server that refers further down for ever, then it is followed a few times and no more', async () => {
    const deep = `${Array.from({ length: 40 }, (_, index) => `l${index}`).join('.')}.example.co.jp`;
    const { dns, asked } = await internetOf({
      'a.dns.jp': delegate('example.co.jp', 'ns1.dns-provider.example'),
      'ns1.dns-provider.example': (() => {
        let depth = 2;
        return () => {
          depth += 1;
          return secondHand(
            [],
            [
              ns(
                deep
                  .split('.')
                  .slice(-depth - 1)
                  .join('.'),
                'ns1.dns-provider.example',
              ),
            ],
          );
        };
      })(),
    });
    expect((await dns.findDelegation(deep))?.servers).toEqual(['ns1.dns-provider.example']);
    expect(asked('ns1.dns-provider.example').length).toBeLessThanOrEqual(8);
  });

  test('Given all who are asked are slow, then everything together ends at the limit', async () => {
    const resolver = await start(() => 'silence');
    const dns = publicDns({
      resolvers: [resolver],
      patience: { timeoutMilliseconds: 10_000, attempts: 5 },
      limitMilliseconds: 100,
    });
    const before = performance.now();
    expect(await dns.findDelegation(NAME)).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

const askProvider = async (react: React, patience = HASTY) =>
  (await internetOf({ 'ns1.dns-provider.example': react }, knowsNothing, patience)).dns.askCname(
    NAME,
    'ns1.dns-provider.example',
  );

describe('the CNAME of a name', () => {
  test.each<[string, React, object]>([
    ['has it', () => authoritative([cname(NAME, `${VALUE}.`)]), { kind: 'found', values: [VALUE] }],
    ['has it in capitals', () => authoritative([cname(NAME.toUpperCase(), VALUE)]), { kind: 'found', values: [VALUE] }],
    ['has it at itself', () => authoritative([cname(NAME, NAME)]), { kind: 'found', values: [NAME] }],
    [
      'follows a circle of them',
      () => authoritative([cname(NAME, 'b.example'), cname('b.example', NAME)]),
      { kind: 'found', values: ['b.example'] },
    ],
    [
      'has two',
      () => authoritative([cname(NAME, VALUE), cname(NAME, 'old.example'), cname(NAME, VALUE)]),
      { kind: 'found', values: [VALUE, 'old.example'] },
    ],
    [
      'has it, and no target',
      () => authoritative([cname(NAME, VALUE)], [], CODE.nameError),
      { kind: 'found', values: [VALUE] },
    ],
    [
      'has bytes that are in no name',
      () => authoritative([cname(NAME, 'a\n`é.example.')]),
      { kind: 'found', values: ['a\\010`\\195\\169.example'] },
    ],
    ['has another name', () => authoritative([cname('other.example', VALUE)]), { kind: 'missing', nameExists: true }],
    [
      'has the name, not the record',
      () => authoritative([], [soa('example.co.jp')]),
      { kind: 'missing', nameExists: true },
    ],
    ['has no such name', nothingIn('example.co.jp'), { kind: 'missing', nameExists: false }],
    [
      'refers elsewhere',
      delegate('example.co.jp', 'ns.other.example'),
      { kind: 'could-not-ask', why: 'NotAuthoritative' },
    ],
    [
      'only heard that there is none',
      () => secondHand([], [], CODE.nameError),
      { kind: 'could-not-ask', why: 'NotAuthoritative' },
    ],
    ['refuses', () => secondHand([], [], CODE.refused), { kind: 'could-not-ask', why: 'REFUSED' }],
    ['fails', () => secondHand([], [], CODE.serverFailure), { kind: 'could-not-ask', why: 'SERVFAIL' }],
    ['gives a code of its own', () => secondHand([], [], 11), { kind: 'could-not-ask', why: 'RCODE 11' }],
    ['says nothing', () => 'silence', { kind: 'could-not-ask', why: 'TimedOut' }],
    ['says nonsense', () => Buffer.from('HTTP/1.1 400 Bad Request'), { kind: 'could-not-ask', why: 'Unintelligible' }],
    ['says less than a header', () => Buffer.of(1), { kind: 'could-not-ask', why: 'Unintelligible' }],
    [
      'sends our question back',
      (question) => ({ type: 'query', questions: [question] }),
      { kind: 'could-not-ask', why: 'Unintelligible' },
    ],
    [
      'answers another question',
      () => ({ ...authoritative([cname(NAME, VALUE)]), questions: [{ type: 'CNAME', name: 'other.example' }] }),
      { kind: 'could-not-ask', why: 'Unintelligible' },
    ],
  ])('Given a server of the zone that %s, then that is told', async (_, react, answer) => {
    expect(await askProvider(react)).toEqual(answer);
  });

  test('Given an answer too long for a datagram, then it is asked for by TCP', async () => {
    const others = Array.from({ length: 60 }, (_, index) => cname(`n${index}.example.co.jp`, VALUE));
    const { dns, asked } = await internetOf({
      'ns1.dns-provider.example': (_, via) =>
        via === 'udp' ? TRUNCATED : authoritative([...others, cname(NAME, VALUE)]),
    });
    expect(await dns.askCname(NAME, 'ns1.dns-provider.example')).toEqual({ kind: 'found', values: [VALUE] });
    expect(asked('ns1.dns-provider.example')).toEqual([`udp CNAME ${NAME}`, `tcp CNAME ${NAME}`]);
  });

  test.each<[string, DnsReaction, string]>([
    ['says nothing', 'silence', 'TimedOut'],
    ['hangs up', 'hang-up', 'Unintelligible'],
    ['promises more than it sends', Buffer.of(0xff, 0xff, 1, 2), 'TimedOut'],
    ['sends nonsense', Buffer.of(0, 3, 1, 2, 3), 'Unintelligible'],
  ])('Given a server that by TCP %s, then it could not be asked', async (_, reaction, why) => {
    expect(await askProvider((_question, via) => (via === 'udp' ? TRUNCATED : reaction))).toEqual({
      kind: 'could-not-ask',
      why,
    });
  });

  test('Given an answer to another id, then it is not believed', async () => {
    const react: React = (_question, _via, id) => ({ ...authoritative([cname(NAME, VALUE)]), id: id ^ 1 });
    expect(await askProvider(react)).toEqual({ kind: 'could-not-ask', why: 'Unintelligible' });
  });

  test('Given the first datagram is lost, then another is sent', async () => {
    let count = 0;
    const server = await start(() => {
      count += 1;
      return count === 1 ? 'silence' : secondHand([cname(NAME, VALUE)]);
    });
    const dns = publicDns({ resolvers: [server], patience: { timeoutMilliseconds: 500, attempts: 2 } });
    expect(await dns.askCname(NAME)).toEqual({ kind: 'found', values: [VALUE] });
  });

  test('Given nobody listens, then it was refused; and the next resolver is asked', async () => {
    const gone = await startDnsServer(() => 'silence');
    await gone.close();
    const next = await start(() => secondHand([], [], CODE.nameError));
    const alone = publicDns({ resolvers: [gone], patience: PATIENT });
    expect(await alone.askCname(NAME)).toEqual({ kind: 'could-not-ask', why: 'Refused' });
    const both = publicDns({ resolvers: [gone, next], patience: PATIENT });
    expect(await both.askCname(NAME)).toEqual({ kind: 'missing', nameExists: false });
  });

  test('Given a server whose name is unknown, or leads to an address that is not to be asked, then nothing is sent', async () => {
    const { dns, resolver } = await internetOf({});
    const notFound = { kind: 'could-not-ask', why: 'ServerNotFound' };
    expect(await dns.askCname(NAME, 'ns.nowhere.example')).toEqual(notFound);
    expect(await dns.askCname(NAME, 'not a name')).toEqual(notFound);
    expect(await dns.askCname(NAME, 'ns.inside.example')).toEqual(notFound);
    expect(await dns.askCname(NAME, '169.254.169.254')).toEqual(notFound);
    expect(resolver.asked).toContain('udp A ns.inside.example');
    const real = publicDns({ resolvers: [resolver], patience: PATIENT });
    expect(await real.askCname(NAME, '127.0.0.1')).toEqual(notFound);
  });

  test('Given a name with letters beyond ASCII, then it is asked in punycode; what is no name is not asked', async () => {
    const { dns, resolver } = await internetOf({}, () => secondHand([], [], CODE.nameError));
    expect(await dns.askCname('_3F.例え.jp.')).toEqual({ kind: 'missing', nameExists: false });
    expect(resolver.asked).toEqual(['udp CNAME _3f.xn--r8jz45g.jp']);
    for (const none of ['', '..', 'a b.example', `${'x'.repeat(64)}.example`, `${'x.'.repeat(127)}example`])
      expect(await dns.askCname(none)).toEqual({ kind: 'could-not-ask', why: 'NotAName' });
    expect(resolver.asked).toHaveLength(1);
  });

  test('whatever bytes come back, it is an answer and no error', async () => {
    let bytes = Buffer.alloc(0);
    const server = await start((_, via) => (via === 'tcp' ? 'hang-up' : bytes));
    const dns = publicDns({ resolvers: [server], patience: { timeoutMilliseconds: 15, attempts: 1 } });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (given) => {
        bytes = Buffer.from(given);
        expect((await dns.askCname(NAME)).kind).toBe('could-not-ask');
      }),
      { numRuns: 40 },
    );
  });
});

test("Node's own resolver reads the stand-in server as we do, so that both don't err alike", async () => {
  const server = await start(({ name }) => authoritative([cname(name, VALUE)]));
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([`${server.address}:${server.port}`]);
  expect(await resolver.resolveCname(NAME)).toEqual([VALUE]);
  expect(await publicDns({ resolvers: [server] }).askCname(NAME)).toEqual({ kind: 'found', values: [VALUE] });
});
