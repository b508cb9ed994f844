import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { internetFrom } from '../../../functions/alert-expiring-certificates/internet.ts';
import { makeCertificate } from '../../support/internet/certificates.ts';
import type { DnsServer } from '../../support/internet/dns-server.ts';
import { authoritative, cname, soa, startDnsServer } from '../../support/internet/dns-server.ts';
import type { TcpServer } from '../../support/internet/tls-server.ts';
import { startTlsServer } from '../../support/internet/tls-server.ts';

let dns: DnsServer;
let server: TcpServer;

beforeAll(async () => {
  dns = await startDnsServer(({ name, type }) =>
    type === 'CNAME' ? authoritative([cname(name, '_8d2e4b61.acm-validations.aws')]) : authoritative([], [soa('jp')]),
  );
  const { certificate, privateKey } = await makeCertificate({ name: 'www.example.co.jp' });
  server = await startTlsServer({ cert: certificate, key: privateKey });
});
afterAll(async () => {
  await dns.close();
  await server.close();
});

test('Given stand-ins, when somebody is asked, then they are, whatever the name and port', async () => {
  const internet = internetFrom({ dns: dns.port, tls: server.port, rdap: 9, whois: 9 });
  expect(await internet.dns.askCname('_3f1c9a7e.www.example.co.jp')).toEqual({
    kind: 'found',
    values: ['_8d2e4b61.acm-validations.aws'],
  });
  expect(await internet.tls.shakeHands({ host: 'www.example.co.jp', port: 443, connectTo: undefined })).toMatchObject({
    kind: 'served',
    chain: [{ names: ['www.example.co.jp'] }],
    namesHost: true,
  });
});

test('Given none, when somebody is asked, then nobody answers, and nobody is waited for', async () => {
  const internet = internetFrom({ dns: 9, tls: 9, rdap: 9, whois: 9 });
  const name = 'www.example.co.jp';
  expect(await internet.dns.askCname(name)).toMatchObject({ kind: 'could-not-ask' });
  expect(await internet.tls.shakeHands({ host: name, port: 443, connectTo: undefined })).toMatchObject({
    kind: 'could-not-connect',
  });
  expect(await internet.registries.readRegistration('example.co.jp')).toMatchObject({ kind: 'could-not-check' });
});
