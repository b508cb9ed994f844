import { valueRead } from '../network/hop.ts';
import type { Evidence } from './evidence.ts';
import type { Member } from './members.ts';
import { isHealthy, membersOf, zoneOf } from './members.ts';
import type { Effect } from './report.ts';

/** Whether nothing sends requests to the group; not while that could not be read. */
export const isUnused = ({ subject, targetGroup, listeners }: Evidence): boolean => {
  const group = valueRead(targetGroup);
  if (group !== undefined && group.loadBalancerArns.length === 0) return true;
  // A Classic balancer's listeners send to its instances, whichever they are.
  if (subject.kind === 'classic') return false;
  const uses = valueRead(listeners);
  const arn = group?.arn ?? subject.targetGroupArn;
  return arn !== undefined && uses !== undefined && !uses.some(({ targetGroupArns }) => targetGroupArns.includes(arn));
};

/** Zones that the balancer takes requests in and has no healthy target in, where each zone is on its own. */
export const zonesWithoutTargets = (evidence: Evidence): readonly string[] => {
  const enabled = valueRead(evidence.loadBalancer)?.zones.map(({ availabilityZone }) => availabilityZone) ?? [];
  const healthy = membersOf(evidence).filter(isHealthy).map(zoneOf);
  if (valueRead(evidence.attributes)?.crossZone !== false || healthy.includes(undefined)) return [];
  return [...new Set(enabled)].filter((zone) => !healthy.includes(zone)).sort();
};

const reasonsOf = (members: readonly Member[]): ReadonlySet<string | undefined> =>
  new Set(members.map(({ health, path }) => (path?.verdict === 'blocked' ? 'blocked' : health.reason)));

const NO_CONNECTION: ReadonlySet<string | undefined> = new Set(['Target.FailedHealthChecks']);
const NO_ANSWER: ReadonlySet<string | undefined> = new Set(['blocked', 'Target.Timeout']);

const all = (reasons: ReadonlySet<string | undefined>, among: ReadonlySet<string | undefined>): boolean =>
  [...reasons].every((reason) => among.has(reason));

/** An ALB sends to all when none is well; what comes back depends on why none is. @see facts 2.3; ALB guide, HTTP error codes */
const openToAll = (members: readonly Member[]): Effect => {
  const unwell = members.filter(({ health: { state } }) => state === 'unhealthy');
  if (members.every(({ health: { state } }) => state === 'unused')) return { kind: 'down', code: '503' };
  if (unwell.length === 0) return { kind: 'unknown' };
  const reasons = reasonsOf(unwell);
  if (reasons.has('Target.ResponseCodeMismatch')) return { kind: 'fail-open' };
  if (all(reasons, NO_ANSWER)) return { kind: 'down', code: '504' };
  return { kind: 'down', code: all(reasons, NO_CONNECTION) ? '502' : undefined };
};

/** Whether visitors are answered by codes: a listener of TCP or SSL has none (facts 2.7). */
const speaksHttp = ({ listeners }: Evidence): boolean =>
  (valueRead(listeners) ?? []).some(({ protocol }) => protocol === 'HTTP' || protocol === 'HTTPS');

/** What comes of no healthy target, by kind: a Classic balancer refuses, a Gateway one drops, a Network one sends to all. */
const withoutHealthy = (evidence: Evidence, members: readonly Member[]): Effect => {
  switch (evidence.subject.kind) {
    case 'application':
      return members.length === 0 ? { kind: 'down', code: '503' } : openToAll(members);
    case 'classic':
      return { kind: 'down', code: speaksHttp(evidence) ? '503' : undefined };
    case 'gateway':
      return { kind: 'down', code: undefined };
    case 'network': {
      const unwell = members.filter(({ health: { state } }) => state !== 'unused');
      const isBlocked = unwell.every(({ path }) => path?.verdict === 'blocked');
      return unwell.length === 0 || isBlocked ? { kind: 'down', code: undefined } : { kind: 'fail-open' };
    }
  }
};

/** What requests suffer where enough targets are healthy, by the metric that tells. */
const ofSymptom = ({ symptom }: Evidence): Effect => {
  switch (symptom.kind) {
    case 'balancer-error':
      return { kind: 'errors', code: symptom.code === 'other' ? undefined : symptom.code };
    case 'target-error':
    case 'connection-errors':
      return { kind: 'errors', code: undefined };
    case 'slow':
      return { kind: 'slow' };
    default:
      return { kind: 'none' };
  }
};

/** Whether the balancer's own groups turn everybody away at each of its doors; what else lets some in, they don't tell. */
const isShut = ({ clients, listeners }: Evidence): boolean => {
  const shut = new Set(
    (clients === undefined ? [] : (valueRead(clients) ?? [])).flatMap(({ reason, severity, evidence: { port } }) =>
      reason === 'ClientsNotAdmitted' && severity !== 'information' ? [port] : [],
    ),
  );
  const doors = valueRead(listeners) ?? [];
  return doors.length > 0 && doors.every(({ port }) => shut.has(String(port)));
};

/** What visitors notice. */
export const effectOf = (evidence: Evidence): Effect => {
  if (isUnused(evidence)) return { kind: 'unused' };
  if (evidence.members.kind === 'unreadable' || valueRead(evidence.targetGroup) === undefined)
    return { kind: 'unknown' };
  const members = membersOf(evidence);
  if (!members.some(isHealthy)) return withoutHealthy(evidence, members);
  const zones = zonesWithoutTargets(evidence);
  if (zones.length > 0) return { kind: 'partly', zones };
  const noticed = ofSymptom(evidence);
  return noticed.kind === 'none' && isShut(evidence) ? { kind: 'unknown' } : noticed;
};
