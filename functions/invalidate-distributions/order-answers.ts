import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { OrderAnswers } from '../../stories/invalidate/ports.ts';
import type { AnswerOrderPorts } from '../answer-order.ts';
import { answerOrder } from '../answer-order.ts';

/** All are answered side by side, inside a function that has 60 s for everything. */
const HOW = { audience: 'person', timeoutMilliseconds: 8_000 } as const;

/** Answers who asked for an invalidation; what can't be answered the channel has heard all the same. */
export const orderAnswers = (ports: AnswerOrderPorts): OrderAnswers => ({
  async tell(order, report) {
    try {
      return await answerOrder(ports)(order, report, HOW);
    } catch (error) {
      // Nothing that an answer meets may undo what it is about.
      const because = error instanceof AwsCallError ? error.code : error instanceof Error ? error.name : 'UnknownError';
      ports.log({ event: 'order-not-answered', orderId: order.orderId, reportKey: report.key, because });
      return false;
    }
  },
});
