import { compareText } from '../difference.ts';
import type { Finding, FindingReason } from '../finding.ts';

/**
 * Which cause comes first: what nothing else can mend before what it explains. What is sure comes before what is likely, what
 * asks the application before what the balancer says of it, and what is only worth knowing last.
 */
const ORDER: readonly FindingReason[] = [
  // nobody is there, or nobody sends
  'GroupNotUsed',
  // the instance
  'InstanceNotRunning',
  // the way
  'ZoneNotEnabled',
  'IngressMissing',
  'EgressMissing',
  'NetworkAclDenies',
  'RuleNotWritten',
  'SecurityGroupFull',
  'InterfaceNotFound',
  // could not be told
  'TargetOutsideVpc',
  'PathUnknown',
  'BalancerKindNotJudged',
  'BalancerGroupShared',
];

const RANK = new Map<FindingReason, number>(ORDER.map((reason, rank) => [reason, rank]));

const rankOf = ({ reason }: Finding): number => RANK.get(reason) ?? ORDER.length;

const keyOf = ({ reason, evidence }: Finding): string => JSON.stringify([reason, Object.entries(evidence).sort()]);

/** How many it concerns; what concerns more comes first among equals. */
const countOf = ({ evidence }: Finding): number => Number(evidence['count'] ?? 0);

/** Each finding once, the likeliest cause first; the same findings in any order give the same list. */
export const ranked = (findings: readonly Finding[]): readonly Finding[] =>
  [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()].sort(
    (a, b) => rankOf(a) - rankOf(b) || countOf(b) - countOf(a) || compareText(keyOf(a), keyOf(b)),
  );
