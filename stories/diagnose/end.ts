import type { KeptIncident, OwedTelling } from '../../aws/state/incidents-port.ts';
import type { Incident } from '../../domain/diagnosis/incident.ts';
import { settle, withoutEnded } from '../../domain/diagnosis/incident.ts';
import type { StoryAbout } from '../../domain/diagnosis/reports.ts';
import { alarmRecoveredReport, changeToldReport } from '../../domain/diagnosis/reports.ts';
import { isElsewhere, placeOf } from '../../domain/diagnosis/subject.ts';
import { groupHealth } from '../../domain/group-health.ts';
import { valueRead } from '../../domain/network/hop.ts';
import type { GroupHealth, Report } from '../../domain/report.ts';
import type { DiagnosisNote } from '../../events/diagnosis-message.ts';
import { serializeDiagnosisNote } from '../../events/diagnosis-message.ts';
import { readMembers } from '../group-members.ts';
import { MOST_TOLD, mayCauseSince, readOthersChanges, readOwnChanges } from './changes.ts';
import { addToStory, decideAndKeep, told } from './keep.ts';
import type { DiagnosisPorts } from './ports.ts';
import { readingOf } from './reading.ts';
import { readStandings } from './standings.ts';

/** CloudTrail tells within minutes, mostly: once after three, once more after ten further ones. */
const LOOKS_AT_CHANGES_SECONDS = [180, 600] as const;

/** A message names them all in its thread. */
const CHANGES_A_MESSAGE = 8;

/** As many as the table keeps of what was told, beside the ids by which nothing is told twice. */
const MOST_KEPT = 50;

/** As long as SQS delays a message. */
const LONGEST_DELAY_SECONDS = 900;

/** A report of a story under the story's own name, so that all that is told of it comes together. */
export const ofStory = (report: Report, key: string): Report => ({ ...report, matter: `alarm|${key}` });

const storyOf = ({ alarm, subject, incident, tags }: KeptIncident): StoryAbout => ({
  alarmName: alarm,
  subject,
  incident,
  tags,
});

/** A later look at who changed what; none after the last. */
export const lookForChanges = async (
  ports: DiagnosisPorts,
  key: string,
  openedAt: Date,
  attempt: number,
): Promise<void> => {
  const seconds = LOOKS_AT_CHANGES_SECONDS[attempt];
  if (seconds === undefined) return;
  const note = { kind: 'diagnosis-changes', subject: key, openedAt: openedAt.toISOString(), attempt } as const;
  await ports.diagnosisQueue.sendLater(serializeDiagnosisNote(note), seconds);
};

/** A later look whether it is over. */
export const lookWhetherOver = async (
  ports: DiagnosisPorts,
  key: string,
  openedAt: Date,
  settlesAt: Date,
): Promise<void> => {
  const seconds = (settlesAt.getTime() - ports.now().getTime()) / 1000;
  const note = { kind: 'diagnosis-settles', subject: key, openedAt: openedAt.toISOString() } as const;
  await ports.diagnosisQueue.sendLater(
    serializeDiagnosisNote(note),
    Math.min(Math.max(1, Math.ceil(seconds)), LONGEST_DELAY_SECONDS),
  );
};

/** A later look whether the alarms of a story still stand, until it is over. Sent twice, one of them is taken. */
export const lookWhetherItStands = async (
  ports: DiagnosisPorts,
  key: string,
  openedAt: Date,
  turn: number,
): Promise<void> => {
  const note = { kind: 'diagnosis-stands', subject: key, openedAt: openedAt.toISOString(), turn } as const;
  await ports.diagnosisQueue.sendLater(serializeDiagnosisNote(note), LONGEST_DELAY_SECONDS);
};

/** How many are healthy now; `undefined` where there is no group, or it could not be read. */
const healthNow = async (ports: DiagnosisPorts, { subject }: KeptIncident): Promise<GroupHealth | undefined> => {
  const { targetGroupArn } = subject;
  if (targetGroupArn === undefined || isElsewhere(placeOf(subject) ?? ports.stage, ports.stage)) return undefined;
  const members = valueRead(await readingOf(() => ports.loadBalancing.readTargetHealth(targetGroupArn)));
  return members && groupHealth(members, await readMembers(ports, members));
};

/** Tells that it is over, how long it was, and what was changed in its time. Told twice it is one message. */
export const tellEnd = async (
  ports: DiagnosisPorts,
  key: string,
  kept: KeptIncident,
  owed: OwedTelling,
): Promise<void> => {
  const { incident, touched } = kept;
  const [health, own, others] = await Promise.all([
    healthNow(ports, kept),
    readOwnChanges(ports, kept.subject.targetGroupArn, mayCauseSince(incident.openedAt)),
    readOthersChanges(ports, touched, incident.openedAt, { toldEventIds: [] }, MOST_TOLD),
  ]);
  const changes = [...own, ...others.changes].sort((a, b) => (a.at < b.at ? -1 : 1));
  const ended = incident.endedAt ?? ports.now();
  const downSeconds = Math.max(0, Math.round((ended.getTime() - incident.openedAt.getTime()) / 1000));
  const report = alarmRecoveredReport(
    storyOf(kept),
    // What came and went was up in between: nobody was served for less than all of that time.
    { health, downSeconds, wasDown: kept.wasDown && incident.timesRaised === 1, changes },
    ports.stage,
    ports.now(),
  );
  await ports.reports.publish(ofStory(report, key));
  await addToStory(ports, key, incident.openedAt, (now) => ({
    ...told(now, owed),
    changes,
    toldEventIds: [...new Set([...now.toldEventIds, ...others.eventIds])],
  }));
};

