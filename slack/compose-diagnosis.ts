import type { AlarmExplained, AlarmRecovered, ChangeTold, DiagnosisReportBody } from '../domain/diagnosis/report.ts';
import type { Finding, FindingReason, Severity } from '../domain/finding.ts';
import type { Button } from '../domain/report.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { CERTAINTY, isHealthReason } from './catalogue/catalogue.ts';
import type { When } from './catalogue/diagnosis.ts';
import { subjectOf } from './catalogue/diagnosis.ts';
import type { Times } from './catalogue/moment.ts';
import type { Phrase } from './phrase.ts';
import { also, SEVERITY_EMOJI, sentences, shortZone, shortZones, speak } from './speak.ts';

/** What is around a report's body. */
interface Setting {
  /** Moment the report speaks of, ISO 8601. */
  readonly at: string;
  readonly region: string;
  readonly severity: Severity;
  readonly times: Times;
  readonly buttons: readonly Button[];
}

const CHANGES_SHOWN = 2;
const IDS_SHOWN = 3;

/** So far back a time alone still says which day is meant. */
const SAME_DAY_MILLISECONDS = 12 * 3_600 * 1_000;

const whenAt =
  (at: string, { clock, moment }: Times): When =>
  (iso) =>
    Math.abs(new Date(at).getTime() - new Date(iso).getTime()) < SAME_DAY_MILLISECONDS ? clock(iso) : moment(iso);

/** Findings that the line about visitors says in other words. */
const saidByEffect = ({ effect }: AlarmExplained): ReadonlySet<FindingReason> => {
  switch (effect.kind) {
    case 'fail-open':
    case 'down':
      return new Set<FindingReason>(['FailOpen', 'NoHealthyTarget']);
    case 'partly':
      return new Set<FindingReason>(['ZoneWithoutTargets']);
    case 'unused':
      return new Set<FindingReason>(['GroupNotUsed']);
    default:
      return new Set();
  }
};

/** Found besides the first, without what the message says elsewhere. */
const others = (body: AlarmExplained, main: Finding): readonly Finding[] => {
  const said = saidByEffect(body);
  const isSaid = ({ reason }: Finding): boolean =>
    reason === main.reason || said.has(reason) || (reason === 'DeployInProgress' && body.deploy !== undefined);
  return body.findings.filter((finding) => finding !== main && !isSaid(finding));
};

/** Obstacles and doubts on the way besides a missing rule; without any of them the rest of the way passes. */
const ELSEWHERE: ReadonlySet<FindingReason> = new Set<FindingReason>([
  'NetworkAclDenies',
  'ZoneNotEnabled',
  'GroupNotUsed',
  'InstanceNotRunning',
  'TargetOutsideVpc',
  'InterfaceNotFound',
  'PathUnknown',
  'ReturnEgressMissing',
  'ClientCidrsMalformed',
  'ClientCidrsMissing',
  'CouldNotLook',
]);

const MISSING_RULES: ReadonlySet<FindingReason> = new Set<FindingReason>(['IngressMissing', 'EgressMissing']);

/** Whether only a security group stands in the way: everything else was judged, and passes. */
const isOnlyRules = ({ network, findings }: AlarmExplained): boolean =>
  network === 'blocked' &&
  findings.some(({ reason }) => MISSING_RULES.has(reason)) &&
  !findings.some(({ reason }) => ELSEWHERE.has(reason));

/** Reasons that point to the application, where it is worth a word that the network passes. */
const IN_APPLICATION: ReadonlySet<FindingReason> = new Set<FindingReason>([
  'ApplicationRefuses',
  'ApplicationSilent',
  'HealthCheckTimeoutShort',
]);

const networkWords = ({ network }: AlarmExplained, { reason }: Finding, catalogue: Catalogue): Phrase => {
  if (network === 'blocked' || !(IN_APPLICATION.has(reason) || isHealthReason(reason))) return [];
  return network === 'passes' ? catalogue.networkPasses() : catalogue.networkUnknown();
};

const visitors = (body: AlarmExplained, catalogue: Catalogue, region: string): Phrase => {
  const { health, targetGroup } = body;
  const group = targetGroup ?? { name: subjectOf(body), id: '' };
  const said = {
    notAffected:
      health !== undefined && health.healthy > 0
        ? catalogue.visitors.notAffected(shortZones(health, region))
        : catalogue.visitors.nothingChanges(),
    noneHealthy: catalogue.visitors.noneHealthy(group, 'tries-all'),
    groupNotUsed: catalogue.visitors.groupNotUsed(group),
  };
  return sentences(
    catalogue,
    catalogue.diagnosis.visitors(body, said),
    isOnlyRules(body) && body.effect.kind !== 'none' ? catalogue.diagnosis.restPasses() : [],
  );
};

const around = ({ targetGroup, targets }: AlarmExplained) => ({
  ...(targetGroup === undefined ? {} : { targetGroup: targetGroup.name }),
  ...(targets[0]?.port === undefined ? {} : { port: String(targets[0].port) }),
});

/** The cause with its evidence, whether the network passes, what else was found, and a deploy that is under way. */
const causeOf = (body: AlarmExplained, main: Finding, sentence: Phrase, catalogue: Catalogue): Phrase => {
  const code = isHealthReason(main.reason) && main.reason !== 'HealthReasonUnknown' ? main.reason : undefined;
  return sentences(
    catalogue,
    catalogue.cause(
      CERTAINTY[main.reason],
      code === undefined ? sentence : [...sentence, ...catalogue.reasonCode(code)],
    ),
    networkWords(body, main, catalogue),
    also(others(body, main), around(body), catalogue),
  );
};

