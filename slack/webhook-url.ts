/** The stored webhook URL isn't one we may post to. The message never holds the value, which is a secret. */
export class WebhookUrlError extends Error {
  override readonly name = 'WebhookUrlError';
}

/** Slack's own hosts; GovSlack has another. */
const SLACK_HOSTS: ReadonlySet<string> = new Set(['hooks.slack.com', 'hooks.slack-gov.com']);

const parsed = (value: string): URL | undefined => (URL.canParse(value) ? new URL(value) : undefined);

const isSlack = (url: URL): boolean => url.protocol === 'https:' && SLACK_HOSTS.has(url.hostname) && url.port === '';

/** The stand-in of the local run and of tests. */
const isLoopback = (url: URL): boolean => url.protocol === 'http:' && url.hostname === '127.0.0.1';

/**
 * Whether an address is Slack's for messages from outside, such as an order's `response_url`.
 * @param allowsLoopback whether a stand-in on this machine may take Slack's place
 */
export const isSlackHook = (address: string, allowsLoopback: boolean): boolean => {
  const url = parsed(address);
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return isSlack(url) || (allowsLoopback && isLoopback(url));
};

/**
 * A webhook URL as stored, checked before anything is sent there: Slack's hosts by HTTPS, or plain HTTP to 127.0.0.1.
 * @throws {WebhookUrlError} when it is anything else
 */
export const webhookUrlFrom = (stored: string): string => {
  const url = parsed(stored.trim());
  if (url === undefined) throw new WebhookUrlError('the stored webhook URL is not a URL');
  if (url.username !== '' || url.password !== '') throw new WebhookUrlError('the stored webhook URL holds a user name');
  if (!isSlack(url) && !isLoopback(url)) {
    throw new WebhookUrlError('the stored webhook URL is not one of Slack’s (https://hooks.slack.com/services/…)');
  }
  if (!/^\/services\/[^/]+\/[^/]+\/[^/]+$/.test(url.pathname)) {
    throw new WebhookUrlError('the stored webhook URL is not an incoming webhook (its path is not /services/T…/B…/…)');
  }
  return url.href;
};

/**
 * Slack's Web API that belongs to a webhook, with its closing slash: GovSlack has its own, and so has a stand-in. A token is
 * sent nowhere else.
 * @param webhookUrl as `webhookUrlFrom` answered it
 */
export const apiUrlBeside = (webhookUrl: string): string => {
  const { hostname, origin } = new URL(webhookUrl);
  if (hostname === 'hooks.slack.com') return 'https://slack.com/api/';
  return hostname === 'hooks.slack-gov.com' ? 'https://slack-gov.com/api/' : `${origin}/api/`;
};
