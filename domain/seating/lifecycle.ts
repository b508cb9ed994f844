import type { GoneBecause } from '../change.ts';

/**
 * Why an instance that runs is on its way out of service by the word of its Auto Scaling group, or already out: what it
 * terminates (`Terminating`, `Terminating:Wait`, …) and what it keeps in the warm pool (`Warmed:Running`, …) takes no traffic.
 * @param state `LifecycleState`, as `DescribeAutoScalingGroups` gives it; `undefined` outside of Auto Scaling
 * @see Auto Scaling API reference, `Instance.LifecycleState`
 */
export const lifecycleFate = (
  state: string | undefined,
): Extract<GoneBecause, 'ScaleIn' | 'IntoWarmPool'> | undefined => {
  if (state === undefined) return undefined;
  if (state.startsWith('Terminating') || state === 'Terminated') return 'ScaleIn';
  return state.startsWith('Warmed') ? 'IntoWarmPool' : undefined;
};
