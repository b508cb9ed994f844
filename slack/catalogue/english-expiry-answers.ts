import type { ExpiryTable } from '../../domain/expiry/report.ts';
import { joined, outside, say, strong, words } from '../phrase.ts';
import type { AnswerSurroundings, AnswerWords } from './answers.ts';
import { IDS_SHOWN } from './answers.ts';
import type { StandingWords } from './expiry-table.ts';
import { needing, tableBlocks } from './expiry-table.ts';
import { englishPlace } from './places.ts';

const STANDING: StandingWords = {
  fine: 'in order',
  'renewing-by-itself': 'renews itself',
  stuck: 'renewal is stuck',
  'wont-renew': 'won’t renew itself',
  expired: 'has ended',
  revoked: 'revoked',
  'pending-issuance': 'waits for its validation',
  failed: 'was not issued',
  'could-not-check': 'could not be checked',
  expiring: 'renewal not known',
  'auto-renew-off': 'auto-renew is off',
  'confirm-renewal': 'confirm its renewal',
  'on-hold': 'on hold',
  'not-registered': 'not registered',
  'cannot-know': 'end not known',
  'renews-itself': 'renews itself',
};

/** The table of certificates and domains with what waits for a person. */
export const englishExpiryAnswer = (table: ExpiryTable, around: AnswerSurroundings): AnswerWords => {
  const { days, rows, later, unread } = table;
  const needed = needing(table);
  const { blocks, more } = tableBlocks(
    table,
    { standing: STANDING, domain: 'domain: ', days: (left) => `${left} d` },
    around,
  );
  return {
    emoji: needed + unread.length === 0 ? 'white_check_mark' : 'calendar',
    headline: {
      strong:
        needed === 0
          ? say`Next ${days} days: ${words(unread.length === 0 ? 'no certificate or domain needs anybody' : 'nothing read needs anybody')}`
          : say`Next ${days} days: ${needed} of ${words(rows.length === 1 ? '1 certificate or domain needs' : `${rows.length} certificates and domains need`)} somebody`,
      rest: later === 0 ? [] : say` – ${later} end later`,
    },
    lines: [
      ...blocks,
      ...(more > 0 ? [say`… and ${more} more`] : []),
      ...(unread.length > 0
        ? [
            say`Could not be read, and not in this table: ${joined(
              unread.slice(0, IDS_SHOWN).map((each) => [outside(englishPlace(each), around.nameLimit)]),
              ', ',
            )}${words(unread.length > IDS_SHOWN ? ` and ${unread.length - IDS_SHOWN} more` : '')}.`,
          ]
        : []),
      needed === 0
        ? say`Nothing to do. Nothing was changed.`
        : say`${strong(say`Next:`)} look for their messages in the channel; each has its step. Nothing was changed.`,
    ],
  };
};
