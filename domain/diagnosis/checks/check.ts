import type { Finding, FindingReason, Severity } from '../../finding.ts';
import type { Evidence } from '../evidence.ts';
import type { Member } from '../members.ts';
import { whoIsMeant } from '../members.ts';

/** One small question to the evidence. All are asked, in any order; none depends on another's answer. */
export type Check = (evidence: Evidence) => readonly Finding[];

type Facts = Readonly<Record<string, string | number | undefined>>;

/** A finding with the evidence that has a value. */
export const finding = (
  reason: FindingReason,
  severity: Severity,
  facts: Facts,
  remedy?: string | undefined,
): Finding => ({
  reason,
  severity,
  evidence: Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [[key, String(value)]],
    ),
  ),
  ...(remedy === undefined ? {} : { remedy }),
});

/** One finding about all of these; none about nobody. */
export const about = (
  who: readonly Member[],
  evidence: Evidence,
  reason: FindingReason,
  severity: Severity,
  facts: Facts = {},
): readonly Finding[] =>
  who.length === 0 ? [] : [finding(reason, severity, { ...facts, ...whoIsMeant(who, evidence) })];
