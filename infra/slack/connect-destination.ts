import { deliver } from '../../slack/deliver.ts';
import type { BotDelivery } from '../../slack/deliver-by-bot.ts';
import { deliverByBot, whoIsBot } from '../../slack/deliver-by-bot.ts';
import { apiUrlBeside } from '../../slack/webhook-url.ts';
import { AnswerError, botTokenFrom, channelFrom, signingSecretFrom, webhookFrom } from './answers.ts';
import type { Prompter } from './prompt.ts';
import { testMessage } from './test-message.ts';

/** It can't be connected so; the message is one line with the next step. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}

/** SecureString parameters. */
export interface SecretStore {
  /** The value, or `undefined` when there is no such parameter. */
  readonly read: (parameterName: string) => Promise<string | undefined>;
  readonly write: (parameterName: string, value: string) => Promise<void>;
}

export interface Connection {
  readonly stage: string;
  readonly destination: string;
  readonly language: 'en' | 'ja';
}

export interface ConnectPorts {
  readonly prompter: Prompter;
  readonly secrets: SecretStore;
  readonly say: (line: string) => void;
}

/** One question: what it is called, where it is kept, what it must look like, and whether it may be left out. */
interface Question {
  readonly name: string;
  readonly where: string;
  readonly parameterName: string;
  readonly from: (typed: string) => string;
  readonly isOptional: boolean;
  readonly isSecret: boolean;
}

interface Answer {
  readonly parameterName: string;
  readonly value: string;
  readonly isNew: boolean;
}

const ATTEMPTS = 3;

const questions = ({ stage, destination }: Connection) => {
  const prefix = `/usher/${stage}/slack`;
  return {
    signingSecret: {
      name: 'Signing secret',
      where: 'Basic Information, App Credentials',
      parameterName: `${prefix}/signing-secret`,
      from: signingSecretFrom,
      isOptional: false,
      isSecret: true,
    },
    webhookUrl: {
      name: 'Webhook URL',
      where: 'Incoming Webhooks',
      parameterName: `${prefix}/${destination}/webhook-url`,
      from: webhookFrom,
      isOptional: false,
      isSecret: true,
    },
    botToken: {
      name: 'Bot token',
      where: 'OAuth & Permissions; for threads and edits',
      parameterName: `${prefix}/${destination}/bot-token`,
      from: botTokenFrom,
      isOptional: true,
      isSecret: true,
    },
    channel: {
      name: 'Channel id of the bot',
      where: 'the channel’s details, at the bottom',
      parameterName: `${prefix}/${destination}/bot-channel`,
      from: channelFrom,
      isOptional: false,
      isSecret: false,
    },
  } as const satisfies Readonly<Record<string, Question>>;
};

/** Asks until the answer can be right. An empty one keeps what is stored, or leaves out what may be left out. */
const answerTo = async ({ prompter, secrets, say }: ConnectPorts, question: Question): Promise<Answer | undefined> => {
  const { name, where, parameterName, from, isOptional, isSecret } = question;
  const stored = await secrets.read(parameterName);
  const enter = stored !== undefined ? '; Enter keeps the stored one' : isOptional ? '; Enter goes without' : '';
  const ask = isSecret ? prompter.askSecretly : prompter.ask;
  for (let attempt = 1; ; attempt += 1) {
    const typed = await ask(`${name} (${where}${enter}): `);
    if (typed.trim() === '' && stored !== undefined) return { parameterName, value: stored.trim(), isNew: false };
    if (typed.trim() === '' && isOptional) return undefined;
    try {
      return { parameterName, value: from(typed), isNew: true };
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      if (attempt === ATTEMPTS) throw new ConnectError(`${error.message} Nothing was stored.`, { cause: error });
      say(error.message);
    }
  }
};

const required = async (ports: ConnectPorts, question: Question): Promise<Answer> => {
  const answer = await answerTo(ports, question);
  if (answer === undefined) throw new ConnectError(`${question.name} is needed. Nothing was stored.`);
  return answer;
};

