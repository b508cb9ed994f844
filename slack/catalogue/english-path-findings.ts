import type { PathReason } from '../../domain/network/findings.ts';
import type { Phrase } from '../phrase.ts';
import { code, outside, say, words } from '../phrase.ts';
import type { Facts, FindingCatalogue, HopCatalogue } from './catalogue.ts';
import { id, peerOf, securityGroupOf, shortName, told } from './catalogue.ts';
import { because } from './english-because.ts';
import { flow, group, target, verb } from './english-facts.ts';

/** Characters of a number as it was told. */
const COUNT = 12;

const HOP: HopCatalogue = {
  listener: 'the listener',
  zone: 'the zone',
  'balancer-egress': 'the balancer’s outbound rules',
  'acl-balancer-out': 'the ACL out of the balancer’s subnets',
  'acl-target-in': 'the ACL into the target’s subnet',
  'target-ingress': 'the target’s inbound rules',
  'instance-state': 'the instance',
  'target-egress': 'the appliance’s outbound rules',
  'acl-target-out': 'the ACL out of the target’s subnet',
  'acl-balancer-in': 'the ACL into the balancer’s subnets',
};

const isHop = (name: string): name is keyof HopCatalogue => Object.hasOwn(HOP, name);

const hop = ({ hop: name }: Facts): Phrase => {
  if (name === undefined) return [words('something on the path')];
  return isHop(name) ? [words(HOP[name])] : [code(name)];
};

const TAG = id('usher:client-cidrs', '');

/** What the network engine finds, in English. */
/** `mail behind mail-nlb`, as far as that is known. */
const behind = (facts: Facts): Phrase =>
  facts['loadBalancer'] === undefined ? group(facts) : say`${group(facts)} behind ${facts['loadBalancer']}`;

/** Where the rule would have to be. */
const where = (facts: Facts): Phrase => {
  const securityGroup = securityGroupOf(facts);
  if (securityGroup === undefined) return [];
  return facts['protocol'] === undefined
    ? say` in ${id(securityGroup, '')}`
    : say` in ${id(securityGroup, '')} (${flow(facts)})`;
};

