import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { Entrance } from '../../local/slack/entrance.ts';

export interface PostedRequest {
  /** As Slack encodes it: `application/x-www-form-urlencoded`. */
  readonly body: string;
  /** When Slack signs; now when absent. */
  readonly signedAt?: Date;
  /** Somebody else's, to forge. */
  readonly signingSecret?: string;
  /** Replace or add to those that Slack sends. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

export interface EntranceAnswer {
  readonly status: number;
  readonly body: string;
}

/** The headers by which Slack proves a request. @see Slack documentation, "Verifying requests from Slack" */
const proof = (secret: string, body: string, at: Date): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
};

/** MiniStack finds a Function URL by its name on AWS, and an HTTP API by a name that ends in its own. */
const hostAtMinistack = (host: string, ministackHost: string): string =>
  host.replace(/(\.execute-api)\..*$/, `$1.${ministackHost}`);

/**
 * Posts what Slack would post. MiniStack tells entrances apart by the `Host` header, which `fetch` does not let one set.
 * @throws {Error} when nothing answers
 */
export const postToEntrance = (entrance: Entrance, posted: PostedRequest): Promise<EntranceAnswer> => {
  const { host, pathname } = new URL(entrance.url);
  const { hostname, port } = new URL(entrance.ministackUrl);
  const body = Buffer.from(posted.body);
  const headers = {
    host: hostAtMinistack(host, hostname),
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    ...proof(posted.signingSecret ?? entrance.signingSecret, posted.body, posted.signedAt ?? new Date()),
    ...posted.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: pathname, method: posted.method ?? 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
};
