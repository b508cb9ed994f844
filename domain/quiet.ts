import type { Report } from './report.ts';

/** How long a matter is muted by a press. */
export const MUTE_SECONDS = 3_600;

/**
 * Whether a report may be left unsaid while its matter is muted: word that something still is not well, with more to come.
 * What is critical, an ending, a question or the answer to an order is said all the same.
 */
export const maySilence = ({ severity, body }: Pick<Report, 'severity' | 'body'>): boolean =>
  severity !== 'critical' && body.kind === 'targets-not-in-service' && body.looksAgainEverySeconds !== undefined;
