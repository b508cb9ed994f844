import { X509Certificate } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TlsProbeOptions } from '../../../internet/tls/probe.ts';
import { tlsProbe } from '../../../internet/tls/probe.ts';
import type { MadeCertificate } from '../../support/internet/certificates.ts';
import { makeCertificate } from '../../support/internet/certificates.ts';
import type { TcpServer } from '../../support/internet/tls-server.ts';
import { startTcpServer, startTlsServer } from '../../support/internet/tls-server.ts';

const HOST = 'www.example.com';

/** Whole seconds, as certificates have them. */
const daysFromNow = (days: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + days * 86_400_000);

let root: MadeCertificate;
let intermediate: MadeCertificate;
let leaf: MadeCertificate;

beforeAll(async () => {
  root = await makeCertificate({ name: 'Test Root', isAuthority: true });
  intermediate = await makeCertificate({ name: 'Test Intermediate', issuer: root, isAuthority: true });
  leaf = await makeCertificate({
    name: HOST,
    names: [HOST, '*.shop.example.com', 'xn--r8jz45g.jp'],
    issuer: intermediate,
    notAfter: daysFromNow(5),
  });
});

let servers: TcpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

const started = async (server: Promise<TcpServer>): Promise<TcpServer> => {
  servers.push(await server);
  return server;
};

const chainOf = (...certificates: readonly MadeCertificate[]): string =>
  certificates.map(({ certificate }) => certificate).join('\n');

const serving = (first: MadeCertificate, ...others: readonly MadeCertificate[]): TlsOptions => ({
  cert: chainOf(first, ...others),
  key: first.privateKey,
});

const probeOf = (options: Partial<TlsProbeOptions> = {}) =>
  tlsProbe({
    timeoutMilliseconds: 5_000,
    lookUp: async () => ['127.0.0.1'],
    mayConnectTo: () => true,
    authorities: [root.certificate],
    ...options,
  });

test('Given a name that nobody looks up in time, then it timed out', async () => {
  const probe = probeOf({ timeoutMilliseconds: 50, lookUp: () => new Promise(() => undefined) });
  expect(await probe.shakeHands({ host: HOST, port: 443, connectTo: undefined })).toMatchObject({
    because: 'TimedOut',
  });
});

const shakeHands = async (options: TlsOptions, host = HOST, probe = probeOf()) => {
  const { port } = await started(startTlsServer(options));
  return probe.shakeHands({ host, port, connectTo: undefined });
};

describe('a served certificate', () => {
  test('Given a complete chain, then leaf and intermediate are read, and the host is among the names', async () => {
    const x509 = new X509Certificate(leaf.certificate);
    expect(await shakeHands(serving(leaf, intermediate))).toEqual({
      kind: 'served',
      chain: [
        {
          subject: HOST,
          issuer: 'Test Intermediate',
          names: [HOST, '*.shop.example.com', 'xn--r8jz45g.jp'],
          notBefore: new Date(x509.validFrom),
          notAfter: daysFromNow(5),
          serial: leaf.serial,
          fingerprint256: x509.fingerprint256,
        },
        expect.objectContaining({ subject: 'Test Intermediate', issuer: 'Test Root', names: [] }),
      ],
      namesHost: true,
      trust: 'trusted',
    });
  });

  test('Given the root is sent along, then it is no part of what is told', async () => {
    const handshake = await shakeHands(serving(leaf, intermediate, root));
    expect(handshake).toMatchObject({ kind: 'served', trust: 'trusted' });
    expect(handshake).toHaveProperty('chain.length', 2);
  });

  test.each(['RSA', 'ECDSA'] as const)('Given a key of kind %s, then its certificate is read', async (kind) => {
    const certificate = await makeCertificate({ name: HOST, issuer: intermediate, kind });
    expect(await shakeHands(serving(certificate, intermediate))).toMatchObject({
      trust: 'trusted',
      namesHost: true,
      chain: [{ serial: certificate.serial }, { subject: 'Test Intermediate' }],
    });
  });

  test('Given a server that has both, then one of the two is told as it is', async () => {
    const [rsa, ecdsa] = await Promise.all([
      makeCertificate({ name: HOST, issuer: intermediate, kind: 'RSA' }),
      makeCertificate({ name: HOST, issuer: intermediate, kind: 'ECDSA' }),
    ]);
    const handshake = await shakeHands({
      cert: [chainOf(rsa, intermediate), chainOf(ecdsa, intermediate)],
      key: [rsa.privateKey, ecdsa.privateKey],
    });
    expect(handshake).toMatchObject({ kind: 'served', trust: 'trusted', chain: [{ serial: ecdsa.serial }, {}] });
  });

  test.each([
    ['another name', 'other.example.com', false],
    ['the name below a wildcard', 'a.shop.example.com', true],
    ['two labels below a wildcard', 'a.b.shop.example.com', false],
    ['a name beyond ASCII', '例え.jp', true],
    ['a name in capitals and with a last dot', 'WWW.example.com.', true],
    ['an address', '127.0.0.1', false],
  ])('Given %s is asked for, then it is told whether the certificate answers for it', async (_, host, namesHost) => {
    expect(await shakeHands(serving(leaf, intermediate), host)).toMatchObject({ namesHost, trust: 'trusted' });
  });

  test('Given a certificate with 100 names, some of them odd, then all are told', async () => {
    const names = [...Array.from({ length: 99 }, (_, index) => `n${index}.example.com`), 'a, DNS:evil.example'];
    const many = await makeCertificate({ name: 'Not a domain', names, issuer: intermediate });
    expect(await shakeHands(serving(many, intermediate), 'n42.example.com')).toMatchObject({
      namesHost: true,
      chain: [{ subject: 'Not a domain', names }, {}],
    });
  });
});

