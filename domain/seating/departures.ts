import type { DeregisterTarget, GoneBecause } from '../change.ts';
import { targetChangeKey } from '../change.ts';
import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { Instance } from '../instance.ts';
import { isInstanceId } from '../instance.ts';
import type { Ownership } from '../ledger.ts';
import type { Reading } from '../reading.ts';
import { selectorsOf, selectorText } from '../selector.ts';
import { isTagTrue, USHER_TAG } from '../tags.ts';
import type { TargetHealth } from '../target.ts';
import { targetKey } from '../target.ts';
import type { TargetGroup } from '../target-group.ts';
import { lifecycleFate } from './lifecycle.ts';
import { groupOwner } from './membership.ts';

/** What came of looking for an instance. That it is not there is no more than one read's word. */
export type InstanceSight =
  | {
      readonly kind: 'seen';
      readonly instance: Instance;
      /** Where its Auto Scaling group has it in its life cycle; `undefined` outside of one. */
      readonly lifecycleState?: string | undefined;
    }
  | {
      readonly kind: 'absent';
      /** Whether a look a minute or more ago didn't find it either. */
      readonly wasAbsentBefore: boolean;
      /** Whether an event said that it was terminated. */
      readonly saidTerminated: boolean;
    }
  | { readonly kind: 'unreadable' };

/** AWS said that a running instance goes, or may go. Counts for the instance as it was started then, and no later. */
export interface DepartureSign {
  readonly kind: 'SpotInterruption' | 'Rebalance';
  /** By AWS's clock. */
  readonly at: Date;
}

/** One group with all of its targets, as read under its lease. A group that could not be read has none of these. */
export interface ObservedGroup {
  readonly targetGroup: TargetGroup;
  readonly members: readonly TargetHealth[];
  /** What the ledger says we put there, by change key. */
  readonly owned: ReadonlyMap<string, Ownership>;
  /** Keys of the targets that tags say belong here. */
  readonly desired: ReadonlySet<string>;
  /** Instances of which tags don't tell whether, or how, they belong here: they stay as they are. */
  readonly undecided: ReadonlySet<string>;
  /** By id: every instance that a target is, or was registered for. */
  readonly sights: ReadonlyMap<string, InstanceSight>;
  readonly signs: ReadonlyMap<string, DepartureSign>;
  /** Who holds each address now: an instance's id, or that of an interface of none. For groups of type `ip`. */
  readonly holders: Reading<ReadonlyMap<string, readonly string[]>>;
  /** Instances that an Auto Scaling group or CodeDeploy registers here itself. */
  readonly leftToOwner: ReadonlySet<string>;
  /** Instances whose state two reads in a row agree on. */
  readonly confirmed: ReadonlySet<string>;
}

/** Why a target that seems to belong there no more stays all the same. */
export type StaysBecause =
  | 'NotOurs' // registered by somebody else
  | 'Unreadable' // its instance, or who holds its address, could not be read
  | 'NotSeen' // EC2 doesn't show the instance: looked for again, or not sure enough
  | 'AddressHeld' // another interface has the address by now
  | 'ManyGoneAtOnce' // more than half of the group, by one read
  | 'SelectorDoubtful' // the selector can't mean what it says
  | 'LeftToItsOwner';

/** A target that stays. */
export interface Staying {
  readonly member: TargetHealth;
  readonly instanceId: string | undefined;
  readonly because: StaysBecause;
}

/** Who is to leave one group, who stays all the same, and what must be looked at once more before it is clear. */
export interface Departures {
  /** In order of the targets' keys: those that can't serve any more or go for certain first. */
  readonly removals: readonly DeregisterTarget[];
  readonly staying: readonly Staying[];
  /** What is wrong with the group's own tags. */
  readonly findings: readonly Finding[];
  /** Instances to be looked for again in a minute: once not seen is not gone. */
  readonly lookAgain: readonly string[];
  /** Instances whose state wants another read at once: too many of the group are gone to believe one. */
  readonly toConfirm: readonly string[];
}

type Fate =
  | { readonly kind: 'stays' }
  | { readonly kind: 'gone' | 'going' | 'may-go'; readonly because: GoneBecause }
  | { readonly kind: 'absent'; readonly sight: Extract<InstanceSight, { readonly kind: 'absent' }> }
  | { readonly kind: 'unreadable' };

const OF_STATE: Readonly<Record<Instance['state'], Fate>> = {
  pending: { kind: 'stays' },
  running: { kind: 'stays' },
  stopping: { kind: 'going', because: 'Stopping' },
  'shutting-down': { kind: 'going', because: 'ShuttingDown' },
  stopped: { kind: 'gone', because: 'Stopped' },
  terminated: { kind: 'gone', because: 'Terminated' },
};

