import { describe, expect, test } from '@jest/globals';
import { examine } from '../../../domain/front-door/examine.ts';
import type { FrontDoorReason } from '../../../domain/front-door/finding.ts';
import type { Walk } from '../../../domain/front-door/walk.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import {
  answered,
  back,
  behaviour,
  direct,
  directWalk,
  front,
  hit,
  notAnswered,
  origin,
  served,
  silent,
  URL_ASKED,
  walk,
} from './walks.ts';

const reasonsOf = (given: Walk): readonly FrontDoorReason[] => examine(given).map(({ reason }) => reason);

const redirect = (from: string, location: string, status = 301) =>
  answered({
    url: from,
    status,
    location,
    html: undefined,
    ...(from.startsWith('https') ? {} : { certificate: undefined }),
  });

const PLAIN = 'http://www.example.com/';
const certificate = {
  namesHost: true,
  trust: 'trusted',
  names: ['www.example.com'],
  notAfter: new Date('2027-06-08'),
} as const;
const error = (code: number, server = 'CloudFront') =>
  answered({
    status: code,
    html: undefined,
    headers: { server, via: '1.1 a (CloudFront)', 'x-amz-cf-id': 'abc', 'x-cache': 'Error from cloudfront' },
  });
const plainOrigin = { ...origin, protocol: 'http-only' } as const;

test.each([
  ['through CloudFront', walk()],
  ['to the balancer itself', directWalk()],
  ['from http, sent on to https', walk({ url: PLAIN, requests: [redirect(PLAIN, URL_ASKED), answered()] })],
  [
    'to a distribution of somebody else',
    walk({
      front: read(undefined),
      behaviour: undefined,
      origin: undefined,
      originHandshakes: [],
      back: read(undefined),
    }),
  ],
])('Given a healthy way %s, then nothing is found', (_, given) => {
  expect(examine(given)).toEqual([]);
});

