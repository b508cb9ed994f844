import type { Verb } from '../../domain/command.ts';
import type { Phrase } from '../phrase.ts';
import { command, say, strong } from '../phrase.ts';
import type { AnswerWords } from './answers.ts';

const EXAMPLES: readonly Phrase[] = [
  say`${command('/invalidate https://www.example.com/blog/*')} この URL のキャッシュを CloudFront から削除`,
  say`${command('/invalidate www.example.com / /news/*')} 1つのディストリビューションの複数のパスを削除`,
];

const invalidate: AnswerWords = {
  emoji: 'information_source',
  headline: { strong: say`CloudFront のキャッシュの削除`, rest: say`` },
  lines: [
    ...EXAMPLES,
    say`対象：URL、代替ドメイン名、${command('E1ABC…')}、CloudFront のドメイン名、またはステージで決めたグループ名。パス：${command('/')} で始め、${command('*')} は末尾だけ。タグは ${command('"#product:42"')}。空白を含むものは引用符で囲みます。`,
    say`すべて（${command('/*')}）や、ワイルドカードにまとめた場合は、先に確認します。完了したらここでお知らせします。`,
  ],
};

const everything: AnswerWords = {
  emoji: 'information_source',
  headline: { strong: say`ここで指示できること`, rest: say`` },
  lines: [
    ...EXAMPLES,
    say`${command('/usher certificates')} 90日以内に期限を迎える証明書とドメイン。${command('/usher help invalidate')} キャッシュの詳しい説明`,
    say`${strong(say`次の手順：`)} 試してみてください。実行できる人は Usher をデプロイする人が決めます。許可されていない場合はその旨をお知らせし、何も変更しません。`,
  ],
};

/** What can be ordered today; verbs that come later are not listed. */
export const japaneseHelp = (about: Verb | undefined): AnswerWords =>
  about === 'invalidate' ? invalidate : everything;
