import type { Severity } from '../../finding.ts';
import type { FrontDoorFinding, FrontDoorReason } from '../finding.ts';
import type { Walk } from '../walk.ts';

/** One question to a walk. */
export type FrontDoorCheck = (walk: Walk) => readonly FrontDoorFinding[];

export const found = (
  reason: FrontDoorReason,
  severity: Severity,
  evidence: Readonly<Record<string, string>> = {},
): readonly FrontDoorFinding[] => [{ reason, severity, evidence }];

export const NOTHING: readonly FrontDoorFinding[] = [];

const NAMES_SHOWN = 3;

/** A few names as one value of evidence. */
export const someOf = (names: readonly string[]): string =>
  names.length <= NAMES_SHOWN ? names.join(', ') : `${names.slice(0, NAMES_SHOWN).join(', ')} …`;

export const portOf = (url: string): string => {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
};
