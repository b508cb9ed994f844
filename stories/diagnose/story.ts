import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { KeptIncident, OwedTelling } from '../../aws/state/incidents-port.ts';
import { admits } from '../../domain/diagnosis/admission.ts';
import type { Alarm } from '../../domain/diagnosis/alarm.ts';
import type { Diagnosis } from '../../domain/diagnosis/diagnose.ts';
import { diagnose, mostTelling } from '../../domain/diagnosis/diagnose.ts';
import type { Incident, Placement } from '../../domain/diagnosis/incident.ts';
import { isOverAlready, placeIncident, withoutEnded } from '../../domain/diagnosis/incident.ts';
import { alarmExplainedReport } from '../../domain/diagnosis/reports.ts';
import type { DiagnosisSubject, Place, Symptom } from '../../domain/diagnosis/subject.ts';
import {
  isElsewhere,
  merged,
  mostTellingOf,
  placeOf,
  subjectKey,
  subjectsOf,
  symptomOfAlarm,
} from '../../domain/diagnosis/subject.ts';
import { valueRead } from '../../domain/network/hop.ts';
import type { Report } from '../../domain/report.ts';
import { USHER_TAG } from '../../domain/tags.ts';
import type { AlarmChanged } from '../../events/alarm-state-change/parse.ts';
import { muteButtons } from '../mute.ts';
import { MOST_TOLD, mayCauseSince, readOthersChanges, readOwnChanges, touchedBy } from './changes.ts';
import { lookForChanges, lookWhetherItStands, lookWhetherOver, ofStory, tellEnd } from './end.ts';
import { offerFix } from './fix.ts';
import type { Gathered } from './gather.ts';
import { gather } from './gather.ts';
import { addToStory, decideAndKeep, told } from './keep.ts';
import type { DiagnosisPorts } from './ports.ts';
import { readStandings } from './standings.ts';

/** Composite alarms may be made of composite ones. */
const DEEPEST_CHILDREN = 3;

/** What became of an alarm for one of its subjects, or of the alarm as a whole. */
export type AlarmOutcome = Placement['kind'] | 'ignored' | 'elsewhere' | 'told-now';

/** What an alarm is about: a balancer or group with what is amiss there; nothing where no series tells. */
interface About {
  /** What its story is kept under. */
  readonly key: string;
  readonly subject: DiagnosisSubject;
  readonly symptom: Symptom;
  /** Where the subject is, if that is not here. */
  readonly elsewhere: Place | undefined;
  /** Whether the alarm itself is one that CloudWatch shows us here. */
  readonly isAlarmHere: boolean;
}

/** Where an alarm is. */
const placeOfEvent = ({ account, region }: AlarmChanged, { stage }: DiagnosisPorts): Place => ({
  account: account ?? stage.account,
  region: region ?? stage.region,
});

/** Of our own account everything is ours to answer; of others what the stage trusts. */
const isTrusted = ({ account }: Place, { stage, trustedAccounts }: DiagnosisPorts): boolean =>
  account === stage.account || trustedAccounts.includes(account);

/** Alarms that a composite's rule names, down to those with series. What AWS denies us to read leaves them unknown. */
const readChildren = async (
  ports: DiagnosisPorts,
  names: readonly string[],
  depth: number = DEEPEST_CHILDREN,
): Promise<readonly Alarm[]> => {
  try {
    const children = await ports.alarms.readAlarms(names);
    const further = children.flatMap(({ basis }) => (basis.kind === 'composite' ? basis.childAlarms : []));
    if (further.length === 0 || depth === 1) return children;
    return [...children, ...(await readChildren(ports, further, depth - 1))];
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.meaning !== 'denied') throw error;
    ports.log({ event: 'children-not-read', because: error.message });
    return [];
  }
};

/**
 * Of a raised composite's children those that are raised, unless none is seen to be. Its end is every child's: it may have been
 * raised about a child that is well by now, whose story would wait for its end for ever.
 */
const telling = ({ state: ofComposite }: Alarm, children: readonly Alarm[]): readonly Alarm[] => {
  if (ofComposite !== 'ALARM') return children;
  const raised = children.filter(({ state }) => state === 'ALARM');
  return raised.length > 0 ? raised : children;
};

