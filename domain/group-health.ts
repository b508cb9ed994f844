import { compareText } from './difference.ts';
import type { Instance } from './instance.ts';
import { instanceName } from './instance.ts';
import type { GroupHealth, ImageDifference } from './report.ts';
import { autoScalingGroupOf } from './seating/membership.ts';
import type { TargetHealth } from './target.ts';

/** So many names say who is meant; the others are counted. */
const NAMES_KEPT = 2;

const isHealthy = ({ state }: TargetHealth): boolean => state === 'healthy';
const isLeaving = ({ state }: TargetHealth): boolean => state === 'draining';

type Instances = ReadonlyMap<string, Instance>;

const byId = (instances: readonly Instance[]): Instances =>
  new Map(instances.map((instance) => [instance.instanceId, instance]));

/** The zone of a target: its instance's, else what it was registered with; `all` is no zone. @see facts 2.2 */
const zoneOf = ({ target }: TargetHealth, instances: Instances): string | undefined => {
  const zone = instances.get(target.id)?.availabilityZone ?? target.availabilityZone;
  return zone === 'all' ? undefined : zone;
};

/** Healthy targets by zone, also of zones where none is; absent unless the zone of each of the healthy is known. */
const zonesOf = (members: readonly TargetHealth[], instances: Instances): Pick<GroupHealth, 'zones'> => {
  const healthy = members.filter(isHealthy).map((member) => zoneOf(member, instances));
  if (healthy.length === 0 || healthy.includes(undefined)) return {};
  const names = members.filter((member) => !isLeaving(member)).flatMap((member) => zoneOf(member, instances) ?? []);
  return {
    zones: [...new Set(names)]
      .sort(compareText)
      .map((name) => ({ name, healthy: healthy.filter((zone) => zone === name).length })),
  };
};

/** The first few names, where names tell everybody apart. Instances that one group launches often share one. */
const tellingNames = (instances: readonly (Instance | undefined)[]): readonly string[] => {
  const names = instances.flatMap((instance) => (instance === undefined ? [] : [instanceName(instance)]));
  const areTelling = names.length === instances.length && new Set(names).size === names.length;
  return areTelling ? names.sort(compareText).slice(0, NAMES_KEPT) : [];
};

/**
 * Healthy members of all that are not leaving; with their zones and names as far as `instances` tell them.
 * @param instances of the group; those that could not be read are missing
 */
export const groupHealth = (members: readonly TargetHealth[], instances: readonly Instance[] = []): GroupHealth => {
  const known = byId(instances);
  const healthy = members.filter(isHealthy);
  const names = tellingNames(healthy.map(({ target }) => known.get(target.id)));
  return {
    healthy: healthy.length,
    total: members.filter((member) => !isLeaving(member)).length,
    ...zonesOf(members, known),
    ...(names.length === 0 ? {} : { names }),
  };
};

/** Instances that run another AMI than all the others, who agree. */
export interface UnlikeOthers {
  readonly instances: readonly Instance[];
  readonly others: readonly Instance[];
}

/**
 * Those of the told whose AMI differs from that of every other healthy target of the group; `undefined` where there is no
 * other, where the others differ among themselves, or where the AMI of one of them is not known.
 * @param told ids of the instances that a report is about
 */
export const unlikeOthers = (
  told: readonly string[],
  members: readonly TargetHealth[],
  instances: readonly Instance[],
): UnlikeOthers | undefined => {
  const known = byId(instances);
  const otherIds = new Set(
    members.filter((member) => isHealthy(member) && !told.includes(member.target.id)).map(({ target }) => target.id),
  );
  const others = [...otherIds].flatMap((id) => known.get(id) ?? []);
  const [image, ...furtherImages] = new Set(others.map(({ imageId }) => imageId));
  if (others.length < otherIds.size || image === undefined || furtherImages.length > 0) return undefined;
  const different = [...new Set(told)]
    .flatMap((id) => known.get(id) ?? [])
    .filter(({ imageId }) => imageId !== undefined && imageId !== image);
  return different.length === 0 ? undefined : { instances: different, others };
};

/** What is said of them. */
export const imageDifference = ({ instances, others }: UnlikeOthers): ImageDifference => ({
  names: instances.slice(0, NAMES_KEPT).map(instanceName),
  count: instances.length,
  otherNames: tellingNames(others),
  otherCount: others.length,
});

/** The Auto Scaling group that launched all of these instances; `undefined` where another hand had a part. */
export const launchedBy = (told: readonly string[], instances: readonly Instance[]): string | undefined => {
  const known = byId(instances);
  const [group, ...others] = new Set(
    told.map((id) => {
      const instance = known.get(id);
      return instance === undefined ? undefined : autoScalingGroupOf(instance.tags);
    }),
  );
  return others.length === 0 ? group : undefined;
};
