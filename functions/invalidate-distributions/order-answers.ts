import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Orders, Pauses } from '../../aws/state/port.ts';
import { isAnswerable } from '../../domain/order-progress.ts';
import type { Pause } from '../../domain/pause.ts';
import type { Report } from '../../domain/report.ts';
import type { answer } from '../../slack/answer.ts';
import type { SlackMessage } from '../../slack/message.ts';
import type { OrderAnswers } from '../../stories/invalidate/ports.ts';
import type { Surroundings } from '../../stories/log.ts';

/** All are answered side by side, inside a function that has 60 s for everything. */
const ANSWER_TIMEOUT_MILLISECONDS = 8_000;

export interface OrderAnswersPorts extends Pick<Surroundings, 'now' | 'log'> {
  readonly orders: Pick<Orders, 'takeAnswer'>;
  readonly answer: typeof answer;
  readonly pauses: Pick<Pauses, 'find'>;
  readonly render: (report: Report, pause: Pause | undefined) => SlackMessage;
  readonly allowsLoopback: boolean;
}

/** Answers at an order's `response_url`, within Slack's count; what can't be answered the channel has heard all the same. */
export const orderAnswers = ({
  orders,
  answer,
  pauses,
  render,
  allowsLoopback,
  now,
  log,
}: OrderAnswersPorts): OrderAnswers => ({
  async tell({ orderId, orderedAt, responseUrl }, report) {
    const because = (why: string): false => {
      log({ event: 'order-not-answered', orderId, reportKey: report.key, because: why });
      return false;
    };
    try {
      if (!isAnswerable(orderedAt, now())) return because('too-late');
      if (!(await orders.takeAnswer(orderId, now()))) return because('used-up');
      const { kind } = await answer(render(report, await pauses.find()), {
        responseUrl,
        audience: 'person',
        allowsLoopback,
        timeoutMilliseconds: ANSWER_TIMEOUT_MILLISECONDS,
      });
      return kind === 'delivered' || because(kind);
    } catch (error) {
      // Nothing that an answer meets may undo what it is about.
      return because(error instanceof AwsCallError ? error.code : error instanceof Error ? error.name : 'UnknownError');
    }
  },
});
