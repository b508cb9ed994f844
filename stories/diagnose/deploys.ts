import { classicNameOf } from '../../domain/classic-load-balancer.ts';
import type { Deploy } from '../../domain/diagnosis/evidence.ts';
import type { Reading } from '../../domain/reading.ts';
import type { RecentChange, Touched } from '../../domain/recent-change.ts';
import type { GatheringPorts } from './ports.ts';
import { readingOf } from './reading.ts';

/** What went in or out within this time may still be under way. */
const MOMENTS_SECONDS = 600;

const MEMBERSHIP: ReadonlySet<string> = new Set([
  'RegisterTargets',
  'DeregisterTargets',
  'RegisterInstancesWithLoadBalancer',
  'DeregisterInstancesFromLoadBalancer',
]);

/** A group as CloudTrail names it: by its ARN, or a Classic balancer by its name. */
export const touchedGroup = (targetGroupArn: string): Touched => {
  const name = classicNameOf(targetGroupArn);
  return name === undefined
    ? { kind: 'target-group', id: targetGroupArn }
    : { kind: 'classic-load-balancer', id: name };
};

/** CodeDeploy takes instances out and puts them in by a role that a person chose; its session says who it is. */
const isCodeDeploy = ({ action, by }: RecentChange): boolean =>
  MEMBERSHIP.has(action) && by.via === 'service' && /codedeploy/i.test(`${by.name} ${by.roleName ?? ''}`);

const refreshesOf = async (ports: GatheringPorts, groupNames: readonly string[]): Promise<readonly Deploy[]> => {
  const all = await Promise.all(
    groupNames.map(async (name): Promise<readonly Deploy[]> => {
      const since = await ports.runningRefreshes.readRunningRefresh(name);
      return since === undefined ? [] : [{ kind: 'instance-refresh', name, since }];
    }),
  );
  return all.flat();
};

const codeDeployOf = async (ports: GatheringPorts, targetGroupArn: string, since: Date): Promise<readonly Deploy[]> => {
  const [first] = (await ports.recentChanges.list(touchedGroup(targetGroupArn), since)).filter(isCodeDeploy);
  return first === undefined ? [] : [{ kind: 'codedeploy', name: first.by.name, since: first.at }];
};

/** Registrations of our own; the first of them names whom. */
const registrationsOf = async (
  ports: GatheringPorts,
  targetGroupArn: string,
  since: Date,
): Promise<readonly Deploy[]> => {
  const entries = await ports.ledger.listRecent([targetGroupArn], since, ports.now());
  const [first] = entries.filter(({ change, status }) => change.kind === 'register-target' && status === 'applied');
  if (first === undefined) return [];
  const name = first.matter.targets[0]?.name ?? '-';
  return [{ kind: 'registration', name, since: new Date(first.settledAt ?? first.intendedAt) }];
};

/** What puts targets into a group, or takes them out, at this moment. */
export const readDeploys = (
  ports: GatheringPorts,
  targetGroupArn: string,
  autoScalingGroups: readonly string[],
): Promise<Reading<readonly Deploy[]>> =>
  readingOf(async () => {
    const since = new Date(ports.now().getTime() - MOMENTS_SECONDS * 1000);
    const all = await Promise.all([
      refreshesOf(ports, autoScalingGroups),
      codeDeployOf(ports, targetGroupArn, since),
      registrationsOf(ports, targetGroupArn, since),
    ]);
    return all.flat();
  });
