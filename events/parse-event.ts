import * as z from 'zod/mini';
import type { EventParser, Ignored } from './arrived-event.ts';
import { ignored } from './arrived-event.ts';
import { launchUnsuccessful, terminateUnsuccessful } from './auto-scaling-failure/parse.ts';
import type { InstanceLaunchedByAutoScaling } from './auto-scaling-launch/parse.ts';
import { launchLifecycleAction, launchSuccessful } from './auto-scaling-launch/parse.ts';
import type { InstanceTerminatedByAutoScaling } from './auto-scaling-terminate/parse.ts';
import { terminateLifecycleAction, terminateSuccessful } from './auto-scaling-terminate/parse.ts';
import type { DepartureNote } from './departure-note.ts';
import { readDepartureNote } from './departure-note.ts';
import { comparable, objectOf, requiredText } from './fields.ts';
import type { HookNote } from './hook-note.ts';
import { readHookNote } from './hook-note.ts';
import type { InstanceStateChanged } from './instance-state-change/parse.ts';
import { instanceStateChange } from './instance-state-change/parse.ts';
import type { LookAgain } from './look-again.ts';
import { readLookAgain } from './look-again.ts';
import { parseJson, parseWith } from './malformed-event-error.ts';
import { isOurOwn } from './our-own.ts';
import type { RebalanceRecommendation } from './rebalance-recommendation/parse.ts';
import { rebalanceRecommendation } from './rebalance-recommendation/parse.ts';
import type { SpotInterruption } from './spot-interruption/parse.ts';
import { spotInterruption } from './spot-interruption/parse.ts';
import type { InstanceTagsChanged, TargetGroupTagsChanged } from './tag-change/parse.ts';
import { tagChange } from './tag-change/parse.ts';

/** An event that names an instance to look at. */
export type InstanceSighted =
  | InstanceStateChanged
  | InstanceLaunchedByAutoScaling
  | InstanceTerminatedByAutoScaling
  | InstanceTagsChanged
  | SpotInterruption
  | RebalanceRecommendation;

/** An event we understand. It says where to look, not what is true. */
export type ParsedEvent = InstanceSighted | TargetGroupTagsChanged;

/** What the queue of `register-targets` may hold: what arrived from AWS, and our own notes to look again. */
export type QueuedEvent = ParsedEvent | LookAgain | DepartureNote | HookNote;

const parsers: readonly EventParser<ParsedEvent>[] = [
  instanceStateChange,
  launchSuccessful,
  launchLifecycleAction,
  launchUnsuccessful,
  terminateSuccessful,
  terminateLifecycleAction,
  terminateUnsuccessful,
  tagChange,
  spotInterruption,
  rebalanceRecommendation,
];

const head = objectOf({
  source: requiredText('expected the service that sent the event'),
  'detail-type': requiredText('expected the type of event'),
});

/** Reads events of several kinds by their source and type, whatever their letter case and spaces. */
export const eventReader =
  <Parsed>(parsers: readonly EventParser<Parsed>[]) =>
  (raw: unknown): Parsed | Ignored => {
    const { source, 'detail-type': detailType } = parseWith(head, raw);
    const ofSource = parsers.filter((parser) => parser.source === comparable(source));
    const parser = ofSource.find((candidate) => comparable(candidate.detailType) === comparable(detailType));
    if (parser !== undefined) return parser.parse(raw);
    return ignored(ofSource.length === 0 ? 'SourceNotOurs' : 'DetailTypeNotOurs', `${source}: ${detailType}`);
  };

/**
 * What an event from EventBridge says, or why it is none of ours. Tidies what can be understood: absent envelope
 * fields, numbers for text, odd spaces and letter case.
 * @throws {MalformedEventError} when it is no event, lacks what acting on it needs, or contradicts itself
 */
export const parseEvent: (raw: unknown) => ParsedEvent | Ignored = eventReader(parsers);

const kindOf = (message: unknown): unknown => z.object({ kind: z.unknown() }).safeParse(message).data?.kind;

/** One of our own notes; what has no kind of these is taken for a note to look again, and refused as such. */
const readNote = (message: unknown): LookAgain | DepartureNote | HookNote => {
  switch (kindOf(message)) {
    case 'look-at-departure':
      return readDepartureNote(message);
    case 'look-at-hook':
      return readHookNote(message);
    default:
      return readLookAgain(message);
  }
};

/**
 * The same for the body of a queue message, which may also be one of our own notes.
 * @throws {MalformedEventError} also when the body is not JSON
 */
export const parseQueuedEvent = (body: string): QueuedEvent | Ignored => {
  const message = parseJson(body);
  return isOurOwn(message) ? readNote(message) : parseEvent(message);
};
