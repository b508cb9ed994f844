import { concerned, isHealthy } from '../members.ts';
import type { Check } from './check.ts';
import { together } from './check.ts';

/**
 * What the network engine says of each path: both sides' groups and ACLs with the rule or entry that decides, zone, instance.
 * That nothing uses the group is asked of the group itself. Of a healthy target's path only what blocks is told.
 */
export const checkPaths: Check = (evidence) => {
  const found = concerned(evidence).flatMap((member) =>
    (member.path?.findings ?? [])
      .filter(({ reason }) => reason !== 'GroupNotUsed')
      .filter(() => !isHealthy(member) || member.path?.verdict === 'blocked')
      .map((finding) => ({ member, finding })),
  );
  return together(found, evidence);
};
