import type { Pauses } from '../aws/state/port.ts';
import type { PermitContext } from '../domain/permit.ts';

/** What is stopped: every write, and those of groups that dropped to report-only by themselves. */
export type Stops = Required<Pick<PermitContext, 'isPaused' | 'stoppedGroups'>>;

/** What is stopped at this moment. */
export const readStops = async ({
  pauses,
}: {
  readonly pauses: Pick<Pauses, 'find' | 'listStoppedGroups'>;
}): Promise<Stops> => {
  const [pause, groups] = await Promise.all([pauses.find(), pauses.listStoppedGroups()]);
  return { isPaused: pause !== undefined, stoppedGroups: new Set(groups.map(({ targetGroup }) => targetGroup.id)) };
};