/** What is broken, the walk, the finding; then the nearest walk in which it is not found. */
const TRAPS: readonly (readonly [string, FrontDoorReason, Walk, Walk])[] = [
  [
    'no such name',
    'NameNotFound',
    directWalk({ requests: [notAnswered('NameNotFound')] }),
    directWalk({ requests: [notAnswered('Refused')] }),
  ],
  [
    'a private address',
    'NameNotPublic',
    directWalk({ requests: [notAnswered('NotPublic')] }),
    directWalk({ requests: [notAnswered('TimedOut')] }),
  ],
  [
    'another service’s port',
    'PortNotAsked',
    directWalk({ requests: [notAnswered('PortNotAsked', 'http://www.example.com:25/')] }),
    directWalk(),
  ],
  [
    'nothing listens',
    'NothingListens',
    directWalk({ requests: [notAnswered('Refused')] }),
    directWalk({ requests: [notAnswered('TlsRefused')] }),
  ],
  [
    'no TLS on 443',
    'NoTls',
    directWalk({ requests: [notAnswered('TlsRefused')] }),
    directWalk({ requests: [notAnswered('NotHttp')] }),
  ],
  ['something that is no HTTP', 'NotHttp', directWalk({ requests: [notAnswered('NotHttp')] }), directWalk()],
  [
    'a distribution has the name, DNS leads to the balancer',
    'NameLeadsElsewhere',
    walk({ requests: [answered({ headers: direct })], again: undefined }),
    walk({ requests: [answered({ headers: direct })], again: undefined, front: read(undefined) }),
  ],
  [
    'CloudFront refuses a name that no distribution has',
    'NoDistributionHasName',
    walk({
      requests: [error(403)],
      again: undefined,
      front: read(undefined),
      behaviour: undefined,
      origin: undefined,
      back: read(undefined),
    }),
    walk({ requests: [error(403)], again: undefined }),
  ],
  ['a distribution is off', 'DistributionDisabled', walk({ front: read({ ...front, isEnabled: false }) }), walk()],
  [
    'a distribution is being deployed',
    'DistributionDeploying',
    walk({ front: read({ ...front, isDeployed: false }) }),
    walk(),
  ],
  [
    'an expired certificate',
    'CertificateExpired',
    walk({ requests: [answered({ certificate: { ...certificate, trust: 'expired' } })] }),
    walk({ requests: [answered({ certificate })] }),
  ],
  [
    'another name’s certificate',
    'CertificateOtherName',
    walk({ requests: [answered({ certificate: { ...certificate, namesHost: false, names: ['*.cloudfront.net'] } })] }),
    walk({ requests: [answered({ certificate: { ...certificate, names: ['*.example.com'] } })] }),
  ],
  [
    'a chain that lacks its middle',
    'CertificateUntrusted',
    walk({ requests: [answered({ certificate: { ...certificate, trust: 'incomplete-chain' } })] }),
    walk(),
  ],
  [
    'https sends to https, because the application was asked by http',
    'ProtocolLoop',
    walk({ requests: [redirect(URL_ASKED, URL_ASKED)], again: undefined, origin: plainOrigin }),
    walk({ requests: [redirect(PLAIN, URL_ASKED), answered()], origin: plainOrigin }),
  ],
  [
    'http and https send to each other',
    'ProtocolLoop',
    directWalk({ requests: [redirect(PLAIN, URL_ASKED), redirect(URL_ASKED, PLAIN)] }),
    directWalk({ requests: [redirect(PLAIN, URL_ASKED), answered({ headers: direct })] }),
  ],
  [
    'www and the bare name send to each other',
    'RedirectLoop',
    walk({
      requests: [redirect(URL_ASKED, 'https://example.com/'), redirect('https://example.com/', URL_ASKED)],
      again: undefined,
    }),
    walk({ requests: [redirect('https://example.com/', URL_ASKED), answered()] }),
  ],
  [
    'it leads on and on',
    'TooManyRedirects',
    walk({
      requests: [
        redirect(URL_ASKED, 'https://www.example.com/1'),
        redirect('https://www.example.com/1', 'https://www.example.com/2'),
      ],
      leftOff: true,
      again: undefined,
    }),
    walk({
      requests: [redirect(URL_ASKED, 'https://www.example.com/1'), answered({ url: 'https://www.example.com/1' })],
    }),
  ],
  [
    'from https to http',
    'RedirectToPlain',
    directWalk({
      requests: [
        redirect('https://www.example.com/shop', 'http://www.example.com/shop/'),
        answered({ url: 'http://www.example.com/shop/', certificate: undefined, headers: direct }),
      ],
      back: read(undefined),
    }),
    directWalk({
      requests: [
        redirect('https://www.example.com/shop', 'https://www.example.com/shop/'),
        answered({ headers: direct }),
      ],
    }),
  ],
  [
    'S3 sends to its Region',
    'S3Redirect',
    walk({
      requests: [
        redirect('https://www.example.com/logo.png', 'https://files.s3.ap-northeast-1.amazonaws.com/logo.png', 307),
        answered({
          url: 'https://files.s3.ap-northeast-1.amazonaws.com/logo.png',
          status: 403,
          headers: { server: 'AmazonS3' },
          html: undefined,
        }),
      ],
      again: undefined,
      front: read(undefined),
      back: read(undefined),
      origin: undefined,
      originHandshakes: [],
    }),
    walk({
      requests: [
        redirect('https://www.example.com/old', 'https://www.example.com/new', 307),
        answered({ url: 'https://www.example.com/new' }),
      ],
    }),
  ],
  [
    'an origin’s certificate has neither name',
    'OriginCertificateOtherName',
    walk({
      requests: [error(502)],
      again: undefined,
      originHandshakes: [
        { serverName: 'www.example.com', handshake: served({ namesHost: false }, ['other.example.net']) },
        { serverName: 'origin.example.com', handshake: served({ namesHost: false }, ['other.example.net']) },
      ],
    }),
    walk({
      originHandshakes: [
        { serverName: 'www.example.com', handshake: served({ namesHost: false }, ['origin.example.com']) },
        { serverName: 'origin.example.com', handshake: served({}, ['origin.example.com']) },
      ],
    }),
  ],
  [
    'the visitor’s name is on the origin’s certificate, and not forwarded',
    'OriginCertificateOtherName',
    walk({ behaviour: { ...behaviour, forwardsHost: false } }),
    walk({ behaviour: { ...behaviour, forwardsHost: undefined } }),
  ],
  [
    'an origin’s certificate is self-signed',
    'OriginCertificateInvalid',
    walk({ originHandshakes: [{ serverName: 'www.example.com', handshake: served({ trust: 'self-signed' }) }] }),
    walk({
      origin: { ...origin, protocol: 'http-only' },
      back: read({ ...back, listeners: read([{ protocol: 'HTTP', port: 80, targetGroupArns: [] }]) }),
      originHandshakes: [{ serverName: 'www.example.com', handshake: served({ trust: 'self-signed' }) }],
    }),
  ],
  [
    'an origin does not answer',
    'OriginSilent',
    walk({
      requests: [error(504)],
      again: undefined,
      originHandshakes: [{ serverName: 'www.example.com', handshake: silent('Refused') }],
    }),
    // CloudFront may reach what we may not: an origin that admits CloudFront alone.
    walk({
      requests: [error(504)],
      again: undefined,
      originHandshakes: [{ serverName: 'www.example.com', handshake: silent() }],
    }),
  ],
  [
    'a balancer has no listener where it is asked',
    'ListenerMissing',
    walk({ back: read({ ...back, listeners: read([{ protocol: 'HTTP', port: 80, targetGroupArns: [] }]) }) }),
    walk({ back: read({ ...back, listeners: unreadable('ELBv2 DescribeListeners: AccessDenied') }) }),
  ],
  [
    'S3 denies',
    'S3Denied',
    walk({
      requests: [error(403, 'AmazonS3')],
      again: undefined,
      origin: { ...origin, kind: 's3' },
      originHandshakes: [],
      back: read(undefined),
    }),
    walk({ requests: [error(403, 'nginx')], again: undefined }),
  ],
  [
    'the balancer answers itself',
    'BalancerAnswered',
    walk({ requests: [error(503, 'awselb/2.0')], again: undefined }),
    walk({ requests: [error(503, 'nginx')], again: undefined }),
  ],
  [
    'the application fails',
    'ApplicationFails',
    walk({ requests: [error(500, 'nginx')], again: undefined }),
    walk({ requests: [error(404, 'nginx')], again: undefined }),
  ],
  [
    'CloudFront answers itself',
    'FrontAnswered',
    walk({ requests: [error(502)], again: undefined }),
    walk({
      requests: [error(502)],
      again: undefined,
      originHandshakes: [{ serverName: 'www.example.com', handshake: silent('Refused') }],
    }),
  ],
  [
    'there is no such page',
    'PageMissing',
    walk({ requests: [error(404, 'nginx')], again: undefined }),
    walk({ requests: [error(401, 'nginx')], again: undefined }),
  ],
  [
    'a visitor is refused',
    'RequestRefused',
    walk({ requests: [error(403, 'nginx')], again: undefined }),
    walk({ requests: [error(403)], again: undefined, front: read(undefined), back: read(undefined) }),
  ],
  [
    'a cookie out of the cache',
    'CookieCached',
    walk({ again: answered({ headers: hit, setsCookie: true }) }),
    walk({ requests: [answered({ setsCookie: true })], again: answered({ setsCookie: true }) }),
  ],
  [
    'an error out of the cache',
    'ErrorCached',
    walk({
      requests: [answered({ ...error(404, 'nginx'), headers: { ...error(404, 'nginx').headers, age: '30' } })],
      again: undefined,
    }),
    walk({ requests: [error(404, 'nginx')], again: undefined }),
  ],
  [
    'an https page with http pictures',
    'PlainSubresources',
    walk({ requests: [answered({ html: '<img src="http://www.example.com/logo.png">' })] }),
    walk({
      requests: [
        answered({ html: '<a href="http://www.example.com/">home</a><img src="//www.example.com/logo.png">' }),
      ],
    }),
  ],
  [
    'distributions could not be read',
    'CouldNotLook',
    walk({
      front: unreadable('CloudFront ListDistributions: AccessDenied'),
      behaviour: undefined,
      origin: undefined,
      originHandshakes: [],
    }),
    walk({ front: read(undefined), behaviour: undefined, origin: undefined, originHandshakes: [] }),
  ],
];