/** Adds who changed what, if CloudTrail tells by now of something that was not told yet. */
const tellChanges = async (
  ports: DiagnosisPorts,
  { subject: key, attempt }: Extract<DiagnosisNote, { readonly kind: 'diagnosis-changes' }>,
  kept: KeptIncident,
): Promise<void> => {
  const { openedAt } = kept.incident;
  const { changes, eventIds } = await readOthersChanges(ports, kept.touched, openedAt, kept, Number.POSITIVE_INFINITY);
  for (let at = 0; at < changes.length; at += CHANGES_A_MESSAGE) {
    const some = changes.slice(at, at + CHANGES_A_MESSAGE);
    await ports.reports.publish(ofStory(changeToldReport(storyOf(kept), some, ports.stage, ports.now()), key));
  }
  await lookForChanges(ports, key, openedAt, attempt + 1);
  if (changes.length > 0)
    await addToStory(ports, key, openedAt, (now) => ({
      ...now,
      changes: [...now.changes, ...changes].slice(-MOST_KEPT),
      toldEventIds: [...new Set([...now.toldEventIds, ...eventIds])],
    }));
};

/** What is to be told of a story's end, written down with the story first. */
interface EndDecision {
  readonly kept?: KeptIncident;
  readonly owed?: OwedTelling;
}

const endOwed = ({ owed }: KeptIncident): OwedTelling | undefined => owed.find(({ what }) => what === 'end');

/** The story as over, with its end owed. */
const owingEnd = (kept: KeptIncident, incident: Incident, now: Date): EndDecision => {
  const owed: OwedTelling = { what: 'end', alarm: kept.alarm, at: incident.endedAt ?? now };
  return { kept: { ...kept, incident, owed: [...kept.owed, owed] }, owed };
};

/** Calls what came and went over, once it has been quiet for long enough. */
const settleStory = async (ports: DiagnosisPorts, key: string, openedAt: string): Promise<'ended' | 'goes-on'> => {
  const { kept, owed } = await decideAndKeep(ports, key, async (found): Promise<EndDecision> => {
    if (found === undefined || found.incident.openedAt.toISOString() !== openedAt) return {};
    // A look that died after it had decided, or one that comes a second time before its end was told.
    const before = endOwed(found);
    if (before !== undefined) return { kept: found, owed: before };
    const settled = settle(found.incident, ports.now());
    return settled === undefined ? {} : owingEnd(found, settled.incident, ports.now());
  });
  if (kept === undefined || owed === undefined) return 'goes-on';
  await tellEnd(ports, key, kept, owed);
  return 'ended';
};

type StandsNote = Extract<DiagnosisNote, { readonly kind: 'diagnosis-stands' }>;

/** Goes on looking. The next note first: without it nobody would look any more, and a second one is taken for a repetition. */
const lookOn = async (
  ports: DiagnosisPorts,
  { subject, turn }: StandsNote,
  kept: KeptIncident,
): Promise<EndDecision> => {
  await lookWhetherItStands(ports, subject, kept.incident.openedAt, turn + 1);
  return { kept: { ...kept, looks: turn + 1 } };
};

/** Whether a story is open still; its raised alarms as CloudWatch shows them now. */
const standOrEnd = async (ports: DiagnosisPorts, note: StandsNote, found: KeptIncident): Promise<EndDecision> => {
  const { incident } = found;
  const before = endOwed(found);
  if (before !== undefined) return { kept: found, owed: before };
  if (incident.endedAt !== undefined) {
    if (incident.endTold) return {};
    const settled = settle(incident, ports.now());
    return settled === undefined ? lookOn(ports, note, found) : owingEnd(found, settled.incident, ports.now());
  }
  const ending = withoutEnded(incident, await readStandings(ports, [...incident.raised.keys()]), ports.now());
  if (ending?.kind === 'recovered') return owingEnd(found, ending.incident, ports.now());
  // What came and went is settled by the next of these looks: longer away than what it takes to settle.
  return lookOn(ports, note, ending === undefined ? found : { ...found, incident: ending.incident });
};

/** Ends a story whose alarms were deleted or renamed, or ended without a word of it. */
const lookAtStory = async (ports: DiagnosisPorts, note: StandsNote): Promise<NoteOutcome> => {
  const decision = await decideAndKeep(ports, note.subject, async (found): Promise<EndDecision> => {
    const isOfAnother = found?.incident.openedAt.toISOString() !== note.openedAt;
    return found === undefined || isOfAnother || note.turn < found.looks ? {} : standOrEnd(ports, note, found);
  });
  if (decision.kept === undefined) return 'another-story';
  if (decision.owed === undefined) return 'goes-on';
  await tellEnd(ports, note.subject, decision.kept, decision.owed);
  return 'ended';
};

/** What became of a note, for the log. */
export type NoteOutcome = 'another-story' | 'looked' | 'ended' | 'goes-on';

/**
 * Takes a note that this story left itself. Twice, it comes to the same end.
 * @throws {IncidentBusyError} when others keep writing the same story
 * @throws whatever the table or the queues failed with
 */
export const takeDiagnosisNote =
  (ports: DiagnosisPorts) =>
  async (note: DiagnosisNote): Promise<NoteOutcome> => {
    if (note.kind === 'diagnosis-stands') return lookAtStory(ports, note);
    if (note.kind === 'diagnosis-settles') return settleStory(ports, note.subject, note.openedAt);
    const found = await ports.incidents.read(note.subject);
    if (found === undefined || found.kept.incident.openedAt.toISOString() !== note.openedAt) return 'another-story';
    await tellChanges(ports, note, found.kept);
    return 'looked';
  };
