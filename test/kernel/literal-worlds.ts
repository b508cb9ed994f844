import type { Verdict } from '../../domain/network/model.ts';
import { HOSTS } from './layout.ts';
import type { Path, World } from './world.ts';

/** What AWS's own words say comes of a path. */
interface Said {
  readonly verdict: Verdict;
  /** How many of its connections work. */
  readonly work: 'all' | 'some' | 'none';
}

export interface LiteralWorld extends World {
  /** Where AWS says so. */
  readonly document: string;
  /** For each path. */
  readonly said: readonly Said[];
}

const ELB = 'https://docs.aws.amazon.com/elasticloadbalancing/latest';
const VPC = 'https://docs.aws.amazon.com/vpc/latest/userguide';
const EC2 = 'https://docs.aws.amazon.com/AWSEC2/latest';

const PASSES: Said = { verdict: 'passes', work: 'all' };
const BLOCKED: Said = { verdict: 'blocked', work: 'none' };
const SOME: Said = { verdict: 'unknown', work: 'some' };

const to = (address: string, port: number, more: Partial<Path> = {}): Path => ({
  balancer: 'application',
  from: ['a1', 'b1'],
  to: address,
  flow: 'traffic',
  protocol: 'tcp',
  port,
  ...more,
});

const TARGET = '10.0.2.10';
const TARGET_IPV6 = '2001:db8:0:c::10';
const OUT = ['out -1 all 0.0.0.0/0', 'out -1 all ::/0'];

/** A balancer in subnets a and b, its target in c, groups and ACLs open. */
const OPEN: Omit<World, 'title' | 'paths'> = {
  groups: { 'sg-balancer': OUT, 'sg-target': ['in tcp 80 sg-balancer', ...OUT] },
  wears: { a1: ['sg-balancer'], b1: ['sg-balancer'], c1: ['sg-target'] },
  acls: {},
  prefixLists: {},
  middleboxes: [],
};

/** The same with nodes that wear no groups. */
const UNGUARDED: typeof OPEN = { ...OPEN, wears: { c1: ['sg-target'] } };
const NODE_ADDRESSES = [...HOSTS.a1.ipv4, ...HOSTS.b1.ipv4];

const RECOMMENDED: LiteralWorld['groups'] = {
  'sg-balancer': ['in tcp 443 0.0.0.0/0', 'out tcp 80 sg-target', 'out tcp 8080 sg-target'],
  'sg-target': ['in tcp 80 sg-balancer', 'in tcp 8080 sg-balancer'],
};

/** Recommended entries of the balancer's subnets, and of the instances' one. */
const BALANCER_ACL = [
  '100 in allow tcp 443 0.0.0.0/0',
  '110 in allow tcp 1024-65535 10.0.0.0/16',
  '100 out allow tcp 80 10.0.0.0/16',
  '110 out allow tcp 8080 10.0.0.0/16',
  '120 out allow tcp 1024-65535 0.0.0.0/0',
];
const INSTANCE_ACL = [
  '100 in allow tcp 80 10.0.0.0/16',
  '110 in allow tcp 8080 10.0.0.0/16',
  '100 out allow tcp 1024-65535 10.0.0.0/16',
];
const RECOMMENDED_ACLS = { a: BALANCER_ACL, b: BALANCER_ACL, c: INSTANCE_ACL };
const without = (entries: readonly string[], ...gone: readonly string[]): readonly string[] =>
  entries.filter((entry) => !gone.includes(entry));

