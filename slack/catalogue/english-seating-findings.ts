import type { SeatingReason } from '../../domain/finding.ts';
import { code, say } from '../phrase.ts';
import type { FindingCatalogue } from './catalogue.ts';
import { id, shortName, told } from './catalogue.ts';
import { because } from './english-because.ts';
import { fromAws, group } from './english-facts.ts';

/** Why an instance has no seat, in English. */
export const ENGLISH_SEATING_FINDINGS: Pick<FindingCatalogue, SeatingReason> = {
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
};
