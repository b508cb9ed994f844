import type { ClosingWatch } from '../../domain/closing/watch.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';

/** Broader rules that were removed, and what came of it. Reads are consistent. */
export interface Closings {
  /** Keeps a watch, and what its rule lets through, before the rule is removed; one that is kept already was of a removal that was never made, and is replaced. */
  begin(watch: ClosingWatch): Promise<void>;
  /** The watch of a rule, by the rule's id: one under way, or that ended within the last weeks. */
  find(ruleId: string): Promise<{ readonly kind: 'under-way' | 'ended'; readonly watch: ClosingWatch } | undefined>;
  /** Watches under way. */
  list(): Promise<readonly ClosingWatch[]>;
  /** Notes a look at a watch that is under way; one that ended stays so. */
  looked(ruleId: string, at: Date): Promise<void>;
  /**
   * Decides once that a rule is put back: the watch remembers it, its shape is never closed nor proposed again, and the groups
   * drop to report-only, in one write. Decided before, it stays as it was decided. Answers the watch as it stands.
   */
  decideToPutBack(
    watch: ClosingWatch,
    putBack: NonNullable<ClosingWatch['putBack']>,
    groups: readonly { readonly id: string; readonly name: string }[],
  ): Promise<ClosingWatch>;
  end(ruleId: string, at: Date): Promise<void>;
  /** Which of some shapes (`ruleShape`) were put back once. */
  wasPutBack(shapes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Which of some rules came back after a watch began over one that let the same through, by id: they have another. */
  cameBack(rules: readonly SecurityGroupRule[]): Promise<ReadonlySet<string>>;
  /** What was looked at last of a security group, and when. */
  lastLook(groupId: string): Promise<{ readonly fingerprint: string; readonly at: Date } | undefined>;
  noteLook(groupId: string, fingerprint: string, at: Date): Promise<void>;
}
