import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import { isTagTrue, USHER_TAG } from '../tags.ts';
import { pathFinding } from './findings.ts';
import type { Standing, StandingUnread } from './standing.ts';
import { isDefaultGroup, isGroupIgnored, leastOutside } from './standing.ts';

/** A group chosen, and why it may not be acted on, if it may not. */
export interface Choice {
  readonly groupId: string;
  readonly objection?: Finding;
}

/** Why a rule is proposed and not written; `evidence.because` of `RuleNotWritten`. */
export type WithheldBecause =
  | 'DefaultGroup' // it would open everything in the VPC that was not given a group
  | 'WornByOthers' // more outside interfaces than the limit
  | 'Ignored' // usher:ignore
  | 'SecurityGroupUnread' // name, tags or wearers not read
  | 'RulesUnread' // the room left can't be told
  | 'RoutesUnread' // a middlebox may hide the group that the rule would name
  | 'ClientCidrsTooWide'; // the tag names more than a stage allows without its word

export const withheld = (groupId: string, because: WithheldBecause, more: Record<string, string> = {}): Finding =>
  pathFinding('RuleNotWritten', { because, securityGroup: groupId, ...more });

const lowest = (standings: readonly (Standing | StandingUnread)[]): string =>
  standings.map((each) => (each.kind === 'read' ? each.group.groupId : each.groupId)).sort(compareText)[0] ?? '';

const allRead = (standings: readonly (Standing | StandingUnread)[]): readonly Standing[] | undefined => {
  const read = standings.filter((each) => each.kind === 'read');
  return read.length === standings.length ? read : undefined;
};

const objectionTo = ({ group, outside }: Standing, maximumOutside: number): Finding | undefined => {
  const name = { securityGroupName: group.name };
  if (isDefaultGroup(group)) return withheld(group.groupId, 'DefaultGroup', name);
  if (outside <= maximumOutside) return undefined;
  return withheld(group.groupId, 'WornByOthers', { ...name, interfaces: String(outside) });
};

const judgeAll = (
  standings: readonly Standing[],
  maximumOutside: number,
  roomIn: (groupId: string) => Finding | undefined,
): readonly Choice[] =>
  [...standings].sort(leastOutside).map((standing) => {
    const objection = objectionTo(standing, maximumOutside) ?? roomIn(standing.group.groupId);
    return { groupId: standing.group.groupId, ...(objection && { objection }) };
  });

/**
 * Where a rule does least harm: the group tagged `usher:rules-here`, else the one worn by the fewest interfaces outside,
 * the lowest id among equals. Of groups to which nothing is to be objected, if there are any; else the choice carries
 * its objection. A group not read makes the choice unsure, and an unsure choice is not written.
 */
export const chooseGroup = (
  standings: readonly (Standing | StandingUnread)[],
  maximumOutside: number,
  roomIn: (groupId: string) => Finding | undefined,
): Choice => {
  const read = allRead(standings);
  if (read === undefined)
    return { groupId: lowest(standings), objection: withheld(lowest(standings), 'SecurityGroupUnread') };
  const allowed = read.filter(({ group }) => !isGroupIgnored(group));
  const tagged = allowed.filter(({ group }) => isTagTrue(group.tags, USHER_TAG.rulesHere));
  const choices = judgeAll(tagged.length > 0 ? tagged : allowed, maximumOutside, roomIn);
  const best = choices.find(({ objection }) => objection === undefined) ?? choices[0];
  return best ?? { groupId: lowest(standings), objection: withheld(lowest(standings), 'Ignored') };
};

/**
 * Which group a rule names as its peer: the one worn by the fewest other interfaces, never `default` while another
 * exists. One alone is no choice and needs no reading.
 */
export const choosePeer = (standings: readonly (Standing | StandingUnread)[]): Choice => {
  if (standings.length === 1) return { groupId: lowest(standings) };
  const read = allRead(standings);
  if (read === undefined)
    return { groupId: lowest(standings), objection: withheld(lowest(standings), 'SecurityGroupUnread') };
  const named = read.filter(({ group }) => !isDefaultGroup(group));
  const [best] = [...(named.length > 0 ? named : read)].sort(leastOutside);
  return { groupId: best?.group.groupId ?? lowest(standings) };
};
