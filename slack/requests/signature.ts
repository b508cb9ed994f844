import { createHmac, timingSafeEqual } from 'node:crypto';

/** Header names in any case; a value that came more than once is a list. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Why a request is not taken for Slack's before its signature is looked at. */
export type SignatureRefusal = 'HeaderMissing' | 'HeaderRepeated' | 'HeaderMalformed' | 'Stale' | 'Future';

/** What a request says about itself: well formed and of this time, not yet proved. */
export interface SignatureClaim {
  readonly kind: 'claimed';
  /** Seconds since 1970 exactly as sent: this text is signed. */
  readonly timestamp: string;
  readonly signedAt: Date;
  /** HMAC-SHA-256. */
  readonly digest: Buffer;
}

export type ClaimedSignature = SignatureClaim | { readonly kind: 'refused'; readonly reason: SignatureRefusal };

/** Five minutes either way. @see Slack documentation, "Verifying requests from Slack" */
const TOLERANCE_MILLISECONDS = 5 * 60 * 1_000;

const TIMESTAMP = /^[1-9]\d{0,11}$/;
const SIGNATURE = /^v0=([0-9a-f]{64})$/;

const valuesOf = (headers: RequestHeaders, name: string): readonly string[] =>
  Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []));

const refused = (reason: SignatureRefusal): ClaimedSignature => ({ kind: 'refused', reason });

/**
 * Reads the two headers that Slack signs a request with. Lambda joins a header that came twice with a comma, which is
 * malformed here.
 * @see Slack documentation, "Verifying requests from Slack" (docs.slack.dev/authentication/verifying-requests-from-slack)
 */
export const claimedSignature = (headers: RequestHeaders, now: Date): ClaimedSignature => {
  const timestamps = valuesOf(headers, 'x-slack-request-timestamp');
  const signatures = valuesOf(headers, 'x-slack-signature');
  const [timestamp] = timestamps;
  const [signature] = signatures;
  if (timestamp === undefined || signature === undefined) return refused('HeaderMissing');
  if (timestamps.length > 1 || signatures.length > 1) return refused('HeaderRepeated');
  const hexadecimal = SIGNATURE.exec(signature)?.[1];
  if (hexadecimal === undefined || !TIMESTAMP.test(timestamp)) return refused('HeaderMalformed');
  const signedAt = new Date(Number(timestamp) * 1_000);
  const age = now.getTime() - signedAt.getTime();
  if (age > TOLERANCE_MILLISECONDS) return refused('Stale');
  if (age < -TOLERANCE_MILLISECONDS) return refused('Future');
  return { kind: 'claimed', timestamp, signedAt, digest: Buffer.from(hexadecimal, 'hex') };
};

/**
 * Whether the body was signed with the secret at the time claimed; takes as long for a wrong digest as for the right one.
 * @param body as it came over the wire, before any decoding
 */
export const isSignedWith = (secret: string, { timestamp, digest }: SignatureClaim, body: Uint8Array): boolean =>
  timingSafeEqual(digest, createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest());
