import type { RegisterTarget } from '../../domain/change.ts';
import { changeKey, targetChangeKey } from '../../domain/change.ts';
import { classicNameOf } from '../../domain/classic-load-balancer.ts';
import { destinationFor } from '../../domain/destination.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Instance } from '../../domain/instance.ts';
import type { WithheldBecause } from '../../domain/permit.ts';
import type { Button, Report } from '../../domain/report.ts';
import { namedGroup, reportedTarget } from '../../domain/seating/matter.ts';
import type { NotRegistered } from '../../domain/seating/reports.ts';
import { configurationReports, notRegisteredReports, unseatableItems } from '../../domain/seating/reports.ts';
import type { DesiredSeat, Unseatable } from '../../domain/seating/seats.ts';
import { newPlan, PLAN_LIFETIME_SECONDS } from '../../domain/stored-plan.ts';
import { isTagTrue, tagValue, USHER_TAG } from '../../domain/tags.ts';
import { targetKey } from '../../domain/target.ts';
import { withSnooze } from '../snooze.ts';
import type { Decided } from './decide.ts';
import type { Located } from './locate.ts';
import type { SeatingPorts } from './ports.ts';

/**
 * Reasons people asked for themselves by a tag or a setting: listed by `status`, not said at every launch. And what was said
 * when it was taken out, or is when it was waited for long enough.
 */
const QUIET: ReadonlySet<WithheldBecause> = new Set(['Ignored', 'OtherStage', 'OutsideVpcs', 'Leaving', 'NotReady']);

const publish = async (ports: SeatingPorts, reports: readonly Report[]): Promise<void> => {
  for (const report of reports) await ports.reports.publish(await withSnooze(ports, report));
};

/** Whether this stage may speak about a group: not another stage's, and not told to be ignored. */
const isOurs = (tags: DesiredSeat['seat']['targetGroup']['tags'], ports: SeatingPorts): boolean =>
  (tagValue(tags, USHER_TAG.stage)?.trim() ?? ports.stage.name) === ports.stage.name &&
  !isTagTrue(tags, USHER_TAG.ignore);

/** Whether this stage may speak about an instance: in one of its VPCs, where it has some. */
const isInScope = ({ vpcId }: Pick<Instance, 'vpcId'>, { stage }: SeatingPorts): boolean =>
  stage.vpcIds === 'all' || (vpcId !== undefined && stage.vpcIds.includes(vpcId));

/** Says which tags can't mean what their writer meant. */
export const tellConfiguration = async (ports: SeatingPorts, located: Located): Promise<void> => {
  const groups = new Map(located.groups.map(({ arn, tags }) => [arn, tags]));
  const running = located.running.filter((instance) => isInScope(instance, ports));
  // What brought us here is another stage's, groups included.
  if (running.length === 0) return;
  const instances = new Map(running.map(({ instanceId, tags }) => [instanceId, tags]));
  const tagsOf = ({ id }: { readonly id: string }) => groups.get(id) ?? instances.get(id) ?? {};
  const findings = located.findings
    .filter(({ subject }) => subject.type === 'target-group' || instances.has(subject.id))
    .filter(({ subject }) => isOurs(tagsOf(subject), ports));
  await publish(ports, configurationReports(findings, tagsOf, ports.stage, ports.now()));
};

/** Says who belongs into a group and can't be registered there. */
export const tellUnseatable = async (ports: SeatingPorts, unseatable: readonly Unseatable[]): Promise<void> => {
  const said = unseatable
    .filter(({ targetGroup }) => isOurs(targetGroup.tags, ports))
    .filter(({ instance }) => isInScope(instance, ports) && !isTagTrue(instance.tags, USHER_TAG.ignore));
  await publish(ports, notRegisteredReports(unseatableItems(said, ports.stage, ports.now()), ports.stage, ports.now()));
};

/** The line by which a person registers it: with a Classic balancer by name and without a port. */
export const registerCommand = ({ targetGroupArn, target }: RegisterTarget): string => {
  const classic = classicNameOf(targetGroupArn);
  return classic === undefined
    ? `aws elbv2 register-targets --target-group-arn ${targetGroupArn} --targets Id=${target.id},Port=${target.port}`
    : `aws elb register-instances-with-load-balancer --load-balancer-name ${classic} --instances ${target.id}`;
};

/** Said with the line by which a person does it all the same. */
const withheldFinding = (because: WithheldBecause, change: RegisterTarget): Finding => ({
  reason: 'Withheld',
  severity: 'information',
  evidence: { because },
  remedy: registerCommand(change),
});

/** A registration that was withheld, as something to tell. */
interface Withheld extends NotRegistered {
  readonly change: RegisterTarget;
  readonly because: WithheldBecause;
}

/** What a person's yes would let through, and by which button. What is report-only has none. */
const ANSWERED_BY: Partial<Readonly<Record<WithheldBecause, 'approve' | 'put-it-back'>>> = {
  Ask: 'approve',
  TooManyAdditions: 'approve',
  Held: 'put-it-back',
};

