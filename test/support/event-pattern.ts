import type { Json } from './template.ts';
import { isObject } from './template.ts';

/** What one entry of a pattern's list takes; of what EventBridge knows, what our rules use. */
const takes = (wanted: Json, found: Json | undefined): boolean => {
  if (!isObject(wanted)) return found === wanted;
  const { exists, prefix, 'equals-ignore-case': alike, ...unknown } = wanted;
  if (Object.keys(unknown).length > 0) throw new Error(`a pattern holds ${Object.keys(unknown).join(', ')}`);
  if (exists !== undefined) return (found !== undefined) === exists;
  if (typeof found !== 'string') return false;
  return alike === undefined ? found.startsWith(String(prefix)) : found.toLowerCase() === String(alike).toLowerCase();
};

/**
 * Whether EventBridge sends an event by this pattern. Fields of a list in the event are any of its items'.
 * @see EventBridge user guide, "Amazon EventBridge event patterns": arrays, exists, prefix and equals-ignore-case matching
 */
export const sendsBy = (pattern: Json, event: Json | undefined): boolean => {
  if (Array.isArray(pattern)) {
    const all = Array.isArray(event) ? event : [event];
    return pattern.some((wanted) => all.some((found) => takes(wanted, found)));
  }
  if (!isObject(pattern)) return false;
  if (Array.isArray(event)) return event.some((item) => sendsBy(pattern, item));
  return Object.entries(pattern).every(([key, wanted]) => {
    const found = event !== undefined && isObject(event) ? event[key] : undefined;
    return sendsBy(wanted, found);
  });
};