/** A story of other people's alarms is kept apart from ours about the same: how theirs stand can't be asked. */
const keyOf = (subject: DiagnosisSubject, place: Place, isAlarmHere: boolean): string =>
  isAlarmHere ? subjectKey(subject) : `${place.account}|${place.region}|${subjectKey(subject)}`;

/** What several children of one composite say of one subject is one story, about the most telling of it. */
const asOne = (same: readonly About[]): readonly About[] => {
  const symptom = mostTellingOf(same.map((about) => about.symptom));
  const [subject] = merged(same.map((about) => about.subject));
  return same
    .slice(0, 1)
    .map((first) => ({ ...first, symptom: symptom ?? first.symptom, subject: subject ?? first.subject }));
};

const aboutAlarms = (alarms: readonly Alarm[], place: Place, { stage }: DiagnosisPorts): readonly About[] => {
  const isAlarmHere = !isElsewhere(place, stage);
  const all = alarms.flatMap((alarm) =>
    subjectsOf(alarm, place).map((subject): About => {
      const where = placeOf(subject) ?? place;
      return {
        key: keyOf(subject, place, isAlarmHere),
        subject,
        symptom: symptomOfAlarm(alarm),
        elsewhere: isElsewhere(where, stage) ? where : undefined,
        isAlarmHere,
      };
    }),
  );
  return [...Map.groupBy(all, ({ key }) => key).values()].flatMap(asOne);
};

/** An alarm that somebody asked to be told of, and that names no balancer: all that can be told is what it is. */
const general = (alarm: Alarm, place: Place, { stage }: DiagnosisPorts): About => ({
  key: alarm.arn ?? alarm.name,
  subject: {
    kind: 'application',
    loadBalancerArn: undefined,
    targetGroupArn: undefined,
    availabilityZone: undefined,
  },
  symptom: symptomOfAlarm(alarm),
  elsewhere: isElsewhere(place, stage) ? place : undefined,
  isAlarmHere: !isElsewhere(place, stage),
});

const ignore = ({ log, count }: DiagnosisPorts, { name }: Alarm, reason: string): void => {
  log({ event: 'alarm-ignored', alarm: name, reason });
  count('AlarmsIgnored', { reason });
};

/** What an alarm is about, if it is ours. The children of another account's composite can't be asked for. */
const admit = async (ports: DiagnosisPorts, alarm: Alarm, place: Place): Promise<readonly About[] | undefined> => {
  const first = admits(alarm);
  const areChildrenHere = !isElsewhere(place, ports.stage);
  const children =
    first.kind === 'ask-children' ? (areChildrenHere ? await readChildren(ports, first.names) : []) : undefined;
  const admission = children === undefined ? first : admits(alarm, children);
  if (admission.kind !== 'admitted') {
    const reason = admission.kind === 'ignored' ? admission.reason : admission.kind;
    ignore(ports, alarm, reason);
    return undefined;
  }
  const alarms = alarm.basis.kind === 'composite' ? telling(alarm, children ?? []) : [alarm];
  const abouts = aboutAlarms(alarms, place, ports);
  return abouts.length > 0 ? abouts : [general(alarm, place, ports)];
};

/** Diagnosed, the one that tells most among the groups that were looked at. */
interface Examined {
  readonly gathered: Gathered;
  readonly diagnosis: Diagnosis;
}

const examine = async (ports: DiagnosisPorts, { subject, symptom, elsewhere }: About): Promise<Examined> => {
  const all = (await gather(ports, subject, symptom, elsewhere)).map((gathered) => ({
    gathered,
    diagnosis: diagnose(gathered.evidence),
  }));
  const told = mostTelling(all);
  if (told === undefined) throw new RangeError('a subject is gathered as at least one');
  return told;
};

const WILDCARD = '*';

/** Host names that can be gone to; one with a wildcard is a pattern. */
const siteOf = ({ hosts }: Gathered): string | undefined => hosts.find((host) => !host.includes(WILDCARD));

/** Tags that say who hears of a group. */
const hearingTags = ({ evidence }: Gathered): KeptIncident['tags'] => {
  const channel = valueRead(evidence.targetGroup)?.tags[USHER_TAG.channel];
  return channel === undefined ? {} : { [USHER_TAG.channel]: channel };
};

/** What is written down with the telling: who may have done it, and what of that was said. */
interface Told {
  readonly report: Report;
  readonly tags: KeptIncident['tags'];
  readonly touched: KeptIncident['touched'];
  readonly changes: KeptIncident['changes'];
  readonly toldEventIds: readonly string[];
  readonly wasDown: boolean;
}