describe('trust', () => {
  test('Given the intermediate is missing, then the chain is incomplete', async () => {
    expect(await shakeHands(serving(leaf))).toMatchObject({ trust: 'incomplete-chain', namesHost: true });
  });

  test('Given a complete chain to an authority nobody knows, with its root or without, then it is untrusted', async () => {
    const probe = probeOf({ authorities: [(await makeCertificate({ name: 'Other', isAuthority: true })).certificate] });
    expect(await shakeHands(serving(leaf, intermediate), HOST, probe)).toMatchObject({ trust: 'untrusted' });
    expect(await shakeHands(serving(leaf, intermediate, root), HOST, probe)).toMatchObject({ trust: 'untrusted' });
  });

  test("Given Node's own authorities, then one made here is not among them", async () => {
    const probe = probeOf({ authorities: undefined });
    expect(await shakeHands(serving(leaf, intermediate), HOST, probe)).toMatchObject({ trust: 'untrusted' });
  });

  test('Given a certificate signed by itself, then that is told', async () => {
    const own = await makeCertificate({ name: HOST });
    expect(await shakeHands(serving(own))).toMatchObject({ trust: 'self-signed', chain: [{ serial: own.serial }] });
  });

  test('Given a leaf, or an intermediate, that has expired, then that is told', async () => {
    const past = { notBefore: daysFromNow(-90), notAfter: daysFromNow(-1) };
    const expired = await makeCertificate({ name: HOST, issuer: intermediate, ...past });
    expect(await shakeHands(serving(expired, intermediate))).toMatchObject({
      trust: 'expired',
      chain: [{ notAfter: past.notAfter }, {}],
    });
    const old = await makeCertificate({ name: 'Old Intermediate', issuer: root, isAuthority: true, ...past });
    const below = await makeCertificate({ name: HOST, issuer: old });
    expect(await shakeHands(serving(below, old))).toMatchObject({ trust: 'expired' });
  });

  test('Given a certificate that is not valid yet, then it is untrusted', async () => {
    const early = await makeCertificate({
      name: HOST,
      issuer: intermediate,
      notBefore: daysFromNow(2),
      notAfter: daysFromNow(3),
    });
    expect(await shakeHands(serving(early, intermediate))).toMatchObject({ trust: 'untrusted' });
  });

  test('Given dates as far apart as they can be written, then they are read', async () => {
    const endless = await makeCertificate({
      name: HOST,
      issuer: intermediate,
      notBefore: new Date('1950-01-01T00:00:00Z'),
      notAfter: new Date('9999-12-31T23:59:59Z'),
    });
    expect(await shakeHands(serving(endless, intermediate))).toMatchObject({
      trust: 'trusted',
      chain: [{ notBefore: new Date('1950-01-01T00:00:00Z'), notAfter: new Date('9999-12-31T23:59:59Z') }, {}],
    });
  });
});

