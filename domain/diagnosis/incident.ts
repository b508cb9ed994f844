import type { Alarm } from './alarm.ts';

/**
 * One story about one subject (`subjectKey`), whichever of its alarms tell it: kept from the first alarm until it has been
 * quiet for a while.
 */
export interface Incident {
  readonly openedAt: Date;
  /** Alarms that are raised now, by name, each since when. */
  readonly raised: ReadonlyMap<string, Date>;
  /** Changes of state taken in, by alarm: the same event, or one from before, tells nothing more. */
  readonly lastSeen: ReadonlyMap<string, Date>;
  /** When the last of its alarms ended; `undefined` while one is raised. */
  readonly endedAt: Date | undefined;
  /** Whether its end was told. */
  readonly endTold: boolean;
  readonly timesRaised: number;
  /** When its cause was last told. */
  readonly toldAt: Date;
  /** Alarms that were raised and are no more: deleted, or called otherwise now. Whether things are well they don't tell. */
  readonly gone: readonly string[];
}

/** What CloudWatch shows of an alarm when it is asked. */
export type Standing = Pick<Alarm, 'state' | 'since'> | 'gone';

/** Back within this time it is the same story still, and its next end is told only after as long a quiet. */
export const SETTLES_AFTER_SECONDS = 600;

/** Raised again by another alarm after so long, the cause is looked at and told again: the first may have been something else. */
export const TOLD_AFRESH_AFTER_SECONDS = 3_600;

/** What a change of an alarm's state means for its subject. */
export type Placement =
  /** Look, and tell what is found; `isAgain` where the same story came back after its end was told. */
  | { readonly kind: 'tell'; readonly isAgain: boolean; readonly incident: Incident }
  /** Taken in, and nothing said: another alarm of the same story, or coming and going. */
  | { readonly kind: 'folded'; readonly incident: Incident }
  /** All over: tell the end, with how long it was. */
  | { readonly kind: 'recovered'; readonly incident: Incident; readonly downSeconds: number }
  /** Over for now, but it came and went: come back at that time and ask `settle`. */
  | { readonly kind: 'settling'; readonly incident: Incident; readonly settlesAt: Date }
  /** No data any more while it was raised: look; without targets there is none. The story goes on. */
  | { readonly kind: 'look'; readonly incident: Incident }
  | {
      readonly kind: 'nothing';
      readonly reason:
        | 'NotRaisedBefore'
        | 'FirstState'
        | 'InsufficientData'
        | 'Muted'
        | 'Suppressed'
        | 'SeenAlready'
        | 'OverAlready';
    };

/** What comes of the end of one alarm or more. */
type Ending = Extract<Placement, { readonly kind: 'folded' | 'settling' | 'recovered' }>;

const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));

const later = (a: Date, seconds: number): Date => new Date(a.getTime() + seconds * 1000);

/** A story is over once it has been quiet for so long; what comes then is another. */
const isPast = ({ endedAt }: Incident, at: Date): boolean =>
  endedAt !== undefined && secondsBetween(endedAt, at) >= SETTLES_AFTER_SECONDS;

const opened = (name: string, at: Date, now: Date): Incident => ({
  openedAt: at,
  raised: new Map([[name, at]]),
  lastSeen: new Map([[name, at]]),
  endedAt: undefined,
  endTold: false,
  timesRaised: 1,
  toldAt: now,
  gone: [],
});

const raise = (incident: Incident, name: string, at: Date, now: Date): Placement => {
  const wasOver = incident.endedAt !== undefined;
  const next: Incident = {
    ...incident,
    raised: new Map(incident.raised).set(name, at),
    lastSeen: new Map(incident.lastSeen).set(name, at),
    endedAt: undefined,
    endTold: false,
    timesRaised: incident.timesRaised + (wasOver ? 1 : 0),
    gone: wasOver ? [] : incident.gone.filter((other) => other !== name),
  };
  const isAgain = wasOver && incident.endTold;
  const isStale = secondsBetween(incident.toldAt, now) >= TOLD_AFRESH_AFTER_SECONDS;
  return isAgain || isStale
    ? { kind: 'tell', isAgain, incident: { ...next, toldAt: now } }
    : { kind: 'folded', incident: next };
};

const downSeconds = ({ openedAt, endedAt }: Incident): number => secondsBetween(openedAt, endedAt ?? openedAt);

interface End {
  readonly name: string;
  readonly at: Date;
  readonly isGone: boolean;
}

