import { compareText } from '../../difference.ts';
import type { Evidence } from '../evidence.ts';
import type { Member } from '../members.ts';
import { membersOf } from '../members.ts';
import type { Check } from './check.ts';
import { about } from './check.ts';

/**
 * Instance families whose frames hold 1,500 bytes. All current ones take jumbo frames, and of the previous ones these do not;
 * of those long withdrawn, whose page is gone, nothing is said.
 * @see EC2 user guide, "Network maximum transmission unit (MTU) for your EC2 instance", jumbo frames
 */
const SMALL_FRAMES: ReadonlySet<string | undefined> = new Set(['t1', 'm1', 'm2', 'c1']);

const hasSmallFrames = ({ instance }: Member): boolean =>
  SMALL_FRAMES.has(instance?.instanceType?.split('.', 1)[0]?.toLowerCase());

/** A health check's packets are small: that one fails has nothing to do with how large a packet may be. */
const isAboutHealth = ({ symptom: { kind } }: Evidence): boolean =>
  kind === 'unhealthy-hosts' || kind === 'too-few-healthy-hosts';

const typesOf = (members: readonly Member[]): string =>
  [...new Set(members.flatMap(({ instance }) => instance?.instanceType ?? []))].sort(compareText).join(', ');

/**
 * A gateway sends an appliance up to 8,500 bytes in 68 of GENEVE, splits none and tells nobody that one was too large (facts 4).
 * Which types can't take them is known; what MTU is set on the others is not, so whoever asks for advice is told to look.
 */
export const checkPacketSizes: Check = (evidence) => {
  if (evidence.subject.kind !== 'gateway' || isAboutHealth(evidence)) return [];
  const members = membersOf(evidence);
  const small = members.filter(hasSmallFrames);
  const isAdviceWanted = evidence.symptom.kind === 'other';
  const unseen = isAdviceWanted ? members.filter((member) => !hasSmallFrames(member)) : [];
  return [
    ...about(small, evidence, 'ApplianceMtuTooSmall', 'warning', { instanceType: typesOf(small) }),
    ...about(unseen, evidence, 'ApplianceMtuUnseen', 'information', {}, 'ip link show'),
  ];
};
