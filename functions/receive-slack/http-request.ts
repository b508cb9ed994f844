import type { RequestHeaders } from '../../slack/requests/signature.ts';

/** An HTTP request out of Lambda's envelope, its body as it came over the wire. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: RequestHeaders;
  readonly body: Uint8Array;
}

/**
 * As much as is read of the event of a Function URL, which is that of an HTTP API in payload format 2.0. Header names are
 * in small letters, and a header that came twice has its values joined by commas.
 * @see AWS Lambda developer guide, "Invoking Lambda function URLs", request payload format
 */
export interface HttpEvent {
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean;
}

/** The request as it was before Lambda put it into an event. */
export const httpRequestIn = ({ requestContext, headers, body, isBase64Encoded }: HttpEvent): HttpRequest => ({
  method: requestContext.http.method.toUpperCase(),
  headers: headers ?? {},
  body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
});
