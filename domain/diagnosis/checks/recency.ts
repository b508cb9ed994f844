import { valueRead } from '../../network/hop.ts';
import type { Evidence } from '../evidence.ts';
import type { Member } from '../members.ts';
import { isHealthy, membersOf, notHealthy, unhealthy } from '../members.ts';
import type { Check } from './check.ts';
import { about, finding } from './check.ts';

/** So long after its launch a target that does not answer may still be starting. */
export const WARMS_UP_WITHIN_SECONDS = 300;

const secondsSince = (moment: Date, now: Date): number =>
  Math.max(0, Math.round((now.getTime() - moment.getTime()) / 1000));

const youngerThan = (members: readonly Member[], seconds: number, now: Date): readonly Member[] =>
  members.filter(({ instance }) => instance !== undefined && secondsSince(instance.launchedAt, now) < seconds);

const youngest = (members: readonly Member[], now: Date): number =>
  Math.min(
    ...members.flatMap(({ instance }) => (instance === undefined ? [] : [secondsSince(instance.launchedAt, now)])),
  );

/** Whose answers are slow or wrong while targets take up their share slowly. */
const isAboutAnswers = ({ symptom }: Evidence): boolean => symptom.kind === 'slow' || symptom.kind === 'target-error';

/** Just launched and not well yet; or well, and given its share slowly, while answers are slow. */
export const checkWarmingUp: Check = (evidence) => {
  const { now } = evidence;
  const young = youngerThan(unhealthy(evidence), WARMS_UP_WITHIN_SECONDS, now);
  const slowStartSeconds = valueRead(evidence.attributes)?.slowStartSeconds ?? 0;
  const starting = isAboutAnswers(evidence)
    ? youngerThan(membersOf(evidence).filter(isHealthy), slowStartSeconds, now)
    : [];
  return [
    ...about(young, evidence, 'WarmingUp', 'information', { seconds: youngest(young, now) }),
    ...about(starting, evidence, 'WarmingUp', 'information', { seconds: youngest(starting, now), slowStartSeconds }),
  ];
};

/** Somebody puts targets in and out right now, and some are not well. */
export const checkDeploys: Check = (evidence) =>
  notHealthy(evidence).length === 0 && membersOf(evidence).length > 0
    ? []
    : (valueRead(evidence.deploys) ?? []).map(({ kind, name, since }) =>
        finding('DeployInProgress', 'information', { deploy: kind, name, seconds: secondsSince(since, evidence.now) }),
      );
