import type { Settings } from '../../domain/settings.ts';
import { list, SettingError } from '../../domain/settings.ts';
import type { Mention } from '../../slack/phrase.ts';

/** `U…` and `W…` are people, `S…` user groups; Slack's own notation for them is taken as well. */
const mentionFrom = (item: string): Mention => {
  const bare = item.replace(/^<(?:!subteam\^|[@!])?([^|>]*)(?:\|[^>]*)?>$/, '$1').replace(/^@/, '');
  if (bare === 'here' || bare === 'channel') return { kind: bare };
  if (/^[UW][A-Z0-9]{6,}$/.test(bare)) return { kind: 'user', id: bare };
  if (/^S[A-Z0-9]{6,}$/.test(bare)) return { kind: 'user-group', id: bare };
  throw new SettingError(
    `USHER_MENTIONS holds "${item}"; it may hold ids of people (U…, W…) and user groups (S…), here and channel`,
  );
};

/**
 * Who is called when visitors are hurt now.
 * @throws {SettingError} when one can't be called by what it says
 */
export const mentionsFrom = (settings: Settings): readonly Mention[] =>
  list(settings, 'USHER_MENTIONS').map(mentionFrom);
