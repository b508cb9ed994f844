import type { Target } from '../domain/target.ts';
import { targetKey } from '../domain/target.ts';
import { AwsCallError } from './aws-call-error.ts';
import { batchesOf, halvesOf } from './batches.ts';
import type { Registration } from './elastic-load-balancing/port.ts';
import { InterruptedRegistration } from './elastic-load-balancing/port.ts';

/** Neither API names a maximum (facts 2.1); design section 9 counts on 100. */
const TARGETS_PER_CALL = 100;

/** Codes of refusals that are about some targets of a call and not about the call itself. */
export interface RefusalsPerTarget {
  /** Per target where the words name one. */
  readonly named: readonly string[];
  /** Per target though they name none. */
  readonly unnamed: readonly string[];
  /** No single further target fits. */
  readonly full: string | undefined;
}

/** Whether the words hold the id as a whole word: `10.0.0.1` is not named by `10.0.0.12`. */
const names = (words: string, id: string): boolean =>
  words.split(/[^0-9A-Za-z.:-]+/).some((word) => word.replace(/[.:]+$/, '') === id);

/** One registration under way; grows call by call. */
class Progress {
  readonly registered: Target[] = [];
  readonly refused: Registration['refused'][number][] = [];
  /** Set once a single further target no longer fits: asking for each of the others would only use up the call rate. */
  full: AwsCallError | undefined;

  refuse(targets: readonly Target[], { code, awsMessage }: AwsCallError): void {
    this.refused.push(...targets.map((target) => ({ target, code, message: awsMessage })));
  }
}

type Register = (targets: readonly Target[]) => Promise<unknown>;

/** How to register, and which refusals are about single targets. */
interface Way {
  readonly register: Register;
  readonly refusals: RefusalsPerTarget;
}

/** Registers what it can of the targets: all, else all but the named ones, else each half for itself. */
const registerSome = async (way: Way, targets: readonly Target[], progress: Progress): Promise<void> => {
  if (targets.length === 0) return;
  if (progress.full) return progress.refuse(targets, progress.full);
  try {
    await way.register(targets);
    progress.registered.push(...targets);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    await registerAllBut(way, targets, error, progress);
  }
};

const registerAllBut = async (
  way: Way,
  targets: readonly Target[],
  refusal: AwsCallError,
  progress: Progress,
): Promise<void> => {
  const { refusals } = way;
  const named = targets.filter(({ id }) => names(refusal.awsMessage, id));
  if (named.length > 0 && refusals.named.includes(refusal.code)) {
    progress.refuse(named, refusal);
    return registerSome(
      way,
      targets.filter((target) => !named.includes(target)),
      progress,
    );
  }
  if (!refusals.unnamed.includes(refusal.code)) throw refusal;
  if (targets.length === 1) {
    if (refusal.code === refusals.full) progress.full = refusal;
    return progress.refuse(targets, refusal);
  }
  for (const half of halvesOf(targets)) await registerSome(way, half, progress);
};

/** The targets once each, as two objects may stand for one, in batches of what a call takes. */
export const batchesOfTargets = (targets: readonly Target[]): readonly (readonly Target[])[] =>
  batchesOf(new Map(targets.map((target) => [targetKey(target), target])).values(), TARGETS_PER_CALL);

/**
 * Registers all targets that AWS takes, however it refuses the others.
 * @param register one call, for at most 100 targets
 * @throws {InterruptedRegistration} when a call fails for a reason that is not about its targets
 */
export const registerWhatFits = async (
  targets: readonly Target[],
  refusals: RefusalsPerTarget,
  register: Register,
): Promise<Registration> => {
  const progress = new Progress();
  const soFar = (): Registration => ({ registered: progress.registered, refused: progress.refused });
  try {
    for (const batch of batchesOfTargets(targets)) await registerSome({ register, refusals }, batch, progress);
  } catch (error) {
    throw error instanceof AwsCallError ? new InterruptedRegistration(error, soFar()) : error;
  }
  return soFar();
};
