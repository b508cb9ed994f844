import type { DeregisterTarget } from '../../domain/change.ts';
import { changeKey, targetChangeKey } from '../../domain/change.ts';
import { classicNameOf } from '../../domain/classic-load-balancer.ts';
import { destinationFor } from '../../domain/destination.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Matter } from '../../domain/ledger.ts';
import type { WithheldBecause } from '../../domain/permit.ts';
import type { Button, ReportedTarget } from '../../domain/report.ts';
import type { ObservedGroup, Staying } from '../../domain/seating/departures.ts';
import { namedGroup } from '../../domain/seating/matter.ts';
import type { NotRegistered } from '../../domain/seating/reports.ts';
import { configurationReports, notTakenOutReports } from '../../domain/seating/reports.ts';
import type { Stage } from '../../domain/stage.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import { isTagTrue, tagValue, USHER_TAG } from '../../domain/tags.ts';
import type { Target } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import { withSnooze } from '../snooze.ts';
import type { DecidedGroup } from './decide.ts';
import type { GroupPorts } from './ports.ts';

/** A target as people know it: by its instance's name, now or when it was registered. */
const reportedTarget = (
  { sights, owned, targetGroup }: ObservedGroup,
  target: Target,
  instanceId: string | undefined,
): ReportedTarget => {
  const sight = sights.get(instanceId ?? '');
  const seat = owned.get(targetChangeKey(targetGroup.arn, targetKey(target)))?.seat;
  const seen = sight?.kind === 'seen' ? sight.instance : undefined;
  return {
    // A terminated instance loses its tags; the ledger knows what people called it.
    name: tagValue(seen?.tags ?? {}, 'Name')?.trim() || seat?.name || instanceId || target.id,
    instanceId,
    port: target.port,
    availabilityZone: seen?.availabilityZone,
  };
};

/** What the ledger and the report say of a removal. A refusal is told once for each start of the instance. */
export const removalMatter = (group: ObservedGroup, { target, instanceId }: DeregisterTarget, stage: Stage): Matter => {
  const sight = group.sights.get(instanceId);
  const occasion =
    sight?.kind === 'seen'
      ? sight.instance.launchedAt.toISOString()
      : group.owned.get(targetChangeKey(group.targetGroup.arn, targetKey(target)))?.since;
  return {
    targetGroup: namedGroup(group.targetGroup),
    targets: [{ key: targetKey(target), ...reportedTarget(group, target, instanceId) }],
    findings: [],
    ...(occasion === undefined ? {} : { occasion }),
    destination: destinationFor(group.targetGroup.tags, stage),
  };
};

/** The line by which a person takes it out all the same: from a Classic balancer by name and without a port. */
const deregisterCommand = (targetGroupArn: string, { id, port }: Target): string => {
  const classic = classicNameOf(targetGroupArn);
  return classic === undefined
    ? `aws elbv2 deregister-targets --target-group-arn ${targetGroupArn} --targets Id=${id},Port=${port}`
    : `aws elb deregister-instances-from-load-balancer --load-balancer-name ${classic} --instances ${id}`;
};

const withheldFinding = (because: string, targetGroupArn: string, target: Target): Finding => ({
  reason: 'Withheld',
  severity: 'information',
  evidence: { because },
  remedy: deregisterCommand(targetGroupArn, target),
});

/** Asked for by people themselves, with a tag or a setting: listed by `status`, not said at every event. */
const QUIET: ReadonlySet<string> = new Set<WithheldBecause | Staying['because']>([
  'Ignored',
  'OtherStage',
  'OutsideVpcs',
  // Another look decides; what is never clear is the sweep's to say.
  'Unreadable',
  'NotSeen',
  // Said of the group, once, with what is wrong with its selector.
  'SelectorDoubtful',
  // Who keeps the group takes it out itself.
  'LeftToItsOwner',
]);

