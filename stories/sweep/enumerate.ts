import type { Instance } from '../../domain/instance.ts';
import type { TagFinding, TaggedGroup } from '../../domain/seating/placements.ts';
import { placementsFor } from '../../domain/seating/placements.ts';
import type { PlacedGroup } from '../../domain/sweep/slices.ts';
import { wearsOurTag } from '../../domain/tags.ts';
import type { SweepPorts } from './ports.ts';

/** Every tagged group, by ELB's own word, and who belongs there. */
export interface Fleet {
  readonly groups: readonly PlacedGroup[];
  readonly instances: number;
  /** What is wrong with tags, each once: also of instances that belong nowhere for that reason. */
  readonly findings: readonly TagFinding[];
}

/**
 * Reads every group's tags from ELB itself and every instance, and finds who belongs where. Of the instances only their ids
 * are kept. A page that fails fails it all: a fleet half read is no fleet.
 * @throws {AwsCallError}
 */
export const enumerate = async (ports: Pick<SweepPorts, 'fleet' | 'balancingFleet'>): Promise<Fleet> => {
  const all = await ports.balancingFleet.readEveryTargetGroup();
  const tags = await ports.balancingFleet.readTags(all.map(({ arn }) => arn));
  const groups: readonly TaggedGroup[] = [...tags].flatMap(([arn, each]) =>
    wearsOurTag(each) ? [{ arn, tags: each }] : [],
  );
  const placed = new Map<string, string[]>(groups.map(({ arn }) => [arn, []]));
  const findings = new Map<string, TagFinding>();
  let instances = 0;
  const take = (page: readonly Instance[]): void => {
    instances += page.length;
    const found = placementsFor(page, groups);
    for (const { targetGroupArn, instance } of found.placements) placed.get(targetGroupArn)?.push(instance.instanceId);
    for (const each of found.findings) findings.set(JSON.stringify(each), each);
  };
  await ports.fleet.readEveryInstance(take);
  return {
    instances,
    findings: [...findings.values()],
    groups: [...placed].map(([targetGroupArn, instanceIds]) => ({ targetGroupArn, instanceIds })),
  };
};
