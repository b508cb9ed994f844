import type { RegisterTarget } from '../../domain/change.ts';
import { changeKey } from '../../domain/change.ts';
import type { Permission } from '../../domain/permit.ts';
import { targetKey } from '../../domain/target.ts';
import type { SeatingPorts } from './ports.ts';

/**
 * Counts the permitted registrations of instances that ran already, by group and over an hour: whichever plans they come
 * in, more than `maximumAdditions` of them wait for approval. What a person said yes to does not count.
 */
export const countAdditions = async (
  ports: Pick<SeatingPorts, 'budgets' | 'stage' | 'now'>,
  permission: Permission,
  approvedKeys: ReadonlySet<string>,
): Promise<Permission> => {
  const counting = permission.permitted.filter(
    (change): change is RegisterTarget =>
      change.kind === 'register-target' && !change.freshLaunch && !approvedKeys.has(changeKey(change)),
  );
  const refused = new Set<RegisterTarget>();
  for (const [targetGroupArn, changes] of Map.groupBy(counting, (change) => change.targetGroupArn)) {
    const names = changes.map(({ target }) => targetKey(target));
    const { maximumAdditions } = ports.stage;
    if (await ports.budgets.count(`additions#${targetGroupArn}`, maximumAdditions, names, ports.now())) continue;
    for (const change of changes) refused.add(change);
  }
  if (refused.size === 0) return permission;
  return {
    permitted: permission.permitted.filter((change) => change.kind !== 'register-target' || !refused.has(change)),
    withheld: [
      ...permission.withheld,
      ...[...refused].map((change) => ({ change, because: 'TooManyAdditions' as const })),
    ],
  };
};
