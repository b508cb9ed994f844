import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logOutcome, noteOutcome } from '../../aws/lambda/log-outcome.ts';
import { hastyParametersClient } from '../../aws/parameters/client.ts';
import { secretReader } from '../../aws/parameters/secret-reader.ts';
import { hastySqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import type { Order } from '../../domain/order.ts';
import { serializeSlackOrder } from '../../events/serialize-slack-order.ts';
import { ACKNOWLEDGEMENTS } from '../../slack/catalogue/acknowledgement.ts';
import type { HttpEvent } from './http-request.ts';
import { httpRequestIn } from './http-request.ts';
import { receive } from './receive.ts';
import type { HttpResponse } from './responses.ts';
import { receiveSettingsFrom } from './settings.ts';
import { signingSecret } from './signing-secret.ts';
import { tellPerson } from './tell-person.ts';

const settings = receiveSettingsFrom(process.env);
const now = () => new Date();
const commands = sqsWaitingQueue(hastySqsClient(), settings.commandQueueUrl);

/** A reader of its own for each reading, because a reader keeps what it read. */
const readSecret = () => secretReader(hastyParametersClient(), now).readSecret(settings.signingSecretParameter);

const ports = {
  secret: signingSecret(readSecret, now),
  queueOrder: (order: Order) => commands.sendLater(serializeSlackOrder(order), 0),
  tellPerson: tellPerson(settings.isLocal),
  words: ACKNOWLEDGEMENTS[settings.language],
  allowsLoopback: settings.isLocal,
  now,
};

// While the process starts; the first request waits for what is left of it, and learns what went wrong.
ports.secret.current().catch(() => undefined);

/** Woken by Slack, through the Function URL or an HTTP API. */
export const handler = middy<HttpEvent, HttpResponse>()
  .use(logOutcome())
  .handler(async (event: HttpEvent, context: Context) => {
    const { response, facts } = await receive(ports, httpRequestIn(event));
    noteOutcome(context, facts);
    return response;
  });
