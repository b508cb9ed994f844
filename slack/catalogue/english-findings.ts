import type { MovedBecause } from '../../domain/answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, say, words } from '../phrase.ts';
import type { BecauseCatalogue, Facts, FindingCatalogue, HopCatalogue } from './catalogue.ts';
import { id, peerOf, securityGroupOf, shortName, told } from './catalogue.ts';
import { ENGLISH_DIAGNOSIS_FINDINGS } from './english-diagnosis-findings.ts';
import { flow, fromAws, group, itsPort, target, verb } from './english-facts.ts';
import { ENGLISH_PATH_FINDINGS } from './english-path-findings.ts';

export const ENGLISH_BECAUSE: BecauseCatalogue = {
  OutsideVpcs: 'it lies outside the VPCs this stage may touch',
  OtherStage: 'the group belongs to another stage',
  Ignored: 'usher:ignore is set',
  NotReady: 'the group waits for it to be ready (usher:ready)',
  ReportOnly: 'the policy here is report-only',
  Ask: 'the policy here is ask, and nobody has said yes',
  Held: 'Usher put it there once and somebody took it away, so it is held',
  TooManyAdditions: 'more running instances matched at once than the stage adds without a yes',
  Leaving: 'AWS is about to take the instance away',
  Paused: 'everything is paused',
  BelowFloor: 'fewer healthy targets would be left than the group must keep',
  TooManyRemovals: 'as many targets were taken out within the hour as the stage allows',
  ManagedByCode: 'the security group is kept by code',
  SecurityGroupUnreadable: 'the security group could not be read',
  Unreadable: 'what it depends on could not be read',
  NotSeen: 'EC2 doesn’t show the instance, which is no proof that it is gone',
  AddressHeld: 'another network interface has its address by now',
  ManyGoneAtOnce: 'more than half of the group seemed gone at once, and one look is no proof of that',
  SelectorDoubtful: 'the group’s selector can’t mean what it says',
  LeftToItsOwner: 'another tool decides who is in the group',
  NotOurs: 'Usher did not put it there',
  Kept: 'usher:keep is set',
  NotWorldOpen: 'it is not open to the whole world on exactly this port',
  NoSecurityGroups: 'the interface shows no security group',
  SecurityGroupUnread: 'a security group could not be read',
  PrefixListUnread: 'a prefix list could not be read',
  RuleMalformed: 'a rule could not be understood',
  PartOfBalancer: 'a rule covers only some of the balancer’s addresses',
  AclUnread: 'a network ACL could not be read',
  AclMalformed: 'a network ACL entry could not be understood',
  AddressUnknown: 'the target shows no address',
  BalancerUnread: 'the load balancer could not be read',
  SubnetUnread: 'a subnet could not be read',
  WearersUnread: 'it could not be read who wears the security group',
  ReadDenied: 'AWS denied Usher a read that this needs',
  DefaultGroup: 'it is the VPC’s default security group, which much else wears',
  WornByOthers: 'too many others wear that security group',
  RulesUnread: 'it could not be read how much room that security group has',
  RoutesUnread: 'the route tables between balancer and target could not be read',
  ClientCidrsTooWide: 'usher:client-cidrs names a block wider than this stage allows (wideClientCidrs)',
  NoBalancerInterfaces: 'the load balancer shows no network interface in one of its subnets',
  BalancerInterfacesUnread: 'the load balancer’s network interfaces could not be read',
  PreservationUnread: 'it could not be read whether targets see their clients’ addresses',
  EndpointServicesUnread: 'it could not be read whether an endpoint service leads to the load balancer',
  RouteBlackhole: 'a route between balancer and target leads to something that is gone',
  VpcUnread: 'the VPC’s address blocks could not be read',
};

/** Why what somebody wanted is not to be done any more. */
export const englishMovedBecause = (reason: MovedBecause): string => {
  switch (reason) {
    case 'InstanceGone':
      return 'it is gone or not running';
    case 'NotWanted':
      return 'its tags or the group’s no longer bring them together';
    case 'CannotBeSeated':
      return 'it can’t be registered there any more';
    case 'GroupGone':
      return 'its target group is gone';
    case 'NotInGroup':
      return 'somebody took it out already';
    case 'Leaving':
      return 'it is leaving the group already';
    case 'RegisteredAnew':
      return 'it was registered anew since';
    case 'BalancerGone':
      return 'the load balancer is gone';
    case 'KeptByController':
      return 'Kubernetes or ECS keeps it and would undo that';
    case 'KeptByCode':
      return 'CloudFormation or another tool keeps it and would undo that';
    case 'TakesNoGroups':
      return 'it was made without security groups, and AWS gives it none afterwards';
    case 'TooManyGroups':
      return 'it wears five security groups already, which is AWS’s quota';
    case 'NameTaken':
      return 'the VPC has a security group of that name that isn’t Usher’s, or holds rules of somebody else';
    default:
      return ENGLISH_BECAUSE[reason];
  }
};

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