const ofSign = (sign: DepartureSign | undefined, { launchedAt }: Instance): Fate => {
  if (sign === undefined || sign.at < launchedAt) return { kind: 'stays' };
  return { kind: sign.kind === 'Rebalance' ? 'may-go' : 'going', because: sign.kind };
};

const fateOf = (sight: InstanceSight | undefined, sign: DepartureSign | undefined): Fate => {
  if (sight === undefined || sight.kind === 'unreadable') return { kind: 'unreadable' };
  if (sight.kind === 'absent') return { kind: 'absent', sight };
  const { instance, lifecycleState } = sight;
  const ofState = OF_STATE[instance.state];
  if (ofState.kind !== 'stays') return ofState;
  const because = lifecycleFate(lifecycleState);
  return because === undefined ? ofSign(sign, instance) : { kind: 'going', because };
};

/** One target with what is known of it. */
interface Known {
  readonly member: TargetHealth;
  readonly key: string;
  readonly instanceId: string | undefined;
  readonly ours: boolean;
  readonly fate: Fate;
}

/** Ours while the ledger says we put it there and neither we nor a person through us took it out since. */
const isOurs = (owned: Ownership | undefined): boolean =>
  owned !== undefined && owned.undoneBy === undefined && owned.leaving === undefined;

const know = (group: ObservedGroup, member: TargetHealth): Known => {
  const { target } = member;
  const key = targetKey(target);
  const owned = group.owned.get(targetChangeKey(group.targetGroup.arn, key));
  const instanceId = isInstanceId(target.id) ? target.id : owned?.seat?.instanceId;
  const fate: Fate =
    instanceId === undefined ? { kind: 'stays' } : fateOf(group.sights.get(instanceId), group.signs.get(instanceId));
  return { member, key, instanceId, ours: isOurs(owned), fate };
};

const isMissing = ({ fate }: Known): boolean => fate.kind === 'gone' || fate.kind === 'going' || fate.kind === 'absent';

/** Whether some of a group are more than half of it. */
const isMostOf = (some: readonly Known[], all: readonly Known[]): boolean => some.length * 2 > all.length;

/** What one look at one target comes to. */
type Verdict =
  | { readonly kind: 'belongs' }
  | { readonly kind: 'leaves'; readonly reason: DeregisterTarget['reason']; readonly because?: GoneBecause }
  | { readonly kind: 'stays'; readonly because: StaysBecause }
  | { readonly kind: 'look-again' }
  | { readonly kind: 'confirm' };

const BELONGS: Verdict = { kind: 'belongs' };

const stays = (because: StaysBecause): Verdict => ({ kind: 'stays', because });

/** An instance that EC2 doesn't show is gone when it was ours, or an event said so, and another look agreed. */
const ofAbsent = (
  { ours, member }: Known,
  { wasAbsentBefore, saidTerminated }: Extract<InstanceSight, { readonly kind: 'absent' }>,
  manyAreGone: boolean,
): Verdict => {
  const said = saidTerminated && isInstanceId(member.target.id);
  if (!ours && !said) return stays('NotSeen');
  if (!wasAbsentBefore) return { kind: 'look-again' };
  if (manyAreGone && !saidTerminated) return stays('ManyGoneAtOnce');
  return { kind: 'leaves', reason: 'InstanceGone', because: saidTerminated ? 'Terminated' : 'Absent' };
};

/** What of a target whose instance goes or is gone. */
const ofGone = (group: ObservedGroup, known: Known, manyAreGone: boolean): Verdict | undefined => {
  const { fate, instanceId, ours, member } = known;
  switch (fate.kind) {
    case 'stays':
      return undefined;
    case 'unreadable':
      return stays('Unreadable');
    case 'absent':
      return ofAbsent(known, fate.sight, manyAreGone);
    case 'gone':
    case 'going':
    case 'may-go': {
      const isKnownToBeGone = fate.kind === 'gone' && isInstanceId(member.target.id);
      if (!ours && !isKnownToBeGone) return fate.kind === 'gone' ? stays('NotOurs') : BELONGS;
      if (manyAreGone && fate.kind !== 'may-go' && !group.confirmed.has(instanceId ?? '')) return { kind: 'confirm' };
      const reason = fate.kind === 'gone' ? 'InstanceGone' : 'InstanceGoing';
      return { kind: 'leaves', reason, because: fate.because };
    }
  }
};

/** What tags say of a target whose instance goes on. */
const ofTags = (group: ObservedGroup, { key, instanceId, ours }: Known, isDoubtful: boolean): Verdict => {
  if (group.desired.has(key)) return BELONGS;
  if (instanceId !== undefined && group.undecided.has(instanceId)) return BELONGS;
  if (!ours) return stays('NotOurs');
  return isDoubtful ? stays('SelectorDoubtful') : { kind: 'leaves', reason: 'NotDesired' };
};

