import type { ElasticLoadBalancingV2Client, TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeregisterTargetsCommand, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Target } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { batchesOf, halvesOf } from '../batches.ts';
import { callAws } from '../call-aws.ts';
import type { LoadBalancingWriter, Registration } from './port.ts';
import { InterruptedRegistration } from './port.ts';

/** The API names no maximum (facts 2.1); design section 9 counts on 100. */
const TARGETS_PER_CALL = 100;

/**
 * Refusals that are about some targets of a call: `named` ones always, `unnamed` ones where the words name none.
 * `ValidationError` is per target only when it names one ("Instance ID 'x' is not valid"), else the call itself is wrong.
 */
const PER_TARGET = {
  named: ['InvalidTarget', 'TooManyTargets', 'TooManyRegistrationsForTargetId', 'ValidationError'],
  unnamed: ['InvalidTarget', 'TooManyTargets', 'TooManyRegistrationsForTargetId'],
} as const satisfies Record<string, readonly string[]>;

const elb = (action: string): AwsCall => ({ service: 'ELBv2', action });

const toDescription = ({ id, port, availabilityZone }: Target): TargetDescription => ({
  Id: id,
  Port: port,
  ...(availabilityZone === undefined ? {} : { AvailabilityZone: availabilityZone }),
});

/** Whether the words hold the id as a whole word: `10.0.0.1` is not named by `10.0.0.12`. */
const names = (words: string, id: string): boolean =>
  words.split(/[^0-9A-Za-z.:-]+/).some((word) => word.replace(/[.:]+$/, '') === id);

const isAny = (code: string, codes: readonly string[]): boolean => codes.includes(code);

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

/** Registers what it can of the targets: all, else all but the named ones, else each half for itself. */
const registerWhatFits = async (register: Register, targets: readonly Target[], progress: Progress): Promise<void> => {
  if (targets.length === 0) return;
  if (progress.full) return progress.refuse(targets, progress.full);
  try {
    await register(targets);
    progress.registered.push(...targets);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    await registerAllBut(register, targets, error, progress);
  }
};

const registerAllBut = async (
  register: Register,
  targets: readonly Target[],
  refusal: AwsCallError,
  progress: Progress,
): Promise<void> => {
  const named = targets.filter(({ id }) => names(refusal.awsMessage, id));
  if (named.length > 0 && isAny(refusal.code, PER_TARGET.named)) {
    progress.refuse(named, refusal);
    return registerWhatFits(
      register,
      targets.filter((target) => !named.includes(target)),
      progress,
    );
  }
  if (!isAny(refusal.code, PER_TARGET.unnamed)) throw refusal;
  if (targets.length === 1) {
    if (refusal.code === 'TooManyTargets') progress.full = refusal;
    return progress.refuse(targets, refusal);
  }
  for (const half of halvesOf(targets)) await registerWhatFits(register, half, progress);
};

/** The targets once each; two objects may stand for one target. */
const distinct = (targets: readonly Target[]): readonly Target[] => [
  ...new Map(targets.map((target) => [targetKey(target), target])).values(),
];

const registerTargets = (client: ElasticLoadBalancingV2Client): LoadBalancingWriter['registerTargets'] => {
  const call = elb('RegisterTargets');
  return async (TargetGroupArn, targets) => {
    const register: Register = (some) =>
      callAws(call, () =>
        client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: some.map(toDescription) })),
      );
    const progress = new Progress();
    const soFar = (): Registration => ({ registered: progress.registered, refused: progress.refused });
    try {
      for (const batch of batchesOf(distinct(targets), TARGETS_PER_CALL))
        await registerWhatFits(register, batch, progress);
    } catch (error) {
      throw error instanceof AwsCallError ? new InterruptedRegistration(error, soFar()) : error;
    }
    return soFar();
  };
};

const deregisterTargets = (client: ElasticLoadBalancingV2Client): LoadBalancingWriter['deregisterTargets'] => {
  const call = elb('DeregisterTargets');
  return async (TargetGroupArn, targets) => {
    for (const batch of batchesOf(distinct(targets), TARGETS_PER_CALL)) {
      const Targets = batch.map(toDescription);
      await callAws(call, () => client.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets })));
    }
  };
};

/** Registers and deregisters targets with ELBv2. */
export const loadBalancingWriter = (client: ElasticLoadBalancingV2Client): LoadBalancingWriter => ({
  registerTargets: registerTargets(client),
  deregisterTargets: deregisterTargets(client),
});
