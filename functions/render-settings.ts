import type { Pause } from '../domain/pause.ts';
import type { Report } from '../domain/report.ts';
import type { Settings } from '../domain/settings.ts';
import { oneOf, optionalText, SettingError, text } from '../domain/settings.ts';
import type { Language } from '../slack/catalogue/catalogue.ts';
import type { RenderOptions } from '../slack/render.ts';

/** How this stage speaks, for every function that renders a report. */
export interface RenderSettings extends Pick<RenderOptions, 'language' | 'timeZone'> {
  /** What people call the account; without it its number is shown. */
  readonly accountLabel: string | undefined;
}

/** @throws {SettingError} when it is a language we don't speak */
export const languageFrom = (settings: Settings): Language => oneOf(settings, 'USHER_LANGUAGE', ['en', 'ja'], 'en');

const timeZoneFrom = (settings: Settings): string => {
  const value = text(settings, 'USHER_TIME_ZONE', 'UTC');
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return value;
  } catch (cause) {
    throw new SettingError(`USHER_TIME_ZONE is "${value}"; it must be an IANA name such as Asia/Tokyo`, { cause });
  }
};

/**
 * Language, time zone and account label from the function's environment.
 * @throws {SettingError} when one says what it can't
 */
export const renderSettingsFrom = (settings: Settings): RenderSettings => ({
  language: languageFrom(settings),
  timeZone: timeZoneFrom(settings),
  accountLabel: optionalText(settings, 'USHER_ACCOUNT_LABEL'),
});

/** How one report is to be rendered: an account without a name goes by its number, and a pause is said in every message. */
export const renderOptions = <Render extends RenderSettings>(
  render: Render,
  { account }: Report,
  pause: Pick<Pause, 'since'> | undefined,
) => ({
  ...render,
  accountLabel: render.accountLabel ?? account,
  ...(pause === undefined ? {} : { pausedSince: pause.since }),
});
