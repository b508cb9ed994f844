import { describe, expect, test } from '@jest/globals';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import { clientNeeds, judgeClients } from '../../../domain/network/clients.ts';
import type { ListenerPort } from '../../../domain/network/doors.ts';
import type { Network } from '../../../domain/network/model.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import { ALB_ARN, alb, rightNetwork, rulesOf } from './world.ts';

const OPEN_ICMP = ['icmp 3-4 0.0.0.0/0', 'icmpv6 2 ::/0'];
const HTTPS: ListenerPort = { protocol: 'HTTPS', port: 443 };

const VPC = { vpcId: 'vpc-1', ipv4Cidrs: ['10.0.0.0/16', '10.1.0.0/16'], ipv6Cidrs: ['2600:1f00::/56'] };

const networkWith = (...rules: readonly string[]): Network => ({
  ...rightNetwork,
  rules: new Map([rulesOf('sg-a1b', rules)]),
  vpcs: new Map([['vpc-1', read(VPC)]]),
});

const internal: LoadBalancer = { ...alb, scheme: 'internal' };
const ipv4Only: LoadBalancer = { ...alb, ipAddressType: 'ipv4' };

const said = (balancer: LoadBalancer, listeners: readonly ListenerPort[], ...rules: readonly string[]) =>
  judgeClients(balancer, listeners, networkWith(...rules, ...OPEN_ICMP)).findings.map(
    ({ reason, severity, evidence }) =>
      `${reason} ${severity} ${evidence['protocol']}/${evidence['port']} ${evidence['peer']}`,
  );

describe('Given a balancer with a security group, when its clients are judged at a listener', () => {
  test.each<[string, LoadBalancer, readonly ListenerPort[], readonly string[], readonly string[]]>([
    ['the world of both families', alb, [HTTPS], ['tcp 443 0.0.0.0/0', 'tcp 443 ::/0'], []],
    ['the world of the family it has', ipv4Only, [HTTPS], ['tcp 443 0.0.0.0/0'], []],
    ['nobody', ipv4Only, [HTTPS], [], ['ClientsNotAdmitted warning tcp/443 0.0.0.0/0']],
    [
      'nobody but who comes through PrivateLink, which may be meant',
      { ...ipv4Only, kind: 'network', admitsPrivateLink: true },
      [{ protocol: 'TCP', port: 443 }],
      [],
      ['ClientsNotAdmitted information tcp/443 0.0.0.0/0'],
    ],
    [
      'none of those whom the group names, whoever else comes through PrivateLink',
      { ...ipv4Only, kind: 'network', admitsPrivateLink: true },
      [{ protocol: 'TCP', port: 443, clientCidrs: ['203.0.113.0/24'] }],
      [],
      ['ClientsNotAdmitted warning tcp/443 203.0.113.0/24'],
    ],
    ['one family of two', alb, [HTTPS], ['tcp 443 0.0.0.0/0'], ['ClientsNotAdmitted information tcp/443 ::/0']],
    [
      'an office only, which may be meant',
      ipv4Only,
      [HTTPS],
      ['tcp 443 203.0.113.0/24'],
      ['ClientsNotAdmitted information tcp/443 0.0.0.0/0'],
    ],
    ['a prefix list, as CloudFront’s', alb, [HTTPS], ['tcp 443 pl-1'], []],
    ['the application in front', internal, [HTTPS], ['tcp 443 sg-app'], []],
    [
      'another protocol',
      ipv4Only,
      [{ protocol: 'TCP_UDP', port: 53 }],
      ['tcp 53 0.0.0.0/0'],
      ['ClientsNotAdmitted warning udp/53 0.0.0.0/0'],
    ],
    [
      'one of an internal balancer’s blocks',
      { ...internal, ipAddressType: 'ipv4' },
      [HTTPS],
      ['tcp 443 10.0.0.0/16'],
      ['ClientsNotAdmitted information tcp/443 10.1.0.0/16'],
    ],
    [
      'all of an internal balancer’s blocks, and never the world',
      internal,
      [HTTPS],
      ['tcp 443 10.0.0.0/15', 'tcp 443 2600:1f00::/56'],
      [],
    ],
    [
      'those whom a tag names, and nobody else',
      ipv4Only,
      [{ ...HTTPS, clientCidrs: ['203.0.113.0/24'] }],
      ['tcp 443 203.0.113.0/24'],
      [],
    ],
    [
      'others than those whom a tag names',
      ipv4Only,
      [{ ...HTTPS, clientCidrs: ['203.0.113.0/24'] }],
      ['tcp 443 198.51.100.0/24'],
      ['ClientsNotAdmitted warning tcp/443 203.0.113.0/24'],
    ],
  ])('then admitting %s is told so', (_case, balancer, listeners, rules, findings) => {
    expect(said(balancer, listeners, ...rules)).toEqual(findings);
  });

  test('then the line that would admit them stands by, and nothing else is asked for', () => {
    const { findings, wants } = judgeClients(alb, [HTTPS], networkWith(...OPEN_ICMP));
    expect(findings).toEqual([
      {
        reason: 'ClientsNotAdmitted',
        severity: 'warning',
        evidence: {
          securityGroup: 'sg-a1b',
          securityGroupName: 'web-alb',
          loadBalancer: 'web-alb',
          peer: '0.0.0.0/0, ::/0',
          protocol: 'tcp',
          port: '443',
        },
        remedy:
          "aws ec2 authorize-security-group-ingress --group-id sg-a1b --ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443,IpRanges=[{CidrIp=0.0.0.0/0}]' --region ap-northeast-1 && aws ec2 authorize-security-group-ingress --group-id sg-a1b --ip-permissions 'IpProtocol=tcp,FromPort=443,ToPort=443,Ipv6Ranges=[{CidrIpv6=::/0}]' --region ap-northeast-1",
      },
    ]);
    expect(Object.values(wants).flat()).toEqual([]);
  });
});