const explain = async (
  ports: DiagnosisPorts,
  about: About,
  alarm: Alarm,
  incident: Incident,
  { gathered, diagnosis }: Examined,
): Promise<Told> => {
  const { evidence } = gathered;
  const touched = touchedBy(gathered);
  const { openedAt } = incident;
  const groupArn = valueRead(evidence.targetGroup)?.arn ?? evidence.subject.targetGroupArn;
  const [others, own] = await Promise.all([
    readOthersChanges(ports, touched, openedAt, { toldEventIds: [] }, MOST_TOLD),
    readOwnChanges(ports, groupArn, mayCauseSince(openedAt)),
  ]);
  const changes = [...own, ...others.changes].sort((a, b) => (a.at < b.at ? -1 : 1));
  const known = { alarm, incident, evidence, diagnosis, site: siteOf(gathered), changes };
  const awaitsTrail = touched.length > 0 && others.changes.length === 0;
  const draft = alarmExplainedReport({ ...known, fix: [], awaitsTrail }, ports.stage, ports.now());
  const fix = await offerFix(ports, gathered, draft.destination);
  const report = ofStory(
    alarmExplainedReport({ ...known, fix: fix.rules, existed: fix.existed, awaitsTrail }, ports.stage, ports.now()),
    about.key,
  );
  return {
    report: { ...report, buttons: [...fix.buttons, ...(await muteButtons(ports, report))] },
    tags: hearingTags(gathered),
    touched,
    changes,
    toldEventIds: others.eventIds,
    wasDown: diagnosis.effect.kind === 'down',
  };
};

const newlyKept = ({ subject }: About, alarm: Alarm, incident: Incident): KeptIncident => ({
  incident,
  alarm: alarm.name,
  subject,
  tags: {},
  owed: [],
  looks: 0,
  wasDown: false,
  touched: [],
  changes: [],
  toldEventIds: [],
});

/** Each once, by what tells it from the others. */
const unionOf = <T>(all: readonly T[], identityOf: (one: T) => string): readonly T[] => [
  ...new Map(all.map((one) => [identityOf(one), one])).values(),
];

/** A story that was told once more: what was told, and may be found out about, before is told and found out still. */
const withTelling = (kept: KeptIncident, telling: Omit<Told, 'report'>, owed: OwedTelling): KeptIncident => ({
  ...kept,
  tags: telling.tags,
  touched: unionOf([...kept.touched, ...telling.touched], ({ kind, id }) => `${kind}|${id}`),
  changes: unionOf([...kept.changes, ...telling.changes], ({ what, subject, at }) => `${what}|${subject.id}|${at}`),
  toldEventIds: [...new Set([...kept.toldEventIds, ...telling.toldEventIds])],
  // Who found them down later doesn't know since when; from the beginning on is what its end says.
  wasDown: owed.at.getTime() === kept.incident.openedAt.getTime() ? telling.wasDown : kept.wasDown,
});

/** Tells the cause, and from then on owes it no more. Told twice it is one message: its key is the same. */
const tellCause = async (
  ports: DiagnosisPorts,
  about: About,
  alarm: Alarm,
  { incident, looks }: KeptIncident,
  owed: OwedTelling,
) => {
  const { report, ...telling } = await explain(ports, about, alarm, incident, await examine(ports, about));
  await ports.reports.publish(report);
  if (telling.touched.length > 0) await lookForChanges(ports, about.key, incident.openedAt, 0);
  if (about.isAlarmHere) await lookWhetherItStands(ports, about.key, incident.openedAt, looks);
  await addToStory(ports, about.key, incident.openedAt, (kept) => withTelling(told(kept, owed), telling, owed));
};

const owedFor = ({ owed }: KeptIncident, { name, since }: Alarm): OwedTelling | undefined =>
  owed.find(({ alarm, at }) => alarm === name && at.getTime() === since?.getTime());

/** An end that is owed still when the story goes on was none: told then, it would say that all is over while it isn't. */
const withoutOvertaken = (kept: KeptIncident): KeptIncident =>
  kept.incident.endedAt === undefined ? { ...kept, owed: kept.owed.filter(({ what }) => what !== 'end') } : kept;

