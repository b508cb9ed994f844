import type { Orders } from '../../aws/state/port.ts';
import type { Report } from '../../domain/report.ts';
import type { answer } from '../../slack/answer.ts';
import type { SlackMessage } from '../../slack/message.ts';
import type { OrderAnswers } from '../../stories/invalidate/ports.ts';
import type { Surroundings } from '../../stories/log.ts';

export interface OrderAnswersPorts extends Pick<Surroundings, 'now' | 'log'> {
  readonly orders: Pick<Orders, 'takeAnswer'>;
  readonly answer: typeof answer;
  readonly render: (report: Report) => SlackMessage;
  readonly allowsLoopback: boolean;
}

/** Answers at an order's `response_url`, within Slack's count; what can't be answered the channel has heard all the same. */
export const orderAnswers = ({
  orders,
  answer,
  render,
  allowsLoopback,
  now,
  log,
}: OrderAnswersPorts): OrderAnswers => ({
  async tell({ orderId, responseUrl }, report) {
    if (!(await orders.takeAnswer(orderId, now()))) return;
    const { kind } = await answer(render(report), { responseUrl, audience: 'person', allowsLoopback });
    if (kind !== 'delivered') log({ event: 'order-not-answered', orderId, reportKey: report.key, because: kind });
  },
});