/** The workspace's id is no secret, and stands in each webhook's URL: `/services/T…/B…/…`. */
const teamOf = (webhookUrl: string): string => new URL(webhookUrl).pathname.split('/')[2] ?? '';

const tryWebhook = async (connection: Connection, webhookUrl: string): Promise<void> => {
  const message = testMessage({ ...connection, isByBot: false }, connection.language);
  const delivery = await deliver(message, { webhookUrl, attempt: 1 });
  if (delivery.kind === 'refused')
    throw new ConnectError(
      `Slack refused the webhook (${delivery.slackError}): copy it again from Incoming Webhooks. Nothing was stored.`,
    );
  if (delivery.kind === 'wait') throw new ConnectError(`${delivery.why}: try again in a minute. Nothing was stored.`);
};

const BOT_NEXT: Readonly<Record<string, string>> = {
  channel_not_found: 'check the channel’s id; into a private channel invite the bot first (/invite @usher)',
  not_in_channel: 'invite the bot to the channel (/invite @usher) and run this again',
  missing_scope: 'install the app again from the manifest, which asks for chat:write',
};

const botProblem = (delivery: Exclude<BotDelivery, { kind: 'delivered' }>): ConnectError => {
  if (delivery.kind === 'wait') return new ConnectError(`${delivery.why}: try again in a minute. Nothing was stored.`);
  const next = BOT_NEXT[delivery.slackError] ?? 'copy the token again from OAuth & Permissions';
  return new ConnectError(`Slack refused the bot (${delivery.slackError}): ${next}. Nothing was stored.`);
};

const tryBot = async (connection: Connection, token: string, channel: string, webhookUrl: string): Promise<string> => {
  const bot = { token, apiUrl: apiUrlBeside(webhookUrl) };
  const known = await whoIsBot(bot);
  if (known.kind !== 'known') throw botProblem(known);
  const message = testMessage({ ...connection, isByBot: true }, connection.language);
  const delivery = await deliverByBot(message, { bot, place: { kind: 'channel', channel }, attempt: 1 });
  if (delivery.kind !== 'delivered') throw botProblem(delivery);
  return `${known.user} in ${known.team}`;
};

/**
 * Asks for the secrets of one destination, tries them on Slack, and only then stores them: what does not work never takes
 * the place of what does. No secret is printed, logged, or part of an error.
 * @throws {ConnectError} when Slack refuses one, or three answers in a row can't be right
 */
export const connectDestination = async (connection: Connection, ports: ConnectPorts): Promise<void> => {
  const { say, secrets } = ports;
  const asked = questions(connection);
  say(
    `Connecting Usher’s stage “${connection.stage}”, destination “${connection.destination}”. Secrets are not shown.`,
  );
  const signingSecret = await required(ports, asked.signingSecret);
  const webhookUrl = await required(ports, asked.webhookUrl);
  const botToken = await answerTo(ports, asked.botToken);
  const channel = botToken && (await required(ports, asked.channel));

  await tryWebhook(connection, webhookUrl.value);
  say('A test message went to Slack by the webhook.');
  if (botToken !== undefined && channel !== undefined) {
    const who = await tryBot(connection, botToken.value, channel.value, webhookUrl.value);
    say(`And one by the bot (${who}).`);
  }

  // The token last: a bot without a channel is none.
  const fresh = [signingSecret, webhookUrl, channel, botToken].filter((answer) => answer?.isNew === true);
  for (const answer of fresh) if (answer !== undefined) await secrets.write(answer.parameterName, answer.value);
  say(
    fresh.length === 0
      ? 'All was stored before; nothing was changed.'
      : `Stored as SecureString: ${fresh.map((answer) => answer?.parameterName).join(', ')}`,
  );
  say('Next: press the button of the test message. Help appears within three seconds, for you alone.');
  say('      Then type in the same channel: /usher help');
  say(
    `Who may order what stands in serverless.yml; this workspace’s id, for slackTeamId, is ${teamOf(webhookUrl.value)}.`,
  );
  say(
    'If nothing comes: docs/slack.md, “When something does not work”. A running Usher takes new secrets within 5 minutes.',
  );
};
