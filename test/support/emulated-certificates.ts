import { ACMClient, ImportCertificateCommand, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { CloudFrontClient, CreateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateLoadBalancerCommand as CreateClassicLoadBalancerCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { makeCertificate } from './internet/certificates.ts';

const REGION = 'ap-northeast-1';
const CLOUDFRONT_REGION = 'us-east-1';

const present = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`the emulator gave no ${what}`);
  return value;
};

/** Certificates behind the proxy, and what serves them. */
export interface EmulatedCertificates {
  /** Imports a certificate of its own for these names; answers its ARN. */
  importCertificate(
    name: string,
    options?: {
      readonly names?: readonly string[];
      readonly notAfter?: Date;
      readonly kind?: 'RSA' | 'ECDSA';
      readonly region?: string;
      readonly tags?: Readonly<Record<string, string>>;
    },
  ): Promise<string>;
  /** Asks ACM for a certificate, to be validated by DNS; the emulator issues it after a minute. */
  requestCertificate(name: string, region?: string): Promise<string>;
  /** An ALB with a TLS listener; further certificates are chosen by name. Answers its ARN. */
  serveByBalancer(name: string, certificates: readonly [string, ...string[]]): Promise<string>;
  serveByClassicBalancer(name: string, certificate: string): Promise<void>;
  /** A distribution for an alias, with a certificate of us-east-1; answers its id. */
  serveByDistribution(alias: string, certificate: string): Promise<string>;
  /** A Route 53 zone of the account with one CNAME in it, which nobody need be sent to. */
  hostZone(zone: string, record: { readonly name: string; readonly value: string }): Promise<void>;
  close(): void;
}

export const emulatedCertificates = (endpoint: string): EmulatedCertificates => {
  const settings = (region: string) => ({
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const acm = new Map([REGION, CLOUDFRONT_REGION].map((region) => [region, new ACMClient(settings(region))] as const));
  const acmIn = (region: string): ACMClient => present(acm.get(region), `client of ACM in ${region}`);
  const ec2 = new EC2Client(settings(REGION));
  const elb = new ElasticLoadBalancingV2Client(settings(REGION));
  const classic = new ElasticLoadBalancingClient(settings(REGION));
  const cloudFront = new CloudFrontClient(settings(CLOUDFRONT_REGION));
  const route53 = new Route53Client(settings(CLOUDFRONT_REGION));
  let subnets: Promise<readonly string[]> | undefined;

  const makeSubnets = async (): Promise<readonly string[]> => {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.30.0.0/16' }));
    const made = ['a', 'c'].map(async (zone, index) => {
      const { Subnet } = await ec2.send(
        new CreateSubnetCommand({
          VpcId: Vpc?.VpcId,
          CidrBlock: `10.30.${index}.0/24`,
          AvailabilityZone: `${REGION}${zone}`,
        }),
      );
      return present(Subnet?.SubnetId, 'subnet');
    });
    return Promise.all(made);
  };

  return {
    async importCertificate(name, { region = REGION, tags = {}, ...options } = {}) {
      const { certificate, privateKey } = await makeCertificate({ name, names: [name], ...options });
      const { CertificateArn } = await acmIn(region).send(
        new ImportCertificateCommand({
          Certificate: Buffer.from(certificate),
          PrivateKey: Buffer.from(privateKey),
          ...(Object.keys(tags).length === 0
            ? {}
            : { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
        }),
      );
      return present(CertificateArn, 'ARN of what was imported');
    },
    async requestCertificate(DomainName, region = REGION) {
      const request = new RequestCertificateCommand({ DomainName, ValidationMethod: 'DNS' });
      return present((await acmIn(region).send(request)).CertificateArn, 'ARN of what was requested');
    },
    async serveByBalancer(Name, [first, ...others]) {
      subnets ??= makeSubnets();
      const { LoadBalancers } = await elb.send(
        new CreateLoadBalancerCommand({ Name, Type: 'application', Subnets: [...(await subnets)] }),
      );
      const LoadBalancerArn = present(LoadBalancers?.[0]?.LoadBalancerArn, 'balancer');
      const { Listeners } = await elb.send(
        new CreateListenerCommand({
          LoadBalancerArn,
          Port: 443,
          Protocol: 'HTTPS',
          Certificates: [{ CertificateArn: first }],
          DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
        }),
      );
      const ListenerArn = present(Listeners?.[0]?.ListenerArn, 'listener');
      for (const CertificateArn of others)
        await elb.send(new AddListenerCertificatesCommand({ ListenerArn, Certificates: [{ CertificateArn }] }));
      return LoadBalancerArn;
    },
    async serveByClassicBalancer(LoadBalancerName, SSLCertificateId) {
      await classic.send(
        new CreateClassicLoadBalancerCommand({
          LoadBalancerName,
          AvailabilityZones: [`${REGION}a`],
          Listeners: [{ Protocol: 'HTTPS', LoadBalancerPort: 443, InstancePort: 80, SSLCertificateId }],
        }),
      );
    },
    async serveByDistribution(alias, ACMCertificateArn) {
      const { Distribution } = await cloudFront.send(
        new CreateDistributionCommand({
          DistributionConfig: {
            CallerReference: alias,
            Comment: alias,
            Enabled: true,
            Aliases: { Quantity: 1, Items: [alias] },
            ViewerCertificate: {
              ACMCertificateArn,
              SSLSupportMethod: 'sni-only',
              MinimumProtocolVersion: 'TLSv1.2_2021',
            },
            Origins: {
              Quantity: 1,
              Items: [
                { Id: 'origin', DomainName: 'origin.s3.amazonaws.com', S3OriginConfig: { OriginAccessIdentity: '' } },
              ],
            },
            DefaultCacheBehavior: {
              TargetOriginId: 'origin',
              ViewerProtocolPolicy: 'redirect-to-https',
              ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' } },
              MinTTL: 0,
            },
          },
        }),
      );
      return present(Distribution?.Id, 'id of the distribution');
    },
    async hostZone(Name, record) {
      const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
      await route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: present(HostedZone?.Id, 'id of the zone'),
          ChangeBatch: {
            Changes: [
              {
                Action: 'CREATE',
                ResourceRecordSet: {
                  Name: record.name,
                  Type: 'CNAME',
                  TTL: 300,
                  ResourceRecords: [{ Value: record.value }],
                },
              },
            ],
          },
        }),
      );
    },
    close: () => {
      for (const client of [...acm.values(), route53, ec2, elb, classic, cloudFront]) client.destroy();
    },
  };
};
