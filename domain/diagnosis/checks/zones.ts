import { valueRead } from '../../network/hop.ts';
import { zonesWithoutTargets } from '../effect.ts';
import { isHealthy, membersOf, notHealthy, unhealthy, zoneOf } from '../members.ts';
import type { Check } from './check.ts';
import { about, finding } from './check.ts';

/** Each zone is on its own, and one that takes requests has nobody for them, while others have. */
export const checkZonesWithoutTargets: Check = (evidence) => {
  const zones = zonesWithoutTargets(evidence);
  const isPart = membersOf(evidence).some(isHealthy);
  return isPart && zones.length > 0
    ? [
        finding('ZoneWithoutTargets', 'warning', {
          zones: zones.join(', '),
          loadBalancer: valueRead(evidence.loadBalancer)?.name,
        }),
      ]
    : [];
};

/** All who are well stand in one zone, though others stand elsewhere: the next failure there is the last. */
export const checkOneZone: Check = (evidence) => {
  const healthy = membersOf(evidence).filter(isHealthy);
  const [zone, ...others] = new Set(healthy.map(zoneOf));
  const elsewhere = notHealthy(evidence).some((member) => zoneOf(member) !== undefined && zoneOf(member) !== zone);
  return zone !== undefined && others.length === 0 && elsewhere
    ? [finding('AllHealthyInOneZone', 'information', { zone, healthy: healthy.length })]
    : [];
};

/** Nobody is well, so everybody gets requests: what is red is not what is cut off. A Classic or Gateway one does not do so. */
export const checkFailOpen: Check = (evidence) => {
  const { kind } = evidence.subject;
  const opens = kind === 'application' || kind === 'network';
  return opens && !membersOf(evidence).some(isHealthy)
    ? about(unhealthy(evidence), evidence, 'FailOpen', 'information')
    : [];
};
