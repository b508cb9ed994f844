import { compareText } from '../difference.ts';

/** A tagged group, and the instances whose tags bring them there. */
export interface PlacedGroup {
  readonly targetGroupArn: string;
  readonly instanceIds: readonly string[];
}

/** What one step of a sweep looks at. */
export interface SweepSlice {
  readonly targetGroupArns: readonly string[];
  readonly instanceIds: readonly string[];
}

/** So much is looked at, judged and mended well within a function's minute, at four calls a second to ELB. */
export const INSTANCES_PER_SLICE = 400;
export const GROUPS_PER_SLICE = 15;

/**
 * Cuts a fleet into slices: groups in order, each with the instances that no group before it has, so that every instance is
 * looked at once and those of one group together.
 */
export const sliceUp = (groups: readonly PlacedGroup[]): readonly SweepSlice[] => {
  const slices: { targetGroupArns: string[]; instanceIds: string[] }[] = [];
  const placed = new Set<string>();
  const current = () => {
    const last = slices.at(-1);
    if (last !== undefined && last.instanceIds.length < INSTANCES_PER_SLICE) return last;
    const fresh = { targetGroupArns: [], instanceIds: [] };
    slices.push(fresh);
    return fresh;
  };
  for (const { targetGroupArn, instanceIds } of [...groups].sort((a, b) =>
    compareText(a.targetGroupArn, b.targetGroupArn),
  )) {
    const last = slices.at(-1);
    if (last === undefined || last.targetGroupArns.length >= GROUPS_PER_SLICE)
      slices.push({ targetGroupArns: [], instanceIds: [] });
    current().targetGroupArns.push(targetGroupArn);
    for (const instanceId of [...instanceIds].sort(compareText)) {
      if (placed.has(instanceId)) continue;
      placed.add(instanceId);
      current().instanceIds.push(instanceId);
    }
  }
  return slices;
};
