import type { FindingCatalogue } from './catalogue.ts';
import { ENGLISH_DIAGNOSIS_FINDINGS } from './english-diagnosis-findings.ts';
import { ENGLISH_HEALTH_FINDINGS } from './english-health-findings.ts';
import { ENGLISH_PATH_FINDINGS } from './english-path-findings.ts';
import { ENGLISH_SEATING_FINDINGS } from './english-seating-findings.ts';
import { ENGLISH_TAG_FINDINGS } from './english-tag-findings.ts';

/** What every finding says in English. */
export const ENGLISH_FINDINGS: FindingCatalogue = {
  ...ENGLISH_PATH_FINDINGS,
  ...ENGLISH_SEATING_FINDINGS,
  ...ENGLISH_TAG_FINDINGS,
  ...ENGLISH_HEALTH_FINDINGS,
  ...ENGLISH_DIAGNOSIS_FINDINGS,
};
