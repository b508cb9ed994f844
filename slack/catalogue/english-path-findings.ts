import type { PathReason } from '../../domain/network/findings.ts';
import { say } from '../phrase.ts';
import type { FindingWords } from './catalogue.ts';
import { id, peerOf, securityGroupOf, shortName, told } from './catalogue.ts';
import { flow, group } from './english-facts.ts';

/** Reasons about clients, tunnels and who may reach a balancer: the rest of the path is in `english-findings.ts`. */
export type ReachReason = Extract<
  PathReason,
  | 'ReturnEgressMissing'
  | 'ClientCidrsMalformed'
  | 'ClientCidrsMissing'
  | 'ClientsNotAdmitted'
  | 'PortUnserved'
  | 'PathMtuBlocked'
>;

const TAG = id('usher:client-cidrs', '');

export const ENGLISH_PATH_FINDINGS: Readonly<Record<ReachReason, FindingWords>> = {
  ReturnEgressMissing: {
    short: () => say`the appliance may not send packets back`,
    cause: (facts) =>
      say`the appliance’s ${id(securityGroupOf(facts), 'security group')} lets nothing out to the Gateway Load Balancer (${id(peerOf(facts), 'its addresses')}) on ${flow(facts)}, and what comes back through the tunnel is no reply`,
    next: (facts) =>
      say`add an outbound rule to ${id(securityGroupOf(facts), 'the appliance’s security group')}, ${flow(facts)} to ${id(peerOf(facts), 'the balancer’s addresses')}`,
  },
  ClientCidrsMissing: {
    short: () => say`nobody said who its clients are`,
    cause: (facts) =>
      facts['family'] === undefined
        ? say`targets of ${group(facts)} see their clients’ own addresses, and the group has no ${TAG} to say which, so no rule is written for them`
        : say`targets of ${group(facts)} see their clients’ own addresses, and ${TAG} names none of the family ${id(facts['family'], '')}, so no rule is written for them`,
    next: (facts) =>
      say`tag ${group(facts)} with ${TAG}: the clients’ CIDR blocks, spaces between (${id('203.0.113.0/24 2001:db8::/32', '')})`,
  },
  ClientCidrsMalformed: {
    short: () => say`${shortName('usher:client-cidrs', '')} can’t be understood`,
    cause: (facts) =>
      say`${TAG} of ${group(facts)} holds ${id(facts['value'], 'nothing')}, not all of it CIDR blocks, so no rule is written by it`,
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
};
