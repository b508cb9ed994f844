import { shortDigest } from '../report-frame.ts';
import type { Stage } from '../stage.ts';
import type { SweepCaution, SweepGrounds } from './grounds.ts';

const DAY_MILLISECONDS = 86_400_000;

/** The grounds of a stage as it is now. Texts on where messages go and how they look are no grounds. */
export const groundsOf = (stage: Stage, version: string): SweepGrounds => ({
  version,
  policy: shortDigest(
    JSON.stringify([
      stage.vpcIds === 'all' ? 'all' : [...stage.vpcIds].sort(),
      stage.defaultPolicy,
      stage.maximumPolicy,
      stage.minimumHealthyTargets,
      stage.maximumAdditions,
      stage.removalsPerHour,
      [...stage.managedByTags].sort(),
      stage.iacAdditions,
      stage.wideClientCidrs,
    ]),
  ),
});

/**
 * Whether a sweep has to be careful, because what it would do has not been seen under these grounds, or not for a day.
 * @param accepted the grounds under which the last sweep was let change things; `undefined` when none ever was
 * @param completedAt when a sweep last came to its end, ISO 8601
 */
export const cautionOf = (
  accepted: SweepGrounds | undefined,
  grounds: SweepGrounds,
  completedAt: string | undefined,
  now: Date,
): SweepCaution | undefined => {
  if (accepted === undefined) return 'Install';
  if (accepted.version !== grounds.version) return 'Upgrade';
  if (accepted.policy !== grounds.policy) return 'PolicyChanged';
  const isRecent = completedAt !== undefined && now.getTime() - Date.parse(completedAt) < DAY_MILLISECONDS;
  return isRecent ? undefined : 'NoSweepForADay';
};

export const sameGrounds = (a: SweepGrounds | undefined, b: SweepGrounds): boolean =>
  a?.version === b.version && a.policy === b.policy;
