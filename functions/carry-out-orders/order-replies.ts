import type { Orders, Pauses } from '../../aws/state/port.ts';
import { isAnswerable } from '../../domain/order-progress.ts';
import type { Pause } from '../../domain/pause.ts';
import type { Report } from '../../domain/report.ts';
import type { answer } from '../../slack/answer.ts';
import type { SlackMessage } from '../../slack/message.ts';
import type { OrderReplies } from '../../stories/carry-out-orders/ports.ts';
import type { Surroundings } from '../../stories/log.ts';

export interface OrderRepliesPorts extends Pick<Surroundings, 'now' | 'log'> {
  readonly orders: Pick<Orders, 'takeAnswer'>;
  readonly answer: typeof answer;
  readonly pauses: Pick<Pauses, 'find'>;
  readonly render: (report: Report, pause: Pause | undefined) => SlackMessage;
  readonly allowsLoopback: boolean;
}

/** Answers at the order's `response_url`, as often and as long as Slack takes answers there. The URL is in no log. */
export const orderReplies = ({
  orders,
  answer,
  pauses,
  render,
  allowsLoopback,
  now,
  log,
}: OrderRepliesPorts): OrderReplies => ({
  async reply({ orderId, orderedAt, responseUrl }, { report, audience }) {
    if (responseUrl === undefined || !isAnswerable(orderedAt, now())) return false;
    if (!(await orders.takeAnswer(orderId, now()))) return false;
    const delivery = await answer(render(report, await pauses.find()), { responseUrl, audience, allowsLoopback });
    if (delivery.kind === 'delivered') return true;
    const why = delivery.kind === 'wait' ? delivery.why : `${delivery.status} ${delivery.slackError}`;
    log({ event: 'order-not-answered', orderId, reportKey: report.key, why });
    return false;
  },
});
