/** A person stopped every write of the stage, until a person lets it go on. */
export interface Pause {
  readonly since: Date;
  /** Slack user id. */
  readonly byUserId: string;
  readonly reason?: string;
}
