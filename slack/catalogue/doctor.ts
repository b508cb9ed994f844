import type { Finding } from '../../domain/finding.ts';
import type { DoctorAnswer, Examined, ExaminedGroup } from '../../domain/front-door/answer.ts';
import type { CacheWord } from '../../domain/front-door/cache.ts';
import type { FrontDoorFinding, FrontDoorReason } from '../../domain/front-door/finding.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, words } from '../phrase.ts';
import type { AnswerSurroundings, AnswerWords } from './answers.ts';
import type { Facts, FindingCatalogue } from './catalogue.ts';

/** One finding of the front door as people say it. Both are whole sentences without their full stop. */
export interface FrontDoorWords {
  readonly cause: Phrase;
  readonly next: Phrase;
}

export type FrontDoorCatalogue = Readonly<Record<FrontDoorReason, (facts: Facts) => FrontDoorWords>>;

/** What `doctor` says in one language. */
export interface DoctorCatalogue {
  readonly frontDoor: FrontDoorCatalogue;
  readonly findings: FindingCatalogue;
  /** How a page was found, and with which code. */
  readonly pageHeadline: (about: {
    readonly page: Phrase;
    readonly problems: number;
    readonly status: number | undefined;
  }) => AnswerWords['headline'];
  readonly targetsHeadline: (about: {
    readonly subject: Phrase;
    readonly what: Examined;
    readonly problems: number;
    readonly groups: number;
    readonly late: boolean;
  }) => AnswerWords['headline'];
  readonly way: (stations: Phrase) => Phrase;
  readonly groupHealth: (group: ExaminedGroup, name: Phrase) => Phrase;
  /** A bullet: whose it is, where it is somebody's, and what is the matter. */
  readonly cause: (owner: Phrase | undefined, cause: Phrase) => Phrase;
  readonly more: (count: number) => Phrase;
  readonly next: (step: Phrase) => Phrase;
  readonly nothingToDo: Phrase;
  readonly cache: (word: CacheWord) => Phrase;
  readonly asked: (requests: number) => Phrase;
  readonly nothingChanged: Phrase;
  readonly inNoGroup: Phrase;
  /** That time ran out before all of it was looked at. */
  readonly notToTheEnd: Phrase;
  readonly tooLate: (said: Phrase) => AnswerWords;
  readonly nothingToExamine: (said: Phrase) => AnswerWords;
  readonly ambiguous: (said: Phrase, ids: Phrase) => AnswerWords;
}

const CAUSES_SHOWN = 4;
const IDS_SHOWN = 6;
const LONGEST_URL = 120;

/** Something to be told, whose it is, and its step. */
interface Told {
  readonly owner: Phrase | undefined;
  readonly cause: Phrase;
  readonly next: Phrase;
  readonly isProblem: boolean;
}

const ofFrontDoor = ({ reason, severity, evidence }: FrontDoorFinding, catalogue: DoctorCatalogue): Told => ({
  ...catalogue.frontDoor[reason](evidence),
  owner: undefined,
  isProblem: severity !== 'information',
});

const ofGroup = (
  { targetGroup }: ExaminedGroup,
  { reason, severity, evidence }: Finding,
  catalogue: DoctorCatalogue,
  limit: number,
): Told => {
  const facts = { targetGroup: targetGroup.name, ...evidence };
  const { cause, next } = catalogue.findings[reason];
  return {
    owner: [outside(targetGroup.name, limit)],
    cause: cause(facts),
    next: next(facts),
    isProblem: severity !== 'information',
  };
};

const ofGroups = (groups: readonly ExaminedGroup[], catalogue: DoctorCatalogue, limit: number): readonly Told[] =>
  groups.flatMap((group) => group.findings.map((finding) => ofGroup(group, finding, catalogue, limit)));

/** What only says that somebody behind it failed; the findings about those say why. */
const ONLY_SAYS_THAT: ReadonlySet<FrontDoorReason> = new Set<FrontDoorReason>(['BalancerAnswered', 'FrontAnswered']);

/** The order in which things are told: who is to blame before who only passes it on. */
const inOrder = (
  answer: Extract<DoctorAnswer, { kind: 'url-examined' }>,
  catalogue: DoctorCatalogue,
  limit: number,
) => {
  const front = answer.findings.map((finding) => ({ finding, told: ofFrontDoor(finding, catalogue) }));
  const groups = ofGroups(answer.groups, catalogue, limit);
  const passedOn = front.filter(({ finding }) => ONLY_SAYS_THAT.has(finding.reason)).map(({ told }) => told);
  const own = front.filter(({ finding }) => !ONLY_SAYS_THAT.has(finding.reason)).map(({ told }) => told);
  return [
    ...own.filter(isProblem),
    ...groups.filter(isProblem),
    ...passedOn,
    ...own.filter(isNote),
    ...groups.filter(isNote),
  ];
};

