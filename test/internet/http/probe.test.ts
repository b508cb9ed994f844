import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { HttpProbeOptions } from '../../../internet/http/probe.ts';
import { httpProbe } from '../../../internet/http/probe.ts';
import type { MadeCertificate } from '../../support/internet/certificates.ts';
import { makeCertificate } from '../../support/internet/certificates.ts';
import { startTcpServer } from '../../support/internet/tls-server.ts';
import type { Page, WebServer } from '../../support/internet/web-server.ts';
import { startWebServer } from '../../support/internet/web-server.ts';

let root: MadeCertificate;
let leaf: MadeCertificate;
beforeAll(async () => {
  root = await makeCertificate({ name: 'Test Root', isAuthority: true });
  leaf = await makeCertificate({ name: 'www.example.com', issuer: root });
});

let servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

const started = async <T extends { close(): Promise<void> }>(server: Promise<T>): Promise<T> => {
  servers.push(await server);
  return server;
};

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const hello: Page = (_, response) => response.writeHead(200, HTML).end('<p>hello</p>');

/** Every name is this machine, and every port the server's. */
const probeOf = ({ port }: { readonly port: number }, options: Partial<HttpProbeOptions> = {}) =>
  httpProbe({
    timeoutMilliseconds: 5_000,
    lookUp: async () => ['127.0.0.1'],
    mayConnectTo: (address) => address === '127.0.0.1',
    portOf: () => port,
    authorities: [root.certificate],
    ...options,
  });

const plain = async (page: Page = hello): Promise<WebServer> => started(startWebServer(page));
const secured = async (page: Page = hello, made: MadeCertificate = leaf): Promise<WebServer> =>
  started(startWebServer(page, { cert: made.certificate, key: made.privateKey }));

test('Given a name that nobody looks up in time, then it timed out', async () => {
  const probe = httpProbe({ timeoutMilliseconds: 50, lookUp: () => new Promise(() => undefined) });
  expect(await probe.get('https://www.example.com/')).toMatchObject({ kind: 'not-answered', because: 'TimedOut' });
});

