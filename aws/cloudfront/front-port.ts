import type { Front } from '../../domain/front-door/walk.ts';

/** How a distribution answers its visitors. Throws `AwsCallError`. */
export interface FrontReader {
  /** `undefined` when there is none with this id. */
  readFront(distributionId: string): Promise<Front | undefined>;
}
