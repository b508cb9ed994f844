import type { Verb } from '../../domain/command.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, say, strong } from '../phrase.ts';
import type { AnswerWords } from './answers.ts';

const about = (headline: Phrase, lines: readonly Phrase[]): AnswerWords => ({
  emoji: 'information_source',
  headline: { strong: headline, rest: [] },
  lines,
});

const CLEARING: Phrase = say`${command('/invalidate https://www.example.com/blog/*')} この URL のキャッシュを CloudFront から削除`;

const everything = about(say`ここで指示できること`, [
  say`${CLEARING}。${command('/usher certificates')} 90日以内に期限を迎える証明書とドメイン`,
  say`${command('/usher doctor www.example.com')} ページや名前からターゲットまでの調査、${command('/usher status')} 現在の状況、${command('/usher sweep')} 今すぐ全体を巡回、${command('/usher undo')} 24時間以内の変更の一覧（取り消しボタン付き）`,
  say`${command('/usher drain web-3')} インスタンスを外して保留、${command('/usher keep sgr-…')} ルールを残す、${command('/usher pause DB移行')} すべての変更を停止（${command('/usher resume')} で再開）`,
  say`${command('/usher help drain')} で個別の説明。${strong(say`次の手順：`)} 試してみてください。実行できる人は Usher をデプロイする人が決めます。許可されていない場合はその旨をお知らせし、何も変更しません。`,
]);

/** What can be said about one verb; of the others, everything is said together. */
const ABOUT: Partial<Readonly<Record<Verb, AnswerWords>>> = {
  invalidate: about(say`CloudFront のキャッシュの削除`, [
    CLEARING,
    say`${command('/invalidate www.example.com / /news/*')} 1つのディストリビューションの複数のパスを削除`,
    say`対象：URL、代替ドメイン名、${command('E1ABC…')}、CloudFront のドメイン名、またはステージで決めたグループ名。パス：${command('/')} で始め、${command('*')} は末尾だけ。タグは ${command('"#product:42"')}。空白を含むものは引用符で囲みます。`,
    say`すべて（${command('/*')}）や、ワイルドカードにまとめた場合は、先に確認します。完了したらここでお知らせします。`,
  ]),
  pause: about(say`すべての変更の一時停止`, [
    say`${command('/usher pause')}（後ろに理由を書けます）以降は、だれの指示でも、登録・登録解除・ルールの追加と削除・キャッシュの削除を行いません。確認と通知は続け、すべてのメッセージに一時停止中と表示します。`,
    say`${command('/usher resume')} で再開し、全体を巡回して停止中の分を補います。`,
  ]),
  resume: about(say`再開`, [
    say`${command('/usher resume')} は、だれが始めた一時停止でも終わらせ、全体を巡回して停止中の分を補います。`,
    say`${command('/usher resume web-prod')} は、ルールを元に戻したため report-only になったグループへの変更を再開します。`,
  ]),
  doctor: about(say`原因の調査`, [
    say`${command('/usher doctor https://www.example.com/blog/')} は、利用者と同じようにページへアクセスし、経路（DNS、CloudFront、オリジン、ロードバランサー、ターゲット）を順に確認します。問題と次の手順、キャッシュの有無をお知らせし、ボタンでキャッシュを削除できます。`,
    say`${command('/usher doctor web-prod')} は、ターゲットグループ、ロードバランサー、インスタンス（名前または ID）を、アラームのときと同じように調べます。`,
    say`設定は変更しません。アクセスするのはインターネットのアドレスだけで、Cookie やパスワードは送りません。`,
  ]),
  drain: about(say`インスタンスを外す`, [
    say`${command('/usher drain web-3')}（${code('Name')} または ID）は、Usher が登録したすべてのグループから外します。各グループの下限と1時間の上限を守り、結果をグループごとにお知らせします。`,
    say`だれかが戻すか、タグを変更するか、停止して起動するまで登録しません。Usher 以外が登録したグループからは外しません。`,
  ]),
  keep: about(say`セキュリティグループのルールを残す`, [
    say`${command('/usher keep sgr-0a1b…')} は、ルールにタグ ${code('usher:keep')} = ${code('true')} を付けます。以後、削除も削除の提案もしません。タグを外すと終わります。`,
    say`${command('/usher keep')} で、残す設定のルールを一覧できます。`,
  ]),
  undo: about(say`取り消し`, [
    say`${command('/usher undo')} は、24時間以内の変更を一覧し、取り消せるものにはボタンを付けます。${command('/usher undo 2')} は、最後に表示した一覧の2番のボタンと同じです。`,
    say`登録の取り消しではターゲットを外し、だれかが戻すまで登録しません。ほかのターゲットが使う可能性があるため、ルールは残ります。`,
  ]),
  sweep: about(say`今すぐ全体を巡回`, [
    say`${command('/usher sweep')} は定期の巡回と同じです。すべてのポリシー、制限、保留を守って修復し、結果をお知らせします。承認まで確認だけの状態では、これも確認だけです。`,
  ]),
  status: about(say`現在の状況`, [
    say`${command('/usher status')} は、一時停止の有無、ポリシー、最後に全体を巡回した時刻、変更しなかったものとその理由をお知らせします。何も変更しません。`,
  ]),
  certificates: about(say`期限の一覧`, [
    say`${command('/usher certificates')} は、90日以内に期限を迎える証明書とドメインを、期限の近い順に一覧します。何も変更しません。`,
  ]),
};

/** What can be ordered today; verbs that come later are not listed. */
export const japaneseHelp = (verb: Verb | undefined): AnswerWords =>
  (verb === undefined ? undefined : ABOUT[verb]) ?? everything;