const NAMES_ON_A_BUTTON = 2;

/** Stores what could be done about some withheld registrations of one group, and answers the buttons for it. */
const offer = async (ports: SeatingPorts, items: readonly Withheld[]): Promise<readonly Button[]> => {
  const buttons: Button[] = [];
  for (const verb of ['approve', 'put-it-back'] as const) {
    const answered = items.filter(({ because }) => ANSWERED_BY[because] === verb);
    const [first] = answered;
    if (first === undefined) continue;
    const plan = newPlan(
      ports.newId(),
      {
        kind: 'seat',
        targetGroup: first.targetGroup,
        seats: answered.map(({ change, target }) => ({
          instanceId: change.instanceId,
          name: target.name,
          changeKey: changeKey(change),
        })),
      },
      first.destination,
      ports.now(),
    );
    await ports.plans.store(plan);
    const names = answered.slice(0, NAMES_ON_A_BUTTON).map(({ target }) => target.name);
    const object = { kind: 'targets', names, count: answered.length } as const;
    buttons.push({ verb, planId: plan.planId, object });
    if (verb === 'approve') buttons.push({ verb: 'reject', planId: plan.planId, object });
  }
  return buttons;
};

/**
 * What a withheld registration is told once for. A hold of what we put back is another hold; an offer that was let lapse is
 * made again, once its time is over.
 */
const occasionOf = (
  because: WithheldBecause,
  { launchedAt }: Instance,
  since: string | undefined,
  now: Date,
): string => {
  const launch = launchedAt.toISOString();
  if (because === 'Held') return `${launch}|${since ?? '-'}`;
  if (because !== 'Ask' && because !== 'TooManyAdditions') return launch;
  const lifetimes = Math.floor((now.getTime() - launchedAt.getTime()) / (PLAN_LIFETIME_SECONDS * 1000));
  return `${launch}|${lifetimes}`;
};

/** Says which registrations a policy, an undoing or a brake kept back; those that people asked to be left alone are only logged. */
export const tellWithheld = async (
  ports: SeatingPorts,
  seats: readonly DesiredSeat[],
  { permission: { withheld }, heldSince, takenAway }: Pick<Decided, 'permission' | 'heldSince' | 'takenAway'>,
): Promise<void> => {
  const items = withheld.flatMap(({ change, because }): readonly Withheld[] => {
    ports.log({ event: 'withheld', change: change.kind, because });
    if (change.kind !== 'register-target' || QUIET.has(because)) return [];
    // Said by `tellHeld`, with who did it.
    if (because === 'Held' && takenAway.has(changeKey(change))) return [];
    const found = seats.find(
      ({ seat }) =>
        seat.targetGroup.arn === change.targetGroupArn && targetKey(seat.target) === targetKey(change.target),
    );
    if (found === undefined) return [];
    return [
      {
        change,
        because,
        targetGroup: namedGroup(found.seat.targetGroup),
        destination: destinationFor(found.seat.targetGroup.tags, ports.stage),
        target: reportedTarget(found.instance, change.target.port),
        findings: [withheldFinding(because, change)],
        occasion: occasionOf(because, found.instance, heldSince.get(changeKey(change)), ports.now()),
      },
    ];
  });
  for (const report of notRegisteredReports(items, ports.stage, ports.now())) {
    const buttons = await offer(
      ports,
      items.filter(({ targetGroup }) => targetGroup.id === report.matter),
    );
    const offering = buttons.length === 0 ? report : { ...report, buttons };
    await ports.reports.publish(await withSnooze(ports, offering));
  }
};

const notReady = (ready: string): Finding => ({ reason: 'NotReady', severity: 'warning', evidence: { ready } });

/** Says who is not ready for a group that waits for it, after all looks there are: once for each launch. */
export const tellNotReady = async (
  ports: SeatingPorts,
  seats: readonly DesiredSeat[],
  { permission: { withheld } }: Pick<Decided, 'permission'>,
  instanceIds: ReadonlySet<string>,
): Promise<void> => {
  const keys = new Set(withheld.flatMap(({ change, because }) => (because === 'NotReady' ? [changeKey(change)] : [])));
  const waited = seats.filter(
    ({ seat: { targetGroup, target }, instance }) =>
      instanceIds.has(instance.instanceId) && keys.has(targetChangeKey(targetGroup.arn, targetKey(target))),
  );
  const items = waited.map(({ seat: { targetGroup, target }, instance }) => ({
    targetGroup: namedGroup(targetGroup),
    destination: destinationFor(targetGroup.tags, ports.stage),
    target: reportedTarget(instance, target.port),
    findings: [notReady(tagValue(targetGroup.tags, USHER_TAG.ready) ?? '')],
    occasion: instance.launchedAt.toISOString(),
  }));
  await publish(ports, notRegisteredReports(items, ports.stage, ports.now()));
};
