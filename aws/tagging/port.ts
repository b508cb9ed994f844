import type { Tags } from '../../domain/tags.ts';

/** A target group, or a Classic balancer, that carries a tag asked for. */
export interface TaggedTargetGroup {
  readonly arn: string;
  readonly tags: Tags;
}

/** Finds what is tagged, without reading what exists. Throws `AwsCallError`. */
export interface TaggingReader {
  /**
   * Target groups and Classic balancers with the tag `usher:selector`, and, when asked, those with any tag at all
   * (explicit tags on an instance name groups that need no selector). One call a page of 100.
   */
  readTargetGroups(which: 'with-selector' | 'with-any-tag'): Promise<readonly TaggedTargetGroup[]>;
}
