import type { Finding, FindingReason, Severity } from '../domain/finding.ts';
import type {
  ConfigurationFindings,
  OrderAnswered,
  Report,
  ReportedChange,
  ReportedTarget,
  TargetsInService,
  TargetsNotInService,
  TargetsNotRegistered,
  TargetsNotTakenOut,
  TargetsTakenOut,
} from '../domain/report.ts';
import { answerWords } from './answers.ts';
import type { Catalogue, Facts } from './catalogue/catalogue.ts';
import { CERTAINTY, isHealthReason } from './catalogue/catalogue.ts';
import type { Times } from './catalogue/moment.ts';
import { codeBlocks } from './code-blocks.ts';
import { composeAlarms } from './compose-alarms.ts';
import { composeClosing } from './compose-closing.ts';
import { composeCompanion } from './compose-companion.ts';
import { composeDiagnosis } from './compose-diagnosis.ts';
import { composeExpiry } from './compose-expiry.ts';
import { composeHands } from './compose-hands.ts';
import { composeInvalidation } from './compose-invalidation.ts';
import { composeSweep } from './compose-sweep.ts';
import type { Phrase } from './phrase.ts';
import { also, SEVERITY_EMOJI, sentences, shortZones, speak } from './speak.ts';

/** A report in words, before it is put into blocks. */
export interface Composed {
  readonly emoji: string;
  /** Line 1 with its names shortened to so many characters. */
  readonly headline: (nameLimit: number) => { readonly strong: Phrase; readonly rest: Phrase };
  /** At most four more lines; where DNS records are to be entered, those besides. */
  readonly lines: readonly Phrase[];
  /** Ids for looking things up, for the grey line at the end. */
  readonly ids: readonly string[];
  /** Who launched what it is about, or which alarm tells, for the grey line. */
  readonly aside?: Phrase | undefined;
  /** Whether visitors are hurt now, or by an end within three days, so that somebody may be called. */
  readonly hurtsVisitors: boolean;
}

const NAMES_SHOWN = 2;
const CAUSES_SHOWN = 2;
const CHANGES_SHOWN = 3;
const LONGEST_NAME_IN_AN_ANSWER = 24;

/** Descriptions of AWS's that only repeat the reason code. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'Health checks failed',
  'Request timed out',
  'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.',
]);

const namesOf = (targets: readonly ReportedTarget[]) => ({
  names: targets.slice(0, NAMES_SHOWN).map(({ name }) => name),
  count: targets.length,
});

const instanceIds = (targets: readonly ReportedTarget[]): readonly string[] =>
  targets.flatMap(({ instanceId }) => (instanceId === undefined ? [] : [instanceId]));

const changed = (changes: readonly ReportedChange[], catalogue: Catalogue): Phrase =>
  changes.length === 0
    ? catalogue.nothingChanged()
    : catalogue.changed(changes.slice(0, CHANGES_SHOWN), changes.length - Math.min(changes.length, CHANGES_SHOWN));

/** A target's own port; behind a Classic balancer it has none. */
const portText = (target: Pick<ReportedTarget, 'port'> | undefined): string | undefined =>
  target?.port === undefined ? undefined : String(target.port);

const launcher = (name: string | undefined, catalogue: Catalogue): Phrase | undefined =>
  name === undefined ? undefined : catalogue.launchedBy(name);

/** That an AMI differs, with whose where that isn't all the message is about. */
const imageLine = ({ imageDiffers, targets }: TargetsInService, catalogue: Catalogue): Phrase => {
  if (imageDiffers === undefined) return [];
  const { names, count, otherNames, otherCount } = imageDiffers;
  const areAll = count >= new Set(targets.map(({ instanceId, name }) => instanceId ?? name)).size;
  return catalogue.imageDiffers({ names: otherNames, count: otherCount }, areAll ? undefined : { names, count });
};

const inService = (body: TargetsInService, catalogue: Catalogue, region: string): Composed => {
  const [first, ...others] = body.findings;
  const around = { targetGroup: body.targetGroup.name };
  const spoken = first && speak(first, around, catalogue);
  const seconds = Math.max(0, ...body.targets.map(({ healthyAfterSeconds }) => healthyAfterSeconds));
  const about = { ...namesOf(body.targets), group: body.targetGroup, seconds, recovered: body.recovered };
  const image = imageLine(body, catalogue);
  // With a note it shares the line, as a sentence: a message stays short.
  const remark = image.length === 0 ? [] : catalogue.note(image);
  return {
    emoji: 'white_check_mark',
    headline: (nameLimit) => catalogue.inService(about, nameLimit),
    lines: [
      catalogue.healthNow(shortZones(body.health, region)),
      ...(spoken
        ? [sentences(catalogue, remark, catalogue.note(spoken.sentence), also(others, around, catalogue))]
        : [image].filter((line) => line.length > 0)),
      changed(body.changes, catalogue),
      spoken ? spoken.next : image.length === 0 ? catalogue.nothingToDo() : catalogue.nothingToDoIfMeant(),
    ],
    ids: [...instanceIds(body.targets), ...(spoken?.ids ?? [])],
    aside: launcher(body.launchedBy, catalogue),
    hurtsVisitors: false,
  };
};

