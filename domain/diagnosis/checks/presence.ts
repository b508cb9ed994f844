import { valueRead } from '../../network/hop.ts';
import { isUnused } from '../effect.ts';
import { isGone, isHealthy, membersOf, notHealthy, zoneOf } from '../members.ts';
import type { Check } from './check.ts';
import { about, finding } from './check.ts';

/** Nothing is registered: the balancer has nobody to send to. Members that are leaving are told of by their reason code. */
export const checkNoTargets: Check = ({ targetGroup, members }) => {
  const group = valueRead(targetGroup);
  return group !== undefined && valueRead(members)?.length === 0
    ? [finding('NoTargets', 'critical', { targetGroup: group.name })]
    : [];
};

/** An alarm on too few healthy hosts is raised by a target that was never registered, too. */
export const checkTooFewHealthy: Check = (evidence) => {
  const { symptom, subject } = evidence;
  const needed = symptom.kind === 'too-few-healthy-hosts' ? symptom.needed : undefined;
  if (needed === undefined || valueRead(evidence.members) === undefined) return [];
  const counted = membersOf(evidence).filter(
    (member) => subject.availabilityZone === undefined || zoneOf(member) === subject.availabilityZone,
  );
  const healthy = counted.filter(isHealthy).length;
  return healthy >= needed
    ? []
    : [
        finding('TooFewHealthy', 'warning', {
          healthy,
          needed,
          of: counted.length,
          targetGroup: valueRead(evidence.targetGroup)?.name,
        }),
      ];
};

/** No listener or rule sends to the group. */
export const checkUse: Check = (evidence) => {
  const group = valueRead(evidence.targetGroup);
  if (group === undefined || !isUnused(evidence)) return [];
  const key = group.instancePorts === undefined ? 'targetGroup' : 'loadBalancer';
  return [finding('GroupNotUsed', 'warning', { [key]: group.name })];
};

/** A terminated instance stays registered, and EC2 forgets it after an hour. */
export const checkGoneInstances: Check = (evidence) =>
  about(
    notHealthy(evidence).filter((member) => isGone(member, evidence)),
    evidence,
    'InstanceNotRunning',
    'warning',
    { state: 'terminated' },
  );
