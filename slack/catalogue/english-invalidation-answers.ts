import type { Answer } from '../../domain/answer.ts';
import type { DoctorAnswer } from '../../domain/front-door/answer.ts';
import { dollars } from '../../domain/invalidation/price.ts';
import type { Named } from '../../domain/report.ts';
import type { VerbAnswer } from '../../domain/verb-answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, outside, say, strong, words } from '../phrase.ts';
import type { AnswerWords } from './answers.ts';
import { IDS_SHOWN, NAMES_SHOWN } from './answers.ts';
import { ENGLISH_INVALIDATIONS } from './english-invalidations.ts';

const places = (named: readonly Named[], limit: number): Phrase => {
  const more = named.length - NAMES_SHOWN;
  return [
    ...joined(
      named.slice(0, NAMES_SHOWN).map(({ name }) => [outside(name, limit)]),
      ', ',
    ),
    ...(more > 0 ? [words(` and ${more} more`)] : []),
  ];
};

const findings = ({
  findings: all,
  findingCount,
}: Pick<Extract<Answer, { readonly kind: 'paths-refused' }>, 'findings' | 'findingCount'>): readonly Phrase[] => {
  const shown = all.slice(0, NAMES_SHOWN).map(({ reason, said, offer }) => {
    const offered = offer === undefined ? [] : ENGLISH_INVALIDATIONS.offer(offer);
    return say`• ${code(said)} – ${ENGLISH_INVALIDATIONS.finding[reason]}${offered}.`;
  });
  const more = findingCount - shown.length;
  return more > 0 ? [...shown, say`… and ${more} more`] : shown;
};

const NOT_CLEARED: Phrase = say` – nothing was cleared`;

type OfInvalidation = Exclude<
  Answer,
  | { readonly kind: 'help' | 'not-understood' | 'not-allowed' | 'pressed' | 'failed' | 'certificates' }
  | VerbAnswer
  | DoctorAnswer
>;

/** What is answered at once to a request for an invalidation. */
export const englishInvalidationAnswer = (answer: OfInvalidation, limit: number): AnswerWords => {
  switch (answer.kind) {
    case 'invalidation-taken': {
      const { paths, atMostMills } = answer.price;
      return {
        emoji: 'hourglass_flowing_sand',
        headline: {
          strong: say`Clearing the cache of ${places(answer.places, limit)}`,
          rest: say` – ${words(paths === 1 ? '1 path' : `${paths} paths`)}`,
        },
        lines: [
          ...findings(answer),
          say`List price at most ${words(dollars(atMostMills))}; the account’s first 1,000 paths of a month are free. I tell you here when it is done.`,
        ],
      };
    }
    case 'no-such-place':
      return {
        emoji: 'warning',
        headline: { strong: say`No distribution answers to ${outside(answer.said, limit)}`, rest: NOT_CLEARED },
        lines: [
          answer.suggestions.length === 0
            ? say`${strong(say`Next:`)} name one of its aliases, its id (${code('E…')}) or its CloudFront domain.`
            : say`${strong(say`Next:`)} perhaps ${joined(
                answer.suggestions.slice(0, IDS_SHOWN).map((name) => [code(name)]),
                ', ',
              )}?`,
        ],
      };
    case 'ambiguous-place':
      return {
        emoji: 'warning',
        headline: { strong: say`Several distributions answer to ${outside(answer.said, limit)}`, rest: NOT_CLEARED },
        lines: [
          say`${strong(say`Next:`)} name one by its id: ${joined(
            answer.candidates.slice(0, IDS_SHOWN).map(({ name, id }) => say`${code(id)} (${outside(name, limit)})`),
            ', ',
          )}.`,
        ],
      };
    case 'tenant-only-place':
      return {
        emoji: 'warning',
        headline: { strong: say`${outside(answer.said, limit)} is a template of tenants`, rest: NOT_CLEARED },
        lines: [say`${strong(say`Next:`)} name the tenant by its domain.`],
      };
    case 'paths-refused':
      return {
        emoji: 'warning',
        headline: {
          strong: say`Not every path can be cleared`,
          rest: say` (${places(answer.places, limit)})${NOT_CLEARED}`,
        },
        lines: [...findings(answer), say`${strong(say`Next:`)} mend the command and send it again.`],
      };
    case 'too-many-paths':
      return {
        emoji: 'warning',
        headline: {
          strong: say`Too many paths: ${answer.count}`,
          rest: say` (${places(answer.places, limit)})${NOT_CLEARED}`,
        },
        lines: [
          say`${strong(say`Next:`)} clear a common directory with ${code('*')} at its end, or everything with ${command('/*')}.`,
        ],
      };
  }
};
