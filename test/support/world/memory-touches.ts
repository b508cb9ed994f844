import type { Touch, Touches } from '../../../aws/state/touches-port.ts';

/** What waits to be looked at, in memory. */
export const aMemoryOfTouches = (): Touches => {
  const waiting = new Map<string, Touch>();
  const keyOf = ({ kind, id }: Touch['touched']): string => `${kind}|${id}`;
  let nextLook: Date | undefined;
  return {
    async add(touched, now) {
      for (const one of touched) waiting.set(keyOf(one), { touched: one, at: now });
    },
    async list() {
      return [...waiting.keys()].sort().flatMap((key) => waiting.get(key) ?? []);
    },
    async done(touches) {
      for (const { touched, at } of touches)
        if (waiting.get(keyOf(touched))?.at.getTime() === at.getTime()) waiting.delete(keyOf(touched));
    },
    async findNextLook() {
      return nextLook;
    },
    async setNextLook(due) {
      nextLook = due;
    },
  };
};
