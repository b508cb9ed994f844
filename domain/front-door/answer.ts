import type { Finding } from '../finding.ts';
import type { Named } from '../named.ts';
import type { CacheWord } from './cache.ts';
import type { FrontDoorFinding } from './finding.ts';

/** A group as it was found: how many are well, and what is wrong, the likeliest cause first. */
export interface ExaminedGroup {
  readonly targetGroup: Named;
  readonly healthy: number;
  readonly total: number;
  /** As many as are of use. */
  readonly findings: readonly Finding[];
}

/** What was asked about beside a URL. */
export type Examined = 'target-group' | 'load-balancer' | 'instance';

/** What `doctor` answers. */
export type DoctorAnswer =
  | {
      readonly kind: 'url-examined';
      /** The URL that the way ended with, without what follows the `?`; and how many requests it took. */
      readonly url: string;
      readonly requests: number;
      /** The last answer's code; `undefined` when there was none. */
      readonly status: number | undefined;
      /** Where the way leads, as far as it is known, one after the other: host, distribution, origin, balancer. */
      readonly way: readonly string[];
      readonly cache: CacheWord;
      /** The likeliest cause first; as many as are of use, of so many. */
      readonly findings: readonly FrontDoorFinding[];
      readonly findingCount: number;
      readonly groups: readonly ExaminedGroup[];
      /** The stored plan that clears this page from the cache; `undefined` where there is nothing to clear, or who asks may not. */
      readonly clearPlanId: string | undefined;
    }
  | {
      readonly kind: 'targets-examined';
      readonly what: Examined;
      readonly subject: Named;
      readonly groups: readonly ExaminedGroup[];
      /** Groups beyond those shown. */
      readonly more: number;
      /** Whether time ran out before all of it was looked at. */
      readonly late: boolean;
    }
  /** Time ran out before it was even found. */
  | { readonly kind: 'examination-late'; readonly said: string }
  | { readonly kind: 'nothing-to-examine'; readonly said: string }
  | { readonly kind: 'ambiguous-subject'; readonly said: string; readonly candidates: readonly Named[] };
