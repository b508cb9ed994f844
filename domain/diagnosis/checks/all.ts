import type { Check } from './check.ts';
import { checkPaths } from './paths.ts';

/** Every check there is. What comes first to the reader is decided by rank alone. */
export const CHECKS: readonly Check[] = [checkPaths];
