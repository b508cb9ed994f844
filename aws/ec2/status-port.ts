import type { StatusChecks } from '../../domain/diagnosis/evidence.ts';

/** What EC2's own checks say. Throws `AwsCallError`. */
export interface StatusReader {
  /** By instance id; what is not running, or unknown, is absent. */
  readStatusChecks(instanceIds: readonly string[]): Promise<ReadonlyMap<string, StatusChecks>>;
}
