import type { Finding } from '../../finding.ts';
import { concerned, isHealthy, whoIsMeant } from '../members.ts';
import type { Check } from './check.ts';

/** What tells targets apart and not causes: two targets behind one missing rule have one cause. */
const OF_ONE_TARGET = new Set(['target', 'instance', 'hop']);

const causeKey = ({ reason, evidence }: Finding): string =>
  JSON.stringify([reason, Object.entries(evidence).filter(([key]) => !OF_ONE_TARGET.has(key))]);

const inCommon = (findings: readonly Finding[]): Finding['evidence'] =>
  Object.fromEntries(
    Object.entries(findings[0]?.evidence ?? {}).filter(([key, value]) =>
      findings.every(({ evidence }) => evidence[key] === value),
    ),
  );

/**
 * What the network engine says of each path: both sides' groups and ACLs with the rule or entry that decides, listener, zone,
 * instance. Targets that one cause keeps away are told of together. Of a healthy target's path only what blocks is told.
 */
export const checkPaths: Check = (evidence) => {
  const said = concerned(evidence).flatMap((member) =>
    (member.path?.findings ?? [])
      .filter(() => !isHealthy(member) || member.path?.verdict === 'blocked')
      .map((finding) => ({ member, finding })),
  );
  return [...Map.groupBy(said, ({ finding }) => causeKey(finding)).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const findings = same.map(({ finding }) => finding);
    const remedy = findings.every((each) => each.remedy === first.finding.remedy) ? first.finding.remedy : undefined;
    return [
      {
        reason: first.finding.reason,
        severity: first.finding.severity,
        evidence: {
          ...inCommon(findings),
          ...whoIsMeant(
            same.map(({ member }) => member),
            evidence,
          ),
        },
        ...(remedy === undefined ? {} : { remedy }),
      },
    ];
  });
};
