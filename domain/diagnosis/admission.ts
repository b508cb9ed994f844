import { isTagTrue, USHER_TAG } from '../tags.ts';
import type { Alarm } from './alarm.ts';
import { isOfBalancer } from './subject.ts';

/** Whether an alarm is one that Usher explains. */
export type AlarmAdmission =
  /** `composite`: one of its children is about a balancer; `tagged`: somebody asked for it by `usher:explain=true`. */
  | { readonly kind: 'admitted'; readonly because: 'balancer-metric' | 'composite' | 'tagged' }
  /** A composite: whether it is ours depends on the alarms that its rule names, read by these names. */
  | { readonly kind: 'ask-children'; readonly names: readonly string[] }
  | { readonly kind: 'ignored'; readonly reason: 'OtherNamespace' | 'QueryUntagged' | 'NoChildOfBalancers' };

const watchesBalancer = ({ basis }: Alarm): boolean => basis.kind === 'metrics' && basis.metrics.some(isOfBalancer);

/** Children to ask about, those that set it off first. */
const childNames = ({ basis }: Alarm): readonly string[] =>
  basis.kind === 'composite' ? [...new Set([...basis.triggeringAlarms, ...basis.childAlarms])] : [];

/**
 * Which alarms are ours: metric alarms of the four balancer namespaces, composites with such a child, and whatever is tagged
 * `usher:explain=true`. All others are other people's, and not answered.
 * @param children alarms that a composite's rule names, as far as they could be read; `undefined` before they were asked for
 */
export const admits = (alarm: Alarm, children?: readonly Alarm[]): AlarmAdmission => {
  if (watchesBalancer(alarm)) return { kind: 'admitted', because: 'balancer-metric' };
  const isTagged = isTagTrue(alarm.tags, USHER_TAG.explain);
  if (alarm.basis.kind === 'composite') {
    const names = childNames(alarm);
    if (children === undefined && names.length > 0) return { kind: 'ask-children', names };
    if (children?.some(watchesBalancer)) return { kind: 'admitted', because: 'composite' };
  }
  if (isTagged) return { kind: 'admitted', because: 'tagged' };
  if (alarm.basis.kind === 'composite') return { kind: 'ignored', reason: 'NoChildOfBalancers' };
  return { kind: 'ignored', reason: alarm.basis.kind === 'query' ? 'QueryUntagged' : 'OtherNamespace' };
};
