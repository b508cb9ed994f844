import type { OptionalSecretReader } from '../../aws/parameters/port.ts';
import type { PostSettings } from './settings.ts';

/** A destination's bot: who posts, and where. */
export interface DestinationBot {
  readonly token: string;
  /** The channel's id. */
  readonly channel: string;
}

/** The parameter that holds a destination's bot token. */
export const botTokenParameter = (secretPrefix: string, destination: string): string =>
  `${secretPrefix}/slack/${destination}/bot-token`;

/** The parameter that holds the id of the channel in which a destination's bot posts. */
export const botChannelParameter = (secretPrefix: string, destination: string): string =>
  `${secretPrefix}/slack/${destination}/bot-channel`;

/**
 * The bot of a destination that has one. A parameter that can't be read is as none: the webhook says the same, only without
 * threads, and nothing waits for what is an extra.
 */
export const destinationBots =
  (
    secrets: OptionalSecretReader,
    { secretPrefix, destinations }: Pick<PostSettings, 'secretPrefix' | 'destinations'>,
  ) =>
  async (destination: string): Promise<DestinationBot | undefined> => {
    const known = destinations.includes(destination) ? destination : destinations[0];
    try {
      const token = await secrets.readSecretIfStored(botTokenParameter(secretPrefix, known));
      if (token === undefined) return undefined;
      const channel = await secrets.readSecretIfStored(botChannelParameter(secretPrefix, known));
      return channel === undefined ? undefined : { token: token.trim(), channel: channel.trim() };
    } catch {
      return undefined;
    }
  };
