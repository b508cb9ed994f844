import { escaped } from '../outside-text.ts';
import type { Language } from './catalogue.ts';

/** What Usher says about its own connection to Slack, in Slack's formatting language. */
export interface ConnectionWords {
  /** Below a message that went by the webhook because Slack refused the bot. */
  readonly botRefused: (slackError: string) => string;
  /** The message by which a set-up is tried. */
  readonly test: (about: { readonly stage: string; readonly destination: string; readonly isByBot: boolean }) => {
    readonly headline: string;
    readonly next: string;
    readonly button: string;
  };
}

export const CONNECTION: Readonly<Record<Language, ConnectionWords>> = {
  en: {
    botRefused: (slackError) =>
      `Sent by the webhook, without a thread: Slack refuses Usher’s bot here (\`${escaped(slackError)}\`). ` +
      `*Next:* invite the bot to the channel (\`/invite @usher\`), or store its token again: \`npm run slack:connect\`. Said once.`,
    test: ({ stage, destination, isByBot }) => ({
      headline: `Usher (${escaped(stage)}) can write here as “${escaped(destination)}”`,
      next: `${isByBot ? 'By its bot: follow-ups thread and edit.' : 'By a webhook: each message stands alone.'} *Next:* press the button, or type \`/usher help\`.`,
      button: 'Show help',
    }),
  },
  ja: {
    botRefused: (slackError) =>
      `Webhook で送信しました（スレッドなし）。Slack がこのチャンネルでの Usher のボットを拒否しています（ \`${escaped(slackError)}\` ）。 ` +
      `*次の手順：* チャンネルにボットを招待する（ \`/invite @usher\` ）か、トークンを登録し直す（ \`npm run slack:connect\` ）。この通知は一度だけです。`,
    test: ({ stage, destination, isByBot }) => ({
      headline: `Usher（${escaped(stage)}）はここに投稿できます（通知先：${escaped(destination)}）`,
      next: `${isByBot ? 'ボットで投稿：続報はスレッドと編集でお知らせします。' : 'Webhook で投稿：メッセージは1件ずつ独立しています。'} *次の手順：* ボタンを押すか、 \`/usher help\` と入力してください。`,
      button: 'ヘルプを表示',
    }),
  },
};