/** What is to be done about one change of state, with what is written down of it first. */
interface Decision {
  readonly outcome: AlarmOutcome;
  readonly kept?: KeptIncident;
  readonly tells?: OwedTelling;
}

/**
 * Where an event places an alarm in its story, held against how the alarms stand by now: one that comes as raised may have ended
 * since, and the others that a story waits for may be gone.
 */
const placed = async (
  ports: DiagnosisPorts,
  { isAlarmHere }: About,
  alarm: Alarm,
  previous: Incident | undefined,
): Promise<Placement> => {
  if (!isAlarmHere) return placeIncident(previous, alarm, ports.now());
  if (alarm.state === 'ALARM' && isOverAlready(alarm, (await readStandings(ports, [alarm.name])).get(alarm.name)))
    return { kind: 'nothing', reason: 'OverAlready' };
  const placement = placeIncident(previous, alarm, ports.now());
  if (placement.kind !== 'folded' || alarm.state !== 'OK') return placement;
  const { incident } = placement;
  return withoutEnded(incident, await readStandings(ports, [...incident.raised.keys()]), ports.now()) ?? placement;
};

/** Whether nobody is left to be counted: then there is no data because there is nothing, and that is worse, and said. */
const isEmpty = async (ports: DiagnosisPorts, about: About): Promise<boolean> =>
  (await examine(ports, about)).diagnosis.findings.some(({ reason }) => reason === 'NoTargets');

const decide = async (
  ports: DiagnosisPorts,
  about: About,
  alarm: Alarm,
  found: KeptIncident | undefined,
): Promise<Decision> => {
  const owedBefore = found && owedFor(found, alarm);
  if (found !== undefined && owedBefore !== undefined) return { outcome: 'told-now', kept: found, tells: owedBefore };
  const placement = await placed(ports, about, alarm, found?.incident);
  const outcome = placement.kind;
  if (placement.kind === 'nothing') {
    ports.log({ event: 'alarm-not-told', alarm: alarm.name, reason: placement.reason });
    return { outcome };
  }
  const { incident } = placement;
  const isSameStory = found?.incident.openedAt.getTime() === incident.openedAt.getTime();
  const kept =
    found !== undefined && isSameStory ? withoutOvertaken({ ...found, incident }) : newlyKept(about, alarm, incident);
  const owing = (what: OwedTelling['what']): Decision => {
    const tells = { what, alarm: alarm.name, at: alarm.since ?? ports.now() };
    return { outcome, tells, kept: { ...kept, owed: [...kept.owed, tells] } };
  };
  switch (placement.kind) {
    case 'tell':
      return owing('cause');
    case 'recovered':
      return owing('end');
    case 'look':
      return (await isEmpty(ports, about)) ? owing('cause') : { outcome, kept };
    case 'settling':
      await lookWhetherOver(ports, about.key, incident.openedAt, placement.settlesAt);
      return { outcome, kept };
    case 'folded':
      return { outcome, kept };
  }
};

/** What a change of state means for one subject: decided and written down first, so that of several alarms at once one tells. */
const follow = async (ports: DiagnosisPorts, about: About, alarm: Alarm): Promise<AlarmOutcome> => {
  const { outcome, kept, tells } = await decideAndKeep(ports, about.key, (found) => decide(ports, about, alarm, found));
  if (kept === undefined || tells === undefined) return outcome;
  if (tells.what === 'cause') await tellCause(ports, about, alarm, kept, tells);
  else await tellEnd(ports, about.key, kept, tells);
  return outcome;
};

/**
 * From a change of an alarm's state to one explained message: admits it, places it in its subject's story, gathers, checks, and
 * tells. It never waits for CloudTrail. Killed anywhere and taken again, it comes to the same end.
 * @throws {IncidentBusyError} when others keep writing the same story
 * @throws whatever the table or the queues failed with
 */
export const diagnoseAlarm =
  (ports: DiagnosisPorts) =>
  async (event: AlarmChanged): Promise<readonly AlarmOutcome[]> => {
    const place = placeOfEvent(event, ports);
    if (!isTrusted(place, ports)) {
      ignore(ports, event.alarm, 'Elsewhere');
      return ['elsewhere'];
    }
    const abouts = await admit(ports, event.alarm, place);
    if (abouts === undefined) return ['ignored'];
    return Promise.all(abouts.map((about) => follow(ports, about, event.alarm)));
  };
