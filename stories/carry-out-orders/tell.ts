import type { Answer } from '../../domain/answer.ts';
import { audienceOf } from '../../domain/answer.ts';
import { firstDestination } from '../../domain/destination.ts';
import type { Order } from '../../domain/order.ts';
import type { ConfirmationWanted, ReportBody } from '../../domain/report.ts';
import { reportOf } from '../../domain/report-frame.ts';
import type { OrderPorts, Saying } from './ports.ts';

const matterOf = ({ asked, orderId }: Order): string =>
  asked.kind === 'button' ? `plan|${asked.planId}` : `order|${orderId}`;

const saying = (
  { stage, now }: Pick<OrderPorts, 'stage' | 'now'>,
  order: Order,
  destination: string,
  { body, part, audience }: { readonly body: ReportBody; readonly part: string; readonly audience: Saying['audience'] },
): Saying => ({
  audience,
  report: reportOf(
    stage,
    {
      destination,
      matter: matterOf(order),
      severity: 'information',
      // The same order says the same part once, however often it is carried out.
      identity: `${order.orderId}|${part}`,
    },
    body,
    now(),
  ),
});

/** An answer as something to be told. */
export const answering = (
  ports: Pick<OrderPorts, 'stage' | 'now'>,
  order: Order,
  answer: Answer,
  destination: string = firstDestination(ports.stage),
): Saying =>
  saying(ports, order, destination, {
    body: { kind: 'order-answered', answer },
    part: answer.kind === 'failed' ? 'failed' : 'answer',
    audience: audienceOf(answer),
  });

/** A question of an order's: whoever may can answer it, so that everybody sees it. */
export const asking = (ports: Pick<OrderPorts, 'stage' | 'now'>, order: Order, body: ConfirmationWanted): Saying =>
  saying(ports, order, firstDestination(ports.stage), { body, part: body.place.id, audience: 'channel' });

/**
 * Tells it at the order's own address, else in the channel: nothing that became of an order is kept to ourselves.
 * @throws {AwsCallError} when neither took it
 */
export const tell = async (ports: OrderPorts, order: Order, sayings: readonly Saying[]): Promise<void> => {
  for (const each of sayings) {
    if (await ports.replies.reply(order, each)) continue;
    await ports.reports.publish(each.report);
  }
};