const isKnownReason = (reason: string, catalogue: Catalogue): reason is FindingReason =>
  Object.hasOwn(catalogue.findings, reason);

/** What the balancer itself said of the first target, as a finding. */
const healthFinding = (body: TargetsNotInService, catalogue: Catalogue): Finding => {
  const target = body.targets[0];
  const code = target?.reason ?? (target?.state === 'not-registered' ? 'Target.NotRegistered' : undefined);
  const known = code !== undefined && isKnownReason(code, catalogue);
  return {
    reason: known ? code : 'HealthReasonUnknown',
    severity: 'warning',
    evidence: known || code === undefined ? {} : { code },
  };
};

/** The finding that heads the message: where the network passes, what the health check says points to the application. */
const mainFinding = (body: TargetsNotInService, catalogue: Catalogue): Finding => {
  const ofHealth = body.findings.find(({ reason }) => isHealthReason(reason) || reason.startsWith('Elb.'));
  if (body.network === 'passes') return ofHealth ?? healthFinding(body, catalogue);
  return body.findings[0] ?? healthFinding(body, catalogue);
};

const networkWords = (body: TargetsNotInService, main: Finding, catalogue: Catalogue): Phrase => {
  if (!isHealthReason(main.reason) || body.network === 'blocked') return [];
  return body.network === 'passes' ? catalogue.networkPasses() : catalogue.networkUnknown();
};

const isUnused = (findings: readonly Finding[]): boolean => findings.some(({ reason }) => reason === 'GroupNotUsed');

/** Fail-open is about unhealthy targets; those that are `unused` (their zone is not enabled, say) are never tried (facts 2.3). */
const noneIsTried = ({ targets, health }: TargetsNotInService): boolean =>
  health.total === targets.length && targets.every(({ state }) => state === 'unused');

const visitors = (body: TargetsNotInService, catalogue: Catalogue, region: string): Phrase => {
  const { health, targetGroup: group, findings } = body;
  if (health.healthy > 0) return catalogue.visitors.notAffected(shortZones(health, region));
  if (isUnused(findings)) return catalogue.visitors.groupNotUsed(group);
  if (health.total === 0) return catalogue.visitors.nothingRegistered(group);
  return noneIsTried(body)
    ? catalogue.visitors.noneTried(group)
    : catalogue.visitors.noneHealthy(group, body.withoutHealthy ?? 'tries-all');
};

/** The first rules that only whoever keeps a security group by code may add. */
const codeOf = (findings: readonly Finding[], { more }: Catalogue): readonly Phrase[] => {
  const [code] = findings.flatMap((finding) => finding.code ?? []);
  return code === undefined ? [] : codeBlocks(code, more);
};

/** Healthy by their check, and sent traffic that does not get to them: what closes the way is known for sure. */
const unreached = (body: TargetsNotInService, severity: Severity, catalogue: Catalogue): Composed => {
  const main = mainFinding(body, catalogue);
  const others = body.findings.filter((finding) => finding !== main && finding.reason !== main.reason);
  const around: Facts = {
    target: body.targets[0]?.name,
    targetGroup: body.targetGroup.name,
    port: portText(body.targets[0]),
  };
  const spoken = speak(main, around, catalogue);
  const who = namesOf(body.targets);
  return {
    emoji: severity === 'critical' ? SEVERITY_EMOJI.critical : SEVERITY_EMOJI.warning,
    headline: (nameLimit) => catalogue.unreached({ ...who, short: spoken.short }, nameLimit),
    lines: [
      catalogue.visitors.notReached(who),
      sentences(catalogue, catalogue.cause('sure', spoken.sentence), also(others, around, catalogue)),
      spoken.next,
      sentences(catalogue, changed(body.changes, catalogue), catalogue.looksAgain(body.looksAgainEverySeconds)),
      ...codeOf(body.findings, catalogue),
    ],
    ids: [...instanceIds(body.targets), ...spoken.ids],
    aside: launcher(body.launchedBy, catalogue),
    hurtsVisitors: body.health.healthy <= body.targets.length,
  };
};