/** What follows of the ends of some of its raised alarms: it goes on while another is raised. */
const endAll = (incident: Incident, ends: readonly End[]): Ending => {
  const ended = new Map(ends.map(({ name, at }) => [name, at]));
  const raised = new Map([...incident.raised].filter(([name]) => !ended.has(name)));
  const next: Incident = {
    ...incident,
    raised,
    lastSeen: new Map([...incident.lastSeen, ...ended]),
    gone: [...incident.gone, ...ends.flatMap(({ name, isGone }) => (isGone ? [name] : []))],
  };
  if (raised.size > 0) return { kind: 'folded', incident: next };
  const at = new Date(Math.max(...ends.map((end) => end.at.getTime())));
  const over: Incident = { ...next, endedAt: at };
  if (over.timesRaised > 1) return { kind: 'settling', incident: over, settlesAt: later(at, SETTLES_AFTER_SECONDS) };
  return { kind: 'recovered', incident: { ...over, endTold: true }, downSeconds: downSeconds(over) };
};

const end = (incident: Incident, name: string, at: Date): Placement =>
  incident.raised.has(name)
    ? endAll(incident, [{ name, at, isGone: false }])
    : { kind: 'nothing', reason: 'NotRaisedBefore' };

/**
 * Whether an alarm that comes as raised has ended since, by what CloudWatch shows now: events come in any order, and after its
 * end nobody would end what its beginning opened.
 */
export const isOverAlready = ({ state, since }: Alarm, shown: Standing | undefined): boolean =>
  state === 'ALARM' &&
  shown !== undefined &&
  shown !== 'gone' &&
  shown.state === 'OK' &&
  (since === undefined || shown.since === undefined || shown.since >= since);

/**
 * The story without those of its raised alarms that CloudWatch shows as ended or no more, whose end no event told; `undefined`
 * where all stand as they stood. What was not asked for, or has no data, stands.
 * @param shown by name; only of those that were asked for and could be read
 */
export const withoutEnded = (
  incident: Incident,
  shown: ReadonlyMap<string, Standing>,
  now: Date,
): Ending | undefined => {
  const ends = [...incident.raised].flatMap(([name, since]): readonly End[] => {
    const standing = shown.get(name);
    if (standing === 'gone') return [{ name, at: now, isGone: true }];
    if (standing?.state !== 'OK' || (standing.since !== undefined && standing.since < since)) return [];
    return [{ name, at: standing.since ?? now, isGone: false }];
  });
  return ends.length === 0 ? undefined : endAll(incident, ends);
};

const whyQuiet = ({ mutedUntil, isSuppressed }: Alarm, now: Date): 'Muted' | 'Suppressed' | undefined => {
  if (mutedUntil !== undefined && mutedUntil > now) return 'Muted';
  return isSuppressed ? 'Suppressed' : undefined;
};

const placeRaised = (incident: Incident | undefined, alarm: Alarm, at: Date, now: Date): Placement => {
  const reason = whyQuiet(alarm, now);
  if (reason !== undefined) return { kind: 'nothing', reason };
  return incident === undefined
    ? { kind: 'tell', isAgain: false, incident: opened(alarm.name, at, now) }
    : raise(incident, alarm.name, at, now);
};

/**
 * What a change of state means, given the story so far. One story for each subject: alarms that repeat, that come and go, and
 * several alarms about one subject fold into it; it ends when all of them have. Who is muted or suppressed says nothing new, but
 * ends what was begun.
 * @param previous the subject's story as it was kept; `undefined` when there is none
 */
export const placeIncident = (previous: Incident | undefined, alarm: Alarm, now: Date): Placement => {
  const at = alarm.since ?? now;
  const seen = previous?.lastSeen.get(alarm.name);
  if (seen !== undefined && at <= seen) return { kind: 'nothing', reason: 'SeenAlready' };
  const incident = previous === undefined || isPast(previous, at) ? undefined : previous;
  switch (alarm.state) {
    case 'ALARM':
      return placeRaised(incident, alarm, at, now);
    case 'OK':
      if (incident !== undefined) return end(incident, alarm.name, at);
      return { kind: 'nothing', reason: alarm.previousState === undefined ? 'FirstState' : 'NotRaisedBefore' };
    case 'INSUFFICIENT_DATA':
      return incident?.raised.has(alarm.name)
        ? { kind: 'look', incident: { ...incident, lastSeen: new Map(incident.lastSeen).set(alarm.name, at) } }
        : { kind: 'nothing', reason: alarm.previousState === undefined ? 'FirstState' : 'InsufficientData' };
  }
};

/**
 * Whether a story that came and went may be told as ended now: nothing was raised since, for long enough, and its end is untold.
 * `undefined` otherwise.
 */
export const settle = (
  incident: Incident,
  now: Date,
): { readonly incident: Incident; readonly downSeconds: number } | undefined =>
  incident.endedAt !== undefined && !incident.endTold && isPast(incident, now)
    ? { incident: { ...incident, endTold: true }, downSeconds: downSeconds(incident) }
    : undefined;
