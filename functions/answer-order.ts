import type { Orders, Pauses } from '../aws/state/port.ts';
import { isAnswerable } from '../domain/order-progress.ts';
import type { Pause } from '../domain/pause.ts';
import type { Report } from '../domain/report.ts';
import type { AnswerOptions, answer } from '../slack/answer.ts';
import type { SlackMessage } from '../slack/message.ts';
import type { Surroundings } from '../stories/log.ts';

export interface AnswerOrderPorts extends Pick<Surroundings, 'now' | 'log'> {
  readonly orders: Pick<Orders, 'takeAnswer'>;
  readonly answer: typeof answer;
  readonly pauses: Pick<Pauses, 'find'>;
  readonly render: (report: Report, pause: Pause | undefined) => SlackMessage;
  readonly allowsLoopback: boolean;
}

/** Where an order is answered, and until when. */
export interface AnswerableOrder {
  readonly orderId: string;
  /** ISO 8601 in UTC. */
  readonly orderedAt: string;
  /** A secret, in no log. */
  readonly responseUrl: string;
}

/**
 * Answers at an order's `response_url`, as often and as long as Slack takes answers there; what is not answered is logged
 * with the reason.
 * @returns whether Slack took it
 * @throws {AwsCallError} when the table can't be asked
 */
export const answerOrder =
  ({ orders, answer, pauses, render, allowsLoopback, now, log }: AnswerOrderPorts) =>
  async (
    { orderId, orderedAt, responseUrl }: AnswerableOrder,
    report: Report,
    how: Pick<AnswerOptions, 'audience' | 'timeoutMilliseconds'>,
  ): Promise<boolean> => {
    const because = (why: string): false => {
      log({ event: 'order-not-answered', orderId, reportKey: report.key, because: why });
      return false;
    };
    if (!isAnswerable(orderedAt, now())) return because('too-late');
    if (!(await orders.takeAnswer(orderId, now()))) return because('used-up');
    const delivery = await answer(render(report, await pauses.find()), { responseUrl, allowsLoopback, ...how });
    switch (delivery.kind) {
      case 'delivered':
        return true;
      case 'wait':
        return because(delivery.why);
      case 'refused':
        return because(`${delivery.status} ${delivery.slackError}`);
    }
  };
