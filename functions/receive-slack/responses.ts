import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** What goes back over HTTP. */
export type HttpResponse = APIGatewayProxyStructuredResultV2;

/** A status and nothing else: a stranger learns no more, and Slack wants no more after a button. */
export const bare = (statusCode: number): HttpResponse => ({ statusCode });

/** Slack only posts. */
export const onlyPost: HttpResponse = { statusCode: 405, headers: { allow: 'POST' } };

/** Words that only the person who typed the command sees. */
export const saidToThePerson = (text: string): HttpResponse => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ response_type: 'ephemeral', text }),
});
