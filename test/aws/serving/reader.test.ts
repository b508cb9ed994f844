import type { DistributionSummary, DistributionTenantSummary } from '@aws-sdk/client-cloudfront';
import { CloudFrontClient, ListDistributionsCommand, ListDistributionTenantsCommand } from '@aws-sdk/client-cloudfront';
import {
  DescribeLoadBalancersCommand as DescribeClassicLoadBalancersCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { servingReader } from '../../../aws/serving/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const cloudFront = mockClient(CloudFrontClient);
const elb = mockClient(ElasticLoadBalancingV2Client);
const classic = mockClient(ElasticLoadBalancingClient);
let paces = 0;
let pacedCalls = 0;
beforeEach(() => {
  cloudFront.reset();
  elb.reset();
  classic.reset();
  paces = 0;
  pacedCalls = 0;
  elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [] });
  classic.on(DescribeClassicLoadBalancersCommand).resolves({ LoadBalancerDescriptions: [] });
});

const ACCOUNT = '123456789012';
const REGION = 'ap-northeast-1';
const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/1`;
const aReader = () =>
  servingReader(
    {
      cloudFront: new CloudFrontClient({ region: 'us-east-1' }),
      loadBalancing: (region) => new ElasticLoadBalancingV2Client({ region }),
      classicLoadBalancing: (region) => new ElasticLoadBalancingClient({ region }),
    },
    ACCOUNT,
    () => {
      paces += 1;
      return (send) => {
        pacedCalls += 1;
        return send();
      };
    },
  );

describe('distributions', () => {
  const summary = (Id: string, more: Partial<DistributionSummary> = {}) =>
    ({
      Id,
      DomainName: `${Id.toLowerCase()}.cloudfront.net`,
      Enabled: true,
      Aliases: { Quantity: 0 },
      ViewerCertificate: { CloudFrontDefaultCertificate: true },
      ...more,
    }) as DistributionSummary;
  const list = (Items: readonly DistributionSummary[], NextMarker?: string) => ({
    DistributionList: {
      Marker: '',
      MaxItems: 100,
      Quantity: Items.length,
      Items: [...Items],
      IsTruncated: NextMarker !== undefined,
      ...(NextMarker === undefined ? {} : { NextMarker }),
    },
  });
  const aliases = (...Items: readonly string[]) => ({ Aliases: { Quantity: Items.length, Items: [...Items] } });

  test('Given several pages, when uses are read, then each has its certificate and aliases, and no tenant is asked for', async () => {
    cloudFront
      .on(ListDistributionsCommand, {})
      .resolves(
        list(
          [
            summary('E1WWW2222222', {
              ...aliases('www.example.com', 'example.com'),
              ViewerCertificate: { ACMCertificateArn: CERTIFICATE, SSLSupportMethod: 'sni-only' },
            }),
          ],
          'next',
        ),
      )
      .on(ListDistributionsCommand, { Marker: 'next' })
      .resolves(
        list([
          summary('E2PLAIN33333'),
          summary('E3OFF4444444', {
            ...aliases('old.example.com'),
            Enabled: false,
            ViewerCertificate: { ACMCertificateArn: CERTIFICATE },
          }),
          summary('E4IAM5555555', { ...aliases('iam.example.com'), ViewerCertificate: { IAMCertificateId: 'ASCA1' } }),
        ]),
      );
    const common = { kind: 'cloudfront', region: 'us-east-1', port: 443 };
    expect(await aReader().readDistributionUses()).toEqual([
      {
        ...common,
        id: 'E1WWW2222222',
        name: 'www.example.com',
        certificateArn: CERTIFICATE,
        aliases: ['www.example.com', 'example.com'],
      },
      { ...common, id: 'E2PLAIN33333', name: 'e2plain33333.cloudfront.net', certificateArn: undefined, aliases: [] },
      { ...common, id: 'E3OFF4444444', name: 'old.example.com', certificateArn: CERTIFICATE, aliases: [] },
      {
        ...common,
        id: 'E4IAM5555555',
        name: 'iam.example.com',
        certificateArn: undefined,
        aliases: ['iam.example.com'],
      },
    ]);
    expect(cloudFront.commandCalls(ListDistributionTenantsCommand)).toEqual([]);
  });

  test('Given a distribution with tenants, then each tenant has its own certificate, or else the distribution’s', async () => {
    const tenant = (Name: string, more: Partial<DistributionTenantSummary>) =>
      ({ Id: `dt_${Name}`, DistributionId: 'E5MANY666666', Name, Domains: [], ...more }) as DistributionTenantSummary;
    cloudFront
      .on(ListDistributionsCommand)
      .resolves(
        list([
          summary('E5MANY666666', {
            ConnectionMode: 'tenant-only',
            ViewerCertificate: { ACMCertificateArn: CERTIFICATE },
          }),
        ]),
      )
      .on(ListDistributionTenantsCommand)
      .resolves({
        DistributionTenantList: [
          tenant('shop', {
            Domains: [{ Domain: 'shop.example.org' }],
            Customizations: { Certificate: { Arn: `${CERTIFICATE}2` } },
          }),
          tenant('blog', { Domains: [{ Domain: 'blog.example.org' }] }),
          tenant('bare', {}),
        ],
      });
    expect((await aReader().readDistributionUses()).map(({ name, certificateArn }) => [name, certificateArn])).toEqual([
      ['e5many666666.cloudfront.net', CERTIFICATE],
      ['shop.example.org', `${CERTIFICATE}2`],
      ['blog.example.org', CERTIFICATE],
      ['bare', CERTIFICATE],
    ]);
  });

  test('Given a list that fails, or is not there, then the read fails', async () => {
    cloudFront.on(ListDistributionsCommand).rejects(awsRefusal('AccessDenied', 'no'));
    await expect(aReader().readDistributionUses()).rejects.toMatchObject({ meaning: 'denied' });
    cloudFront.on(ListDistributionsCommand).resolves({
      DistributionList: { Marker: '', MaxItems: 100, Quantity: 3, IsTruncated: false },
    });
    await expect(aReader().readDistributionUses()).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  });
});

describe('listeners', () => {
  const balancerArn = (name: string, type: string) =>
    `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/${type}/${name}/0123456789abcdef`;
  const listenerArn = (name: string, id: number) =>
    `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener/app/${name}/0123456789abcdef/${id}`;
  const balancer = (name: string, Type: 'application' | 'network' | 'gateway', more = {}) => ({
    LoadBalancerArn: balancerArn(name, Type),
    LoadBalancerName: name,
    Type,
    Scheme: 'internet-facing' as const,
    DNSName: `${name}-1.${REGION}.elb.amazonaws.com`,
    ...more,
  });

  test('Given balancers of all kinds, then TLS listeners alone are told, with the default certificate before those by name', async () => {
    elb
      .on(DescribeLoadBalancersCommand)
      .resolves({ LoadBalancers: [balancer('web-alb', 'application'), balancer('gw', 'gateway')], NextMarker: 'next' })
      .on(DescribeLoadBalancersCommand, { Marker: 'next' })
      .resolves({ LoadBalancers: [balancer('tls-nlb', 'network', { Scheme: 'internal' })] })
      .on(DescribeListenersCommand, { LoadBalancerArn: balancerArn('web-alb', 'application') })
      .resolves({
        Listeners: [
          { ListenerArn: listenerArn('web-alb', 1), Port: 80, Protocol: 'HTTP' },
          { ListenerArn: listenerArn('web-alb', 2), Port: 443, Protocol: 'HTTPS' },
        ],
      })
      .on(DescribeListenersCommand, { LoadBalancerArn: balancerArn('tls-nlb', 'network') })
      .resolves({
        Listeners: [
          { ListenerArn: listenerArn('tls-nlb', 3), Port: 8443, Protocol: 'TLS' },
          { ListenerArn: listenerArn('tls-nlb', 4), Port: 22, Protocol: 'TCP' },
        ],
      })
      .on(DescribeListenerCertificatesCommand, { ListenerArn: listenerArn('web-alb', 2) })
      .resolves({
        Certificates: [{ CertificateArn: 'arn:sni', IsDefault: false }, { CertificateArn: 'arn:sni' }],
        NextMarker: 'more',
      })
      .on(DescribeListenerCertificatesCommand, { ListenerArn: listenerArn('web-alb', 2), Marker: 'more' })
      .resolves({ Certificates: [{ CertificateArn: 'arn:default', IsDefault: true }] })
      .on(DescribeListenerCertificatesCommand, { ListenerArn: listenerArn('tls-nlb', 3) })
      .resolves({ Certificates: [{ CertificateArn: 'arn:default', IsDefault: true }] });
    expect(await aReader().readListenerUses(REGION)).toEqual([
      {
        kind: 'alb',
        name: 'web-alb',
        id: balancerArn('web-alb', 'application'),
        region: REGION,
        port: 443,
        certificateArns: ['arn:default', 'arn:sni'],
        dnsName: `web-alb-1.${REGION}.elb.amazonaws.com`,
        isInternal: false,
      },
      {
        kind: 'nlb',
        name: 'tls-nlb',
        id: balancerArn('tls-nlb', 'network'),
        region: REGION,
        port: 8443,
        certificateArns: ['arn:default'],
        dnsName: `tls-nlb-1.${REGION}.elb.amazonaws.com`,
        isInternal: true,
      },
    ]);
    // Two pages of balancers, two of listeners, three of certificates; one page of Classic.
    expect(pacedCalls).toBe(8);
  });

  test('Given Classic balancers, then their TLS listeners are told, with an ARN as ACM writes it', async () => {
    classic.on(DescribeClassicLoadBalancersCommand).resolves({
      LoadBalancerDescriptions: [
        {
          LoadBalancerName: 'old-web',
          DNSName: 'old-web-1.elb.amazonaws.com',
          Scheme: 'internet-facing',
          ListenerDescriptions: [
            { Listener: { Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 } },
            {
              Listener: { Protocol: 'HTTPS', LoadBalancerPort: 443, InstancePort: 80, SSLCertificateId: CERTIFICATE },
            },
          ],
        },
      ],
    });
    const use = {
      kind: 'classic',
      name: 'old-web',
      port: 443,
      certificateArns: [CERTIFICATE],
      dnsName: 'old-web-1.elb.amazonaws.com',
      isInternal: false,
    };
    expect(await aReader().readListenerUses(REGION)).toEqual([
      { ...use, id: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/old-web`, region: REGION },
    ]);
    expect(await aReader().readListenerUses('cn-north-1')).toEqual([
      {
        ...use,
        id: `arn:aws-cn:elasticloadbalancing:cn-north-1:${ACCOUNT}:loadbalancer/old-web`,
        region: 'cn-north-1',
      },
    ]);
  });

  test('Given a balancer or a listener that goes between two reads, then the others are told all the same', async () => {
    elb
      .on(DescribeLoadBalancersCommand)
      .resolves({ LoadBalancers: [balancer('gone', 'application'), balancer('here', 'application')] })
      .on(DescribeListenersCommand, { LoadBalancerArn: balancerArn('gone', 'application') })
      .rejects(awsRefusal('LoadBalancerNotFound', 'gone'))
      .on(DescribeListenersCommand, { LoadBalancerArn: balancerArn('here', 'application') })
      .resolves({ Listeners: [{ ListenerArn: listenerArn('here', 1), Port: 443, Protocol: 'HTTPS' }] })
      .on(DescribeListenerCertificatesCommand)
      .rejects(awsRefusal('ListenerNotFound', 'gone'));
    expect(await aReader().readListenerUses(REGION)).toMatchObject([{ name: 'here', certificateArns: [] }]);
  });

  test.each([
    ['balancers', () => elb.on(DescribeLoadBalancersCommand).rejects(awsRefusal('AccessDenied', 'no'))],
    [
      'Classic balancers',
      () => classic.on(DescribeClassicLoadBalancersCommand).rejects(awsRefusal('AccessDenied', 'no')),
    ],
  ])('Given %s can not be read, then the read fails: it is never a shorter list', async (_, refuse) => {
    refuse();
    await expect(aReader().readListenerUses(REGION)).rejects.toMatchObject({ meaning: 'denied' });
  });

  test('Given several reads of one Region, then they keep one pace for each of ELB’s two APIs', async () => {
    const reader = aReader();
    await reader.readListenerUses(REGION);
    await reader.readListenerUses(REGION);
    expect(paces).toBe(2);
    await reader.readListenerUses('us-east-1');
    expect(paces).toBe(4);
  });
});
