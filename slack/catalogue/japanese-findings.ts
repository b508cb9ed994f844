import type { FindingCatalogue } from './catalogue.ts';
import { JAPANESE_DIAGNOSIS_FINDINGS } from './japanese-diagnosis-findings.ts';
import { JAPANESE_HEALTH_FINDINGS } from './japanese-health-findings.ts';
import { JAPANESE_PATH_FINDINGS } from './japanese-path-findings.ts';
import { JAPANESE_SEATING_FINDINGS } from './japanese-seating-findings.ts';
import { JAPANESE_TAG_FINDINGS } from './japanese-tag-findings.ts';

/** What every finding says in Japanese. */
export const JAPANESE_FINDINGS: FindingCatalogue = {
  ...JAPANESE_PATH_FINDINGS,
  ...JAPANESE_SEATING_FINDINGS,
  ...JAPANESE_TAG_FINDINGS,
  ...JAPANESE_HEALTH_FINDINGS,
  ...JAPANESE_DIAGNOSIS_FINDINGS,
};
