import { ruleShape } from '../../domain/closing/classify.ts';
import { closedRule, closingLines } from '../../domain/closing/lines.ts';
import type { Closing, ClosingPlan } from '../../domain/closing/plan.ts';
import { planClosings, seatsAt } from '../../domain/closing/plan.ts';
import type { ClosingProposed, ProposedClosing } from '../../domain/closing/report.ts';
import { watchSeconds } from '../../domain/closing/watch.ts';
import { compareText } from '../../domain/difference.ts';
import type { Button } from '../../domain/report.ts';
import { reportOf, shortDigest } from '../../domain/report-frame.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import { targetKey } from '../../domain/target.ts';
import type { CloseRules } from '../../events/closing-note.ts';
import { LEASE_SECONDS } from '../leases.ts';
import { sayingOnce } from '../sweep/say-once.ts';
import type { Observed } from './observe.ts';
import { observe } from './observe.ts';
import type { ClosingPorts } from './ports.ts';
import { CLOSINGS_LEASE, destinationOf, groupsAt, remove, securityGroupOf } from './remove.ts';
import { tellClosings } from './tell.ts';

/** A security group whose broader rules stay as they are is looked at so seldom. */
const DAY_MILLISECONDS = 86_400_000;
/** Security groups in one run: each is some reads for every target group of its VPC, four a second. */
const GROUPS_AT_ONCE = 3;
/** After so long no further one is begun: the function runs a minute at most, and a large VPC takes half of it. */
const ENOUGH_MILLISECONDS = 15_000;
const NAMES_SHOWN = 3;
const BALANCERS_SHOWN = 2;

/** What is proposed of one security group, with where it is told. */
interface Proposed {
  readonly destination: string;
  readonly rules: readonly ProposedClosing[];
  /** What each lets through, by its id. */
  readonly shapes: ReadonlyMap<string, string>;
  readonly watchSeconds: number;
}

const proposedOf = (
  { grounds, health, names: instances }: Observed,
  { broader, split, because }: Closing & Pick<ClosingPlan['proposals'][number], 'because'>,
): ProposedClosing => {
  const there = seatsAt(grounds.group.groupId, grounds.seats);
  const names = new Map(
    there.map(({ instance, target }) => {
      const id = instance?.instanceId ?? target.id;
      return [id, instances.get(id) ?? id] as const;
    }),
  );
  const open = new Set(
    there.flatMap(({ instance, networkInterface }) =>
      networkInterface?.hasPublicAddress === true ? [instance?.instanceId ?? networkInterface.networkInterfaceId] : [],
    ),
  );
  const balancers = new Set(there.flatMap(({ loadBalancer }) => loadBalancer?.name ?? []));
  const keys = new Set(there.map(({ target }) => targetKey(target)));
  const members = groupsAt(grounds)
    .flatMap(({ arn }) => health.get(arn) ?? [])
    .filter(({ target, state }) => keys.has(targetKey(target)) && state !== 'draining');
  return {
    ...closedRule(broader.rule, securityGroupOf(grounds)),
    extent: broader.extent,
    source: broader.source,
    because,
    asked: [...new Set(broader.asked.map(({ port }) => port))],
    names: [...names.values()].slice(0, NAMES_SHOWN),
    count: names.size,
    ...(open.size === 0 ? {} : { publicCount: open.size }),
    balancers: [...balancers].sort(compareText).slice(0, BALANCERS_SHOWN),
    healthy: members.filter(({ state }) => state === 'healthy').length,
    total: members.length,
    lines: closingLines(broader.rule, split, grounds.stage.region),
  };
};

/** Whether a press may remove it: whole, and not from a group that code keeps or that only reports. */
const isPressable = ({ because }: ProposedClosing): boolean =>
  because === 'Ask' || because === 'NotOurs' || because === 'NotWorldOpen' || because === 'OtherWearers';

const isKeepable = ({ because }: ProposedClosing): boolean => because !== 'ReportOnly';

/** What makes two proposals one: the rules and what is known of them, whoever is healthy at the moment. */
const factsOf = (rules: readonly ProposedClosing[]): string =>
  rules
    .map(({ ruleId, extent, source, because, asked }) => [ruleId, extent, source, because, asked.join()].join('|'))
    .sort(compareText)
    .join('||');

const buttonsOf = async (
  ports: Pick<ClosingPorts, 'plans' | 'newId' | 'now'>,
  rules: readonly ProposedClosing[],
  shapes: ReadonlyMap<string, string>,
  destination: string,
): Promise<{ readonly buttons: readonly Button[]; readonly until: string }> => {
  const content = {
    kind: 'close-rules' as const,
    rules: rules.map((rule) => ({
      ruleId: rule.ruleId,
      securityGroup: rule.securityGroup,
      shape: shapes.get(rule.ruleId) ?? '',
      isClosed: isPressable(rule),
      lines: rule.lines,
    })),
  };
  const plan = newPlan(ports.newId(), content, destination, ports.now());
  await ports.plans.store(plan);
  const closed = rules.filter(isPressable);
  const closedPorts = [...new Set(closed.flatMap(({ asked }) => asked))];
  const object = { kind: 'closing', ports: closedPorts, count: rules.length } as const;
  const { planId } = plan;
  return {
    until: plan.expiresAt,
    buttons: [
      ...(closed.length > 0 ? [{ verb: 'approve', planId, object: { ...object, count: closed.length } } as const] : []),
      ...(rules.some(isKeepable) ? [{ verb: 'keep', planId, object } as const] : []),
      { verb: 'show', planId, object },
    ],
  };
};

