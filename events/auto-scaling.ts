import * as z from 'zod/mini';
import type { Arn } from './arn.ts';
import type { ArrivedEvent } from './arrived-event.ts';
import { arrival, envelope, sightedInstance } from './envelope.ts';
import { comparable, objectOf, optionalText, requiredText } from './fields.ts';

/**
 * Where an instance comes from or goes to. A "terminated" instance may be on its way back to the warm pool.
 * @see Amazon EC2 Auto Scaling user guide, "Warm pool example events and patterns"
 */
export type ScalingPlace = 'EC2' | 'AutoScalingGroup' | 'WarmPool';

/** The hook that holds the instance until it is completed or times out. */
export interface LifecycleAction {
  readonly hookName: string;
  /** Completing also works by instance id, so a missing token is no hindrance. */
  readonly token: string | undefined;
}

/** What Auto Scaling says of an instance that it launches or terminates. */
export interface ScaledInstance extends ArrivedEvent {
  readonly autoScalingGroupName: string | undefined;
  readonly instanceId: string;
  readonly origin: ScalingPlace | undefined;
  readonly destination: ScalingPlace | undefined;
  /** Only on lifecycle actions: the instance waits for it. */
  readonly lifecycle?: LifecycleAction;
}

const places: readonly ScalingPlace[] = ['EC2', 'AutoScalingGroup', 'WarmPool'];

const optionalPlace = z.pipe(
  optionalText,
  z.transform((text): ScalingPlace | undefined => {
    const written = comparable(text ?? '').replaceAll(' ', '');
    return places.find((place) => place.toLowerCase() === written);
  }),
);

const scaledDetail = {
  AutoScalingGroupName: optionalText,
  EC2InstanceId: optionalText,
  Origin: optionalPlace,
  Destination: optionalPlace,
};

/** The name ends the group's ARN: `autoScalingGroup:UUID:autoScalingGroupName/NAME`. */
const groupNameIn = (resources: readonly Arn[]): string | undefined =>
  resources
    .filter(({ resourceType }) => resourceType === 'autoscalinggroup')
    .map(({ resourceId }) => resourceId.split(':autoScalingGroupName/')[1])
    .find((name) => name !== undefined);

type Complaints = Parameters<typeof arrival>[1];
type ScaledEvent = Parameters<typeof arrival>[0] & { readonly detail: z.output<z.ZodMiniObject<typeof scaledDetail>> };

const toScaledInstance = (event: ScaledEvent, complaints: Complaints): ScaledInstance => ({
  ...arrival(event, complaints),
  autoScalingGroupName: event.detail.AutoScalingGroupName ?? groupNameIn(event.resources),
  instanceId: sightedInstance(event, event.detail.EC2InstanceId, ['detail', 'EC2InstanceId'], complaints),
  origin: event.detail.Origin,
  destination: event.detail.Destination,
});

/** "… Successful": the instance is there or gone. Its `StatusCode` says `InProgress` all the same. */
export const scaledInstance = z.pipe(envelope(objectOf(scaledDetail)), z.transform(toScaledInstance));

/** "… Lifecycle Action": the instance waits in the named hook. */
export const waitingInstance = z.pipe(
  envelope(
    objectOf({
      ...scaledDetail,
      LifecycleHookName: requiredText('expected the name of a lifecycle hook'),
      LifecycleActionToken: optionalText,
    }),
  ),
  z.transform((event, complaints): ScaledInstance & { readonly lifecycle: LifecycleAction } => ({
    ...toScaledInstance(event, complaints),
    lifecycle: { hookName: event.detail.LifecycleHookName, token: event.detail.LifecycleActionToken },
  })),
);
