import type { Answer } from '../../domain/answer.ts';
import type { DoctorAnswer } from '../../domain/front-door/answer.ts';
import { dollars } from '../../domain/invalidation/price.ts';
import type { Named } from '../../domain/report.ts';
import type { VerbAnswer } from '../../domain/verb-answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, outside, say, strong, words } from '../phrase.ts';
import type { AnswerWords } from './answers.ts';
import { IDS_SHOWN, NAMES_SHOWN } from './answers.ts';
import { JAPANESE_INVALIDATIONS } from './japanese-invalidations.ts';

const places = (named: readonly Named[], limit: number): Phrase => {
  const more = named.length - NAMES_SHOWN;
  return [
    ...joined(
      named.slice(0, NAMES_SHOWN).map(({ name }) => [outside(name, limit)]),
      '・',
    ),
    ...(more > 0 ? [words(` ほか${more}件`)] : []),
  ];
};

const findings = ({
  findings: all,
  findingCount,
}: Pick<Extract<Answer, { readonly kind: 'paths-refused' }>, 'findings' | 'findingCount'>): readonly Phrase[] => {
  const shown = all.slice(0, NAMES_SHOWN).map(({ reason, said, offer }) => {
    const offered = offer === undefined ? [] : JAPANESE_INVALIDATIONS.offer(offer);
    return say`• ${code(said)}：${JAPANESE_INVALIDATIONS.finding[reason]}${offered}`;
  });
  const more = findingCount - shown.length;
  return more > 0 ? [...shown, say`…ほか${more}件`] : shown;
};

const NOT_CLEARED: Phrase = say`（削除していません）`;

type OfInvalidation = Exclude<
  Answer,
  | { readonly kind: 'help' | 'not-understood' | 'not-allowed' | 'pressed' | 'failed' | 'certificates' }
  | VerbAnswer
  | DoctorAnswer
>;

/** What is answered at once to a request for an invalidation. */
export const japaneseInvalidationAnswer = (answer: OfInvalidation, limit: number): AnswerWords => {
  switch (answer.kind) {
    case 'invalidation-taken':
      return {
        emoji: 'hourglass_flowing_sand',
        headline: {
          strong: say`キャッシュを削除しています：${places(answer.places, limit)}`,
          rest: say`（${answer.price.paths}パス）`,
        },
        lines: [
          ...findings(answer),
          say`定価で最大 ${words(dollars(answer.price.atMostMills))}（アカウント全体で月1,000パスまで無料）。完了したらここでお知らせします。`,
        ],
      };
    case 'no-such-place':
      return {
        emoji: 'warning',
        headline: {
          strong: say`${outside(answer.said, limit)} のディストリビューションが見つかりません`,
          rest: NOT_CLEARED,
        },
        lines: [
          answer.suggestions.length === 0
            ? say`${strong(say`次の手順：`)} 代替ドメイン名、ID（${code('E…')}）または CloudFront のドメイン名を指定してください。`
            : say`${strong(say`次の手順：`)} もしかして：${joined(
                answer.suggestions.slice(0, IDS_SHOWN).map((name) => [code(name)]),
                '、',
              )}`,
        ],
      };
    case 'ambiguous-place':
      return {
        emoji: 'warning',
        headline: {
          strong: say`${outside(answer.said, limit)} のディストリビューションが複数あります`,
          rest: NOT_CLEARED,
        },
        lines: [
          say`${strong(say`次の手順：`)} ID で指定してください：${joined(
            answer.candidates.slice(0, IDS_SHOWN).map(({ name, id }) => say`${code(id)}（${outside(name, limit)}）`),
            '、',
          )}`,
        ],
      };
    case 'tenant-only-place':
      return {
        emoji: 'warning',
        headline: { strong: say`${outside(answer.said, limit)} はテナントのテンプレートです`, rest: NOT_CLEARED },
        lines: [say`${strong(say`次の手順：`)} テナントのドメインで指定してください。`],
      };
    case 'paths-refused':
      return {
        emoji: 'warning',
        headline: {
          strong: say`削除できないパスがあります`,
          rest: say`（${places(answer.places, limit)}）${NOT_CLEARED}`,
        },
        lines: [...findings(answer), say`${strong(say`次の手順：`)} 修正して、もう一度お送りください。`],
      };
    case 'too-many-paths':
      return {
        emoji: 'warning',
        headline: {
          strong: say`パスが多すぎます：${answer.count}件`,
          rest: say`（${places(answer.places, limit)}）${NOT_CLEARED}`,
        },
        lines: [
          say`${strong(say`次の手順：`)} 共通のディレクトリの末尾に ${code('*')} を付けるか、すべて（${command('/*')}）を削除してください。`,
        ],
      };
  }
};
