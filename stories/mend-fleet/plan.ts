import type { Change } from '../../domain/change.ts';
import { changeKey } from '../../domain/change.ts';
import { compareText } from '../../domain/difference.ts';
import type { FleetPlan, LeftAsItIs, PlanFinding, PlannedChange } from '../../domain/fleet-plan.ts';
import { instanceName } from '../../domain/instance.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { Named } from '../../domain/named.ts';
import { seatKey } from '../../domain/network/model.ts';
import type { WithheldBecause } from '../../domain/permit.ts';
import type { Report } from '../../domain/report.ts';
import { namedGroup, namedSecurityGroup, ruleMatter, seatsByKey } from '../../domain/seating/matter.ts';
import { targetGroupName } from '../../domain/seating/placements.ts';
import type { Stage } from '../../domain/stage.ts';
import { sliceUp } from '../../domain/sweep/slices.ts';
import { targetKey } from '../../domain/target.ts';
import { ruleNotWritten, staysBlocked } from '../seat-instances/plan-paths.ts';
import type { Witnessed } from '../seat-instances/witness.ts';
import { settleLedger } from '../settle-ledger/story.ts';
import { enumerate } from '../sweep/enumerate.ts';
import type { GroupUnseating } from '../unseat-instances/ports.ts';
import type { Mended } from './mend.ts';
import { hearingOfChanges, mendFleet } from './mend.ts';
import type { Progress } from './ports.ts';
import type { RehearsalPorts } from './rehearsal.ts';
import { rehearsing } from './rehearsal.ts';

const groupOf = (arn: string): Named => ({ id: arn, name: targetGroupName(arn) });

const withheldFrom = (
  { leased, decided }: Witnessed,
  stage: Stage,
  { change, because }: { readonly change: Change; readonly because: WithheldBecause },
): LeftAsItIs => {
  const left = { what: change.kind, targetGroup: groupOf(change.targetGroupArn), because, findings: [] };
  switch (change.kind) {
    case 'register-target': {
      const found = leased.seats.find(({ instance }) => instance.instanceId === change.instanceId);
      const name = found === undefined ? change.target.id : instanceName(found.instance);
      return { ...left, of: { id: change.instanceId, name } };
    }
    case 'deregister-target':
      return { ...left, of: { id: change.instanceId, name: change.instanceId } };
    case 'authorize-rule': {
      const of = namedSecurityGroup(change.groupId, decided.network);
      const matter = ruleMatter(change, seatsByKey(leased.seats), decided.network, stage);
      const { code } = ruleNotWritten(change, because, matter);
      return { ...left, of, ...(code === undefined ? {} : { code }) };
    }
    case 'revoke-rule':
      return { ...left, of: namedSecurityGroup(change.groupId, decided.network) };
    case 'create-security-group':
    case 'delete-security-group':
    case 'attach-security-group':
    case 'detach-security-group':
      return { ...left, of: { id: change.groupName, name: change.groupName } };
  }
};

const blockedIn = ({ leased, decided }: Witnessed): readonly LeftAsItIs[] =>
  leased.seats
    .filter(({ seat }) => staysBlocked(seatKey(seat), decided, decided.obstacles))
    .map(({ seat, instance }) => ({
      what: 'path',
      targetGroup: namedGroup(seat.targetGroup),
      of: { id: instance.instanceId, name: instanceName(instance) },
      because: 'Blocked',
      findings: (decided.obstacles.get(seatKey(seat)) ?? []).filter(({ severity }) => severity !== 'information'),
    }));

/** Who would be registered, had not something happened to the seat minutes ago: reads lag, so another look decides. */
const waitedFor = ({ leased, decided }: Witnessed): readonly LeftAsItIs[] =>
  leased.seats
    .filter(({ instance }) => decided.unseen.has(instance.instanceId) || decided.awaiting.has(instance.instanceId))
    .filter(({ seat: { targetGroup, target }, owner }) => {
      const members = decided.members.get(targetGroup.arn) ?? [];
      const isIn = members.some(
        (member) => member.state !== 'draining' && targetKey(member.target) === targetKey(target),
      );
      return owner === undefined && !isIn;
    })
    .map(({ seat, instance }) => ({
      what: 'register-target',
      targetGroup: namedGroup(seat.targetGroup),
      of: { id: instance.instanceId, name: instanceName(instance) },
      because: 'JustNow',
      findings: [],
    }));