describe('the connection', () => {
  test('Given an endpoint behind a balancer, then the balancer is looked up and asked for the host', async () => {
    const names: string[] = [];
    const looked: string[] = [];
    const { port } = await started(
      startTlsServer({
        ...serving(leaf, intermediate),
        SNICallback: (name, done) => {
          names.push(name);
          done(null);
        },
      }),
    );
    const probe = probeOf({
      lookUp: async (host) => {
        looked.push(host);
        return ['127.0.0.1'];
      },
    });
    const handshake = await probe.shakeHands({ host: '例え.jp', port, connectTo: 'web-alb.elb.amazonaws.com' });
    expect(handshake).toMatchObject({ kind: 'served', namesHost: true });
    expect(looked).toEqual(['web-alb.elb.amazonaws.com']);
    expect(names).toEqual(['xn--r8jz45g.jp']);
  });

  test('Given an address that does not answer and another that does, then the other is asked', async () => {
    const { port } = await started(startTlsServer(serving(leaf, intermediate)));
    const probe = probeOf({ lookUp: async () => ['127.0.0.9', '127.0.0.1'] });
    expect(await probe.shakeHands({ host: HOST, port, connectTo: undefined })).toMatchObject({ kind: 'served' });
  });

  test.each([0, -1, 70_000, 1.5, Number.NaN])('Given %d for a port, then nobody is asked', async (port) => {
    const handshake = await probeOf().shakeHands({ host: HOST, port, connectTo: undefined });
    expect(handshake).toEqual({ kind: 'could-not-connect', because: 'Other', detail: `no port: ${port}` });
  });

  test('Given nobody listens, then it was refused', async () => {
    const { port, close } = await startTcpServer(() => undefined);
    await close();
    expect(await probeOf().shakeHands({ host: HOST, port, connectTo: undefined })).toMatchObject({
      because: 'Refused',
    });
  });

  test.each([
    ['ENOTFOUND', 'NameNotFound'],
    ['EAI_AGAIN', 'Other'],
  ])('Given the name is answered with %s, then it says %s', async (code, because) => {
    const probe = probeOf({ lookUp: () => Promise.reject(Object.assign(new Error(`getaddrinfo ${code}`), { code })) });
    expect(await probe.shakeHands({ host: HOST, port: 443, connectTo: undefined })).toEqual({
      kind: 'could-not-connect',
      because,
      detail: `getaddrinfo ${code}`,
    });
  });

  test('Given a name without addresses, or none that is a name, then it was not found', async () => {
    const probe = probeOf({ lookUp: async () => [] });
    for (const host of [HOST, 'not a name', '*.example.com'])
      expect(await probe.shakeHands({ host, port: 443, connectTo: undefined })).toMatchObject({
        because: 'NameNotFound',
      });
  });

  test.each<[string, Parameters<typeof startTcpServer>[0], string]>([
    ['says nothing', () => undefined, 'TimedOut'],
    ['hangs up', (socket) => socket.destroy(), 'TlsRefused'],
    ['ends politely', (socket) => socket.end(), 'TlsRefused'],
    ['speaks HTTP', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'TlsRefused'],
    ['never ends its first record', (socket) => socket.write(Buffer.of(0x16, 3, 3, 0x40, 0, 2)), 'TimedOut'],
  ])('Given a server that %s, then that is told', async (_, react, because) => {
    const { port } = await started(startTcpServer(react));
    const probe = probeOf({ timeoutMilliseconds: because === 'TimedOut' ? 200 : 5_000 });
    expect(await probe.shakeHands({ host: HOST, port, connectTo: undefined })).toMatchObject({
      kind: 'could-not-connect',
      because,
    });
  });

  test('Given a server that speaks no TLS that browsers speak, then it refuses', async () => {
    const handshake = await shakeHands({
      ...serving(leaf, intermediate),
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect(handshake).toMatchObject({ because: 'TlsRefused' });
  });

  test.each([
    '127.0.0.1',
    '::1',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    'fe80::1',
    '0.0.0.0',
    '224.0.0.1',
  ])('Given a name that leads to %s, then nobody is asked', async (address) => {
    let connections = 0;
    const { port } = await started(
      startTcpServer(() => {
        connections += 1;
      }),
    );
    const probe = tlsProbe({ lookUp: async () => [address], timeoutMilliseconds: 300 });
    for (const host of [HOST, address])
      expect(await probe.shakeHands({ host, port, connectTo: undefined })).toMatchObject({
        because: 'Other',
        detail: expect.stringContaining(address),
      });
    expect(connections).toBe(0);
  });
});
