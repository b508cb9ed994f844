import { isClosing } from '../../domain/change.ts';
import { destinationFor } from '../../domain/destination.ts';
import { groupHealth, launchedBy } from '../../domain/group-health.ts';
import type { Instance } from '../../domain/instance.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import { seatKey, seatKeyOf } from '../../domain/network/model.ts';
import { withoutHealthyOf } from '../../domain/network/required-flows.ts';
import { identityOf, reportOf } from '../../domain/report-frame.ts';
import { namedGroup, reportedTarget } from '../../domain/seating/matter.ts';
import { isFreshLaunch } from '../../domain/seating/plan.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import { tellingOf } from '../../domain/telling.ts';
import { readMembers } from '../group-members.ts';
import type { Decided } from './decide.ts';
import type { Obstacles } from './plan-paths.ts';
import { staysBlocked } from './plan-paths.ts';
import type { SeatingPorts } from './ports.ts';

const launching = (instance: Instance): { readonly launchedBy?: string } => {
  const name = launchedBy([instance.instanceId], [instance]);
  return name === undefined ? {} : { launchedBy: name };
};

interface Seen {
  readonly obstacles: Obstacles;
  /** What this run changed: its targets are followed, and told of then. */
  readonly entries: readonly LedgerEntry[];
  readonly decided: Pick<Decided, 'blocked' | 'unreached' | 'members'>;
}

/** Whose changes a watch has still to tell of, in one group: what stands in their way it tells besides. */
const followedAlready = async (ports: SeatingPorts, targetGroupArn: string): Promise<ReadonlySet<string>> => {
  const open = await ports.ledger.listOpen(targetGroupArn);
  return new Set(
    open
      .filter(({ status, change }) => status === 'applied' && !isClosing(change))
      .flatMap((entry) =>
        entry.matter.targets.filter(({ key }) => tellingOf(entry, key) !== 'closed').map(({ key }) => key),
      ),
  );
};

/**
 * Says of targets that somebody else registered, or will (Auto Scaling), that their path is blocked and why Usher did not
 * open it: for fresh launches, for whoever has been running so longer has alarms that say it. Healthy ones are left alone
 * unless it is their traffic that is blocked, and the same obstacle of the same launch is told once.
 */
export const tellBlocked = async (
  ports: SeatingPorts,
  seats: readonly DesiredSeat[],
  { obstacles, entries, decided }: Seen,
): Promise<void> => {
  const followed = new Set(
    entries.flatMap(({ targetGroupArn, matter }) => matter.targets.map(({ key }) => seatKeyOf(targetGroupArn, key))),
  );
  const read = new Map<string, readonly Instance[]>();
  const instancesOf = async (arn: string, members: readonly TargetHealth[]): Promise<readonly Instance[]> => {
    const instances = read.get(arn) ?? (await readMembers(ports, members));
    read.set(arn, instances);
    return instances;
  };
  for (const { seat, instance } of seats) {
    if (!isFreshLaunch(instance, ports.now())) continue;
    if (!staysBlocked(seatKey(seat), decided, obstacles)) continue;
    const findings = (obstacles.get(seatKey(seat)) ?? []).filter(({ severity }) => severity !== 'information');
    const group = decided.members.get(seat.targetGroup.arn);
    if (group === undefined || followed.has(seatKey(seat))) continue;
    const health = group.find(({ target }) => targetKey(target) === targetKey(seat.target));
    if (health?.state === 'draining' || (health?.state === 'healthy' && !decided.unreached.has(seatKey(seat))))
      continue;
    if ((await followedAlready(ports, seat.targetGroup.arn)).has(targetKey(seat.target))) continue;
    const withoutHealthy = withoutHealthyOf(seat.targetGroup);
    const launchedAt = instance.launchedAt.toISOString();
    await ports.reports.publish(
      reportOf(
        ports.stage,
        {
          destination: destinationFor(seat.targetGroup.tags, ports.stage),
          matter: seat.targetGroup.arn,
          severity: 'warning',
          identity: `blocked|${targetKey(seat.target)}|${launchedAt}|${identityOf(findings)}`,
        },
        {
          kind: 'targets-not-in-service',
          targetGroup: namedGroup(seat.targetGroup),
          targets: [
            {
              ...reportedTarget(instance, seat.target.port),
              state: health?.state ?? 'not-registered',
              reason: health?.reason,
              description: health?.description,
              sinceSeconds: Math.max(0, Math.round((ports.now().getTime() - instance.launchedAt.getTime()) / 1000)),
            },
          ],
          health: groupHealth(group, await instancesOf(seat.targetGroup.arn, group)),
          ...(withoutHealthy === undefined ? {} : { withoutHealthy }),
          network: 'blocked',
          findings,
          changes: [],
          looksAgainEverySeconds: undefined,
          ...launching(instance),
        },
        ports.now(),
      ),
    );
  }
};
