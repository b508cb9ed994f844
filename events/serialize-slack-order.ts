import type { Order } from '../domain/order.ts';

/**
 * The message that carries an order through the command queue; `slack-order.ts` reads it back. It is alone in its file and
 * checks nothing, because the entrance has just made the order and must load without a schema library.
 */
export const serializeSlackOrder = (order: Order): string => JSON.stringify({ usher: 1, kind: 'slack-order', order });
