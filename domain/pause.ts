import type { Named } from './named.ts';

/** A person stopped every write of the stage, until a person lets it go on. */
export interface Pause {
  readonly since: Date;
  /** Slack user id. */
  readonly byUserId: string;
  readonly reason?: string;
}

/** A group that dropped to report-only by itself: a rule that had been removed for it had to be put back. */
export interface StoppedGroup {
  readonly targetGroup: Named;
  readonly since: Date;
  /** Where the rule was. */
  readonly securityGroup: Named;
}