const deployOf = ({ deploy }: AlarmExplained, main: Finding | undefined, catalogue: Catalogue, when: When): Phrase =>
  deploy === undefined || main?.reason === 'DeployInProgress' ? [] : catalogue.diagnosis.deploy(deploy, when);

/** Only where it is the missing rule that is told of first. */
const existedOf = ({ existed }: AlarmExplained, main: Finding | undefined, catalogue: Catalogue, when: When): Phrase =>
  existed !== undefined && main !== undefined && MISSING_RULES.has(main.reason)
    ? catalogue.diagnosis.existed(existed, when)
    : [];

/** Whether a press mends what comes first; a rule that is missing besides is no first step. */
const hasFix = ({ fix, findings: [main] }: AlarmExplained, buttons: readonly Button[]): boolean =>
  fix.length > 0 &&
  main !== undefined &&
  MISSING_RULES.has(main.reason) &&
  buttons.some(({ verb, object }) => verb === 'approve' && object.kind === 'missing-rule');

/** With zones as they are called within their Region. */
const withShortZones = (body: AlarmExplained, region: string): AlarmExplained =>
  body.effect.kind === 'partly'
    ? { ...body, effect: { ...body.effect, zones: body.effect.zones.map((zone) => shortZone(zone, region)) } }
    : body;

/** The group's name for the grey line, where no name in the message holds it. */
const groupUnsaid = ({ targetGroup, alarm, site }: AlarmExplained): readonly string[] =>
  targetGroup === undefined || site === undefined || alarm.includes(targetGroup.name) ? [] : [targetGroup.name];

const explained = (told: AlarmExplained, catalogue: Catalogue, setting: Setting) => {
  const { diagnosis } = catalogue;
  const body = withShortZones(told, setting.region);
  const when = whenAt(setting.at, setting.times);
  const [main] = body.findings;
  const named = body.loadBalancer === undefined ? [] : [body.loadBalancer.name];
  const spoken = main && speak(main, around(body), catalogue, named);
  const isLookedAt = main?.reason !== 'WatchesElsewhere';
  const general = body.symptom.kind === 'other' && isLookedAt ? diagnosis.general(body) : [];
  const cause =
    main === undefined || spoken === undefined
      ? diagnosis.nothingFound(body)
      : causeOf(body, main, spoken.sentence, catalogue);
  const step = spoken?.next ?? diagnosis.lookYourself(body, when);
  return {
    emoji: SEVERITY_EMOJI[setting.severity],
    headline: (nameLimit: number) => diagnosis.headline(body, when, nameLimit),
    lines: [
      visitors(body, catalogue, setting.region),
      sentences(
        catalogue,
        general,
        cause,
        existedOf(body, main, catalogue, when),
        deployOf(body, main, catalogue, when),
      ),
      sentences(
        catalogue,
        diagnosis.who(body.changes.slice(-CHANGES_SHOWN), body.awaitsTrail, when),
        diagnosis.nothingChanged(),
      ),
      hasFix(body, setting.buttons) ? diagnosis.pressFix(body.fix) : step,
    ].filter((line) => line.length > 0),
    ids: [
      ...groupUnsaid(body),
      ...body.targets.flatMap(({ instanceId }) => (instanceId === undefined ? [] : [instanceId])).slice(0, IDS_SHOWN),
      ...(spoken?.ids ?? []),
    ],
    aside: diagnosis.alarm(body.alarm),
    hurtsVisitors: body.effect.kind === 'down' || body.effect.kind === 'fail-open',
  };
};

const changeTold = (body: ChangeTold, catalogue: Catalogue, { at, times }: Setting) => {
  const when = whenAt(at, times);
  const more = body.changes.slice(1);
  return {
    emoji: 'bust_in_silhouette',
    headline: (nameLimit: number) => catalogue.diagnosis.changeTold(body, when, nameLimit),
    lines: more.length === 0 ? [] : [catalogue.diagnosis.who(more, false, when)],
    ids: body.changes.slice(0, IDS_SHOWN).map(({ subject }) => subject.id),
    aside: catalogue.diagnosis.alarm(body.alarm),
    hurtsVisitors: false,
  };
};

const recovered = (body: AlarmRecovered, catalogue: Catalogue, { at, times }: Setting) => {
  const { recovered: said, who } = catalogue.diagnosis;
  const isWhole = body.health === undefined || body.health.healthy === body.health.total;
  return {
    emoji: isWhole ? 'white_check_mark' : SEVERITY_EMOJI.information,
    headline: (nameLimit: number) => said.headline(body, times.clock(at), nameLimit),
    lines: [
      who(body.changes.slice(-CHANGES_SHOWN), false, whenAt(at, times)),
      sentences(
        catalogue,
        body.timesRaised > 1 ? said.cameAndWent(body.timesRaised) : [],
        body.alarmsGone.length > 0 ? said.gone(body.alarmsGone) : [],
        said.next(body),
      ),
    ].filter((line) => line.length > 0),
    ids: [],
    aside: catalogue.diagnosis.alarm(body.alarm),
    hurtsVisitors: false,
  };
};

/** What alarms are about and why, in the words of one language. */
export const composeDiagnosis = (body: DiagnosisReportBody, catalogue: Catalogue, setting: Setting) => {
  switch (body.kind) {
    case 'alarm-explained':
      return explained(body, catalogue, setting);
    case 'change-told':
      return changeTold(body, catalogue, setting);
    case 'alarm-recovered':
      return recovered(body, catalogue, setting);
  }
};
