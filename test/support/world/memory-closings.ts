import type { Closings } from '../../../aws/state/closings-port.ts';
import { ruleShape } from '../../../domain/closing/classify.ts';
import type { ClosingWatch } from '../../../domain/closing/watch.ts';
import type { StoppedGroup } from '../../../domain/pause.ts';

/** Closings over maps; the groups they stop are kept where the pauses are. */
export const memoryClosings = (stopped: Map<string, StoppedGroup>): Closings => {
  const watches = new Map<string, ClosingWatch>();
  const ended = new Map<string, ClosingWatch>();
  const shapes = new Set<string>();
  const removed = new Map<string, string>();
  const looks = new Map<string, { readonly fingerprint: string; readonly at: Date }>();
  return {
    begin: async (watch) => {
      watches.set(watch.rule.ruleId, structuredClone(watch));
      removed.set(ruleShape(watch.rule), watch.rule.ruleId);
    },
    find: async (ruleId) => {
      const underWay = watches.get(ruleId);
      if (underWay !== undefined) return { kind: 'under-way', watch: underWay };
      const over = ended.get(ruleId);
      return over && { kind: 'ended', watch: over };
    },
    list: async () => [...watches.values()],
    looked: async (ruleId, at) => {
      const watch = watches.get(ruleId);
      if (watch !== undefined) watches.set(ruleId, { ...watch, lookedAt: at.toISOString() });
    },
    decideToPutBack: async (watch, putBack, groups) => {
      const now = watches.get(watch.rule.ruleId);
      if (now === undefined) return watch;
      if (now.putBack !== undefined) return now;
      const decided = { ...now, putBack };
      watches.set(watch.rule.ruleId, decided);
      shapes.add(ruleShape(watch.rule));
      for (const { id, name } of groups)
        stopped.set(id, {
          targetGroup: { id, name },
          since: new Date(putBack.at),
          securityGroup: watch.securityGroup,
        });
      return decided;
    },
    end: async (ruleId) => {
      const watch = watches.get(ruleId);
      if (watch === undefined) return;
      watches.delete(ruleId);
      ended.set(ruleId, watch);
    },
    wasPutBack: async (asked) => new Set(asked.filter((shape) => shapes.has(shape))),
    cameBack: async (rules) =>
      new Set(
        rules.flatMap((rule) => {
          const before = removed.get(ruleShape(rule));
          return before === undefined || before === rule.ruleId ? [] : [rule.ruleId];
        }),
      ),
    lastLook: async (groupId) => looks.get(groupId),
    noteLook: async (groupId, fingerprint, at) => {
      looks.set(groupId, { fingerprint, at });
    },
  };
};