describe('Given ports that a balancer’s group opens', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a port without a listener', ['tcp 22 0.0.0.0/0'], ['PortUnserved information tcp/22 0.0.0.0/0']],
    ['a range around a listener’s port', ['tcp 400-500 pl-1'], ['PortUnserved information tcp/400-442, 444-500 pl-1']],
    ['all traffic', ['-1 all 10.0.0.0/8'], ['PortUnserved information tcp/0-442, 444-65535 10.0.0.0/8']],
    ['UDP on a listener’s port of TCP', ['udp 443 0.0.0.0/0'], ['PortUnserved information udp/443 0.0.0.0/0']],
    ['everything to itself', ['-1 all sg-a1b'], []],
  ])('when it opens %s, then what no listener serves is worth knowing', (_case, rules, findings) => {
    expect(said(alb, [HTTPS], 'tcp 443 0.0.0.0/0', 'tcp 443 ::/0', ...rules)).toEqual(findings);
  });

  test('when it has no listener at all, then that is not said of every port', () => {
    expect(said(alb, [], 'tcp 80 0.0.0.0/0')).toEqual([]);
  });
});

describe('Given messages about packet sizes', () => {
  const messages = (balancer: LoadBalancer, ...rules: readonly string[]) =>
    judgeClients(balancer, [HTTPS], networkWith('tcp 443 0.0.0.0/0', 'tcp 443 ::/0', ...rules))
      .findings.filter(({ reason }) => reason === 'PathMtuBlocked')
      .map(({ evidence, remedy }) => [evidence['message'], remedy]);

  test('when neither family’s gets in, then both are advised, with their lines', () => {
    expect(messages(alb)).toEqual([
      [
        'ICMP type 3 code 4',
        "aws ec2 authorize-security-group-ingress --group-id sg-a1b --ip-permissions 'IpProtocol=icmp,FromPort=3,ToPort=4,IpRanges=[{CidrIp=0.0.0.0/0}]' --region ap-northeast-1",
      ],
      [
        'ICMPv6 type 2',
        "aws ec2 authorize-security-group-ingress --group-id sg-a1b --ip-permissions 'IpProtocol=icmpv6,FromPort=2,ToPort=-1,Ipv6Ranges=[{CidrIpv6=::/0}]' --region ap-northeast-1",
      ],
    ]);
  });

  test.each([
    ['by type and code', ['icmp 3-4 0.0.0.0/0', 'icmpv6 2 ::/0'], []],
    ['with all of ICMP', ['icmp all 0.0.0.0/0', 'icmpv6 all ::/0'], []],
    ['with everything', ['-1 all 0.0.0.0/0', '-1 all ::/0'], []],
    ['with everything of one family', ['-1 all 0.0.0.0/0'], ['ICMPv6 type 2']],
    ['as another type', ['icmp 8 0.0.0.0/0', 'icmpv6 2 ::/0'], ['ICMP type 3 code 4']],
  ])('when they are admitted %s, then that counts', (_case, rules, missing) => {
    expect(messages(alb, ...rules).map(([message]) => message)).toEqual(missing);
  });

  test('when the balancer has no IPv6, then only ICMP is asked about', () => {
    expect(messages(ipv4Only).map(([message]) => message)).toEqual(['ICMP type 3 code 4']);
  });
});

describe('Given what could not be read', () => {
  test('then a group is told of, and nothing is guessed', () => {
    const network = { ...networkWith(), rules: new Map([['sg-a1b', unreadable('AccessDenied')]]) };
    expect(judgeClients(alb, [HTTPS], network).findings).toMatchObject([
      { reason: 'PathUnknown', evidence: { because: 'SecurityGroupUnread', unread: 'sg-a1b', why: 'AccessDenied' } },
    ]);
  });

  test('then an internal balancer’s VPC is asked for, and where it can’t be had that is told', () => {
    const unlooked = { ...networkWith(...OPEN_ICMP), vpcs: new Map() };
    expect(judgeClients(internal, [HTTPS], unlooked).wants.vpcIds).toEqual(['vpc-1']);
    const unread = { ...unlooked, vpcs: new Map([['vpc-1', unreadable('AccessDenied')]]) };
    const { findings, wants } = judgeClients(internal, [HTTPS], unread);
    expect(findings).toMatchObject([{ reason: 'PathUnknown', evidence: { because: 'VpcUnread', vpc: 'vpc-1' } }]);
    expect(wants.vpcIds).toEqual([]);
  });
});

test('Given a balancer that wears no group, then there is nothing to say and nothing to read', () => {
  const none: LoadBalancer = { ...alb, kind: 'network', securityGroupIds: [] };
  expect(judgeClients(none, [{ protocol: 'TCP', port: 443 }], networkWith()).findings).toEqual([]);
  expect(clientNeeds(none)).toEqual({ securityGroupIds: [], vpcIds: [] });
  expect(clientNeeds({ ...none, arn: ALB_ARN, scheme: 'internal', securityGroupIds: ['sg-1'] })).toEqual({
    securityGroupIds: ['sg-1'],
    vpcIds: ['vpc-1'],
  });
});
