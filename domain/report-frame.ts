import { compareText } from './difference.ts';
import type { Finding } from './finding.ts';
import type { Report, ReportBody } from './report.ts';
import type { Stage } from './stage.ts';

/** 16 characters that stand for a longer text; equal texts give equal digests (FNV-1a, two rounds of 32 bits). Not for secrets. */
export const shortDigest = (text: string): string => {
  const round = (seed: number): string => {
    let hash = seed;
    for (let index = 0; index < text.length; index += 1) {
      hash ^= text.charCodeAt(index);
      hash = Math.imul(hash, 0x01000193) >>> 0;
    }
    return hash.toString(16).padStart(8, '0');
  };
  return round(0x811c9dc5) + round(0x1b873593);
};

/** What a report is about, and who hears it. */
export interface ReportAbout {
  readonly destination: string;
  readonly matter: string;
  readonly severity: Report['severity'];
  /** Which reports of one kind and matter are one and the same; of any length, for the key holds only a digest of it. */
  readonly identity: string;
}

/** The frame that every report of a stage stands in. */
export const reportOf = (stage: Stage, about: ReportAbout, body: ReportBody, now: Date): Report => ({
  key: `${body.kind}-${shortDigest(`${stage.name}|${about.matter}|${about.identity}`)}`,
  matter: about.matter,
  destination: about.destination,
  severity: about.severity,
  at: now.toISOString(),
  stage: stage.name,
  region: stage.region,
  account: stage.account,
  body,
});

/** Findings as part of a report's identity, in whatever order they were found. */
export const identityOf = (findings: readonly Finding[]): string =>
  findings
    .map(
      ({ reason, evidence }) =>
        `${reason}${JSON.stringify(Object.entries(evidence).sort(([a], [b]) => compareText(a, b)))}`,
    )
    .sort(compareText)
    .join('|');
