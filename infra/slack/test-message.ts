import type { Language } from '../../slack/catalogue/catalogue.ts';
import { CONNECTION } from '../../slack/catalogue/connection.ts';
import type { SlackMessage } from '../../slack/message.ts';
import { mrkdwn, plainText } from '../../slack/message.ts';

/** The button that orders `/usher help` (slack/requests/decode.ts): it writes nothing and everybody may press it. */
const HELP = 'usher:help';

/** The message by which a destination is tried. Its button shows that Slack reaches the entrance. */
export const testMessage = (
  about: { readonly stage: string; readonly destination: string; readonly isByBot: boolean },
  language: Language,
): SlackMessage => {
  const { headline, next, button } = CONNECTION[language].test(about);
  return {
    text: headline,
    blocks: [
      { type: 'section', text: mrkdwn(`:white_check_mark: *${headline}*\n${next}`) },
      {
        type: 'actions',
        elements: [{ type: 'button', text: plainText(button, 75), action_id: HELP, value: 'help' }],
      },
    ],
  };
};
