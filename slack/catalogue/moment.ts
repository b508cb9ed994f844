import type { Language } from './catalogue.ts';

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
