import type { OutcomeFacts } from '../../aws/lambda/log-outcome.ts';
import type { Order } from '../../domain/order.ts';
import type { Acknowledgement } from '../../slack/catalogue/acknowledgement.ts';
import { decodeRequest, isCertificateCheck } from '../../slack/requests/decode.ts';
import type { SignatureClaim } from '../../slack/requests/signature.ts';
import { claimedSignature, isSignedWith } from '../../slack/requests/signature.ts';
import type { HttpRequest } from './http-request.ts';
import type { HttpResponse } from './responses.ts';
import { bare, onlyPost, saidToThePerson } from './responses.ts';
import type { SigningSecret } from './signing-secret.ts';

export interface ReceivePorts {
  readonly secret: SigningSecret;
  /** Returns once the command queue has the order. @throws when it may not have it */
  readonly queueOrder: (order: Order) => Promise<void>;
  /** Words for the person who pressed a button, to the order's own address. @throws when Slack did not take them */
  readonly tellPerson: (responseUrl: string, text: string) => Promise<void>;
  readonly words: Acknowledgement;
  /** Whether a stand-in on this machine may take Slack's place. */
  readonly allowsLoopback: boolean;
  readonly now: () => Date;
}

/** What became of a request: the answer, and what the log may say of it. Never a body, an address or a secret. */
export interface Received {
  readonly response: HttpResponse;
  readonly facts: OutcomeFacts;
}

/** More than Slack's longest message with everything escaped has no place in one message of the queue either. */
const LONGEST_BODY_BYTES = 64 * 1_024;

const received = (response: HttpResponse, facts: OutcomeFacts): Received => ({
  response,
  facts: { status: response.statusCode ?? 200, ...facts },
});

const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Proof = 'signed' | 'not-signed' | { readonly unread: unknown };

/** Whether the claim is true. The secret may have been changed since it was read, so that a mismatch is looked at twice. */
const prove = async ({ secret }: ReceivePorts, claim: SignatureClaim, body: Uint8Array): Promise<Proof> => {
  try {
    if (isSignedWith(await secret.current(), claim, body)) return 'signed';
    const newer = await secret.again();
    return newer !== undefined && isSignedWith(newer, claim, body) ? 'signed' : 'not-signed';
  } catch (error) {
    return { unread: error };
  }
};

/** A button's answer is not shown: the person is told by the order's address, else by Slack's own sign for a failure. */
const unqueuedButton = async ({ tellPerson, words }: ReceivePorts, { responseUrl }: Order): Promise<HttpResponse> => {
  if (responseUrl === undefined) return bare(500);
  try {
    await tellPerson(responseUrl, words.unconfirmed);
    return bare(200);
  } catch {
    return bare(500);
  }
};

const takeOrder = async (ports: ReceivePorts, order: Order, isTyped: boolean): Promise<Received> => {
  const facts = { orderId: order.orderId, asked: order.asked.kind };
  try {
    await ports.queueOrder(order);
  } catch (error) {
    const response = isTyped ? saidToThePerson(ports.words.unconfirmed) : await unqueuedButton(ports, order);
    return received(response, { ...facts, result: 'not-queued', why: why(error) });
  }
  return received(isTyped ? saidToThePerson(ports.words.taken) : bare(200), { ...facts, result: 'queued' });
};

const takeSigned = async (ports: ReceivePorts, claim: SignatureClaim, body: Uint8Array): Promise<Received> => {
  const request = decodeRequest({ body, signedAt: claim.signedAt, allowsLoopback: ports.allowsLoopback });
  switch (request.kind) {
    case 'order':
      return takeOrder(ports, request.order, request.request === 'typed');
    case 'ignored':
      return received(bare(200), { result: 'ignored', reason: request.reason });
    case 'malformed':
      return received(bare(400), { result: 'malformed', reason: request.reason });
  }
};

/**
 * One request at the entrance. Everything that can be refused without the secret is refused before anything is called;
 * only what Slack signed is decoded, and nothing is acknowledged as taken that the queue doesn't have.
 */
export const receive = async (ports: ReceivePorts, { method, headers, body }: HttpRequest): Promise<Received> => {
  if (method !== 'POST') return received(onlyPost, { result: 'refused', reason: 'NotPost' });
  if (body.length > LONGEST_BODY_BYTES) return received(bare(413), { result: 'refused', reason: 'TooLarge' });
  if (isCertificateCheck(body)) return received(bare(200), { result: 'certificate-check' });
  const claim = claimedSignature(headers, ports.now());
  if (claim.kind === 'refused') return received(bare(401), { result: 'refused', reason: claim.reason });
  const proof = await prove(ports, claim, body);
  if (proof === 'signed') return takeSigned(ports, claim, body);
  if (proof === 'not-signed') return received(bare(401), { result: 'refused', reason: 'WrongSignature' });
  return received(bare(500), { result: 'secret-unread', why: why(proof.unread) });
};
