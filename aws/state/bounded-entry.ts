import type { Finding } from '../../domain/finding.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';

/** DynamoDB takes items up to 400 kB, names and binary overhead included; JSON is the longer way to write one. */
export const MAXIMUM_ENTRY_BYTES = 300_000;
const MAXIMUM_TEXT_CHARACTERS = 500;
const MAXIMUM_FINDINGS = 20;

/** Size of an entry as JSON in UTF-8, which is more than DynamoDB counts. */
export const entryBytes = (entry: LedgerEntry): number => Buffer.byteLength(JSON.stringify(entry));

const clip = (text: string): string =>
  text.length <= MAXIMUM_TEXT_CHARACTERS ? text : `${text.slice(0, MAXIMUM_TEXT_CHARACTERS - 1).trimEnd()}…`;

const clipFinding = ({ remedy, ...finding }: Finding): Finding => ({
  ...finding,
  evidence: Object.fromEntries(Object.entries(finding.evidence).map(([key, value]) => [key, clip(value)])),
  // Half a command line is worse than none.
  ...(remedy !== undefined && remedy.length <= MAXIMUM_TEXT_CHARACTERS ? { remedy } : {}),
});

/** As many of the named targets as fit; the change itself keeps the keys of all. */
const withTargetsThatFit = (entry: LedgerEntry): LedgerEntry => {
  const excess = entryBytes(entry) - MAXIMUM_ENTRY_BYTES;
  const { targets } = entry.matter;
  if (excess <= 0 || targets.length === 0) return entry;
  const kept = targets.slice(0, Math.floor(targets.length / 2));
  return withTargetsThatFit({ ...entry, matter: { ...entry.matter, targets: kept } });
};

/** The entry with texts that came from outside cut to what one item can hold. */
export const boundedEntry = (entry: LedgerEntry): LedgerEntry =>
  withTargetsThatFit({
    ...entry,
    matter: { ...entry.matter, findings: entry.matter.findings.slice(0, MAXIMUM_FINDINGS).map(clipFinding) },
  });
