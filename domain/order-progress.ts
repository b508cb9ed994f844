/** How far an order has come. Times in milliseconds since 1970. */
export interface OrderProgress {
  readonly status: 'begun' | 'done';
  /** While `begun`: until when nobody else may take it up. */
  readonly lapsesAt: number;
}

/** Whether an order may be carried out now. `under-way`: another run has it, or died with it a moment ago. */
export type Beginning = 'begun' | 'under-way' | 'done';

/** Lets one run have an order, and another only once the first had more time than any run has. */
export const beginOrder = (
  before: OrderProgress | undefined,
  now: Date,
  lapseSeconds: number,
): { readonly beginning: Beginning; readonly after: OrderProgress | undefined } => {
  if (before?.status === 'done') return { beginning: 'done', after: undefined };
  if (before !== undefined && before.lapsesAt > now.getTime()) return { beginning: 'under-way', after: undefined };
  return { beginning: 'begun', after: { status: 'begun', lapsesAt: now.getTime() + lapseSeconds * 1000 } };
};

/** The order as it is once its run gave it up; of one that is done, or was never begun, nothing. */
export const giveBackOrder = (before: OrderProgress | undefined, now: Date): OrderProgress | undefined =>
  before?.status === 'begun' ? { status: 'begun', lapsesAt: now.getTime() } : undefined;

/** @see Slack's documentation, "Handling user interaction", message responses: five times within 30 minutes */
export const MAXIMUM_ANSWERS = 5;
const ANSWER_MILLISECONDS = 30 * 60 * 1000;

/** Whether Slack still takes an answer to an order by its `response_url`, going by its own time of the order. */
export const isAnswerable = (orderedAt: string, now: Date): boolean =>
  now.getTime() - Date.parse(orderedAt) < ANSWER_MILLISECONDS;
