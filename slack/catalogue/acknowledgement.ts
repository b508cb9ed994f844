import type { Language } from './catalogue.ts';

/** What the entrance itself says, in Slack's formatting language; everything else is said by whoever carries an order out. */
export interface Acknowledgement {
  /** The order is in the queue. */
  readonly taken: string;
  /** The queue did not confirm it: it may be there all the same, so that waiting comes before repeating. */
  readonly unconfirmed: string;
}

export const ACKNOWLEDGEMENTS: Readonly<Record<Language, Acknowledgement>> = {
  en: {
    taken: 'Taken down. The answer comes here.',
    unconfirmed:
      ':warning: *Usher may not have your order*: its queue did not confirm it.\n*Next:* if no answer comes within a minute, send it again.',
  },
  ja: {
    taken: '受け付けました。結果はここにお知らせします。',
    unconfirmed:
      ':warning: *ご依頼が届いていない可能性があります*\nキューから確認が返りませんでした。\n*次の手順：* 1分待っても返信がなければ、もう一度お送りください。',
  },
};
