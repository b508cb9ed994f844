import type { WithheldBecause } from './permit.ts';

/** Why a change that somebody approved is not to be made any more. */
export type MovedBecause =
  | 'InstanceGone' // terminated, stopped, or not to be seen
  | 'NotWanted' // its tags or the group's no longer bring them together
  | 'CannotBeSeated' // wrong VPC, wrong port, an owner of its own, …
  | 'GroupGone'
  | 'NotInGroup' // somebody took it out
  | 'Leaving' // somebody takes it out at this moment
  | 'RegisteredAnew' // by a later registration than the one to be undone, or by somebody else
  | 'AddressHeld' // another interface has the address by now
  | 'BalancerGone'
  | 'KeptByController' // Kubernetes or ECS keeps the balancer, or the target
  | 'KeptByCode' // CloudFormation or another tool keeps it
  | 'TakesNoGroups' // the balancer was made without any, and takes none
  | 'TooManyGroups' // an interface wears as many as it may
  | 'NameTaken' // a group of that name is there that is not ours, or was changed
  | Exclude<WithheldBecause, 'Ask' | 'TooManyAdditions'>;

/** Why nothing was undone though everything stands as it did. */
export type NotUndoneBecause =
  /** Fewer healthy targets would be left than the group must keep. */
  | { readonly kind: 'BelowFloor'; readonly healthy: number; readonly floor: number }
  /** As many were taken out within the hour as may be, of this group or of the stage. */
  | { readonly kind: 'TooManyRemovals'; readonly removalsPerHour: number }
  | { readonly kind: 'RefusedByAws'; readonly code: string };
