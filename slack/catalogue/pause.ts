import type { Language } from './language.ts';

/** What every message says while the stage is paused, in its grey line. Takes the moment it began, as people say it. */
export const PAUSED: Readonly<Record<Language, (since: string) => string>> = {
  en: (since) => `paused since ${since}, nothing is written`,
  ja: (since) => `${since} から一時停止中（変更なし）`,
};