const leftInGroup = ({ targetGroup, permission, staying }: GroupUnseating): readonly LeftAsItIs[] => {
  const left = { what: 'deregister-target', targetGroup: namedGroup(targetGroup), findings: [] } as const;
  const named = (instanceId: string | undefined, target: string): Named => {
    const id = instanceId || target;
    return { id, name: id };
  };
  return [
    ...permission.withheld.flatMap(({ change, because }) =>
      change.kind === 'deregister-target' ? [{ ...left, of: named(change.instanceId, change.target.id), because }] : [],
    ),
    ...staying.map(({ member, instanceId, because }) => ({
      ...left,
      of: named(instanceId, member.target.id),
      because,
    })),
  ];
};

const leftWithRules = ({ leftAlone }: Mended): readonly LeftAsItIs[] =>
  leftAlone.flatMap(({ because, names }) =>
    names.map((name) => ({
      what: 'revoke-rule' as const,
      targetGroup: { id: '', name: '' },
      of: { id: name, name },
      because,
      findings: [],
    })),
  );

const keyOf = ({ targetGroup, what, of, because }: LeftAsItIs): string =>
  `${targetGroup.name}|${targetGroup.id}|${what}|${of.name}|${of.id}|${because}`;

/** Each once, in order: the same security group may stay closed for many targets. */
const inOrder = (items: readonly LeftAsItIs[]): readonly LeftAsItIs[] =>
  [...new Map(items.map((item) => [keyOf(item), item]))].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);

/** What is wrong with tags, and with instances that can't be registered. What is merely withheld is told of as that. */
const findingsIn = ({ body }: Report): readonly PlanFinding[] => {
  switch (body.kind) {
    case 'configuration-findings':
      return body.findings.map((finding) => ({
        subject: { id: body.subject.id, name: body.subject.name },
        targetGroup: undefined,
        finding,
      }));
    case 'targets-not-registered':
      return body.targets.flatMap(({ name, instanceId, findings }) =>
        findings
          .filter(({ reason }) => reason !== 'Withheld')
          .map((finding) => ({ subject: { id: instanceId ?? name, name }, targetGroup: body.targetGroup, finding })),
      );
    default:
      return [];
  }
};

const eachOnce = (findings: readonly PlanFinding[]): readonly PlanFinding[] => [
  ...new Map(
    findings.map((each) => [`${each.subject.id}|${each.targetGroup?.id}|${JSON.stringify(each.finding)}`, each]),
  ).values(),
];

const plannedOf = (entries: readonly LedgerEntry[]): readonly PlannedChange[] =>
  [...new Map(entries.map(({ change, matter }) => [changeKey(change), { change, matter }]))]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, planned]) => planned);

/**
 * Plans the whole fleet by rehearsing its mending: reads the world as it is, and writes nothing anywhere.
 * @throws whatever a read of AWS failed with: a fleet half read is no plan
 */
export const planFleet =
  (ports: RehearsalPorts) =>
  async (progress: Progress = () => {}): Promise<FleetPlan> => {
    const said: Report[] = [];
    const rehearsal = rehearsing(ports, async (report) => {
      said.push(report);
    });
    const [runId, at] = [ports.newId(), ports.now()];
    await settleLedger(rehearsal);
    said.length = 0; // what is still to be told of the past is no plan
    const { groups, instances, findings } = await enumerate(rehearsal);
    const slices = sliceUp(groups);
    const { state } = await ports.sweeps.read();
    const entries: LedgerEntry[] = [];
    const mended = await mendFleet(
      hearingOfChanges(rehearsal, (entry) => entries.push(entry)),
      { runId, startedAt: at, slices, unneeded: state.record.unneeded },
      progress,
    );
    return {
      runId,
      at,
      instances,
      targetGroups: groups.length,
      slices,
      changes: plannedOf(entries),
      leftAsItIs: inOrder([
        ...mended.looks.flatMap((look) =>
          look.decided.permission.withheld.map((one) => withheldFrom(look, ports.stage, one)),
        ),
        ...mended.looks.flatMap(blockedIn),
        ...mended.looks.flatMap(waitedFor),
        ...mended.unseated.flatMap(leftInGroup),
        ...leftWithRules(mended),
        ...mended.leftOpen,
      ]),
      findings: eachOnce([
        ...findings.map(({ subject: { id, name }, finding }) => ({
          subject: { id, name },
          targetGroup: undefined,
          finding,
        })),
        ...said.flatMap(findingsIn),
      ]),
      pause: await ports.pauses.find(),
    };
  };
