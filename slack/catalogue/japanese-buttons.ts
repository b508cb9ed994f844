import type { ButtonObject } from '../../domain/report.ts';
import { outsideText } from '../outside-text.ts';
import type { ButtonCatalogue } from './buttons.ts';

const NAME_LIMIT = 16;

/** `web-3`, `web-3 ほか2台`. */
const subject = (object: ButtonObject): string => {
  const first = object.kind === 'targets' ? object.names[0] : undefined;
  if (object.kind !== 'targets' || first === undefined) return '対象';
  const name = outsideText(first, NAME_LIMIT);
  return object.count > 1 ? `${name} ほか${object.count - 1}台` : name;
};

/** `2：`, of the change in a list. */
const numbered = (object: ButtonObject): string =>
  object.kind === 'targets' && object.number !== undefined ? `${object.number}：` : '';

const isLeaving = (object: ButtonObject): boolean => object.kind === 'targets' && object.leaving === true;

const span = (object: ButtonObject): string => {
  const hours = object.kind === 'matter' ? Math.max(1, Math.round(object.seconds / 3_600)) : 1;
  return hours < 48 ? `${hours}時間` : `${Math.round(hours / 24)}日間`;
};

const clear = (object: ButtonObject): string => {
  if (object.kind !== 'cache' || object.when === 'run') return 'キャッシュを削除';
  return object.when === 'now' ? '今すぐ削除' : 'デプロイ後に削除';
};

export const JAPANESE_BUTTONS: ButtonCatalogue = {
  no: 'キャンセル',
  open: (console) => `${console} を開く`,
  words: (verb, object, { dayOfYear }) => {
    switch (verb) {
      case 'keep':
        return { label: '残す' };
      case 'show':
        return { label: 'CLI を表示' };
      case 'approve':
        if (object.kind === 'closing') {
          const ports = `ポート${object.ports.join('・')}`;
          return {
            label: `${ports}を閉じる…`,
            confirm: {
              title: `${ports}を閉じますか？`,
              text: '改めて確認したうえで、このメッセージのルールを削除します。ヘルスチェックを監視し、異常が出たら元に戻します。',
              yes: '閉じる',
            },
          };
        }
        if (object.kind === 'sweep')
          return {
            label: '適用する',
            confirm: {
              title: '巡回による修復を始めますか？',
              text: 'すべてを改めて確認し、ポリシー・制限・保留を守って修復します。以後の巡回は自動で修復します。',
              yes: '適用する',
            },
          };
        if (object.kind === 'alarms')
          return {
            label: object.count === 1 ? 'アラームを作成' : `アラーム${object.count}件を作成`,
            confirm: {
              title: object.count === 1 ? 'アラームを作成しますか？' : `アラーム${object.count}件を作成しますか？`,
              text: 'このメッセージのターゲットグループのうち、まだアラームのないものに、異常なターゲットの CloudWatch アラームを1件ずつ作成します。AWS の月額料金がかかります。',
              yes: '作成する',
            },
          };
        if (object.kind === 'companion')
          return {
            label: 'グループを作成',
            confirm: {
              title: 'セキュリティグループを作成しますか？',
              text:
                object.side === 'balancer'
                  ? 'ルールのないセキュリティグループを作成してロードバランサーに追加で関連付け、ターゲットのルールの送信元にします。実行前に現在の状態を確認します。'
                  : 'セキュリティグループを作成してターゲットのネットワークインターフェイスに追加で関連付け、不足しているルールを追加します。実行前に現在の状態を確認します。',
              yes: '作成する',
            },
          };
        if (object.kind === 'missing-rule')
          return {
            label: object.count === 1 ? 'ルールを追加' : `ルール${object.count}件を追加`,
            confirm: {
              title: object.count === 1 ? 'ルールを追加しますか？' : `ルール${object.count}件を追加しますか？`,
              text: 'このメッセージに示したものだけを追加し、ロードバランサーからターゲットに届くようにします。実行前に現在の状態を確認します。',
              yes: '追加する',
            },
          };
        if (isLeaving(object))
          return {
            label: `${subject(object)} を外す`,
            confirm: {
              title: `${subject(object)} を外しますか？`,
              text: 'ターゲットの登録を解除します。実行前に状態を確認し直し、グループに必要な数の正常なターゲットは残します。',
              yes: '外す',
            },
          };
        return object.kind === 'cache'
          ? {
              label: clear(object),
              confirm: {
                title: 'キャッシュを削除しますか？',
                text: 'このメッセージのパスを削除します。再びキャッシュされるまで、リクエストはオリジンに届きます。',
                yes: clear(object),
              },
            }
          : {
              label: `${subject(object)} を登録`,
              confirm: {
                title: `${subject(object)} を登録しますか？`,
                text: 'ターゲットを登録し、ロードバランサーから届かない場合はルールを追加します（だれかが削除した Usher のルールも含みます）。実行前に現在の状態を確認します。',
                yes: '登録する',
              },
            };
      case 'reject':
        if (object.kind === 'companion') return { label: 'そのままにする' };
        if (isLeaving(object)) return { label: '外さない' };
        return { label: object.kind === 'cache' ? '削除しない' : '登録しない' };
      case 'put-it-back':
        if (object.kind === 'rule')
          return {
            label: object.count === 1 ? 'ルールを元に戻す' : `ルール${object.count}件を元に戻す`,
            confirm: {
              title: object.count === 1 ? 'ルールを元に戻しますか？' : `ルール${object.count}件を元に戻しますか？`,
              text: 'Usher が追加したルールを、だれかが削除しました。現在の状態を確認し、ロードバランサーからの通信に必要なら追加し直します。',
              yes: '元に戻す',
            },
          };
        return {
          label: `${subject(object)} を元に戻す`,
          confirm: {
            title: `${subject(object)} を元に戻しますか？`,
            text: 'Usher が登録した後に、だれかが外しました。もう一度登録します。通信に必要な Usher のルールが削除されている場合は、それも追加し直します。',
            yes: '元に戻す',
          },
        };
      case 'undo':
        return {
          label: isLeaving(object)
            ? `${numbered(object)}${subject(object)} を外す`
            : `${numbered(object)}${subject(object)} の登録を取り消す`,
          confirm: {
            title: `${subject(object)} をグループから外しますか？`,
            text: 'ターゲットの登録を解除し、だれかが元に戻すまで登録しません。セキュリティグループのルールはそのまま残します。',
            yes: '外す',
          },
        };
      case 'retry':
        return {
          label: 'もう一度',
          confirm: {
            title: 'もう一度実行しますか？',
            text: '同じパスをもう一度 CloudFront に送ります。',
            yes: '実行する',
          },
        };
      case 'snooze':
        return { label: `${span(object).replace(/間$/, '')}後に再通知` };
      case 'mute':
        return { label: `${span(object)}ミュート` };
      case 'check':
        return { label: '今すぐ確認' };
      case 'confirm':
        return { label: object.kind === 'until' ? `確認済み（${dayOfYear(object.at)} まで通知しない）` : '確認済み' };
    }
  },
};