const isKey = <T extends object>(table: T, key: string): key is Extract<keyof T, string> => Object.hasOwn(table, key);

const because = ({ because: reason }: Facts): Phrase => {
  if (reason === undefined) return [words('no reason was recorded')];
  return isKey(ENGLISH_BECAUSE, reason) ? [words(ENGLISH_BECAUSE[reason])] : [code(reason)];
};

const hop = ({ hop: name }: Facts): Phrase => {
  if (name === undefined) return [words('something on the path')];
  return isKey(HOP, name) ? [words(HOP[name])] : [code(name)];
};

/** What a failed check of a Classic balancer may be; only HTTP has codes, and only 200 is well there. */
const failedThere = ({ check }: Facts): Phrase => [
  words(
    check?.startsWith('HTTP')
      ? 'nothing answers there, or not in time, or with another code than 200'
      : 'nothing answers there, or not in time',
  ),
];

/** What every finding says in English. */
export const ENGLISH_FINDINGS: FindingCatalogue = {
  ...ENGLISH_DIAGNOSIS_FINDINGS,
  ...ENGLISH_PATH_FINDINGS,
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
  NetworkAclDenies: {
    short: () => say`a network ACL blocks it`,
    cause: (facts) =>
      say`network ACL ${id(facts['acl'], 'of the subnet')} denies ${flow(facts)} at entry ${id(facts['entry'], 'not named')} (${hop(facts)})`,
    next: (facts) => say`allow it in the ACL before entry ${id(facts['entry'], 'that denies it')}`,
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
  WrongVpc: {
    short: () => say`it is in another VPC`,
    cause: ({ instanceVpc, groupVpc }) =>
      say`the instance is in ${id(instanceVpc, 'one VPC')}, the group in ${id(groupVpc, 'another')}`,
    next: (facts) => say`launch it in the group’s VPC, or take away the tag that puts it into ${group(facts)}`,
  },
  NotRunning: {
    short: ({ state }) => say`it is ${shortName(state, 'not running')}`,
    cause: ({ state }) => say`only running instances can be registered; this one is ${told(state, 'not running')}`,
    next: () => say`start the instance; Usher registers it then`,
  },
  WrongTargetType: {
    short: () => say`the group takes no instances`,
    cause: (facts) =>
      say`${group(facts)} takes targets of type ${id(facts['targetType'], 'other than instance')}, not instances`,
    next: () => say`take the usher: tag off the group, or use a group of type instance or ip`,
  },
  NoPrimaryAddress: {
    short: () => say`it has no address of the kind the group wants`,
    cause: (facts) =>
      say`${group(facts)} wants a primary ${told(facts['family'], 'IPv6')} address, and the instance has none`,
    next: () => say`give the instance’s primary interface such an address`,
  },
  NotReady: {
    short: () => say`it is not ready`,
    cause: (facts) =>
      say`${group(facts)} waits for ${code(facts['ready'] ?? 'usher:ready')}, which didn’t come true within a quarter of an hour`,
    next: (facts) =>
      facts['ready']?.trim().startsWith('tag:') === true
        ? say`see why its start-up didn’t set the tag; once it is set, the instance is registered by itself`
        : say`look at its status checks in the EC2 console; the next sweep after they pass registers it`,
  },
  GroupFull: {
    short: () => say`the group is full`,
    cause: (facts) => say`${group(facts)} holds as many targets as AWS allows (${told(facts['limit'], 'its quota')})`,
    next: () => say`ask AWS for a higher targets quota, or spread the instances over more groups`,
  },
  QuicServerIdNeeded: {
    short: () => say`QUIC targets need a server id`,
    cause: ({ protocol }) =>
      say`groups of protocol ${id(protocol, 'QUIC')} register each target with a server id, which Usher can’t know`,
    next: () => say`register it yourself with its server id`,
  },
  PortNotAllowed: {
    short: ({ port }) => say`the group doesn’t allow port ${shortName(port, 'asked for')}`,
    cause: (facts) =>
      facts['listenerPorts'] === undefined
        ? say`${id('usher:port', '')} asks for port ${told(facts['port'], 'another')}, and ${id('usher:ports', '')} of ${group(facts)} admits ${told(facts['admitted'], 'others only')}`
        : say`the tags ask for port ${told(facts['port'], 'another')}, and the listeners of ${group(facts)} send to ${told(facts['listenerPorts'], 'none')}`,
    next: (facts) =>
      facts['listenerPorts'] === undefined
        ? say`correct ${id('usher:port', '')} on the instance, or add the port to ${id('usher:ports', '')} of ${group(facts)}`
        : say`correct the port in the instance’s tags, or give ${group(facts)} a listener that sends there`,
  },
  ExplicitNotAccepted: {
    short: (facts) => say`${shortName(facts['targetGroup'], 'the group')} doesn’t accept explicit tags`,
    cause: (facts) =>
      say`the instance’s ${id('usher:targets', '')} names ${group(facts)}, which isn’t tagged ${id('usher:accept-explicit=true', '')}`,
    next: (facts) =>
      say`tag ${group(facts)} with ${id('usher:accept-explicit=true', '')}, or correct ${id('usher:targets', '')}`,
  },
  ExplicitGroupUnknown: {
    short: (facts) => say`there is no group called ${shortName(facts['targetGroup'], 'that')}`,
    cause: (facts) => say`${id('usher:targets', '')} names ${group(facts)}, and no tagged group has that name`,
    next: () => say`correct the name in ${id('usher:targets', '')}`,
  },
  SelectorMalformed: {
    short: ({ tag }) => say`${shortName(tag, 'its selector')} can’t be read`,
    cause: ({ tag, value }) =>
      say`${id(tag ?? 'usher:selector', '')} holds ${id(value, 'nothing')}, which is no selector; no instance matches it`,
    next: ({ tag }) => say`write ${id(tag ?? 'usher:selector', '')} like ${id('Role=web Env=prod', '')}`,
  },
  SelectorNearMiss: {
    short: () => say`a tag misses the selector by case or spaces`,
    cause: (facts) =>
      say`its tags match the selector ${id(facts['selector'], 'of the group')} of ${group(facts)} but for upper and lower case or spaces`,
    next: () => say`make tag and selector exactly equal, if the instance belongs there`,
  },
  SelectorMatchesNothing: {
    short: () => say`the selector matches nobody in the group`,
    cause: (facts) =>
      say`the selector ${id(facts['selector'], 'of the group')} of ${group(facts)} matches none of its ${told(facts['of'], 'targets')}; nobody was taken out`,
    next: () =>
      say`correct ${id('usher:selector', '')} of the group or the instances’ tags; take out by hand whoever is to go`,
  },
  SelectorLosesMost: {
    short: () => say`more than half of the group match no more`,
    cause: (facts) =>
      say`${told(facts['leaving'], 'most')} of ${told(facts['of'], 'all')} targets of ${group(facts)} match its selector ${id(facts['selector'], '')} no more; nobody was taken out`,
    next: () =>
      say`correct ${id('usher:selector', '')} of the group or the instances’ tags; take out by hand whoever is to go`,
  },
  TagMalformed: {
    short: ({ tag }) => say`${shortName(tag, 'a tag')} can’t be read`,
    cause: ({ tag, value }) => say`${id(tag, 'a tag of Usher’s')} holds ${id(value, 'nothing')}, which it can’t`,
    next: ({ tag }) => say`correct ${id(tag, 'the tag')}`,
  },
  LeftToItsOwner: {
    short: ({ owner }) => say`${shortName(owner, 'another tool')} decides who is in the group`,
    cause: (facts) =>
      say`who is in ${group(facts)} is decided by ${told(facts['owner'], 'another tool')}, so Usher leaves it alone`,
    next: ({ owner }) => say`register the instance through ${told(owner, 'that tool')}, or use another group`,
  },
  Withheld: {
    short: () => say`Usher may not do it`,
    cause: (facts) => say`Usher may not do it here: ${because(facts)}`,
    next: () => say`do it yourself, or change what forbids it`,
  },
  RefusedByAws: {
    short: ({ code: errorCode }) => say`AWS refused it (${shortName(errorCode, 'no code')})`,
    cause: (facts) => say`AWS refused it: ${id(facts['code'], 'no code')}${fromAws(facts)}`,
    next: () => say`mend what AWS names; Usher tries again at the instance's next event`,
  },
  'Target.ResponseCodeMismatch': {
    short: () => say`it answers with an unexpected code`,
    cause: (facts) =>
      say`the application on ${target(facts)} answers the health check with a code that the group doesn’t accept${fromAws(facts)}`,
    next: (facts) => say`on ${target(facts)}: look at the application’s log for the health check path`,
  },
  'Target.Timeout': {
    short: (facts) => say`no answer in time on ${itsPort(facts)}`,
    cause: (facts) =>
      say`${target(facts)} ${verb(facts, 'doesn’t', 'don’t')} answer the health check on ${itsPort(facts)} in time: overloaded, hanging, or dropped by a firewall on the host${fromAws(facts)}`,
    next: (facts) => say`on ${target(facts)}: check its load, its application’s log and its own firewall`,
  },
  'Target.FailedHealthChecks': {
    short: (facts) =>
      facts['check'] === undefined
        ? say`nothing answers on ${itsPort(facts)}`
        : say`it fails the health check ${shortName(facts['check'], '')}`,
    cause: (facts) =>
      facts['check'] === undefined
        ? say`the application isn’t running on ${target(facts)}, or doesn’t listen on ${itsPort(facts)}${fromAws(facts)}`
        : say`${target(facts)} ${verb(facts, 'fails', 'fail')} the health check ${id(facts['check'], '')}: ${failedThere(facts)}${fromAws(facts)}`,
    next: (facts) =>
      facts['check'] === undefined
        ? say`on ${target(facts)}: start the application, and see whether it listens on ${itsPort(facts)}`
        : say`on ${target(facts)}: start the application, and see what it answers to ${id(facts['check'], '')}`,
  },
  'Target.NotInUse': {
    short: () => say`the balancer sends it nothing`,
    cause: (facts) =>
      say`no listener uses ${group(facts)}, or the zone of ${target(facts)} is not enabled on the balancer${fromAws(facts)}`,
    next: () => say`check the listener’s rules and the balancer’s zones`,
  },
  'Target.NotRegistered': {
    short: () => say`it is no longer in the group`,
    cause: (facts) =>
      say`${target(facts)} is no longer registered in ${group(facts)}; somebody or something took it out${fromAws(facts)}`,
    next: () => say`find out who took it out before you put it back`,
  },
  'Target.InvalidState': {
    short: () => say`the instance is stopped or terminated`,
    cause: (facts) => say`the instance behind ${target(facts)} is stopped or terminated${fromAws(facts)}`,
    next: () => say`start the instance, or launch another`,
  },
  'Target.IpUnusable': {
    short: () => say`its address belongs to a load balancer`,
    cause: (facts) => say`the address of ${target(facts)} is in use by a load balancer${fromAws(facts)}`,
    next: () => say`register the address of the instance itself`,
  },
  'Target.HealthCheckDisabled': {
    short: () => say`health checks are off`,
    cause: (facts) =>
      say`health checks of ${group(facts)} are off, so nobody knows whether it answers${fromAws(facts)}`,
    next: (facts) => say`turn the health checks of ${group(facts)} on`,
  },
  'Target.DeregistrationInProgress': {
    short: () => say`it is being taken out`,
    cause: (facts) =>
      say`${target(facts)} ${verb(facts, 'is', 'are')} draining: somebody or something is taking ${verb(facts, 'it', 'them')} out of ${group(facts)}${fromAws(facts)}`,
    next: () => say`nothing, if that was meant; else register it again when it is out`,
  },
  'Elb.RegistrationInProgress': {
    short: () => say`it is still being registered`,
    cause: (facts) => say`the balancer is still registering ${target(facts)}${fromAws(facts)}`,
    next: () => say`wait for the next look`,
  },
  'Elb.InitialHealthChecking': {
    short: () => say`too few checks have passed so far`,
    cause: (facts) => say`the balancer hasn’t checked ${target(facts)} often enough yet${fromAws(facts)}`,
    next: () => say`wait for the next look`,
  },
  'Elb.InternalError': {
    short: () => say`the balancer has an internal error`,
    cause: (facts) => say`the load balancer itself reports an internal error${fromAws(facts)}`,
    next: () => say`look at the AWS Health dashboard, and open a support case if it lasts`,
  },
  HealthReasonUnknown: {
    short: () => say`AWS gives a reason Usher doesn’t know`,
    cause: (facts) =>
      say`AWS gives the reason ${id(facts['code'], 'without a code')}, which Usher doesn’t know${fromAws(facts)}`,
    next: () => say`look the reason up in the Elastic Load Balancing documentation`,
  },
};
