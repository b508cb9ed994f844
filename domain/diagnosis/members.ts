import type { Finding } from '../finding.ts';
import type { Instance } from '../instance.ts';
import { instanceName, isInstanceId } from '../instance.ts';
import { valueRead } from '../network/hop.ts';
import type { TargetHealth } from '../target.ts';
import { targetKey } from '../target.ts';
import type { Evidence, PathWord, StatusChecks } from './evidence.ts';

/** A member of the group with all that was gathered about it alone. */
export interface Member {
  readonly health: TargetHealth;
  readonly key: string;
  /** `undefined` of an address, of an instance that is gone, or when it could not be read. */
  readonly instance: Instance | undefined;
  readonly path: PathWord | undefined;
  readonly statusChecks: StatusChecks | undefined;
}

const memberOf = (health: TargetHealth, evidence: Evidence): Member => {
  const key = targetKey(health.target);
  const instance = valueRead(evidence.instances)?.get(key);
  return {
    health,
    key,
    instance,
    path: evidence.paths.get(key),
    statusChecks: valueRead(evidence.statusChecks)?.get(instance?.instanceId ?? health.target.id),
  };
};

/** Members that are not leaving; none when they could not be read. */
export const membersOf = (evidence: Evidence): readonly Member[] =>
  (valueRead(evidence.members) ?? [])
    .filter(({ state }) => state !== 'draining')
    .map((health) => memberOf(health, evidence));

export const isHealthy = ({ health }: Member): boolean => health.state === 'healthy';

/** Members that get requests only when nobody is well. */
export const notHealthy = (evidence: Evidence): readonly Member[] =>
  membersOf(evidence).filter((member) => !isHealthy(member));

/** Members that answer their health check in vain: neither new, nor unused, nor leaving. */
export const unhealthy = (evidence: Evidence): readonly Member[] =>
  membersOf(evidence).filter(({ health: { state } }) => state === 'unhealthy' || state === 'unhealthy.draining');

/** Whether what is amiss is about requests, which may fail on a path that the health check does not take. */
const isAboutRequests = ({ symptom }: Evidence): boolean =>
  symptom.kind === 'balancer-error' || symptom.kind === 'connection-errors';

/** Members whose path is worth a word: those that are not well; all, where all are well or requests fail all the same. */
export const concerned = (evidence: Evidence): readonly Member[] => {
  const all = membersOf(evidence);
  const bad = all.filter((member) => !isHealthy(member));
  return bad.length === 0 || isAboutRequests(evidence) ? all : bad;
};

/** What people call it: its instance's name, else its id or address. */
export const memberName = ({ instance, health }: Member): string =>
  instance === undefined ? health.target.id : instanceName(instance);

/** The zone it stands in; `undefined` when that is not known. */
export const zoneOf = ({ instance, health }: Member): string | undefined => {
  const zone = instance?.availabilityZone ?? health.target.availabilityZone;
  return zone === 'all' ? undefined : zone;
};

/** Whether its instance was looked for in EC2, and is gone. */
export const isGone = (member: Member, evidence: Evidence): boolean =>
  evidence.instances.kind === 'read' &&
  evidence.lookedAt.has(member.key) &&
  member.instance === undefined &&
  isInstanceId(member.health.target.id);

/** So many names say who is meant; the others are counted. */
const NAMES_KEPT = 2;

const groupName = ({ targetGroup }: Evidence): Finding['evidence'] => {
  const group = valueRead(targetGroup);
  return group === undefined ? {} : { targetGroup: group.name };
};

/** Who a finding is about: the first few names, how many they are, of how many, and in which group. */
export const whoIsMeant = (who: readonly Member[], evidence: Evidence): Finding['evidence'] => ({
  ...groupName(evidence),
  targets: who.slice(0, NAMES_KEPT).map(memberName).join(', '),
  count: String(who.length),
  of: String(membersOf(evidence).length),
});