describe.each(TRAPS)('Given that %s', (_, reason, broken, nearest) => {
  test(`then ${reason} is the first thing found`, () => {
    expect(reasonsOf(broken)[0]).toBe(reason);
  });
  test(`and ${reason} is not found where it is only nearly so`, () => {
    expect(reasonsOf(nearest)).not.toContain(reason);
  });
});

test('Given an origin that is asked by plain HTTP, then a circle is to be mended at the origin, else in the application', () => {
  const circle = { requests: [redirect(URL_ASKED, URL_ASKED)], again: undefined };
  expect(examine(walk({ ...circle, origin: plainOrigin }))[0]?.evidence).toEqual({ to: URL_ASKED, remedy: 'origin' });
  expect(examine(walk(circle))[0]?.evidence).toEqual({ to: URL_ASKED, remedy: 'application' });
});

test('Given a 502 that the origin’s certificate explains, then CloudFront’s own answer is not told beside it', () => {
  const [trap] = TRAPS.filter(([, reason]) => reason === 'OriginCertificateOtherName');
  expect(reasonsOf(trap?.[2] ?? walk())).toEqual(['OriginCertificateOtherName']);
  expect(examine(trap?.[2] ?? walk())[0]).toEqual({
    reason: 'OriginCertificateOtherName',
    severity: 'critical',
    evidence: { origin: 'origin.example.com', host: 'www.example.com', names: 'other.example.net' },
  });
});
