/** Slack's side of the entrance, as it stands on this machine. */
export interface Entrance {
  /** Request URL of the app as the deployment says it; its host leads to MiniStack here. */
  readonly url: string;
  readonly ministackUrl: string;
  /** The app's, which Slack and the deployed service both hold. */
  readonly signingSecret: string;
}
