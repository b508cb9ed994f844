import type { Phrase } from '../phrase.ts';
import { joined, quote, say, strong, words } from '../phrase.ts';
import type { ExpirySurroundings } from './expiry.ts';

export const NAMES_SHOWN = 3;

export const and = (shown: readonly Phrase[], more: number): Phrase => [
  ...joined(shown, '、'),
  ...(more > 0 ? [words(` ほか${more}件`)] : []),
];

export const next = (step: Phrase): Phrase => say`${strong(say`次の手順：${step}`)}`;

/** `あと14日で`; `（2026/12/6(日)）` comes after what happens then. */
export const inDays = (daysLeft: number | undefined): string => {
  if (daysLeft === undefined) return '';
  return daysLeft >= 1 ? `あと${daysLeft}日で` : '24時間以内に';
};

export const on = (daysLeft: number | undefined, endsAt: string | undefined, { times }: ExpirySurroundings): string => {
  if (endsAt === undefined) return '';
  return daysLeft !== undefined && daysLeft < 1 ? `（${times.moment(endsAt)}）` : `（${times.day(endsAt)}）`;
};

/** Reasons of our own; what AWS or a registry says is told as it is. */
const WHY: Readonly<Record<string, string>> = {
  StatusUnknown: 'ACM のステータスが Usher の知らない値です。',
  NoEnd: 'ACM に期限がありません。',
  NoSource: 'このトップレベルドメインには照会できるレジストリがありません。',
  SourceGivesNoDate: 'レジストリが期限を公開していません。',
};

export const told = (why: string): Phrase => {
  const ours = Object.hasOwn(WHY, why) ? WHY[why] : undefined;
  return ours === undefined ? [quote(why)] : [words(ours)];
};

export const NO_LINE: Phrase = [];

export const NOTHING_TO_DO: Phrase = say`対応は不要です。`;
