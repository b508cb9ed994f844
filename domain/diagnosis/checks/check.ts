import { compareText } from '../../difference.ts';
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
  remedy?: string | undefined,
): readonly Finding[] =>
  who.length === 0 ? [] : [finding(reason, severity, { ...facts, ...whoIsMeant(who, evidence) }, remedy)];

/** What was found of one member alone. */
export interface Found {
  readonly member: Member;
  readonly finding: Finding;
}

/** What tells targets apart and not causes: two targets behind one missing rule have one cause. */
const OF_ONE_TARGET = new Set(['target', 'instance', 'hop', 'description']);

const causeKey = ({ reason, evidence }: Finding): string =>
  JSON.stringify([
    reason,
    Object.entries(evidence)
      .filter(([key]) => !OF_ONE_TARGET.has(key))
      .sort(([a], [b]) => compareText(a, b)),
  ]);

const inCommon = (findings: readonly Finding[]): Finding['evidence'] =>
  Object.fromEntries(
    Object.entries(findings[0]?.evidence ?? {}).filter(([key, value]) =>
      findings.every(({ evidence }) => evidence[key] === value),
    ),
  );

/** Members that one cause has to do with are told of together, with the evidence that they have in common. */
export const together = (found: readonly Found[], evidence: Evidence): readonly Finding[] =>
  [...Map.groupBy(found, (each) => causeKey(each.finding)).values()].flatMap((same) => {
    const findings = same.map((each) => each.finding);
    const [first] = findings;
    if (first === undefined) return [];
    const remedy = findings.every((each) => each.remedy === first.remedy) ? first.remedy : undefined;
    const who = [...new Map(same.map(({ member }) => [member.key, member])).values()];
    return [finding(first.reason, first.severity, { ...inCommon(findings), ...whoIsMeant(who, evidence) }, remedy)];
  });
