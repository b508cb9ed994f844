import { afterEach, describe, expect, test } from '@jest/globals';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import type { DoctorAnswer } from '../../../domain/front-door/answer.ts';
import type { Front } from '../../../domain/front-door/walk.ts';
import { examineSaid, urlIn } from '../../../stories/doctor/story.ts';
import { anAlb, anInstance, aRule, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { TIMES_OUT } from '../../support/world/memory-balancing.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import type { House, Street } from './street.ts';
import { aStreet, cannotAsk, closedBucket, cloudFront, html, newBucket, ORIGIN_PORT, sendOn } from './street.ts';

const WWW = 'www.example.com';
const ALB = 'web-alb-1234567890.ap-northeast-1.elb.amazonaws.com';
const S3 = 'files.s3.ap-northeast-1.amazonaws.com';

const behaviour = {
  pathPattern: '*',
  visitorProtocol: 'redirect-to-https',
  caches: true,
  forwardsHost: true,
  originId: 'alb',
} as const;
const origin = {
  id: 'alb',
  domainName: ALB,
  kind: 'custom',
  protocol: 'https-only',
  httpPort: 80,
  httpsPort: ORIGIN_PORT,
} as const;
const front: Front = {
  distributionId: 'E1ABCDEF234567',
  domainName: 'd111111abcdef8.cloudfront.net',
  aliases: [WWW],
  isEnabled: true,
  isDeployed: true,
  behaviours: [behaviour],
  origins: [origin],
};
const bucketFront: Front = {
  ...front,
  behaviours: [{ ...behaviour, originId: 's3', forwardsHost: false }],
  origins: [{ ...origin, id: 's3', domainName: 'files.s3.amazonaws.com', kind: 's3', protocol: 'match-viewer' }],
};
const plainFront: Front = { ...front, origins: [{ ...origin, protocol: 'http-only' }] };

const admitting = (protocol: string, fromPort: number, toPort = fromPort) =>
  aRule({
    ruleId: `sgr-alb-${protocol}-${fromPort}`,
    groupId: 'sg-alb',
    direction: 'ingress',
    protocol,
    fromPort,
    toPort,
    peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
  });

/** Everybody gets to all that `web-alb` listens on, and packets that are too large are told of. */
const DOORS = [admitting('tcp', 80), admitting('tcp', 443), admitting('tcp', ORIGIN_PORT), admitting('icmp', 3, 4)];

/** A group with two targets behind `web-alb`, well unless told otherwise. */
const aSite = async (isBlocked = false): Promise<World> => {
  const instances = [anInstance(), anInstance({ instanceId: 'i-00000002', tags: { Name: 'web-2', Role: 'web' } })];
  const world = aWorld({ instances });
  const targets = instances.map(({ instanceId }) => ({ id: instanceId, port: 80 }));
  await world.ports.loadBalancing.registerTargets(targetGroupArn('web'), targets);
  if (isBlocked) for (const { id } of targets) world.balancing.answers.set(id, TIMES_OUT);
  else
    world.network.rules.set('sg-web', [
      ...(world.network.rules.get('sg-web') ?? []),
      aRule({
        ruleId: 'sgr-1',
        direction: 'ingress',
        protocol: 'tcp',
        fromPort: 80,
        toPort: 80,
        peer: { kind: 'security-group', groupId: 'sg-alb' },
      }),
    ]);
  world.network.rules.set('sg-alb', [...(world.network.rules.get('sg-alb') ?? []), ...DOORS]);
  world.clock.advance(3_600);
  world.forgetCalls();
  return world;
};

let streets: Street[] = [];
afterEach(async () => {
  await Promise.all(streets.map((street) => street.close()));
  streets = [];
});

const open = async (plan: Omit<Parameters<typeof aStreet>[0], 'world'>, world?: World): Promise<Street> => {
  const street = await aStreet({ world: world ?? (await aSite()), ...plan });
  streets.push(street);
  return street;
};

type UrlAnswer = Extract<DoctorAnswer, { kind: 'url-examined' }>;

const askFor = async (said: string, { ports }: Street): Promise<UrlAnswer> => {
  const { answer } = await examineSaid(ports, said);
  if (answer.kind !== 'url-examined') throw new Error(`no URL was examined: ${answer.kind}`);
  return answer;
};

const reasonsOf = ({ findings }: UrlAnswer) => findings.map(({ reason }) => reason);

const hello: House = () => html('<p>hello</p>');
/** Sends whoever came by plain HTTP on to HTTPS, as it sees it. */
const wantsHttps: House = ({ protocol, host, path }) =>
  protocol === 'https' ? html('<p>hello</p>') : sendOn(301, `https://${host}${path}`);

const throughFront = (edge: Parameters<typeof cloudFront>[1] = {}, house: House = hello) => ({
  houses: { [WWW]: cloudFront(house, edge) },
  fronts: [front],
  aliases: { [WWW]: front.domainName },
  originNames: [WWW],
});

describe('a healthy way', () => {
  test('Given CloudFront, a balancer and two targets that are well, then nothing is found, and the whole way is told', async () => {
    const { ports, asked } = await open(throughFront());
    const { answer, clearable } = await examineSaid(ports, WWW);
    expect(answer).toEqual({
      kind: 'url-examined',
      url: 'https://www.example.com/',
      requests: 2,
      status: 200,
      way: [WWW, 'CloudFront E1ABCDEF234567 (*)', ALB, 'web-alb'],
      cache: { kind: 'cached-now' },
      findings: [],
      findingCount: 0,
      groups: [{ targetGroup: { name: 'web', id: targetGroupArn('web') }, healthy: 2, total: 2, findings: [] }],
      clearPlanId: undefined,
    });
    expect(clearable).toMatchObject({ url: 'https://www.example.com/', distribution: front });
    expect(asked.get(WWW)).toBe(2);
  });

  test('Given a balancer that an alias of Route 53 leads to, then it is found by whose address it is', async () => {
    const answer = await askFor(
      'https://www.example.com/',
      await open({ houses: { [WWW]: hello }, wearer: 'ELB app/web-alb/0123456789abcdef' }),
    );
    expect(answer).toMatchObject({ way: [WWW, 'web-alb'], cache: { kind: 'no-cloudfront' }, findings: [] });
    expect(answer.groups).toHaveLength(1);
  });

  test.each([
    ['another account', 'web-alb-1111111111.ap-northeast-1.elb.amazonaws.com'],
    ['another Region', 'web-alb-1234567890.us-east-1.elb.amazonaws.com'],
  ])('Given a balancer of %s that is called as ours, then ours is not taken for it', async (_, domainName) => {
    const elsewhere = { ...front, origins: [{ ...origin, domainName }] };
    const answer = await askFor(WWW, await open({ ...throughFront(), fronts: [elsewhere] }));
    expect(answer).toMatchObject({ way: [WWW, 'CloudFront E1ABCDEF234567 (*)', domainName], groups: [] });
  });

  test('Given an origin written with other letters and its prefix, then the balancer is found', async () => {
    const written = { ...front, origins: [{ ...origin, domainName: `dualstack.${ALB.toUpperCase()}` }] };
    const answer = await askFor(WWW, await open({ ...throughFront(), fronts: [written] }));
    expect(answer.way.at(-1)).toBe('web-alb');
  });

  test('Given http that is sent on to https, then the way is followed, and nothing is wrong', async () => {
    const answer = await askFor('http://www.example.com/a', await open(throughFront({ redirectsToHttps: true })));
    expect(answer).toMatchObject({ url: 'https://www.example.com/a', requests: 3, findings: [] });
  });
});

/** Time for so many looks, and no more. */
const timeFor = (count: number): Street['ports']['inTime'] => {
  let left = count;
  return async (look) => {
    left -= 1;
    return left < 0 ? { kind: 'late' } : { kind: 'in-time', value: await look() };
  };
};

describe('no time left', () => {
  test.each([
    [0, 'page,aliases,distributions,again,origin,balancer'],
    [1, 'aliases,distributions,again,origin'],
    [3, 'again,origin,balancer'],
    [6, 'balancer'],
  ])('Given time for %s looks, then it is said what was not looked at, and what was is told', async (count, steps) => {
    const answer = await askFor(WWW, await open({ ...throughFront(), inTime: timeFor(count) }));
    expect(answer.findings.find(({ reason }) => reason === 'TimeRanOut')?.evidence).toEqual({ steps });
    expect(reasonsOf(answer)).not.toContain('CouldNotLook');
    expect(reasonsOf(answer)).not.toContain('NothingListens');
    expect(answer.status).toBe(count === 0 ? undefined : 200);
    expect(answer.way[1]).toBe(count < 3 ? undefined : 'CloudFront E1ABCDEF234567 (*)');
  });

  test('Given a group, when there is none, then it is said', async () => {
    const { ports } = await open({ houses: {}, inTime: timeFor(0) });
    expect((await examineSaid(ports, 'web')).answer).toEqual({ kind: 'examination-late', said: 'web' });
    const named = { ...ports, inTime: timeFor(1) };
    expect((await examineSaid(named, 'web')).answer).toMatchObject({
      kind: 'targets-examined',
      groups: [],
      late: true,
    });
    const found = { ...ports, inTime: timeFor(2) };
    expect((await examineSaid(found, 'web')).answer).toMatchObject({ groups: [{ total: 2 }], late: false });
    const instance = { ...ports, inTime: timeFor(2) };
    expect((await examineSaid(instance, 'web-2')).answer).toMatchObject({ what: 'instance', groups: [], late: true });
  });
});

describe('what only who asked may know', () => {
  test('Given a token in the URL, then no answer shows it, and the page that can be cleared keeps it', async () => {
    const loop: House = ({ host, path }) => sendOn(302, `https://${host}${path}`);
    const said = `https://${WWW}/reset?token=secret`;
    for (const house of [hello, loop]) {
      const { answer, clearable } = await examineSaid((await open(throughFront({}, house))).ports, said);
      expect(JSON.stringify(answer)).not.toContain('secret');
      expect(answer).toMatchObject({ url: `https://${WWW}/reset?…` });
      if (house === hello) expect(clearable?.url).toBe(said);
    }
  });
});

describe('who may come to the balancer', () => {
  const withDoors = async (...rules: readonly ReturnType<typeof admitting>[]): Promise<World> => {
    const world = await aSite();
    const kept = (world.network.rules.get('sg-alb') ?? []).filter(({ direction }) => direction === 'egress');
    world.network.rules.set('sg-alb', [...kept, ...rules]);
    return world;
  };
  const reasonsOfGroups = async (world: World): Promise<readonly (readonly string[])[]> =>
    (await askFor(WWW, await open(throughFront(), world))).groups.map(({ findings }) =>
      findings.map(({ reason }) => reason),
    );

  test('Given a listener that its security group lets nobody to, then that is found', async () => {
    const world = await withDoors(admitting('tcp', 80), admitting('tcp', ORIGIN_PORT), admitting('icmp', 3, 4));
    const answer = await askFor(WWW, await open(throughFront(), world));
    expect(answer.groups[0]?.findings).toMatchObject([
      { reason: 'ClientsNotAdmitted', severity: 'warning', evidence: { port: '443', securityGroup: 'sg-alb' } },
    ]);
  });

  test('Given a port that is open and that nobody serves, and packets whose size nobody is told, then both are advice', async () => {
    expect(await reasonsOfGroups(await withDoors(...DOORS, admitting('tcp', 8_080)))).toEqual([['PortUnserved']]);
    expect(await reasonsOfGroups(await withDoors(...DOORS.filter((rule) => rule.protocol !== 'icmp')))).toEqual([
      ['PathMtuBlocked'],
    ]);
  });

  test('Given two groups behind it, then it is told once', async () => {
    const world = await withDoors(...DOORS.filter((rule) => rule.protocol !== 'icmp'));
    const api = aTargetGroup({ name: 'api', tags: {} });
    world.balancing.targetGroups.set(api.arn, api);
    const told = (await reasonsOfGroups(world)).flat().filter((reason) => reason === 'PathMtuBlocked');
    expect(told).toHaveLength(1);
  });
});

describe('a bare address', () => {
  test('Given one, then it is asked by plain HTTP, and neither DNS nor distributions are', async () => {
    expect(urlIn('203.0.113.5')).toBe('http://203.0.113.5/');
    expect(urlIn('203.0.113.5:8080/a')).toBe('http://203.0.113.5:8080/a');
    expect(urlIn('[2001:db8::5]')).toBe('http://[2001:db8::5]/');
    const { ports } = await open({ houses: { '127.0.0.1': hello } });
    const never = async (): Promise<never> => {
      throw new Error('nobody asks about an address');
    };
    const asking = { ...ports, cloudFront: { readDistributions: never, readTenantByDomain: never } };
    const { answer } = await examineSaid(asking, '127.0.0.1');
    expect(answer).toMatchObject({ kind: 'url-examined', status: 200, way: ['127.0.0.1'], findings: [] });
  });
});

describe('each trap, with the nearest way that is none', () => {
  test('the forwarded protocol: an origin asked by http, an application that wants https', async () => {
    const trap = { ...throughFront({ asks: 'http' }, wantsHttps), fronts: [plainFront] };
    const answer = await askFor(WWW, await open(trap));
    expect(answer.findings[0]).toMatchObject({ reason: 'ProtocolLoop', evidence: { remedy: 'origin' } });
    expect(answer.requests).toBe(1);
  });

  test('the same application asked by https', async () => {
    expect(reasonsOf(await askFor(WWW, await open(throughFront({ asks: 'https' }, wantsHttps))))).toEqual([]);
  });

  test('a balancer that ends TLS before an application that does not know', async () => {
    const unaware: House = ({ host, path }) => sendOn(301, `https://${host}${path}`);
    const trap = { houses: { [WWW]: unaware }, aliases: { [WWW]: ALB } };
    const answer = await askFor(WWW, await open(trap));
    expect(answer.findings[0]).toMatchObject({ reason: 'ProtocolLoop', evidence: { remedy: 'application' } });
  });

  test('a circle of two names', async () => {
    const houses = {
      [WWW]: () => sendOn(302, 'https://example.com/'),
      'example.com': () => sendOn(302, 'https://www.example.com/'),
    };
    expect(reasonsOf(await askFor(WWW, await open({ houses })))).toEqual(['RedirectLoop']);
  });

  test('a way that leads on and on is left after six requests', async () => {
    const on: House = ({ path }) => sendOn(302, `https://www.example.com${path}x`);
    const answer = await askFor(WWW, await open({ houses: { [WWW]: on } }));
    expect(answer).toMatchObject({ requests: 6, findings: [{ reason: 'TooManyRedirects' }] });
  });

  test('pictures by http on an https page', async () => {
    const page: House = () => html('<img src="http://www.example.com/logo.png">');
    const answer = await askFor(WWW, await open(throughFront({}, page)));
    expect(answer.findings).toEqual([
      {
        reason: 'PlainSubresources',
        severity: 'warning',
        evidence: { count: '1', first: 'http://www.example.com/logo.png' },
      },
    ]);
  });

  test('S3 that sends to its Region', async () => {
    const trap = {
      houses: { [WWW]: cloudFront(newBucket), [S3]: closedBucket },
      fronts: [bucketFront],
    };
    const answer = await askFor('www.example.com/logo.png', await open(trap));
    expect(answer.findings[0]).toEqual({ reason: 'S3Redirect', severity: 'critical', evidence: { to: S3 } });
  });

  test('S3 that denies', async () => {
    const trap = { houses: { [WWW]: cloudFront(closedBucket) }, fronts: [bucketFront] };
    const answer = await askFor('www.example.com/logo.png', await open(trap));
    expect(answer.findings).toEqual([{ reason: 'S3Denied', severity: 'critical', evidence: { path: '/logo.png' } }]);
  });

  test('an origin whose certificate has neither its own name nor the visitor’s', async () => {
    const trap = { ...throughFront(), houses: { [WWW]: cloudFront(cannotAsk(502)) }, originNames: ['old.example.net'] };
    const answer = await askFor(WWW, await open(trap));
    expect(answer.findings).toEqual([
      {
        reason: 'OriginCertificateOtherName',
        severity: 'critical',
        evidence: { origin: ALB, host: WWW, names: 'old.example.net' },
      },
    ]);
  });

  test('an origin whose certificate has its own name, whatever is forwarded', async () => {
    const own = { ...front, behaviours: [{ ...behaviour, forwardsHost: false }] };
    expect(reasonsOf(await askFor(WWW, await open({ ...throughFront(), fronts: [own], originNames: [ALB] })))).toEqual(
      [],
    );
  });

  test('an origin that is not there', async () => {
    const { originNames: _, ...rest } = throughFront();
    const trap = { ...rest, houses: { [WWW]: cloudFront(cannotAsk(502)) } };
    const answer = await askFor(WWW, await open(trap));
    expect(answer.findings[0]).toMatchObject({ reason: 'OriginSilent', evidence: { because: 'Refused' } });
  });

  test('a balancer without the listener', async () => {
    const answer = await askFor(WWW, await open({ ...throughFront(), listenerPorts: [80] }));
    expect(answer.findings[0]).toMatchObject({
      reason: 'ListenerMissing',
      evidence: { loadBalancer: 'web-alb', port: '8443' },
    });
  });

  test('a cookie out of the cache', async () => {
    const page: House = () => html('<p>hello</p>', { 'set-cookie': 'session=1' });
    expect(reasonsOf(await askFor(WWW, await open(throughFront({}, page))))).toEqual(['CookieCached']);
    const answer = await askFor(WWW, await open(throughFront({ caches: false }, page)));
    expect(answer).toMatchObject({ findings: [], cache: { kind: 'not-cached', because: 'Cookie' } });
  });

  test('a certificate of another name', async () => {
    const answer = await askFor(WWW, await open({ ...throughFront(), shown: ['shop.example.com'] }));
    expect(answer.findings[0]).toMatchObject({
      reason: 'CertificateOtherName',
      evidence: { host: WWW, names: 'shop.example.com' },
    });
  });

  test('a name that a distribution has, and DNS leads past', async () => {
    const answer = await askFor(
      WWW,
      await open({ ...throughFront(), houses: { [WWW]: hello }, aliases: { [WWW]: ALB } }),
    );
    expect(answer).toMatchObject({ way: [WWW, 'web-alb'], findings: [{ reason: 'NameLeadsElsewhere' }] });
  });

  test('a balancer that answers 504 itself, and the rule that is missing behind it', async () => {
    const house: House = () => ({ status: 504, headers: { server: 'awselb/2.0' } });
    const trap = { houses: { [WWW]: house }, aliases: { [WWW]: ALB } };
    const answer = await askFor(WWW, await open(trap, await aSite(true)));
    expect(reasonsOf(answer)).toEqual(['BalancerAnswered']);
    expect(answer.groups[0]).toMatchObject({ healthy: 0, total: 2 });
    expect(answer.groups[0]?.findings[0]?.reason).toBe('IngressMissing');
  });
});

describe('what cannot be looked at', () => {
  test('Given that distributions may not be read, then that is said, and the page is asked all the same', async () => {
    const { ports } = await open(throughFront());
    const denied = new AwsCallError({
      service: 'CloudFront',
      action: 'ListDistributions',
      code: 'AccessDenied',
      meaning: 'denied',
      awsMessage: 'no',
    });
    const { answer } = await examineSaid(
      { ...ports, cloudFront: { ...ports.cloudFront, readDistributions: async () => Promise.reject(denied) } },
      WWW,
    );
    expect(answer).toMatchObject({
      status: 200,
      findings: [{ reason: 'CouldNotLook', evidence: { what: 'distributions' } }],
    });
  });
});

describe('groups, balancers and instances', () => {
  test.each([
    ['web', 'target-group', 'web'],
    ['web-alb', 'load-balancer', 'web-alb'],
    ['i-00000002', 'instance', 'web-2'],
    ['web-2', 'instance', 'web-2'],
  ] as const)(
    'Given “%s” and a rule that is missing, then it is the first thing found, of the %s',
    async (said, what, name) => {
      const { ports } = await open({ houses: {} }, await aSite(true));
      const { answer } = await examineSaid(ports, said);
      expect(answer).toMatchObject({
        kind: 'targets-examined',
        what,
        subject: { name },
        groups: [{ targetGroup: { name: 'web' }, healthy: 0, total: 2 }],
        more: 0,
      });
      expect('groups' in answer && answer.groups[0]?.findings[0]?.reason).toBe('IngressMissing');
    },
  );

  describe('Given appliances behind a Gateway Load Balancer', () => {
    const gateway = anAlb({ kind: 'gateway', name: 'inspect', scheme: undefined, securityGroupIds: [] });
    const lookAt = async (isWell: boolean): Promise<readonly (string | undefined)[]> => {
      const instances = [anInstance({ instanceType: 'm7g.large' })];
      const targetGroups = [aTargetGroup({ protocol: 'GENEVE', port: 6081, loadBalancerArns: [gateway.arn] })];
      const world = aWorld({ instances, targetGroups, loadBalancers: [gateway] });
      await world.ports.loadBalancing.registerTargets(targetGroupArn('web'), [{ id: 'i-00000001', port: 6081 }]);
      if (!isWell) world.balancing.answers.set('i-00000001', TIMES_OUT);
      world.clock.advance(3_600);
      const { answer } = await examineSaid((await open({ houses: {} }, world)).ports, 'web');
      return 'groups' in answer ? (answer.groups[0]?.findings ?? []).map(({ reason }) => reason) : [];
    };

    test('when one fails whose source/destination check is on, then that is told', async () => {
      expect(await lookAt(false)).toContain('SourceDestinationCheckOn');
    });

    test('when all are well, then it is told where to look at their MTU', async () => {
      expect(await lookAt(true)).toContain('ApplianceMtuUnseen');
    });
  });

  test('Given a name that nothing has, or two instances have, then that is said', async () => {
    const { ports } = await open({ houses: {} });
    expect((await examineSaid(ports, 'nothing')).answer).toEqual({ kind: 'nothing-to-examine', said: 'nothing' });
    const tags = { Name: 'web-9' };
    const world = aWorld({ instances: [anInstance({ tags }), anInstance({ instanceId: 'i-00000002', tags })] });
    const twins = await open({ houses: {} }, world);
    expect((await examineSaid(twins.ports, 'web-9')).answer).toMatchObject({
      kind: 'ambiguous-subject',
      candidates: [{ name: 'web-9' }, { name: 'web-9', id: 'i-00000002' }],
    });
  });

  test('Looking into anything writes nothing', async () => {
    const world = await aSite(true);
    const { ports } = await open({ houses: {} }, world);
    await examineSaid(ports, 'web');
    expect(world.writes()).toEqual([]);
  });
});

test.each([
  ['www.example.com', 'https://www.example.com/'],
  ['www.example.com/a?b=1', 'https://www.example.com/a?b=1'],
  ['HTTP://Example.com', 'http://example.com/'],
  ['www.example.com:8443/', 'https://www.example.com:8443/'],
  ['日本語.jp', 'https://xn--wgv71a119e.jp/'],
  ['web-3', undefined],
  ['i-0a1b2c3d4e5f67890', undefined],
  ['arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef', undefined],
  ['web server 3', undefined],
])('Given “%s”, then the URL that is meant is %s', (said, url) => {
  expect(urlIn(said)).toBe(url);
});