describe('a page', () => {
  test('Given a page, when it is asked for, then the server sees one GET with our own user agent, and nothing secret', async () => {
    const server = await plain();
    const asked = await probeOf(server).get('http://user:secret@www.example.com/a?b=1#c');
    expect(asked).toEqual({
      kind: 'answered',
      url: 'http://www.example.com/a?b=1',
      address: '127.0.0.1',
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      setsCookie: false,
      location: undefined,
      certificate: undefined,
      html: '<p>hello</p>',
    });
    expect(server.requests).toHaveLength(1);
    const [{ method, url, headers } = { method: '', url: '', headers: {} }] = server.requests;
    expect([method, url, headers.host]).toEqual(['GET', '/a?b=1', 'www.example.com']);
    expect(headers['user-agent']).toContain('usher-doctor');
    expect(headers.authorization).toBeUndefined();
    expect(headers.cookie).toBeUndefined();
  });

  test('Given a page in gzip, then it is read; given one that unpacks to very much, then it is left', async () => {
    const zipped =
      (text: string): Page =>
      (_, response) =>
        response.writeHead(200, { ...HTML, 'content-encoding': 'gzip' }).end(gzipSync(text));
    const small = await plain(zipped('<p>hello</p>'));
    expect(await probeOf(small).get('http://www.example.com/')).toMatchObject({ html: '<p>hello</p>' });
    const large = await plain(zipped('x'.repeat(1_000_000)));
    expect(await probeOf(large, { maximumBytes: 10_000 }).get('http://www.example.com/')).toMatchObject({
      kind: 'answered',
      html: undefined,
    });
  });

  test('Given a page without an end, then as much is read as may be, and the rest is left', async () => {
    const endless: Page = (_, response) => {
      response.writeHead(200, HTML);
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(1_000)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    };
    const asked = await probeOf(await plain(endless), { maximumBytes: 5_000 }).get('http://www.example.com/');
    expect(asked.kind === 'answered' && asked.html?.length).toBe(5_000);
  });

  test('Given a redirection, then it is told, made absolute, and not followed', async () => {
    const server = await plain((_, response) => response.writeHead(301, { location: '/b' }).end());
    expect(await probeOf(server).get('http://www.example.com/a')).toMatchObject({
      status: 301,
      location: 'http://www.example.com/b',
    });
    expect(server.requests).toHaveLength(1);
  });

  test('Given a redirection to a file of the machine, then it leads nowhere', async () => {
    const server = await plain((_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end());
    expect(await probeOf(server).get('http://www.example.com/')).toMatchObject({ location: undefined });
  });
});

describe('a certificate', () => {
  test('Given one that has the name, then it is shown as trusted', async () => {
    expect(await probeOf(await secured()).get('https://www.example.com/')).toMatchObject({
      kind: 'answered',
      certificate: { namesHost: true, trust: 'trusted', names: ['www.example.com'] },
    });
  });

  test('Given another name’s, or an expired one, then the page is read all the same, and the certificate told', async () => {
    const server = await secured();
    expect(await probeOf(server).get('https://shop.example.com/')).toMatchObject({
      html: '<p>hello</p>',
      certificate: { namesHost: false },
    });
    const expired = await makeCertificate({
      name: 'www.example.com',
      issuer: root,
      notAfter: new Date(Date.now() - 1_000),
    });
    expect(await probeOf(await secured(hello, expired)).get('https://www.example.com/')).toMatchObject({
      certificate: { namesHost: true, trust: 'expired' },
    });
  });
});

describe('what is not asked', () => {
  test.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.1.1/',
    'http://100.64.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0.0.0.0/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
  ])('Given %s, then nothing is sent there', async (url) => {
    const server = await plain();
    const asked = await httpProbe({ portOf: () => server.port }).get(url);
    expect(asked).toMatchObject({ kind: 'not-answered', because: 'NotPublic' });
    expect(server.requests).toEqual([]);
  });

  test('Given a name that leads to this machine, then nothing is sent there', async () => {
    const server = await plain();
    const probe = httpProbe({ portOf: () => server.port, lookUp: async () => ['127.0.0.1', '10.0.0.1'] });
    expect(await probe.get('http://innocent.example.com/')).toEqual({
      kind: 'not-answered',
      url: 'http://innocent.example.com/',
      because: 'NotPublic',
      addresses: ['127.0.0.1', '10.0.0.1'],
    });
    expect(server.requests).toEqual([]);
  });

  test('Given an address that was allowed and is another once connected, then nothing is sent', async () => {
    const server = await plain();
    let judged = 0;
    const probe = probeOf(server, {
      mayConnectTo: () => {
        judged += 1;
        return judged === 1;
      },
    });
    expect(await probe.get('http://www.example.com/')).toMatchObject({ kind: 'not-answered', because: 'NotPublic' });
    expect(server.requests).toEqual([]);
  });

  test.each(['http://www.example.com:25/', 'http://www.example.com:22/', 'https://www.example.com:993/'])(
    'Given another service’s port (%s), then it is not asked',
    async (url) => {
      const server = await plain();
      expect(await probeOf(server).get(url)).toMatchObject({ because: 'PortNotAsked' });
      expect(server.requests).toEqual([]);
    },
  );
});

describe('no answer', () => {
  test('Given a name that is not there', async () => {
    const lookUp = async () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await probeOf({ port: 1 }, { lookUp }).get('http://nothing.example.com/')).toMatchObject({
      because: 'NameNotFound',
      addresses: [],
    });
  });

  test('Given a port where nothing listens', async () => {
    const server = await plain();
    await server.close();
    servers = [];
    expect(await probeOf(server).get('http://www.example.com/')).toMatchObject({ because: 'Refused' });
  });

  test('Given a server that takes the connection and says nothing', async () => {
    const server = await started(startTcpServer(() => undefined));
    const probe = probeOf(server, { timeoutMilliseconds: 200 });
    expect(await probe.get('http://www.example.com/')).toMatchObject({ because: 'TimedOut' });
    expect(await probe.get('https://www.example.com/')).toMatchObject({ because: 'TimedOut' });
  });

  test('Given a server that speaks plain HTTP where TLS is asked for', async () => {
    expect(await probeOf(await plain()).get('https://www.example.com/')).toMatchObject({ because: 'TlsRefused' });
  });

  test('Given a server that speaks something else', async () => {
    const server = await started(startTcpServer((socket) => socket.end('220 mail.example.com ESMTP\r\n')));
    expect(await probeOf(server).get('http://www.example.com/')).toMatchObject({ because: 'NotHttp' });
  });
});