/** An address goes only while nobody but the instance it was registered for has it. */
const ofAddress = ({ holders }: ObservedGroup, { member, instanceId }: Known): StaysBecause | undefined => {
  const { id } = member.target;
  if (isInstanceId(id)) return undefined;
  if (holders.kind === 'unreadable') return 'Unreadable';
  return (holders.value.get(id) ?? []).every((holder) => holder === instanceId) ? undefined : 'AddressHeld';
};

const verdictOn = (
  group: ObservedGroup,
  known: Known,
  { manyAreGone, isDoubtful }: { readonly manyAreGone: boolean; readonly isDoubtful: boolean },
): Verdict => {
  if (known.instanceId !== undefined && group.leftToOwner.has(known.instanceId)) return stays('LeftToItsOwner');
  const verdict = ofGone(group, known, manyAreGone) ?? ofTags(group, known, isDoubtful);
  const held = verdict.kind === 'leaves' ? ofAddress(group, known) : undefined;
  return held === undefined ? verdict : stays(held);
};

/**
 * Whether the group's tags can't be taken at their word: what was selected matches nobody who is there, or more than half of
 * the group no more.
 */
const doubts = (group: ObservedGroup, all: readonly Known[]): readonly Finding[] => {
  const { tags, name } = group.targetGroup;
  const { selectors, malformed } = selectorsOf(tags);
  const going = all.filter((known) => known.fate.kind === 'stays' && ofTags(group, known, false).kind === 'leaves');
  if (going.length === 0) return [];
  const selector = [...selectors.map(selectorText), ...malformed.map(({ value }) => value)].join(' | ') || '-';
  const evidence = { targetGroup: name, selector, leaving: String(going.length), of: String(all.length) };
  const said = selectors.length > 0 || isTagTrue(tags, USHER_TAG.acceptExplicit);
  if (!said || malformed.length > 0 || !all.some(({ key }) => group.desired.has(key)))
    return [{ reason: 'SelectorMatchesNothing', severity: 'warning', evidence }];
  return isMostOf(going, all) ? [{ reason: 'SelectorLosesMost', severity: 'warning', evidence }] : [];
};

const removalOf = (
  { targetGroup }: ObservedGroup,
  { member, instanceId, ours }: Known,
  { reason, because }: Extract<Verdict, { readonly kind: 'leaves' }>,
): DeregisterTarget => ({
  kind: 'deregister-target',
  targetGroupArn: targetGroup.arn,
  target: member.target,
  instanceId: instanceId ?? '',
  vpcId: targetGroup.vpcId ?? '',
  reason,
  ...(because === undefined ? {} : { because }),
  ours,
});

/** Whether a removal takes away what could still serve for a while: it takes from the budgets, and never goes below the floor. */
export const isCounted = ({ reason, because }: Pick<DeregisterTarget, 'reason' | 'because'>): boolean =>
  reason === 'NotDesired' || because === 'Rebalance';

/**
 * Who leaves one group. Only what we registered, or (by instance id) what is stopped or terminated; an address only while no
 * other interface holds it. What was not read, or only not seen, removes nobody; many at once are believed only by the
 * instances' own state, read twice; and a selector that would empty the group, or more than half of it, empties nothing.
 */
export const departuresFrom = (group: ObservedGroup): Departures => {
  // Whoever keeps the whole group decides on everybody in it.
  if (groupOwner(group.targetGroup.tags) !== undefined)
    return { removals: [], staying: [], findings: [], lookAgain: [], toConfirm: [] };
  const all = group.members
    .filter(({ state }) => state !== 'draining')
    .map((member) => know(group, member))
    .sort((a, b) => compareText(a.key, b.key));
  const findings = doubts(group, all);
  const manyAreGone = isMostOf(all.filter(isMissing), all);
  const judged = all.map((known) => ({
    known,
    verdict: verdictOn(group, known, { manyAreGone, isDoubtful: findings.length > 0 }),
  }));
  const removals = judged.flatMap(({ known, verdict }) =>
    verdict.kind === 'leaves' ? [removalOf(group, known, verdict)] : [],
  );
  const idsOf = (kind: Verdict['kind']): readonly string[] => [
    ...new Set(judged.flatMap(({ known, verdict }) => (verdict.kind === kind ? (known.instanceId ?? []) : []))),
  ];
  return {
    removals: [...removals.filter((removal) => !isCounted(removal)), ...removals.filter(isCounted)],
    staying: judged.flatMap(({ known: { member, instanceId }, verdict }) =>
      verdict.kind === 'stays' ? [{ member, instanceId, because: verdict.because }] : [],
    ),
    findings,
    lookAgain: idsOf('look-again'),
    toConfirm: idsOf('confirm'),
  };
};