export const LITERAL_WORLDS: readonly LiteralWorld[] = [
  {
    title:
      'the recommended rules of an Application Load Balancer and its instances let traffic and health checks through',
    document: `${ELB}/application/load-balancer-update-security-groups.html#security-group-recommended-rules`,
    ...OPEN,
    groups: RECOMMENDED,
    paths: [to(TARGET, 80), to(TARGET, 8080), to('10.0.2.200', 80)],
    said: [PASSES, PASSES, PASSES],
  },
  {
    title: 'a health check port that the groups do not name is not reached',
    document: `${ELB}/application/load-balancer-update-security-groups.html`,
    ...OPEN,
    groups: RECOMMENDED,
    paths: [to(TARGET, 80), to(TARGET, 81)],
    said: [PASSES, BLOCKED],
  },
  {
    title: 'with the balancer’s group as the source, targets receive traffic from the balancer alone',
    document: `${ELB}/application/load-balancer-update-security-groups.html`,
    ...OPEN,
    groups: { ...OPEN.groups, 'sg-other': OUT },
    wears: { ...OPEN.wears, b2: ['sg-other'] },
    paths: [to(TARGET, 80), to(TARGET, 80, { from: ['b2'] })],
    said: [PASSES, BLOCKED],
  },
  {
    title:
      'the recommended rules of a Classic Load Balancer’s instances name the balancer’s group for listener and health check',
    document: `${ELB}/classic/elb-instances-security-groups.html`,
    ...OPEN,
    groups: RECOMMENDED,
    paths: [to(TARGET, 80, { balancer: 'classic' }), to(TARGET, 8080, { balancer: 'classic' })],
    said: [PASSES, PASSES],
  },
  {
    title: 'the recommended ACL entries of a Classic Load Balancer let traffic, health checks and replies through',
    document: `${ELB}/classic/elb-vpc-network-acls.html`,
    ...OPEN,
    groups: RECOMMENDED,
    acls: RECOMMENDED_ACLS,
    paths: [to(TARGET, 80, { balancer: 'classic' }), to(TARGET, 8080, { balancer: 'classic' })],
    said: [PASSES, PASSES],
  },
  {
    title: 'without the ephemeral ports inbound, no reply enters the balancer’s subnets',
    document: `${ELB}/classic/elb-vpc-network-acls.html`,
    ...OPEN,
    acls: { ...RECOMMENDED_ACLS, b: without(BALANCER_ACL, '110 in allow tcp 1024-65535 10.0.0.0/16') },
    paths: [to(TARGET, 80), to(TARGET, 80, { from: ['a1'] }), to(TARGET, 80, { from: ['b1'] })],
    said: [{ verdict: 'blocked', work: 'some' }, PASSES, BLOCKED],
  },
  {
    title: 'without its port outbound, no health check leaves the balancer’s subnets',
    document: `${ELB}/classic/elb-vpc-network-acls.html`,
    ...OPEN,
    groups: RECOMMENDED,
    acls: { a: without(BALANCER_ACL, '110 out allow tcp 8080 10.0.0.0/16', '120 out allow tcp 1024-65535 0.0.0.0/0') },
    paths: [to(TARGET, 80, { from: ['a1'] }), to(TARGET, 8080, { from: ['a1'] })],
    said: [PASSES, BLOCKED],
  },
  {
    title:
      'load balancers open connections from ports 1024-65535, so replies to the ports of some systems only are not enough',
    document: `${VPC}/custom-network-acl.html, "Ephemeral ports"`,
    ...OPEN,
    acls: { c: ['100 in allow tcp 80 0.0.0.0/0', '140 out allow tcp 32768-65535 0.0.0.0/0'] },
    paths: [to(TARGET, 80)],
    said: [{ verdict: 'blocked', work: 'some' }],
  },
  {
    title: 'port 1024 is an ephemeral port too',
    document: `${VPC}/custom-network-acl.html, "Ephemeral ports"`,
    ...OPEN,
    acls: { c: ['100 in allow tcp 80 0.0.0.0/0', '140 out allow tcp 1025-65535 0.0.0.0/0'] },
    paths: [to(TARGET, 80)],
    said: [{ verdict: 'blocked', work: 'some' }],
  },
  {
    title: 'the lowest number is applied, whatever a higher one says',
    document: `${VPC}/vpc-network-acls.html`,
    ...OPEN,
    acls: {
      c: [
        '100 in allow -1 all 0.0.0.0/0',
        '90 in deny tcp 80 10.0.0.0/16',
        '110 in deny tcp 8080 10.0.0.0/16',
        '100 out allow -1 all 0.0.0.0/0',
      ],
    },
    groups: RECOMMENDED,
    paths: [to(TARGET, 80), to(TARGET, 8080)],
    said: [BLOCKED, PASSES],
  },
  {
    title: 'an ACL of the backend’s subnet that denies the balancer’s subnet stops its health checks',
    document: `${VPC}/custom-network-acl.html`,
    ...OPEN,
    acls: { c: ['50 in deny -1 all 10.0.0.0/24', '100 in allow -1 all 0.0.0.0/0', '100 out allow -1 all 0.0.0.0/0'] },
    paths: [to(TARGET, 80, { from: ['a1'] }), to(TARGET, 80, { from: ['b1'] }), to(TARGET, 80)],
    said: [BLOCKED, PASSES, { verdict: 'blocked', work: 'some' }],
  },
  {
    title: 'an ACL does not stand between hosts of one subnet',
    document: `${VPC}/vpc-network-acls.html`,
    ...OPEN,
    wears: { ...OPEN.wears, a2: ['sg-target'] },
    acls: { a: [] },
    paths: [to('10.0.0.11', 80, { from: ['a1'] }), to('10.0.0.11', 80)],
    said: [PASSES, { verdict: 'blocked', work: 'some' }],
  },
  {
    title: 'a custom ACL denies everything until entries are added; the default one allows everything',
    document: `${VPC}/vpc-network-acls.html`,
    ...OPEN,
    wears: { ...OPEN.wears, b2: ['sg-target'] },
    acls: { c: [] },
    paths: [to(TARGET, 80), to(TARGET_IPV6, 80), to('10.0.1.11', 80)],
    said: [BLOCKED, BLOCKED, PASSES],
  },
  {
    title: 'a new security group lets nothing in and everything out',
    document: `${VPC}/security-group-rules.html#security-group-rule-characteristics`,
    ...OPEN,
    groups: { 'sg-balancer': OUT, 'sg-target': OUT },
    paths: [to(TARGET, 80), to('10.0.0.10', 80, { from: ['c1'] })],
    said: [BLOCKED, BLOCKED],
  },
  {
    title: 'a security group without outbound rules lets nothing out',
    document: `${VPC}/security-group-rules.html#security-group-rule-characteristics`,
    ...OPEN,
    groups: { ...OPEN.groups, 'sg-balancer': [] },
    paths: [to(TARGET, 80)],
    said: [BLOCKED],
  },
  {
    title: 'responses to what was let in leave whatever the outbound rules, and open nothing the other way',
    document: `${VPC}/vpc-security-groups.html`,
    ...OPEN,
    groups: { 'sg-balancer': OUT, 'sg-target': ['in tcp 80 sg-balancer'] },
    paths: [to(TARGET, 80), to('10.0.0.10', 80, { from: ['c1'] })],
    said: [PASSES, BLOCKED],
  },
  {
    title: 'an ACL is stateless: what let the request in does not let the response out',
    document: `${VPC}/vpc-network-acls.html`,
    ...OPEN,
    acls: { c: ['100 in allow -1 all 0.0.0.0/0'] },
    paths: [to(TARGET, 80)],
    said: [BLOCKED],
  },
  {
    title: 'the rules of all of a resource’s groups are one set of rules',
    document: `${VPC}/security-group-rules.html#security-group-rule-characteristics`,
    ...OPEN,
    groups: { ...OPEN.groups, 'sg-empty': [], 'sg-second': ['in tcp 8080 sg-balancer'] },
    wears: { a1: ['sg-empty', 'sg-balancer'], b1: ['sg-empty', 'sg-balancer'], c1: ['sg-target', 'sg-second'] },
    paths: [to(TARGET, 80), to(TARGET, 8080), to(TARGET, 443)],
    said: [PASSES, PASSES, BLOCKED],
  },
  {
    title: 'a referenced group stands for the private addresses of its wearers, its own among them, and lends no rules',
    document: `${VPC}/security-group-rules.html#security-group-referencing`,
    ...OPEN,
    groups: { 'sg-shared': ['in tcp 80 sg-shared', ...OUT], 'sg-other': ['in tcp 8080 0.0.0.0/0', ...OUT] },
    wears: { a1: ['sg-shared'], b1: ['sg-shared'], c1: ['sg-shared'], c2: ['sg-other'] },
    paths: [to(TARGET, 80), to(TARGET, 8080), to(TARGET, 80, { from: ['c2'] })],
    said: [PASSES, BLOCKED, BLOCKED],
  },
  {
    title: 'a reference to a group does not work through a middlebox; the other side’s blocks do',
    document: `${VPC}/security-group-rules.html#security-group-referencing`,
    ...OPEN,
    groups: {
      ...OPEN.groups,
      'sg-target': ['in tcp 80 sg-balancer', 'in tcp 8080 10.0.0.0/24', 'in tcp 8080 sg-balancer'],
    },
    middleboxes: [['a', 'c']],
    paths: [to(TARGET, 80, { from: ['b1'] }), to(TARGET, 80, { from: ['a1'] }), to(TARGET, 8080)],
    said: [PASSES, BLOCKED, PASSES],
  },
  {
    title: 'a rule for all of IPv4 says nothing of IPv6, in groups and in ACLs',
    document: `${VPC}/security-group-rules.html#security-group-rule-components`,
    ...OPEN,
    groups: { 'sg-balancer': OUT, 'sg-target': ['in tcp 80 0.0.0.0/0', 'in tcp 8080 ::/0'] },
    acls: { a: ['100 in allow -1 all 0.0.0.0/0', '100 out allow -1 all 0.0.0.0/0'] },
    paths: [
      to(TARGET, 80),
      to(TARGET_IPV6, 80, { from: ['b1'] }),
      to(TARGET_IPV6, 8080, { from: ['b1'] }),
      to(TARGET_IPV6, 8080, { from: ['a1'] }),
    ],
    said: [PASSES, BLOCKED, PASSES, BLOCKED],
  },
  {
    title: 'a prefix list stands for its blocks',
    document: `${VPC}/working-with-aws-managed-prefix-lists.html`,
    ...OPEN,
    groups: {
      'sg-balancer': ['out tcp 1-1023 pl-targets'],
      'sg-target': ['in tcp 80 pl-balancer', 'in tcp 443 pl-targets'],
    },
    prefixLists: { 'pl-balancer': ['10.0.0.0/24', '10.0.1.0/24'], 'pl-targets': ['10.0.2.0/24'] },
    paths: [to(TARGET, 80), to(TARGET, 443), to(TARGET_IPV6, 80)],
    said: [PASSES, BLOCKED, BLOCKED],
  },
  {
    title: 'protocol -1 opens all ports, whatever ports are given with it',
    document: `${EC2}/APIReference/API_AuthorizeSecurityGroupIngress.html`,
    ...OPEN,
    groups: { 'sg-balancer': OUT, 'sg-target': ['in -1 22 10.0.0.0/23'] },
    wears: { ...OPEN.wears, c2: ['sg-balancer'] },
    paths: [to(TARGET, 80), to(TARGET, 80, { from: ['c2'] })],
    said: [PASSES, BLOCKED],
  },
  {
    title: 'a rule for half of a balancer’s subnet lets in a node that has such an address, which nobody can promise',
    document: `${ELB}/application/load-balancer-update-security-groups.html`,
    ...OPEN,
    groups: {
      'sg-balancer': OUT,
      'sg-target': ['in tcp 80 10.0.0.0/25', 'in tcp 8080 10.0.0.0/24', 'in tcp 443 10.0.1.0/24'],
    },
    paths: [to(TARGET, 80, { from: ['a1'] }), to(TARGET, 8080, { from: ['a1'] }), to(TARGET, 443, { from: ['a1'] })],
    said: [SOME, PASSES, BLOCKED],
  },
  {
    title:
      'targets that refer to the group of a Network Load Balancer accept what comes from it, and nothing that does not',
    document: `${ELB}/network/load-balancer-security-groups.html`,
    ...OPEN,
    groups: { ...RECOMMENDED, 'sg-other': OUT },
    wears: { ...OPEN.wears, b2: ['sg-other'] },
    paths: [
      to(TARGET, 80, { balancer: 'network' }),
      to(TARGET, 8080, { balancer: 'network', flow: 'health' }),
      to(TARGET, 80, { balancer: 'network', from: ['b2'] }),
    ],
    said: [PASSES, PASSES, BLOCKED],
  },
  {
    title: 'health checks of a Network Load Balancer obey the outbound rules of its group, not the inbound ones',
    document: `${ELB}/network/load-balancer-security-groups.html`,
    ...OPEN,
    groups: {
      'sg-balancer': ['in tcp 8080 0.0.0.0/0', 'out tcp 80 sg-target'],
      'sg-target': ['in tcp 80-8080 sg-balancer'],
    },
    paths: [
      to(TARGET, 80, { balancer: 'network', flow: 'health' }),
      to(TARGET, 8080, { balancer: 'network', flow: 'health' }),
    ],
    said: [PASSES, BLOCKED],
  },
  {
    title: 'without groups and without preserved addresses, targets let in a Network Load Balancer’s private addresses',
    document: `${ELB}/network/target-group-register-targets.html, "Target security groups"`,
    ...UNGUARDED,
    groups: { 'sg-target': NODE_ADDRESSES.map((address) => `in tcp 80 ${address}/32`) },
    paths: [
      to(TARGET, 80, { balancer: 'network-by-address' }),
      to(TARGET, 80, { balancer: 'network-by-address', flow: 'health' }),
      to(TARGET, 8080, { balancer: 'network-by-address', flow: 'health' }),
    ],
    said: [PASSES, PASSES, BLOCKED],
  },
  {
    title: 'one of the private addresses is not all of them',
    document: `${ELB}/network/target-group-register-targets.html, "Target security groups"`,
    ...UNGUARDED,
    groups: { 'sg-target': NODE_ADDRESSES.slice(1).map((address) => `in tcp 80 ${address}/32`) },
    paths: [
      to(TARGET, 80, { balancer: 'network-by-address' }),
      to(TARGET, 80, { balancer: 'network-by-address', from: ['b1'] }),
    ],
    said: [{ verdict: 'blocked', work: 'some' }, PASSES],
  },
  {
    title:
      'without groups and with preserved addresses, targets let in the clients for traffic and the balancer for health checks',
    document: `${ELB}/network/target-group-register-targets.html, "Target security groups"`,
    ...UNGUARDED,
    groups: {
      'sg-target': ['in tcp 80 198.51.100.0/24', ...NODE_ADDRESSES.map((address) => `in tcp 8080 ${address}/32`)],
    },
    paths: [
      to(TARGET, 80, { balancer: 'network-with-clients' }),
      to(TARGET, 8080, { balancer: 'network-with-clients', flow: 'health' }),
      to(TARGET, 8080, { balancer: 'network-with-clients' }),
      to(TARGET, 80, { balancer: 'network-with-clients', flow: 'health' }),
    ],
    said: [PASSES, PASSES, BLOCKED, BLOCKED],
  },
  {
    title: 'with preserved addresses the ACLs must admit the clients, and the VPC’s own block is not enough',
    document: `${ELB}/network/target-group-register-targets.html, "Network ACLs"`,
    ...UNGUARDED,
    groups: { 'sg-target': ['in tcp 80 0.0.0.0/0'] },
    acls: { c: ['100 in allow tcp 80 10.0.0.0/16', '100 out allow tcp 1024-65535 0.0.0.0/0'] },
    paths: [
      to(TARGET, 80, { balancer: 'network-with-clients' }),
      to(TARGET, 80, { balancer: 'network-with-clients', flow: 'health' }),
    ],
    said: [BLOCKED, PASSES],
  },
  {
    title: 'appliances let in UDP 6081 and the health check, and let UDP 6081 out, by address',
    document: `${ELB}/gateway/target-group-register-targets.html, "Target security groups"`,
    ...UNGUARDED,
    groups: {
      'sg-target': ['in udp 6081 10.0.0.0/23', 'in tcp 80 10.0.0.0/23', 'out udp 6081 10.0.0.0/23'],
      'sg-silent': ['in udp 6081 10.0.0.0/23', 'in tcp 80 10.0.0.0/23'],
    },
    wears: { c1: ['sg-target'], c2: ['sg-silent'] },
    paths: [
      to(TARGET, 6081, { balancer: 'gateway', protocol: 'udp' }),
      to(TARGET, 6081, { balancer: 'gateway', protocol: 'udp', flow: 'return' }),
      to(TARGET, 80, { balancer: 'gateway', flow: 'health' }),
      to('10.0.2.11', 6081, { balancer: 'gateway', protocol: 'udp' }),
      to('10.0.2.11', 6081, { balancer: 'gateway', protocol: 'udp', flow: 'return' }),
      to('10.0.2.11', 80, { balancer: 'gateway', flow: 'health' }),
    ],
    said: [PASSES, PASSES, PASSES, PASSES, BLOCKED, PASSES],
  },
];
