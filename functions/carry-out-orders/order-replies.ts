import type { OrderReplies } from '../../stories/carry-out-orders/ports.ts';
import type { AnswerOrderPorts } from '../answer-order.ts';
import { answerOrder } from '../answer-order.ts';

/** Answers an order where it was given; one from the terminal has no such place. */
export const orderReplies = (ports: AnswerOrderPorts): OrderReplies => ({
  async reply({ orderId, orderedAt, responseUrl }, { report, audience }) {
    return responseUrl !== undefined && answerOrder(ports)({ orderId, orderedAt, responseUrl }, report, { audience });
  },
});
