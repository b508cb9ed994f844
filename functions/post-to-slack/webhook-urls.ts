import type { SecretReader } from '../../aws/parameters/port.ts';
import { WebhookUrlError, webhookUrlFrom } from '../../slack/webhook-url.ts';
import type { PostSettings } from './settings.ts';

/** The parameter that holds a destination's webhook URL. */
export const webhookParameter = (secretPrefix: string, destination: string): string =>
  `${secretPrefix}/slack/${destination}/webhook-url`;

const checked = (stored: string, parameterName: string): string => {
  try {
    return webhookUrlFrom(stored);
  } catch (error) {
    if (error instanceof WebhookUrlError)
      throw new WebhookUrlError(`${parameterName}: ${error.message}`, { cause: error });
    throw error;
  }
};

/**
 * Where a destination's messages go. A name that isn't one of the stage's (a tag may say anything) is never looked up: the
 * stage's first destination hears of it instead, so that nothing is lost.
 */
export const webhookUrls =
  (secrets: SecretReader, { secretPrefix, destinations }: Pick<PostSettings, 'secretPrefix' | 'destinations'>) =>
  async (destination: string): Promise<string> => {
    const known = destinations.includes(destination) ? destination : destinations[0];
    const parameterName = webhookParameter(secretPrefix, known);
    return checked(await secrets.readSecret(parameterName), parameterName);
  };
