/** Who gave an order, as Slack signed it. Ids are what counts; names are for reading. */
export interface Orderer {
  readonly teamId: string;
  readonly channelId: string;
  readonly userId: string;
  readonly userName: string | undefined;
}

/** What a button does. The button holds the id of a stored plan, never what the plan holds. */
export type ButtonVerb =
  | 'approve'
  | 'reject'
  | 'undo'
  | 'put-it-back'
  | 'snooze'
  | 'retry'
  | 'mute'
  | 'check'
  | 'confirm'
  | 'keep'
  | 'show';

export const BUTTON_VERBS: readonly ButtonVerb[] = [
  'approve',
  'reject',
  'undo',
  'put-it-back',
  'snooze',
  'retry',
  'mute',
  'check',
  'confirm',
  'keep',
  'show',
];

/** What a person asked for: a slash command as typed, or a button that was pressed. */
export type Asked =
  | { readonly kind: 'command'; readonly command: string; readonly text: string }
  | {
      readonly kind: 'button';
      readonly verb: ButtonVerb;
      readonly planId: string;
      /** Slack's id of the message with the button, for answers in its thread. */
      readonly messageTs?: string | undefined;
    };

/** One order out of Slack, verified, on its way through the command queue. JSON-safe. */
export interface Order {
  /** SHA-256 of the signed body, in hexadecimal: a replay has the same id, and is carried out once. */
  readonly orderId: string;
  /** Slack's own time of the request, ISO 8601 in UTC. */
  readonly orderedAt: string;
  readonly by: Orderer;
  readonly asked: Asked;
  /** Where the answer goes: five times within 30 minutes. A secret; it stays in the command queue and the table. */
  readonly responseUrl: string | undefined;
}