/** One message for each destination, once while its facts stand. */
const propose = async (ports: ClosingPorts, proposed: readonly Proposed[]): Promise<void> => {
  for (const [destination, some] of Map.groupBy(proposed, (each) => each.destination)) {
    const rules = some.flatMap((each) => each.rules);
    if (rules.length === 0) continue;
    const once = sayingOnce(ports);
    const shapes = new Map(some.flatMap((each) => [...each.shapes]));
    const { buttons, until } = await buttonsOf({ ...ports, ...once }, rules, shapes, destination);
    const watchMinutes = Math.ceil(Math.max(...some.map((each) => each.watchSeconds)) / 60);
    const body: ClosingProposed = { kind: 'closing-proposed', rules, watchMinutes, until };
    const about = {
      destination,
      matter: `closing|${shortDigest(rules.map(({ ruleId }) => ruleId).join())}`,
      severity: 'information',
      identity: factsOf(rules),
    } as const;
    await once.reports.publish({ ...reportOf(ports.stage, about, body, ports.now()), buttons });
  }
};

/** What one security group came to. */
interface GroupClosed {
  readonly proposed: Proposed | undefined;
  /** Whether all of it was decided: what waits for room within the hour is looked at again by the next sweep. */
  readonly isDecided: boolean;
}

const closeUnderLease = async (
  ports: ClosingPorts,
  groupId: string,
  ruleIds: ReadonlySet<string>,
  going: Set<string>,
): Promise<GroupClosed> => {
  const observed = await observe(ports, groupId, ruleIds, going);
  if (observed === undefined) {
    ports.log({ event: 'not-closed', groupId, because: 'who relies on it could not be told' });
    return { proposed: undefined, isDecided: true };
  }
  const { grounds } = observed;
  if (grounds.isPaused) return { proposed: undefined, isDecided: false };
  const { removals, proposals } = planClosings(grounds);
  for (const { change } of [...removals, ...proposals]) going.add(change.ruleId);
  let isDecided = true;
  for (const closing of removals) {
    const removed = await remove(ports, observed, closing);
    if (removed === 'too-many-removals') {
      ports.log({ event: 'not-closed', groupId, because: removed });
      isDecided = false;
    }
  }
  const checks = groupsAt(grounds).map(({ healthCheck }) => healthCheck);
  const rules = proposals.map((proposal) => proposedOf(observed, proposal));
  return {
    proposed: {
      destination: destinationOf(grounds),
      rules,
      shapes: new Map(proposals.map(({ broader: { rule } }) => [rule.ruleId, ruleShape(rule)])),
      watchSeconds: watchSeconds(checks),
    },
    isDecided,
  };
};

const fingerprintOf = ({ stage }: ClosingPorts, ruleIds: readonly string[]): string =>
  shortDigest(
    [stage.defaultPolicy, stage.maximumPolicy, stage.managedByTags.join(), [...ruleIds].sort().join()].join('|'),
  );

/** Whether a security group was looked at within the day, and its broader rules are the same still. */
const isKnown = async (ports: ClosingPorts, { groupId, ruleIds }: CloseRules['groups'][number]): Promise<boolean> => {
  const last = await ports.closings.lastLook(groupId);
  return (
    last?.fingerprint === fingerprintOf(ports, ruleIds) && ports.now().getTime() - last.at.getTime() < DAY_MILLISECONDS
  );
};

const closeIn = async (
  ports: ClosingPorts,
  group: CloseRules['groups'][number],
  going: Set<string>,
): Promise<GroupClosed | 'left' | undefined> => {
  const { groupId, ruleIds } = group;
  const lease = await ports.leases.acquire(
    [CLOSINGS_LEASE, groupId],
    `close-${ports.newId()}`,
    ports.now(),
    LEASE_SECONDS,
  );
  if (lease === undefined) return undefined;
  try {
    return await closeUnderLease(ports, groupId, new Set(ruleIds), going);
  } catch (error) {
    ports.log({ event: 'not-closed', groupId, because: error instanceof Error ? error.message : String(error) });
    return 'left';
  } finally {
    await ports.leases.release(lease);
  }
};

/**
 * Closes, or proposes to close, what lets more to targets than their balancer, in the security groups where a sweep saw such
 * rules: a few at a time, each at most once a day while nothing of it changes. What fails for one stops no other.
 * @throws what the table or the queues failed with; the message comes back
 */
export const closeRules =
  (ports: ClosingPorts) =>
  async ({ groups }: CloseRules): Promise<string> => {
    const due: CloseRules['groups'][number][] = [];
    for (const group of groups) {
      if (due.length === GROUPS_AT_ONCE) break;
      if (!(await isKnown(ports, group))) due.push(group);
    }
    const proposed: Proposed[] = [];
    const decided: CloseRules['groups'][number][] = [];
    const startedAt = ports.now().getTime();
    // Judged as gone for the groups that follow: each alone may be needed by nobody, and both together by somebody.
    const going = new Set<string>();
    for (const group of due) {
      if (ports.now().getTime() - startedAt > ENOUGH_MILLISECONDS) break;
      const closed = await closeIn(ports, group, going);
      if (closed === undefined || closed === 'left') continue;
      if (closed.proposed !== undefined) proposed.push(closed.proposed);
      if (closed.isDecided) decided.push(group);
    }
    await tellClosings(ports);
    await propose(ports, proposed);
    // Only once it is told: whoever dies before looks again, and what was said is not said twice.
    for (const { groupId, ruleIds } of decided)
      await ports.closings.noteLook(groupId, fingerprintOf(ports, ruleIds), ports.now());
    return `${due.length} looked at`;
  };
