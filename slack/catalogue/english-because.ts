import type { MovedBecause } from '../../domain/answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, words } from '../phrase.ts';
import type { BecauseCatalogue, Facts } from './catalogue.ts';

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
  AddressesTranslated:
    'a route between balancer and target leads through a NAT gateway, which changes the sender’s address',
  SourceNatPrefixes: 'the load balancer sends UDP over IPv6 from source NAT prefixes, which Usher doesn’t read',
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

const isBecause = (reason: string): reason is keyof BecauseCatalogue => Object.hasOwn(ENGLISH_BECAUSE, reason);

/** A reason inside a reason, as a finding's evidence names it. */
export const because = ({ because: reason }: Facts): Phrase => {
  if (reason === undefined) return [words('no reason was recorded')];
  return isBecause(reason) ? [words(ENGLISH_BECAUSE[reason])] : [code(reason)];
};
