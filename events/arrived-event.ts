/** What every event says of itself. Absent where neither the envelope nor an ARN in `resources` says it. */
export interface ArrivedEvent {
  readonly eventId: string | undefined;
  /** Twelve digits. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** When it happened, by AWS's clock, in whole seconds. */
  readonly at: Date | undefined;
}

/** Why an event is left alone. Nothing is wrong with it: it asks nothing of us. */
export type IgnoredReason =
  | 'SourceNotOurs'
  | 'DetailTypeNotOurs'
  | 'InstanceStateUnknown' // a state EC2 has grown since; the sweep sees the instance all the same
  | 'ScalingFailed' // no instance came or went
  | 'TaggedResourceNotOurs'
  | 'HealthServiceNotOurs'
  | 'CallNotOurs' // a call that changes nothing we look at
  | 'CallFailed'; // refused by AWS: nothing changed

export interface Ignored {
  readonly kind: 'ignored';
  readonly reason: IgnoredReason;
  /** What it was, for the log line; at most 200 characters. */
  readonly detail?: string;
}

const MAXIMUM_DETAIL_CHARACTERS = 200;

export const ignored = (reason: IgnoredReason, detail: string): Ignored => ({
  kind: 'ignored',
  reason,
  detail: detail.slice(0, MAXIMUM_DETAIL_CHARACTERS),
});

/** Reads one kind of event. Adding an event is a folder with one of these, its samples, and a line in the registry. */
export interface EventParser<Parsed> {
  readonly source: string;
  readonly detailType: string;
  /** @throws {MalformedEventError} when the event lacks what acting on it needs, or contradicts itself */
  parse(raw: unknown): Parsed | Ignored;
}