const notInService = (
  body: TargetsNotInService,
  severity: Severity,
  catalogue: Catalogue,
  region: string,
): Composed => {
  if (body.targets.length > 0 && body.targets.every(({ state }) => state === 'healthy'))
    return unreached(body, severity, catalogue);
  const target = body.targets[0];
  const main = mainFinding(body, catalogue);
  const others = body.findings.filter((finding) => finding !== main && finding.reason !== main.reason);
  const around: Facts = {
    target: target?.name,
    targetGroup: body.targetGroup.name,
    port: portText(target),
    description:
      isHealthReason(main.reason) && !SAYS_NOTHING.has(target?.description ?? '') ? target?.description : undefined,
  };
  const spoken = speak(main, around, catalogue);
  const reasonCode =
    isHealthReason(main.reason) && main.reason !== 'HealthReasonUnknown' ? catalogue.reasonCode(main.reason) : [];
  const about = {
    ...namesOf(body.targets),
    state: target?.state ?? 'unavailable',
    seconds: Math.max(0, ...body.targets.map(({ sinceSeconds }) => sinceSeconds)),
    short: spoken.short,
  };
  return {
    emoji: severity === 'critical' ? SEVERITY_EMOJI.critical : SEVERITY_EMOJI.warning,
    headline: (nameLimit) => catalogue.notInService(about, nameLimit),
    lines: [
      visitors(body, catalogue, region),
      sentences(
        catalogue,
        catalogue.cause(CERTAINTY[main.reason], [...spoken.sentence, ...reasonCode]),
        networkWords(body, main, catalogue),
        also(others, around, catalogue),
      ),
      spoken.next,
      sentences(catalogue, changed(body.changes, catalogue), catalogue.looksAgain(body.looksAgainEverySeconds)),
      ...codeOf(body.findings, catalogue),
    ],
    ids: [...instanceIds(body.targets), ...spoken.ids],
    aside: launcher(body.launchedBy, catalogue),
    hurtsVisitors: body.health.healthy === 0 && body.health.total > 0 && !isUnused(body.findings),
  };
};

/** One finding and whose it is. */
interface Owned {
  readonly finding: Finding;
  readonly owner: string;
  readonly around: Facts;
}

