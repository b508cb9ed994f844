import { webhookUrlFrom } from '../../slack/webhook-url.ts';

/** What was typed can't be what was asked for. The message says what it looks like and never repeats it. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

const matching =
  (form: RegExp, why: string) =>
  (typed: string): string => {
    const answer = typed.trim();
    if (form.test(answer)) return answer;
    throw new AnswerError(why);
  };

/** Slack's signing secrets are 32 hexadecimal digits. */
export const signingSecretFrom = matching(
  /^[0-9a-f]{32}$/i,
  'A signing secret has 32 characters, 0 to 9 and a to f (Basic Information, App Credentials; not the client secret).',
);

export const botTokenFrom = matching(
  /^xoxb-[0-9A-Za-z-]{10,200}$/,
  'A bot token begins with xoxb- (OAuth & Permissions, Bot User OAuth Token).',
);

export const channelFrom = matching(
  /^[CG][0-9A-Z]{8,20}$/,
  'A channel’s id looks like C0123456789 (the channel’s details, at the bottom), not like #name.',
);

/** A webhook of Slack's, or of a stand-in on this machine. */
export const webhookFrom = (typed: string): string => {
  try {
    return webhookUrlFrom(typed);
  } catch (cause) {
    throw new AnswerError('A webhook URL looks like https://hooks.slack.com/services/T…/B…/… (Incoming Webhooks).', {
      cause,
    });
  }
};

export const stageFrom = matching(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'A stage’s name has letters, digits and hyphens.');

/** As post-to-slack reads the parameter `destinations`. */
export const destinationFrom = matching(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
  'A destination’s name has letters, digits, and . _ - inside.',
);

export const languageFrom = (typed: string): 'en' | 'ja' => {
  if (typed === 'en' || typed === 'ja') return typed;
  throw new AnswerError('The language may be en or ja.');
};
