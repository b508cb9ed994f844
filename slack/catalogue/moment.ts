import type { Language } from './language.ts';

/** Locales asked in turn for a zone's everyday abbreviation: each knows only those of its own part of the world. */
const ABBREVIATION_LOCALES = ['en-US', 'en-GB', 'ja-JP', 'en-AU', 'en-IN', 'en-NZ', 'en-ZA'] as const;

const partsOf = (format: Intl.DateTimeFormat, at: Date): Readonly<Record<string, string>> =>
  Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));

const zoneNameIn = (locale: string, timeZone: string, at: Date): string =>
  partsOf(new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }), at)['timeZoneName'] ?? timeZone;

/** `JST`, `CET`, … or the distance from GMT where no locale has a name. */
const zoneName = (timeZone: string, at: Date): string => {
  const names = ABBREVIATION_LOCALES.map((locale) => zoneNameIn(locale, timeZone, at));
  return names.find((name) => !/^(?:GMT|UTC)[+-]/.test(name)) ?? names[0] ?? timeZone;
};

/**
 * A moment as people say it, in the stage's time zone and never the machine's: `Sun 22 Nov 14:02 JST`, `11/22(日) 14:02 JST`.
 * @throws {RangeError} when the time zone is unknown or the moment is invalid
 */
export const momentText = (at: Date, language: Language, timeZone: string): string => {
  const locale = language === 'en' ? 'en-GB' : 'ja-JP';
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: language === 'en' ? 'short' : 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = partsOf(format, at);
  const time = `${parts['hour']}:${parts['minute']} ${zoneName(timeZone, at)}`;
  return language === 'en'
    ? `${parts['weekday']} ${parts['day']} ${parts['month']} ${time}`
    : `${Number(parts['month'])}/${Number(parts['day'])}(${parts['weekday']}) ${time}`;
};

/** How moments read in one language and time zone; each takes ISO 8601 and gives plain text. */
export interface Times {
  /** `Sun 22 Nov 14:02 JST`, `11/22(日) 14:02 JST` */
  readonly moment: (iso: string) => string;
  /** `Sun 6 Dec 2026`, `2026/12/6(日)` */
  readonly day: (iso: string) => string;
  /** `8 Jun 2027`, `2027/6/8` */
  readonly date: (iso: string) => string;
  /** `3 Oct`, `10/3` */
  readonly dayOfYear: (iso: string) => string;
  /** `10:00` */
  readonly clock: (iso: string) => string;
}

/**
 * How moments read in a language, in the stage's time zone and never the machine's. Its functions throw RangeError where
 * a moment is invalid.
 * @throws {RangeError} when the time zone is unknown
 */
export const timesIn = (language: Language, timeZone: string): Times => {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'ja-JP', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: language === 'en' ? 'short' : 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = (iso: string) => partsOf(format, new Date(iso));
  const number = (part: string | undefined): string => String(Number.parseInt(part ?? '', 10));
  const japaneseDay = ({ month, day }: ReturnType<typeof parts>): string => `${number(month)}/${number(day)}`;
  const year = ({ year: name }: ReturnType<typeof parts>): string => number(name);
  const english = {
    day: (p: ReturnType<typeof parts>) => `${p['weekday']} ${p['day']} ${p['month']} ${p['year']}`,
    date: (p: ReturnType<typeof parts>) => `${p['day']} ${p['month']} ${p['year']}`,
    dayOfYear: (p: ReturnType<typeof parts>) => `${p['day']} ${p['month']}`,
  };
  const japanese = {
    day: (p: ReturnType<typeof parts>) => `${year(p)}/${japaneseDay(p)}(${p['weekday']})`,
    date: (p: ReturnType<typeof parts>) => `${year(p)}/${japaneseDay(p)}`,
    dayOfYear: japaneseDay,
  };
  const words = language === 'en' ? english : japanese;
  return {
    moment: (iso) => momentText(new Date(iso), language, timeZone),
    day: (iso) => words.day(parts(iso)),
    date: (iso) => words.date(parts(iso)),
    dayOfYear: (iso) => words.dayOfYear(parts(iso)),
    clock: (iso) => {
      const p = parts(iso);
      return `${p['hour']}:${p['minute']}`;
    },
  };
};