const isProblem = (told: Told): boolean => told.isProblem;
const isNote = (told: Told): boolean => !told.isProblem;

const causeLines = (all: readonly Told[], more: number, catalogue: DoctorCatalogue): readonly Phrase[] => {
  const shown = all.slice(0, CAUSES_SHOWN);
  const left = all.length - shown.length + more;
  return [
    ...shown.map(({ owner, cause }) => catalogue.cause(owner, cause)),
    ...(left > 0 ? [catalogue.more(left)] : []),
  ];
};

const stepOf = ([first]: readonly Told[], catalogue: DoctorCatalogue): Phrase =>
  first === undefined ? catalogue.nothingToDo : catalogue.next(first.next);

const emojiOf = (problems: number): string => (problems === 0 ? 'white_check_mark' : 'warning');

const ARROW = ' → ';

const aboutUrl = (
  answer: Extract<DoctorAnswer, { kind: 'url-examined' }>,
  { nameLimit }: AnswerSurroundings,
  catalogue: DoctorCatalogue,
): AnswerWords => {
  const all = inOrder(answer, catalogue, nameLimit);
  const problems = all.filter(isProblem).length;
  const stations = [
    ...answer.way.map((station): Phrase => [outside(station, LONGEST_URL)]),
    ...answer.groups.map((group) => catalogue.groupHealth(group, [outside(group.targetGroup.name, nameLimit)])),
  ];
  return {
    emoji: emojiOf(problems),
    headline: catalogue.pageHeadline({ page: [outside(answer.url, nameLimit)], problems, status: answer.status }),
    lines: [
      catalogue.way(joined(stations, ARROW)),
      ...causeLines(all, answer.findingCount - answer.findings.length, catalogue),
      stepOf(all, catalogue),
      catalogue.cache(answer.cache),
      say`${catalogue.asked(answer.requests)} ${catalogue.nothingChanged}`,
    ],
  };
};

const aboutTargets = (
  { subject, what, groups, more, late }: Extract<DoctorAnswer, { kind: 'targets-examined' }>,
  { nameLimit }: AnswerSurroundings,
  catalogue: DoctorCatalogue,
): AnswerWords => {
  const told = ofGroups(groups, catalogue, nameLimit);
  const all = [...told.filter(isProblem), ...told.filter(isNote)];
  const problems = all.filter(isProblem).length;
  const healths = groups.map((group) => catalogue.groupHealth(group, [outside(group.targetGroup.name, nameLimit)]));
  return {
    emoji: emojiOf(problems + Number(late)),
    headline: catalogue.targetsHeadline({
      subject: [outside(subject.name, nameLimit)],
      what,
      problems,
      groups: groups.length,
      late,
    }),
    lines: [
      ...(groups.length > 0 ? [joined(healths, '; ')] : late ? [] : [catalogue.inNoGroup]),
      ...causeLines(all, more, catalogue),
      ...(late ? [catalogue.notToTheEnd] : []),
      ...(late && all.length === 0 ? [] : [stepOf(all, catalogue)]),
      catalogue.nothingChanged,
    ],
  };
};

/** What `doctor` found, in the words of one language. */
export const doctorWords = (
  answer: DoctorAnswer,
  around: AnswerSurroundings,
  catalogue: DoctorCatalogue,
): AnswerWords => {
  switch (answer.kind) {
    case 'url-examined':
      return aboutUrl(answer, around, catalogue);
    case 'targets-examined':
      return aboutTargets(answer, around, catalogue);
    case 'examination-late':
      return catalogue.tooLate([outside(answer.said, around.nameLimit)]);
    case 'nothing-to-examine':
      return catalogue.nothingToExamine([outside(answer.said, around.nameLimit)]);
    case 'ambiguous-subject': {
      const more = answer.candidates.length - IDS_SHOWN;
      const ids = answer.candidates.slice(0, IDS_SHOWN).map(({ id }): Phrase => [code(id)]);
      return catalogue.ambiguous(
        [outside(answer.said, around.nameLimit)],
        [...joined(ids, ', '), ...(more > 0 ? [words(' …')] : [])],
      );
    }
  }
};
