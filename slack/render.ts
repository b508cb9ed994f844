import type { Report } from '../domain/report.ts';
import { actions } from './buttons.ts';
import type { Catalogue, Language } from './catalogue/catalogue.ts';
import { ENGLISH } from './catalogue/english.ts';
import { JAPANESE } from './catalogue/japanese.ts';
import { timesIn } from './catalogue/moment.ts';
import { PAUSED } from './catalogue/pause.ts';
import type { Composed } from './compose.ts';
import { compose } from './compose.ts';
import type { ContextBlock, SlackMessage } from './message.ts';
import { mrkdwn, sections } from './message.ts';
import { columns } from './outside-text.ts';
import type { Mention, Phrase } from './phrase.ts';
import { code, emoji, joined, mention, outside, say, strong, toMrkdwn, toPlainText, words } from './phrase.ts';

/** How a stage wants to be spoken to. */
export interface RenderOptions {
  readonly language: Language;
  /** IANA name such as `Asia/Tokyo`. */
  readonly timeZone: string;
  /** What people call the AWS account, beside the stage's name. */
  readonly accountLabel?: string;
  /** Since when a person has stopped every write; absent while nobody has. */
  readonly pausedSince?: Date;
  /** Who is called when visitors are hurt now. */
  readonly mentions?: readonly Mention[];
}

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: ENGLISH, ja: JAPANESE };

/** Columns of line 1 on a lock screen: about 90 of a Latin letter, about 45 of a Japanese one. */
const HEADLINE_COLUMNS = 96;
const NAME_LIMITS = [48, 32, 24, 16, 12, 8] as const;
const IDS_SHOWN = 5;

/** Line 1 with the longest names that leave it short enough. */
const fittingHeadline = ({ headline }: Composed): ReturnType<Composed['headline']> => {
  const plain = ({ strong: state, rest }: ReturnType<Composed['headline']>) => toPlainText([...state, ...rest]);
  const limit = NAME_LIMITS.find((nameLimit) => columns(plain(headline(nameLimit))) <= HEADLINE_COLUMNS);
  return headline(limit ?? 8);
};

const calls = (composed: Composed, { severity }: Report, { mentions = [] }: RenderOptions): Phrase =>
  composed.hurtsVisitors && severity === 'critical' ? mentions.flatMap((who) => say` ${mention(who)}`) : [];

/** The grey line: stage, account, place, time with its zone, whether the stage is paused, who launched it or which alarm told, ids. */
const contextLine = (report: Report, composed: Composed, options: RenderOptions, catalogue: Catalogue): Phrase => {
  const ids = [...new Set(composed.ids)];
  const { moment } = timesIn(options.language, options.timeZone);
  const shown: readonly Phrase[] = [
    [outside(report.stage)],
    ...(options.accountLabel === undefined ? [] : [[outside(options.accountLabel)]]),
    [outside(catalogue.place(report.region))],
    [words(moment(report.at))],
    ...(options.pausedSince === undefined
      ? []
      : [[strong([words(PAUSED[options.language](moment(options.pausedSince.toISOString())))])]]),
    ...(composed.aside === undefined ? [] : [composed.aside]),
    ...ids.slice(0, IDS_SHOWN).map((each) => [code(each)]),
    ...(ids.length > IDS_SHOWN ? [catalogue.more(ids.length - IDS_SHOWN)] : []),
  ];
  return joined(shown, catalogue.contextSeparator);
};

const contextBlock = (line: Phrase): ContextBlock => ({ type: 'context', elements: [mrkdwn(toMrkdwn(line))] });

/**
 * A report as a Slack message: line 1, at most four more lines, one grey line, and the buttons. The parts of a message are
 * the items of `blocks`.
 * @throws {RangeError} when the report's moment or the time zone is invalid
 */
export const renderReport = (report: Report, options: RenderOptions): SlackMessage => {
  const catalogue = CATALOGUES[options.language];
  const times = timesIn(options.language, options.timeZone);
  const composed = compose(report, catalogue, times);
  const { strong: state, rest } = fittingHeadline(composed);
  const lineOne = say`${emoji(composed.emoji)} ${strong(state)}${rest}${calls(composed, report, options)}`;
  return {
    text: toPlainText([...state, ...rest]),
    blocks: [
      ...sections([lineOne, ...composed.lines].map(toMrkdwn)),
      contextBlock(contextLine(report, composed, options, catalogue)),
      ...actions(report, catalogue.buttons, times),
    ],
  };
};