const sameFinding = ({ reason, evidence }: Finding): string =>
  JSON.stringify([reason, Object.entries(evidence).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** Causes as lines: one where all are the same, else the first few with their owners. */
const causeLines = (owned: readonly Owned[], catalogue: Catalogue): readonly Phrase[] => {
  const different = [...new Map(owned.map((each) => [sameFinding(each.finding), each])).values()];
  const [only] = different;
  if (only === undefined) return [];
  if (different.length === 1) {
    const { sentence } = speak(only.finding, only.around, catalogue);
    return [catalogue.cause(CERTAINTY[only.finding.reason], sentence)];
  }
  return different.slice(0, CAUSES_SHOWN).map(({ finding, owner, around }, index) => {
    const line = catalogue.perTarget(owner, speak(finding, around, catalogue).sentence);
    const more = different.length - CAUSES_SHOWN;
    return index === CAUSES_SHOWN - 1 && more > 0 ? sentences(catalogue, line, catalogue.more(more)) : line;
  });
};

const firstWords = (owned: readonly Owned[], catalogue: Catalogue) => {
  const [first] = owned;
  const unknown: Finding = { reason: 'PathUnknown', severity: 'warning', evidence: {} };
  return speak(first?.finding ?? unknown, first?.around ?? {}, catalogue);
};

/** Who was not registered, or not taken out, and why. */
const notDone = (
  body: TargetsNotRegistered | TargetsNotTakenOut,
  severity: Severity,
  catalogue: Catalogue,
): Composed => {
  const owned = body.targets.flatMap(({ name, port, findings }) =>
    findings.map((finding) => ({
      finding,
      owner: name,
      around: { target: name, targetGroup: body.targetGroup.name, port: portText({ port }) },
    })),
  );
  const first = firstWords(owned, catalogue);
  const about = { ...namesOf(body.targets), group: body.targetGroup, short: first.short };
  return {
    emoji: SEVERITY_EMOJI[severity],
    headline: (nameLimit) =>
      body.kind === 'targets-not-registered'
        ? catalogue.notRegistered(about, nameLimit)
        : catalogue.notTakenOut(about, nameLimit),
    lines: [
      sentences(catalogue, catalogue.visitors.nothingChanges(), catalogue.nothingChanged()),
      ...causeLines(owned, catalogue),
      first.next,
    ],
    ids: [...instanceIds(body.targets), ...first.ids],
    hurtsVisitors: false,
  };
};

/** What it means for visitors that some are gone from a group. */
const visitorsAfter = ({ health, targetGroup }: TargetsTakenOut, catalogue: Catalogue, region: string): Phrase => {
  if (health.total === 0) return catalogue.visitors.nothingRegistered(targetGroup);
  return health.healthy === 0
    ? catalogue.visitors.noneHealthy(targetGroup, undefined)
    : catalogue.visitors.notAffected(shortZones(health, region));
};

const takenOut = (body: TargetsTakenOut, catalogue: Catalogue, region: string): Composed => {
  const reasons = [...new Set(body.targets.map(({ because }) => because))];
  const about = { ...namesOf(body.targets), group: body.targetGroup, because: reasons };
  const isLeftAlone = body.health.healthy === 0;
  return {
    emoji: isLeftAlone ? SEVERITY_EMOJI.warning : SEVERITY_EMOJI.information,
    headline: (nameLimit) => catalogue.takenOut(about, nameLimit),
    lines: [
      visitorsAfter(body, catalogue, region),
      catalogue.deregistered(body.targets.length),
      isLeftAlone ? catalogue.next(catalogue.bringAnother(), undefined) : catalogue.nothingToDo(),
    ],
    ids: instanceIds(body.targets),
    hurtsVisitors: false,
  };
};

const configuration = (body: ConfigurationFindings, severity: Severity, catalogue: Catalogue): Composed => {
  const around: Facts =
    body.subject.type === 'instance' ? { target: body.subject.name } : { targetGroup: body.subject.name };
  const owned = body.findings.map((finding) => ({ finding, owner: body.subject.name, around }));
  const first = firstWords(owned, catalogue);
  const about = { subject: body.subject, short: first.short, more: Math.max(0, body.findings.length - 1) };
  return {
    emoji: SEVERITY_EMOJI[severity],
    headline: (nameLimit) => catalogue.configuration(about, nameLimit),
    lines: [
      sentences(catalogue, catalogue.visitors.nothingChanges(), catalogue.nothingChanged()),
      ...causeLines(owned, catalogue),
      first.next,
    ],
    ids: [...(body.subject.id === body.subject.name ? [] : [body.subject.id]), ...first.ids],
    hurtsVisitors: false,
  };
};

/** The same words as at the order's own address, with who gave it: here everybody reads it. */
const answered = ({ answer }: OrderAnswered, catalogue: Catalogue, times: Times): Composed => {
  const words = (nameLimit: number) => answerWords(answer, catalogue, { ...times, nameLimit });
  const { emoji, lines } = words(LONGEST_NAME_IN_AN_ANSWER);
  return { emoji, headline: (nameLimit) => words(nameLimit).headline, lines, ids: [], hurtsVisitors: false };
};

/**
 * A report in the words of one language.
 * @param times how moments read in the stage's language and time zone
 */
export const compose = (
  { at, body, region, severity, buttons }: Report,
  catalogue: Catalogue,
  times: Times,
): Composed => {
  switch (body.kind) {
    case 'targets-in-service':
      return inService(body, catalogue, region);
    case 'targets-not-in-service':
      return notInService(body, severity, catalogue, region);
    case 'targets-not-registered':
    case 'targets-not-taken-out':
      return notDone(body, severity, catalogue);
    case 'targets-taken-out':
      return takenOut(body, catalogue, region);
    case 'configuration-findings':
      return configuration(body, severity, catalogue);
    case 'held-by-others':
      return composeHands(body, severity, catalogue, times);
    case 'companion-proposed':
    case 'companion-detached':
    case 'companion-not-removed':
      return composeCompanion(body, { severity, region }, catalogue.companions);
    case 'invalidation-completed':
    case 'invalidation-failed':
    case 'invalidation-still-running':
    case 'invalidation-queued':
    case 'confirmation-wanted':
      return composeInvalidation(body, catalogue.invalidations, catalogue.more);
    case 'certificates-need-action':
    case 'certificate-settled':
    case 'validation-records-missing':
    case 'served-certificate-wrong':
    case 'served-certificate-right':
    case 'domain-needs-action':
    case 'domain-settled': {
      const { expiry, place, more } = catalogue;
      return composeExpiry(body, severity, expiry, { times, at, place }, more);
    }
    case 'closing-proposed':
    case 'rules-closed':
    case 'closing-ended':
      return composeClosing(body, catalogue.closing, times);
    case 'sweep-ended':
    case 'weekly-status':
      return composeSweep(body, severity, catalogue.sweep, times);
    case 'alarm-explained':
    case 'change-told':
    case 'alarm-recovered':
      return composeDiagnosis(body, catalogue, { at, region, severity, times, buttons: buttons ?? [] });
    case 'alarms-offered':
    case 'alarms-changed':
      return composeAlarms(body, severity, catalogue.alarms);
    case 'order-answered':
      return answered(body, catalogue, times);
  }
};
