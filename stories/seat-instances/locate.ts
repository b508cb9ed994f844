import type { Instance } from '../../domain/instance.ts';
import type { TagChange } from '../../domain/seating/holds.ts';
import type { Placements, TaggedGroup } from '../../domain/seating/placements.ts';
import { namesGroups, placementsFor } from '../../domain/seating/placements.ts';
import type { SeatingPorts, Sighting } from './ports.ts';

/** What the ids of some events turned out to be. */
export interface Located extends Placements {
  readonly running: readonly Instance[];
  /** Visible, but gone or going: nothing to seat. */
  readonly notRunning: readonly Instance[];
  /** Not visible yet, or `pending`. */
  readonly notYet: readonly Sighting[];
  readonly groups: readonly TaggedGroup[];
  /** Changes of tags that brought us here, by instance id. */
  readonly tagChanges: ReadonlyMap<string, readonly TagChange[]>;
}

/** Reads the instances and the tagged groups, and finds who belongs where. One read of groups serves all instances. */
export const locate = async (ports: SeatingPorts, sightings: readonly Sighting[]): Promise<Located> => {
  const instances = await ports.ec2.readInstances(sightings.map(({ instanceId }) => instanceId));
  const running = instances.filter(({ state }) => state === 'running');
  const seen = new Set(instances.filter(({ state }) => state !== 'pending').map(({ instanceId }) => instanceId));
  const groups =
    running.length === 0
      ? []
      : await ports.tagging.readTargetGroups(running.some(namesGroups) ? 'with-any-tag' : 'with-selector');
  return {
    ...placementsFor(running, groups),
    running,
    notRunning: instances.filter(({ state }) => state !== 'running' && state !== 'pending'),
    notYet: sightings.filter(({ instanceId }) => !seen.has(instanceId)),
    groups,
    tagChanges: new Map(sightings.map(({ instanceId, tagChanges }) => [instanceId, tagChanges ?? []])),
  };
};