const item = (
  ports: GroupPorts,
  group: ObservedGroup,
  {
    target,
    instanceId,
    because,
  }: { readonly target: Target; readonly instanceId: string | undefined; readonly because: string },
): NotRegistered => ({
  targetGroup: namedGroup(group.targetGroup),
  destination: destinationFor(group.targetGroup.tags, ports.stage),
  target: reportedTarget(group, target, instanceId),
  findings: [withheldFinding(because, group.targetGroup.arn, target)],
  // Told again on another day, for what nobody did anything about.
  occasion: ports.now().toISOString().slice(0, 10),
});

/** Whether this stage may speak about a group: not another stage's, and not told to be ignored. */
const mayBeSpokenOf = ({ tags }: ObservedGroup['targetGroup'], stage: Stage): boolean =>
  (tagValue(tags, USHER_TAG.stage)?.trim() ?? stage.name) === stage.name && !isTagTrue(tags, USHER_TAG.ignore);

/** A removal that was not made, and why. */
export interface WithheldRemoval {
  readonly change: DeregisterTarget;
  readonly because: WithheldBecause;
}

const NAMES_ON_A_BUTTON = 2;

/**
 * Stores what a person's yes would let through, and answers the buttons for it. A mere recommendation is not offered: what it
 * was said of can't be looked up afresh.
 */
const offer = async (
  ports: GroupPorts,
  observed: ObservedGroup,
  withheld: readonly WithheldRemoval[],
): Promise<readonly Button[]> => {
  const answered = withheld.filter(
    ({ change, because }) => (because === 'Ask' || because === 'TooManyRemovals') && change.because !== 'Rebalance',
  );
  if (answered.length === 0) return [];
  const seats = answered.map(({ change }) => ({
    instanceId: change.instanceId,
    name: reportedTarget(observed, change.target, change.instanceId).name,
    changeKey: changeKey(change),
  }));
  const { targetGroup } = observed;
  const content = { kind: 'unseat', targetGroup: namedGroup(targetGroup), seats } as const;
  const plan = newPlan(ports.newId(), content, destinationFor(targetGroup.tags, ports.stage), ports.now());
  await ports.plans.store(plan);
  const names = seats.slice(0, NAMES_ON_A_BUTTON).map(({ name }) => name);
  const object = { kind: 'targets', names, count: seats.length, leaving: true } as const;
  return [
    { verb: 'approve', planId: plan.planId, object },
    { verb: 'reject', planId: plan.planId, object },
  ];
};

/** Says who was not taken out and why, and what is wrong with the group's own tags. */
export const tellWithheldRemovals = async (
  ports: GroupPorts,
  { observed, departures }: DecidedGroup,
  withheld: readonly WithheldRemoval[],
): Promise<void> => {
  const { targetGroup } = observed;
  if (!mayBeSpokenOf(targetGroup, ports.stage)) return;
  const said = [
    ...withheld.map(({ change: { target, instanceId }, because }) => ({ target, instanceId, because })),
    ...departures.staying.map(({ member: { target }, instanceId, because }) => ({ target, instanceId, because })),
  ];
  for (const { because, instanceId } of said) ports.log({ event: 'not-taken-out', instanceId, because });
  const items = said.filter(({ because }) => !QUIET.has(because)).map((each) => item(ports, observed, each));
  const subject = { type: 'target-group', id: targetGroup.arn, name: targetGroup.name } as const;
  const reports = [
    ...notTakenOutReports(items, ports.stage, ports.now()),
    ...configurationReports(
      departures.findings.map((finding) => ({ subject, finding })),
      () => targetGroup.tags,
      ports.stage,
      ports.now(),
    ),
  ];
  const offered = await offer(ports, observed, withheld);
  for (const report of reports) {
    const offering =
      report.body.kind === 'targets-not-taken-out' && offered.length > 0 ? { ...report, buttons: offered } : report;
    await ports.reports.publish(await withSnooze(ports, offering));
  }
};
