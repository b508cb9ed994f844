import type { Finding, Severity } from '../domain/finding.ts';
import type { GroupHealth } from '../domain/report.ts';
import type { Catalogue, Facts } from './catalogue/catalogue.ts';
import { isShowableCommand } from './outside-text.ts';
import type { Phrase } from './phrase.ts';
import { command, joined, outsideTexts } from './phrase.ts';

const SHORTS_SHOWN = 2;
const EVIDENCE_SHOWN = 4;

/** Evidence that the sentences say in words of their own. */
const SAID_IN_WORDS: ReadonlySet<string> = new Set([
  'hop',
  'because',
  'direction',
  'targets',
  'count',
  'of',
  'check',
  'deploy',
  'seconds',
  'slowStartSeconds',
  'subject',
  'what',
  // By the name in it.
  'id',
]);

/** Ids and addresses, alone or in a list: for the grey line, not for the sentence. */
const LOOKS_LIKE_IDS = /^(?:(?:[a-z]{1,9}-[0-9a-f]{6,20}|\d+(?:\.\d+){3}(?:\/\d+)?|[0-9a-f]*:[0-9a-f:/]+)(?:, |$))+$/;

export const SEVERITY_EMOJI: Readonly<Record<Severity, string>> = {
  information: 'information_source',
  warning: 'warning',
  critical: 'rotating_light',
};

/** What the words of a finding may use: its own evidence first, then what the report around it says. */
const factsOf = (finding: Finding, around: Facts): Facts => ({
  ...around,
  ...finding.evidence,
  ...(around['target'] === undefined ? {} : { target: around['target'] }),
});

/** Evidence that neither the sentence nor the report around it shows: ids apart from the rest. */
const unsaid = (finding: Finding, around: Facts, spoken: readonly Phrase[], named: readonly string[]) => {
  const said = new Set([...spoken.flatMap(outsideTexts), ...named]);
  const rest = Object.entries(finding.evidence).filter(
    ([key, value]) => !said.has(value) && !SAID_IN_WORDS.has(key) && around[key] !== value,
  );
  return {
    ids: rest.filter(([, value]) => LOOKS_LIKE_IDS.test(value)).map(([, value]) => value),
    others: rest.filter(([, value]) => !LOOKS_LIKE_IDS.test(value)),
  };
};

/**
 * A finding's cause with all its evidence, and its next step with the command that would do it.
 * @param named what the report is about, and needs no saying
 */
export const speak = (finding: Finding, around: Facts, catalogue: Catalogue, named: readonly string[] = []) => {
  const facts = factsOf(finding, around);
  const spoken = catalogue.findings[finding.reason];
  const cause = spoken.cause(facts);
  const step = spoken.next(facts);
  const { ids, others } = unsaid(finding, around, [cause, step], named);
  const evidence = others.length === 0 ? [] : catalogue.evidence(others.slice(0, EVIDENCE_SHOWN));
  const remedy =
    finding.remedy !== undefined && isShowableCommand(finding.remedy) ? [command(finding.remedy)] : undefined;
  return { sentence: [...cause, ...evidence], short: spoken.short(facts), next: catalogue.next(step, remedy), ids };
};

/** Sentences after one another on one line. */
export const sentences = (catalogue: Catalogue, ...phrases: readonly Phrase[]): Phrase =>
  joined(
    phrases.filter((phrase) => phrase.length > 0),
    catalogue.betweenSentences,
  );

export const also = (findings: readonly Finding[], around: Facts, catalogue: Catalogue): Phrase => {
  const shorts = findings
    .slice(0, SHORTS_SHOWN)
    .map((finding) => catalogue.findings[finding.reason].short(factsOf(finding, around)));
  return shorts.length === 0 ? [] : catalogue.also(shorts, findings.length - shorts.length);
};

/** A zone as it is called within its Region: `1a` for `ap-northeast-1a` in `ap-northeast-1`. */
export const shortZone = (name: string, region: string): string => {
  const place = region.replace(/\d+$/, '');
  return name.startsWith(place) ? name.slice(place.length) : name;
};

/** Zones as they are called within their Region. */
export const shortZones = (health: GroupHealth, region: string): GroupHealth => {
  const { zones } = health;
  if (zones === undefined) return health;
  return { ...health, zones: zones.map(({ name, healthy }) => ({ name: shortZone(name, region), healthy })) };
};
