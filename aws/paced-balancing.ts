import { classicLoadBalancingClient } from './classic-load-balancing/client.ts';
import { loadBalancingClient } from './elastic-load-balancing/client.ts';
import { paced } from './paced.ts';

/** After the retries, so that each attempt waits for its turn. */
const PLACE = { name: 'paced', step: 'finalizeRequest', priority: 'low' } as const;

/**
 * Slows both of the process's clients of Elastic Load Balancing down to so many calls a second together: AWS counts them in
 * one bucket for the whole account, of 40 that fills by 10 a second, from which everybody else calls too (facts 2.6).
 */
export const paceBalancing = (perSecond: number): void => {
  const pace = paced(perSecond);
  loadBalancingClient().middlewareStack.add((next) => (args) => pace(() => next(args)), PLACE);
  classicLoadBalancingClient().middlewareStack.add((next) => (args) => pace(() => next(args)), PLACE);
};