export const ENGLISH_PATH_FINDINGS: Pick<FindingCatalogue, PathReason> = {
  IngressMissing: {
    short: () => say`its security group doesn’t admit the balancer`,
    cause: (facts) =>
      say`${id(securityGroupOf(facts), 'its security group')} doesn’t admit ${id(peerOf(facts), 'the balancer')} on ${flow(facts)}`,
    next: (facts) =>
      say`add an inbound rule to ${id(securityGroupOf(facts), 'the security group')}, ${flow(facts)} from ${id(peerOf(facts), 'the balancer’s security group')}`,
  },
  EgressMissing: {
    short: () => say`the balancer’s outbound rules don’t reach it`,
    cause: (facts) =>
      say`the balancer’s ${id(securityGroupOf(facts), 'security group')} lets nothing out to ${id(peerOf(facts), 'the target')} on ${flow(facts)}`,
    next: (facts) =>
      say`add an outbound rule to ${id(securityGroupOf(facts), 'the balancer’s security group')}, ${flow(facts)} to ${id(peerOf(facts), 'the target’s security group')}`,
  },
  ReturnEgressMissing: {
    short: () => say`the appliance may not send packets back`,
    cause: (facts) =>
      say`the appliance’s ${id(securityGroupOf(facts), 'security group')} lets nothing out to ${told(facts['loadBalancer'], 'the Gateway Load Balancer')} (${id(peerOf(facts), 'its addresses')}) on ${flow(facts)}, and what comes back through the tunnel is no reply`,
    next: (facts) =>
      say`add an outbound rule to ${id(securityGroupOf(facts), 'the appliance’s security group')}, ${flow(facts)} to ${id(peerOf(facts), 'the balancer’s addresses')}`,
  },
  ClientCidrsMissing: {
    short: () => say`nobody said who its clients are`,
    cause: (facts) =>
      facts['family'] === undefined
        ? say`targets of ${behind(facts)} see their clients’ own addresses, and the group has no ${TAG} to say which, so no rule is written for them${where(facts)}`
        : say`targets of ${behind(facts)} see their clients’ own addresses, and ${TAG} names none of the family ${id(facts['family'], '')}, so no rule is written for them${where(facts)}`,
    next: (facts) =>
      say`tag ${group(facts)} with ${TAG}: the clients’ CIDR blocks, spaces between (${id('203.0.113.0/24 2001:db8::/32', '')})`,
  },
  ClientCidrsMalformed: {
    short: () => say`${shortName('usher:client-cidrs', '')} can’t be understood`,
    cause: (facts) =>
      say`${TAG} of ${behind(facts)} holds ${id(facts['value'], 'nothing')}, not all of it CIDR blocks, so no rule is written by it${where(facts)}`,
    next: () => say`write CIDR blocks with spaces between, such as ${id('203.0.113.0/24 2001:db8::/32', '')}`,
  },
  ClientsNotAdmitted: {
    short: (facts) => say`${shortName(facts['loadBalancer'], 'the balancer')} doesn’t admit its clients`,
    cause: (facts) =>
      say`${told(facts['loadBalancer'], 'the balancer')} listens on ${flow(facts)}, and its ${id(securityGroupOf(facts), 'security group')} doesn’t admit ${id(peerOf(facts), 'its clients')} there`,
    next: (facts) =>
      say`if they are to come, add an inbound rule to ${id(securityGroupOf(facts), 'the balancer’s security group')}, ${flow(facts)} from ${id(peerOf(facts), 'the clients')}`,
  },
  PortUnserved: {
    short: (facts) => say`a port of ${shortName(facts['loadBalancer'], 'the balancer')} is open for nothing`,
    cause: (facts) =>
      say`${id(securityGroupOf(facts), 'the security group')} of ${told(facts['loadBalancer'], 'the balancer')} admits ${id(peerOf(facts), 'somebody')} on ${flow(facts)}, where no listener of it serves anything`,
    next: () => say`take the rule away, unless something else that wears the group needs it`,
  },
  PathMtuBlocked: {
    short: () => say`messages about packet sizes don’t get in`,
    cause: (facts) =>
      say`${id(securityGroupOf(facts), 'the security group')} of ${told(facts['loadBalancer'], 'the balancer')} doesn’t admit ${told(facts['message'], 'ICMP “fragmentation needed”')}, so that packets too large for a link on the way may be lost without a word`,
    next: (facts) =>
      say`admit ${told(facts['message'], 'it')} in ${id(securityGroupOf(facts), 'the security group')}, as AWS recommends`,
  },
  NetworkAclDenies: {
    short: () => say`a network ACL blocks it`,
    cause: (facts) =>
      say`network ACL ${id(facts['acl'], 'of the subnet')} denies ${flow(facts)} at entry ${id(facts['entry'], 'not named')} (${hop(facts)})`,
    next: ({ entries, ...facts }) => {
      const allow = say`allow it in the ACL before entry ${id(facts['entry'], 'that denies it')}`;
      if (entries === undefined) return allow;
      return say`${allow}; with ${outside(entries, COUNT)} entries that way it has no room by AWS’s default of 20: make room, or have the quota raised (to 40 at most)`;
    },
  },
  ZoneNotEnabled: {
    short: ({ zone }) => say`zone ${shortName(zone, 'of the target')} is not enabled`,
    cause: ({ zone, loadBalancer, enabledZones }) =>
      say`${told(loadBalancer, 'the balancer')} is not enabled in zone ${id(zone, 'of the target')}, so it sends nothing there (enabled: ${told(enabledZones, 'others')})`,
    next: ({ zone, loadBalancer }) =>
      say`enable zone ${id(zone, 'of the target')} on ${told(loadBalancer, 'the balancer')}, or launch in an enabled zone`,
  },
  GroupNotUsed: {
    short: (facts) =>
      facts['loadBalancer'] === undefined
        ? say`no listener uses ${shortName(facts['targetGroup'], 'the group')}`
        : say`the balancer has no listener`,
    cause: (facts) =>
      facts['loadBalancer'] === undefined
        ? say`no listener or rule forwards to ${group(facts)}, so it gets no requests`
        : say`load balancer ${told(facts['loadBalancer'], '')} has no listener, so it gets no requests`,
    next: (facts) =>
      facts['loadBalancer'] === undefined
        ? say`forward to ${group(facts)} from a listener or rule of the load balancer`
        : say`give ${told(facts['loadBalancer'], '')} a listener`,
  },
  InstanceNotRunning: {
    short: ({ state }) => say`the instance is ${shortName(state, 'not running')}`,
    cause: (facts) =>
      facts['instance'] === undefined
        ? say`${target(facts)} ${verb(facts, 'is', 'are')} ${told(facts['state'], 'not running')}`
        : say`instance ${id(facts['instance'], '')} is ${told(facts['state'], 'not running')}`,
    next: ({ state }) =>
      state === 'terminated'
        ? say`launch another, and take the terminated one out of the group`
        : say`start the instance, or take it out of the group`,
  },
  TargetOutsideVpc: {
    short: () => say`it lies outside the VPC`,
    cause: (facts) =>
      say`${target(facts)} lies outside the group’s VPC ${id(facts['vpc'], 'here')}; its firewalls can’t be judged from here`,
    next: (facts) => say`check at its own site that ${flow(facts)} is open to the balancer’s subnets`,
  },
  InterfaceNotFound: {
    short: () => say`nothing wears its address`,
    cause: (facts) => say`no network interface holds the address of ${target(facts)}`,
    next: (facts) => say`check whether ${target(facts)} still exists, and register its present address`,
  },
  PathUnknown: {
    short: () => say`part of the network could not be judged`,
    cause: (facts) => say`${hop(facts)} could not be judged for ${flow(facts)}: ${because(facts)}`,
    next: () => say`look at the part named here yourself; if a read was refused, give Usher’s role that read`,
  },
  BalancerGroupShared: {
    short: () => say`others wear the balancer’s security group`,
    cause: (facts) =>
      say`${id(peerOf(facts) ?? securityGroupOf(facts), 'the balancer’s security group')} is worn by others than the balancer, so they reach the targets too`,
    next: () => say`give the balancer a security group of its own`,
  },
  RuleNotWritten: {
    short: () => say`the rule it needs was not written`,
    cause: (facts) =>
      say`the rule on ${id(securityGroupOf(facts), 'the security group')} for ${flow(facts)} from ${id(peerOf(facts), 'the balancer')} was not written: ${because(facts)}`,
    next: (facts) => say`add the rule to ${id(securityGroupOf(facts), 'the security group')} yourself`,
  },
  SecurityGroupFull: {
    short: () => say`its security group has no room for the rule`,
    cause: (facts) =>
      say`${id(securityGroupOf(facts), 'the security group')} has no room for the rule on ${flow(facts)} from ${id(peerOf(facts), 'the balancer')}`,
    next: (facts) =>
      say`remove unused rules from ${id(securityGroupOf(facts), 'the security group')}, or ask AWS for a higher quota`,
  },
};
