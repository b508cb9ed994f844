import type { KeptIncident } from '../../aws/state/incidents-port.ts';
import { settle } from '../../domain/diagnosis/incident.ts';
import type { StoryAbout } from '../../domain/diagnosis/reports.ts';
import { alarmRecoveredReport, changeToldReport } from '../../domain/diagnosis/reports.ts';
import { groupHealth } from '../../domain/group-health.ts';
import { valueRead } from '../../domain/network/hop.ts';
import type { GroupHealth, Report } from '../../domain/report.ts';
import type { DiagnosisNote } from '../../events/diagnosis-message.ts';
import { serializeDiagnosisNote } from '../../events/diagnosis-message.ts';
import { readMembers } from '../group-members.ts';
import { mayCauseSince, readOthersChanges, readOwnChanges } from './changes.ts';
import { addToStory, decideAndKeep } from './keep.ts';
import type { DiagnosisPorts } from './ports.ts';
import { readingOf } from './reading.ts';

/** CloudTrail tells within minutes, mostly: once after three, once more after ten further ones. */
const LOOKS_AT_CHANGES_SECONDS = [180, 600] as const;

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

/** How many are healthy now; `undefined` where there is no group, or it could not be read. */
const healthNow = async (
  ports: DiagnosisPorts,
  { subject: { targetGroupArn } }: KeptIncident,
): Promise<GroupHealth | undefined> => {
  if (targetGroupArn === undefined) return undefined;
  const members = valueRead(await readingOf(() => ports.loadBalancing.readTargetHealth(targetGroupArn)));
  return members && groupHealth(members, await readMembers(ports, members));
};

/** Tells that it is over, how long it was, and what was changed in its time. Told twice it is one message. */
export const tellEnd = async (ports: DiagnosisPorts, key: string, kept: KeptIncident): Promise<void> => {
  const { incident, touched } = kept;
  const [health, own, others] = await Promise.all([
    healthNow(ports, kept),
    readOwnChanges(ports, kept.subject.targetGroupArn, mayCauseSince(incident.openedAt)),
    readOthersChanges(ports, touched, incident.openedAt),
  ]);
  const changes = [...own, ...others.changes].sort((a, b) => (a.at < b.at ? -1 : 1));
  const ended = incident.endedAt ?? ports.now();
  const downSeconds = Math.max(0, Math.round((ended.getTime() - incident.openedAt.getTime()) / 1000));
  const report = alarmRecoveredReport(storyOf(kept), { health, downSeconds, changes }, ports.stage, ports.now());
  await ports.reports.publish(ofStory(report, key));
  await addToStory(ports, key, incident.openedAt, (now) => ({
    ...now,
    owed: undefined,
    changes,
    toldEventIds: [...now.toldEventIds, ...others.eventIds],
  }));
};

/** Adds who changed what, if CloudTrail tells by now of something that was not told yet. */
const tellChanges = async (
  ports: DiagnosisPorts,
  { subject: key, attempt }: Extract<DiagnosisNote, { readonly kind: 'diagnosis-changes' }>,
  kept: KeptIncident,
): Promise<void> => {
  const { openedAt } = kept.incident;
  const { changes, eventIds } = await readOthersChanges(ports, kept.touched, openedAt, kept);
  if (changes.length > 0)
    await ports.reports.publish(ofStory(changeToldReport(storyOf(kept), changes, ports.stage, ports.now()), key));
  await lookForChanges(ports, key, openedAt, attempt + 1);
  if (changes.length > 0)
    await addToStory(ports, key, openedAt, (now) => ({
      ...now,
      changes: [...now.changes, ...changes],
      toldEventIds: [...now.toldEventIds, ...eventIds],
    }));
};

/** Calls what came and went over, once it has been quiet for long enough. */
const settleStory = async (ports: DiagnosisPorts, key: string, openedAt: string): Promise<'ended' | 'goes-on'> => {
  const { kept } = await decideAndKeep(ports, key, async (found): Promise<{ readonly kept?: KeptIncident }> => {
    if (found === undefined || found.incident.openedAt.toISOString() !== openedAt) return {};
    // A look that died after it had decided, or one that comes a second time before its end was told.
    if (found.owed?.what === 'end') return { kept: found };
    const settled = settle(found.incident, ports.now());
    const { endedAt } = found.incident;
    if (settled === undefined || endedAt === undefined) return {};
    return { kept: { ...found, incident: settled.incident, owed: { what: 'end', alarm: found.alarm, at: endedAt } } };
  });
  if (kept === undefined) return 'goes-on';
  await tellEnd(ports, key, kept);
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
    if (note.kind === 'diagnosis-settles') return settleStory(ports, note.subject, note.openedAt);
    const found = await ports.incidents.read(note.subject);
    if (found === undefined || found.kept.incident.openedAt.toISOString() !== note.openedAt) return 'another-story';
    await tellChanges(ports, note, found.kept);
    return 'looked';
  };
