import { AwsCallError } from '../aws/aws-call-error.ts';
import type { Ec2Reader } from '../aws/ec2/port.ts';
import type { Instance } from '../domain/instance.ts';
import { isInstanceId } from '../domain/instance.ts';
import type { TargetHealth } from '../domain/target.ts';
import type { Log } from './log.ts';

/** As many as one call takes by its filter; a larger group is told of without zones. */
const MOST_READ = 200;

/** Instances worth one call about a group: those named and its members; of a group too large for that, only those named. */
export const memberIds = (members: readonly TargetHealth[], named: readonly string[]): readonly string[] => {
  const all = new Set([...named, ...members.map(({ target }) => target.id).filter(isInstanceId)]);
  return all.size > MOST_READ ? [...new Set(named)] : [...all];
};

/**
 * Instances of a group for what a report adds about it, in one call. None when that fails: the message is worth more than
 * its zones.
 */
export const readMembers = async (
  { ec2, log }: { readonly ec2: Pick<Ec2Reader, 'readInstances'>; readonly log: Log },
  members: readonly TargetHealth[],
  named: readonly string[] = [],
): Promise<readonly Instance[]> => {
  const ids = memberIds(members, named);
  if (ids.length === 0 || ids.length > MOST_READ) return [];
  try {
    return await ec2.readInstances(ids);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    log({ event: 'members-not-read', because: error.message });
    return [];
  }
};
