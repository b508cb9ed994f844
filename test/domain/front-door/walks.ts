import type { Handshake } from '../../../domain/expiry/served.ts';
import type { Answered, Back, Behaviour, Front, NotAnswered, Origin, Walk } from '../../../domain/front-door/walk.ts';
import { read } from '../../../domain/reading.ts';

export const URL_ASKED = 'https://www.example.com/';

export const answered = (given: Partial<Answered> = {}): Answered => ({
  kind: 'answered',
  url: URL_ASKED,
  address: '192.0.2.10',
  status: 200,
  headers: {
    server: 'nginx',
    via: '1.1 a.cloudfront.net (CloudFront)',
    'x-amz-cf-id': 'abc',
    'x-cache': 'Miss from cloudfront',
    'content-type': 'text/html',
  },
  setsCookie: false,
  location: undefined,
  certificate: {
    namesHost: true,
    trust: 'trusted',
    names: ['www.example.com'],
    notAfter: new Date('2027-06-08T00:00:00Z'),
  },
  html: '<html><img src="/logo.png"></html>',
  ...given,
});

export const notAnswered = (because: NotAnswered['because'], url = URL_ASKED): NotAnswered => ({
  kind: 'not-answered',
  url,
  because,
  addresses: because === 'NameNotFound' ? [] : ['192.0.2.10'],
});

export const hit = { ...answered().headers, 'x-cache': 'Hit from cloudfront', age: '120' };
/** As who asks the balancer itself sees it. */
export const direct = { server: 'nginx', 'content-type': 'text/html' };

export const behaviour: Behaviour = {
  pathPattern: '*',
  visitorProtocol: 'redirect-to-https',
  caches: true,
  forwardsHost: true,
  originId: 'alb',
};

export const origin: Origin = {
  id: 'alb',
  domainName: 'origin.example.com',
  kind: 'custom',
  protocol: 'https-only',
  httpPort: 80,
  httpsPort: 443,
};

export const front: Front = {
  distributionId: 'E1ABCDEF234567',
  domainName: 'd111111abcdef8.cloudfront.net',
  aliases: ['www.example.com'],
  isEnabled: true,
  isDeployed: true,
  behaviours: [behaviour],
  origins: [origin],
};

export const served = (given: Partial<Extract<Handshake, { kind: 'served' }>> = {}, names = ['www.example.com']) =>
  ({
    kind: 'served',
    chain: [
      {
        subject: names[0] ?? '',
        issuer: 'Amazon',
        names,
        notBefore: new Date('2026-06-01T00:00:00Z'),
        notAfter: new Date('2027-01-01T00:00:00Z'),
        serial: '01',
        fingerprint256: 'AA',
      },
    ],
    namesHost: true,
    trust: 'trusted',
    ...given,
  }) satisfies Handshake;

export const silent = (because: 'Refused' | 'TimedOut' = 'TimedOut'): Handshake => ({
  kind: 'could-not-connect',
  because,
  detail: 'no connection',
});

export const back: Back = {
  loadBalancer: {
    name: 'web-alb',
    id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/0a1b',
  },
  listeners: read([{ protocol: 'HTTPS', port: 443, targetGroupArns: [] }]),
  groups: [],
};

/** A walk through CloudFront and a balancer in which all is well. */
export const walk = (given: Partial<Walk> = {}): Walk => ({
  at: new Date('2026-11-22T05:00:00Z'),
  url: URL_ASKED,
  requests: [answered()],
  leftOff: false,
  again: answered({ headers: hit }),
  aliases: ['d111111abcdef8.cloudfront.net'],
  front: read(front),
  behaviour,
  origin,
  originHandshakes: [
    { serverName: 'www.example.com', handshake: served() },
    { serverName: 'origin.example.com', handshake: served({ namesHost: false }) },
  ],
  back: read(back),
  late: [],
  ...given,
});

/** The same without CloudFront: the name is the balancer's. */
export const directWalk = (given: Partial<Walk> = {}): Walk =>
  walk({
    requests: [answered({ headers: direct })],
    again: undefined,
    aliases: ['web-alb-1234567890.ap-northeast-1.elb.amazonaws.com'],
    front: read(undefined),
    behaviour: undefined,
    origin: undefined,
    originHandshakes: [],
    ...given,
  });
