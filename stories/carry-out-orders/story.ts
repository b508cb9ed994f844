import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Answer } from '../../domain/answer.ts';
import { authorise } from '../../domain/authorisation.ts';
import type { Command, Verb } from '../../domain/command.ts';
import type { Order } from '../../domain/order.ts';
import { orderInvalidation } from './invalidate.ts';
import type { OrderPorts } from './ports.ts';
import { press } from './press.ts';
import { answering, tell } from './tell.ts';

/** Longer than the function may run (60 s, serverless.yml), so that a lapsed order has no living run. */
const ORDER_LAPSE_SECONDS = 90;

/** Another run has the order, or died with it a moment ago: come again. */
export class OrderUnderWayError extends Error {
  override readonly name = 'OrderUnderWayError';
}

/** They show what is in the account, which is for the channels named for it. */
const READING: readonly Verb[] = ['doctor', 'status'];

const later = ({ authorisation }: OrderPorts, { by }: Order, verb: Verb): Answer => {
  const authorised = READING.includes(verb) ? authorise(authorisation, 'read', by) : undefined;
  return authorised?.kind === 'not-allowed' ? authorised : { kind: 'comes-later', verb };
};

const certificates = async (ports: OrderPorts, { by }: Order): Promise<Answer> => {
  const authorised = authorise(ports.authorisation, 'read', by);
  return authorised.kind === 'not-allowed'
    ? authorised
    : { kind: 'certificates', table: await ports.readExpiryTable() };
};

/** Verbs whose story is not written yet say so; help, and what can't be understood, are answered to anybody. */
const answerOf = async (
  ports: OrderPorts,
  order: Order,
  command: Exclude<Command, { readonly verb: 'invalidate' }>,
): Promise<Answer> => {
  switch (command.verb) {
    case 'help':
      return { kind: 'help', about: command.about };
    case 'not-understood':
      return { kind: 'not-understood', said: command.said, because: command.because };
    case 'certificates':
      return certificates(ports, order);
    default:
      return later(ports, order, command.verb);
  }
};

const obey = async (ports: OrderPorts, order: Order): Promise<void> => {
  const { asked } = order;
  if (asked.kind === 'button') return press(ports, order, asked);
  const command = ports.understand(asked.command, asked.text);
  ports.log({ event: 'ordered', orderId: order.orderId, verb: command.verb });
  const sayings =
    command.verb === 'invalidate'
      ? await orderInvalidation(ports, order, command)
      : [answering(ports, order, await answerOf(ports, order, command))];
  return tell(ports, order, sayings);
};

/**
 * Carries out one order: once, however often it arrives, and tells what became of it. Killed anywhere and started again,
 * it comes to the same end; only the telling may then happen twice.
 * @throws {OrderUnderWayError} when another run has it
 * @throws whatever carrying it out failed with; the order is given back for another attempt
 */
export const carryOutOrder =
  (ports: OrderPorts) =>
  async (order: Order): Promise<'carried-out' | 'done-before'> => {
    const beginning = await ports.orders.begin(order.orderId, ports.now(), ORDER_LAPSE_SECONDS);
    if (beginning === 'done') return 'done-before';
    if (beginning === 'under-way') throw new OrderUnderWayError(`order ${order.orderId} is being carried out`);
    try {
      await obey(ports, order);
    } catch (error) {
      // What can't be given back now lapses by itself; the first failure is the one to tell.
      await ports.orders.giveBack(order.orderId, ports.now()).catch(() => {});
      throw error;
    }
    await ports.orders.finish(order.orderId, ports.now());
    return 'carried-out';
  };

/** Tells who gave an order that it failed as often as it was tried. Best effort: the order itself is set aside all the same. */
export const tellOfFailure =
  (ports: OrderPorts) =>
  async (order: Order, error: unknown): Promise<void> => {
    const code = error instanceof AwsCallError ? error.code : error instanceof Error ? error.name : 'UnknownError';
    await tell(ports, order, [answering(ports, order, { kind: 'failed', code })]);
  };
