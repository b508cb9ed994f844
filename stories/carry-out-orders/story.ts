import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Answer } from '../../domain/answer.ts';
import type { Command } from '../../domain/command.ts';
import type { Order } from '../../domain/order.ts';
import { orderInvalidation } from './invalidate.ts';
import type { OrderPorts } from './ports.ts';
import { press } from './press.ts';
import { answering, tell } from './tell.ts';
import { carryOutVerb } from './verbs.ts';

/** Longer than the function may run (60 s, serverless.yml), so that a lapsed order has no living run. */
const ORDER_LAPSE_SECONDS = 90;

/** Another run has the order, or died with it a moment ago: come again. */
export class OrderUnderWayError extends Error {
  override readonly name = 'OrderUnderWayError';
}

/** What a command comes to; `undefined` when it was told already. Help, and what can't be understood, are answered to anybody. */
const answerOf = async (
  ports: OrderPorts,
  order: Order,
  command: Exclude<Command, { readonly verb: 'invalidate' }>,
): Promise<Answer | undefined> => {
  switch (command.verb) {
    case 'help':
      return { kind: 'help', about: command.about };
    case 'not-understood':
      return { kind: 'not-understood', said: command.said, because: command.because };
    default:
      return carryOutVerb(ports, order, command);
  }
};

const obey = async (ports: OrderPorts, order: Order): Promise<void> => {
  const { asked } = order;
  if (asked.kind === 'button') return press(ports, order, asked);
  const command = ports.understand(asked.command, asked.text);
  ports.log({ event: 'ordered', orderId: order.orderId, verb: command.verb });
  if (command.verb === 'invalidate') return tell(ports, order, await orderInvalidation(ports, order, command));
  const answer = await answerOf(ports, order, command);
  return answer === undefined ? undefined : tell(ports, order, [answering(ports, order, answer)]);
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
