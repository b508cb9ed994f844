import { compareText } from '../difference.ts';
import type { Finding, FindingReason, Severity } from '../finding.ts';
import type { HopVerdict, Judgement, Verdict } from './model.ts';

/** The engine's findings, most telling first: what a person would have to mend before anything after it matters. */
const TELLING = [
  ['GroupNotUsed', 'warning'],
  ['InstanceNotRunning', 'warning'],
  ['ZoneNotEnabled', 'warning'],
  ['IngressMissing', 'warning'],
  ['EgressMissing', 'warning'],
  ['ReturnEgressMissing', 'warning'],
  ['NetworkAclDenies', 'warning'],
  ['RuleNotWritten', 'warning'],
  ['SecurityGroupFull', 'warning'],
  ['TargetOutsideVpc', 'information'],
  ['InterfaceNotFound', 'warning'],
  ['ClientCidrsMalformed', 'warning'],
  ['ClientCidrsMissing', 'warning'],
  ['PathUnknown', 'warning'],
  ['ClientsNotAdmitted', 'warning'],
  ['PortUnserved', 'information'],
  ['PathMtuBlocked', 'information'],
  ['BalancerGroupShared', 'information'],
] as const satisfies readonly (readonly [FindingReason, Severity])[];

export type PathReason = (typeof TELLING)[number][0];

const SEVERITY = new Map<FindingReason, Severity>(TELLING);
const RANK = new Map<FindingReason, number>(TELLING.map(([reason], rank) => [reason, rank]));

/** Evidence as a finding keeps it: keys without a value are left out. */
type Evidence = Readonly<Record<string, string | undefined>>;

/** A finding about a path, with the severity its reason has. */
export const pathFinding = (reason: PathReason, evidence: Evidence, remedy?: string): Finding => ({
  reason,
  severity: SEVERITY.get(reason) ?? 'warning',
  evidence: Object.fromEntries(
    Object.entries(evidence).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  ),
  ...(remedy === undefined ? {} : { remedy }),
});

const findingKey = ({ reason, evidence }: Finding): string =>
  JSON.stringify([reason, Object.entries(evidence).sort(([a], [b]) => compareText(a, b))]);

const rankOf = (finding: Finding): string => String(RANK.get(finding.reason) ?? TELLING.length).padStart(2, '0');

/** What could not be read, or which entry leaves it open: findings that agree in this say the same of several hops. */
const DOUBTS = ['because', 'unread', 'acl', 'entry'] as const;

const doubtKey = (finding: Finding): string =>
  finding.reason === 'PathUnknown'
    ? JSON.stringify(['PathUnknown', ...DOUBTS.map((key) => finding.evidence[key] ?? '')])
    : findingKey(finding);

/** Of several lines that say the same the first in order; one that has a line stands for those that have none. */
const remedyOf = (findings: readonly Finding[]): string | undefined =>
  findings.flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy])).sort(compareText)[0];

/** One finding for several of one kind, with the evidence they have in common. */
const inCommon = (findings: readonly [Finding, ...Finding[]]): Finding => {
  const [first, ...others] = findings;
  const evidence = Object.entries(first.evidence).filter(([key, value]) =>
    others.every((other) => other.evidence[key] === value),
  );
  const remedy = remedyOf(findings);
  return { ...first, evidence: Object.fromEntries(evidence), ...(remedy === undefined ? {} : { remedy }) };
};

/**
 * Each finding once, most telling first; equal ones (traffic and health on one port) count as one, and so does one doubt
 * about several hops.
 */
export const tellingFindings = (findings: readonly Finding[]): readonly Finding[] =>
  [...Map.groupBy(findings, doubtKey).values()]
    .flatMap(([first, ...others]) => (first === undefined ? [] : [inCommon([first, ...others])]))
    .map((finding) => [`${rankOf(finding)}${findingKey(finding)}`, finding] as const)
    .sort(([a], [b]) => compareText(a, b))
    .map(([, finding]) => finding);

/** `blocked` if anything blocks, else `unknown` if anything is unknown (or nothing was asked), else `passes`. */
export const worstVerdict = (verdicts: readonly { readonly verdict: Verdict }[]): Verdict => {
  const has = (wanted: Verdict) => verdicts.some(({ verdict }) => verdict === wanted);
  if (has('blocked')) return 'blocked';
  return has('unknown') || verdicts.length === 0 ? 'unknown' : 'passes';
};

/** What hops that block say, before what unknown hops say: the first is sure. */
export const findingsOfHops = (hops: readonly HopVerdict[]): readonly Finding[] => {
  const of = (wanted: Verdict) =>
    tellingFindings(hops.flatMap(({ verdict, finding }) => (verdict === wanted && finding ? [finding] : [])));
  const sure = of('blocked');
  const keys = new Set(sure.map(findingKey));
  return [...sure, ...of('unknown').filter((finding) => !keys.has(findingKey(finding)))];
};

/** All flows of a seat in one answer: the worst verdict, and what the hops that do not pass say, each once. */
export const summarize = (
  judgements: readonly Judgement[],
): { readonly verdict: Verdict; readonly findings: readonly Finding[] } => ({
  verdict: worstVerdict(judgements),
  findings: findingsOfHops(judgements.flatMap(({ hops }) => hops)),
});
