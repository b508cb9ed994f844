import { destinationFor } from '../destination.ts';
import type { Named } from '../named.ts';
import { valueRead } from '../network/hop.ts';
import type { GroupHealth, Report } from '../report.ts';
import { reportOf } from '../report-frame.ts';
import type { Stage } from '../stage.ts';
import type { Tags } from '../tags.ts';
import type { Alarm } from './alarm.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Evidence } from './evidence.ts';
import type { Incident } from './incident.ts';
import type { Member } from './members.ts';
import { isHealthy, memberName, membersOf, zoneOf } from './members.ts';
import type { AlarmExplained, ToldChange } from './report.ts';
import type { DiagnosisSubject } from './subject.ts';
import { subjectKey } from './subject.ts';

/** Targets that a report lists; the others are counted by its health. */
const TARGETS_KEPT = 20;

/** The story's matter: what its reports have in common, however many alarms tell it. */
const matterOf = (subject: DiagnosisSubject): string => `alarm|${subjectKey(subject)}`;

/** One change of one alarm is told once, however often its event comes. */
const identityOf = ({ name, state, since }: Alarm, { openedAt }: Incident): string =>
  `${openedAt.toISOString()}|${name}|${state}|${since?.toISOString() ?? '-'}`;

/** The name in an ARN: `…:targetgroup/NAME/ID`, `…:loadbalancer/app/NAME/ID`, a Classic one's `…:loadbalancer/NAME`. */
const nameIn = (arn: string): string =>
  /:(?:targetgroup|loadbalancer\/(?:app|net|gwy)|loadbalancer)\/([^/]+)/.exec(arn)?.[1] ?? arn;

const named = (arn: string | undefined, known: { readonly arn: string; readonly name: string } | undefined) => {
  const id = known?.arn ?? arn;
  return id === undefined ? undefined : { name: known?.name ?? nameIn(id), id };
};

const namedGroup = ({ subject, targetGroup }: Evidence): Named | undefined =>
  named(subject.targetGroupArn, valueRead(targetGroup));

const namedBalancer = ({ subject, loadBalancer }: Evidence): Named | undefined =>
  named(subject.loadBalancerArn, valueRead(loadBalancer));

const reported = (member: Member): AlarmExplained['targets'][number] => ({
  name: memberName(member),
  instanceId: member.instance?.instanceId,
  port: member.health.target.port,
  availabilityZone: zoneOf(member),
  state: member.health.state,
  reason: member.health.reason,
});

/** The deploy that began last, if any goes on. */
const deployOf = ({ deploys }: Evidence): AlarmExplained['deploy'] => {
  const [latest] = [...(valueRead(deploys) ?? [])].sort((a, b) => b.since.getTime() - a.since.getTime());
  return latest && { ...latest, since: latest.since.toISOString() };
};

/** Since when it is so: from the first alarm, or where it came back, from the last. */
const sinceOf = ({ openedAt, timesRaised }: Incident, { since }: Alarm): Date =>
  timesRaised > 1 ? (since ?? openedAt) : openedAt;

/** What is known beside the diagnosis when an alarm is explained. */
export interface Explanation {
  readonly alarm: Alarm;
  readonly incident: Incident;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  /** Host names that visitors use, where they are known. */
  readonly site: string | undefined;
  readonly changes: readonly ToldChange[];
  readonly fix: AlarmExplained['fix'];
  readonly existed?: AlarmExplained['existed'];
  readonly awaitsTrail: boolean;
}

/** An alarm explained: effect, cause, next step. The same alarm's same change has the same key. */
export const alarmExplainedReport = (told: Explanation, stage: Stage, now: Date): Report => {
  const { alarm, incident, evidence, diagnosis } = told;
  const { subject, symptom, targetGroup } = evidence;
  return reportOf(
    stage,
    {
      destination: destinationFor(valueRead(targetGroup)?.tags ?? {}, stage),
      matter: matterOf(subject),
      severity: diagnosis.severity,
      identity: identityOf(alarm, incident),
    },
    {
      kind: 'alarm-explained',
      alarm: alarm.name,
      symptom,
      site: told.site,
      targetGroup: namedGroup(evidence),
      loadBalancer: namedBalancer(evidence),
      targets: membersOf(evidence)
        .filter((member) => !isHealthy(member))
        .slice(0, TARGETS_KEPT)
        .map(reported),
      health: diagnosis.health,
      since: sinceOf(incident, alarm).toISOString(),
      effect: diagnosis.effect,
      findings: diagnosis.findings,
      network: diagnosis.network,
      changes: told.changes,
      deploy: deployOf(evidence),
      fix: told.fix,
      existed: told.existed,
      awaitsTrail: told.awaitsTrail,
      timesRaised: incident.timesRaised,
    },
    now,
  );
};

/** Whom a story is about, and who hears of it. */
export interface StoryAbout {
  readonly alarmName: string;
  readonly subject: DiagnosisSubject;
  readonly incident: Incident;
  /** Of its group; empty where it is not known. */
  readonly tags: Tags;
}

const aboutStory = ({ subject, tags }: StoryAbout, stage: Stage) => ({
  destination: destinationFor(tags, stage),
  matter: matterOf(subject),
});

/** Who changed what, told in the story's thread once CloudTrail tells. */
export const changeToldReport = (story: StoryAbout, changes: readonly ToldChange[], stage: Stage, now: Date): Report =>
  reportOf(
    stage,
    {
      ...aboutStory(story, stage),
      severity: 'information',
      identity: `${story.incident.openedAt.toISOString()}|${changes.map(({ what, subject, at }) => `${what} ${subject.id} ${at}`).join('|')}`,
    },
    { kind: 'change-told', alarm: story.alarmName, changes },
    now,
  );

/** The end of a story, with how long it was and what was changed in its time. */
export const alarmRecoveredReport = (
  story: StoryAbout,
  end: {
    readonly health: GroupHealth | undefined;
    readonly downSeconds: number;
    readonly wasDown: boolean;
    readonly changes: readonly ToldChange[];
  },
  stage: Stage,
  now: Date,
): Report =>
  reportOf(
    stage,
    {
      ...aboutStory(story, stage),
      severity: 'information',
      identity: `${story.incident.openedAt.toISOString()}|${story.incident.endedAt?.toISOString() ?? '-'}`,
    },
    {
      kind: 'alarm-recovered',
      alarm: story.alarmName,
      targetGroup: named(story.subject.targetGroupArn, undefined),
      health: end.health,
      downSeconds: end.downSeconds,
      wasDown: end.wasDown,
      alarmsGone: story.incident.gone,
      timesRaised: story.incident.timesRaised,
      changes: end.changes,
    },
    now,
  );
