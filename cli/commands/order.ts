import type { Answer } from '../../domain/answer.ts';
import { audienceOf } from '../../domain/answer.ts';
import type { Order } from '../../domain/order.ts';
import { answerWords } from '../../slack/answers.ts';
import { ENGLISH } from '../../slack/catalogue/english.ts';
import { timesIn } from '../../slack/catalogue/moment.ts';
import { answering } from '../../stories/carry-out-orders/tell.ts';
import { carryOutVerb } from '../../stories/carry-out-orders/verbs.ts';
import type { Log } from '../../stories/log.ts';
import type { OrderVerb } from '../help.ts';
import { paintFor } from '../paint.ts';
import { orderPorts, TERMINAL } from '../ports.ts';
import type { Standing } from '../standing.ts';
import { nameOf, requireClock } from '../standing.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { plain } from '../words.ts';
import { EXIT } from './plan.ts';

interface OrderOptions {
  readonly verb: OrderVerb;
  readonly words: readonly string[];
  readonly json: boolean;
  readonly log: Log;
}

/** Long enough for every name of a fleet; a terminal has room. */
const NAME_LIMIT = 255;

/** Answers after which what was asked for is not so. */
const NOT_DONE: ReadonlySet<Answer['kind']> = new Set<Answer['kind']>([
  'not-allowed',
  'say-which',
  'no-such-instance',
  'ambiguous-instance',
  'in-no-group',
  'not-kept',
  'no-such-rule',
  'no-such-change',
  'group-not-stopped',
  'nothing-to-examine',
  'examination-late',
  'ambiguous-subject',
  'failed',
]);

/** Verbs that write under leases. */
const LEASED: ReadonlySet<OrderVerb> = new Set<OrderVerb>(['undo', 'drain', 'keep']);

const isDone = (answer: Answer): boolean => {
  if (answer.kind === 'pressed') return answer.outcome.kind === 'undone';
  if (answer.kind === 'drained') return answer.groups.some(({ outcome }) => outcome.kind !== 'not-taken-out');
  return !NOT_DONE.has(answer.kind);
};

/** An answer in Slack's own words, as lines of a terminal. */
const linesOf = (answer: Answer, timeZone: string, paint: ReturnType<typeof paintFor>): readonly string[] => {
  const around = { ...timesIn('en', timeZone), nameLimit: NAME_LIMIT };
  const { headline, lines } = answerWords(answer, ENGLISH, around);
  // Phrases carry their own spaces at the seam, which `plain` takes off.
  const rest = plain(headline.rest);
  const seam = /^[–:,.]/.test(rest) && !rest.startsWith('–') ? '' : ' ';
  return [`${paint(plain(headline.strong), 'bold')}${rest === '' ? '' : `${seam}${rest}`}`, ...lines.map(plain)];
};

/**
 * The verbs that Slack has too, by the same story: whoever is let by AWS may.
 * @throws {UsageError} when nothing stands deployed, or this machine's clock is off for what goes by it
 */
export const order = async (
  standing: Standing,
  terminal: Terminal,
  { verb, words, json, log }: OrderOptions,
): Promise<number> => {
  const { stage, caller } = standing;
  if (!standing.isDeployed)
    throw new UsageError(
      `No stage ${stage.name} is deployed in ${stage.region}. Next: check --stage and --region, or npm run deploy`,
    );
  if (LEASED.has(verb)) requireClock(standing);
  const told: Answer[] = [];
  const ports = orderPorts(standing, log, ({ body }) => {
    if (body.kind === 'order-answered') told.push(body.answer);
  });
  const order: Order = {
    orderId: `${TERMINAL}-${ports.newId()}`,
    orderedAt: ports.now().toISOString(),
    by: { teamId: TERMINAL, channelId: TERMINAL, userId: nameOf(caller), userName: undefined },
    asked: { kind: 'command', command: '/usher', text: [verb, ...words].join(' ') },
    responseUrl: undefined,
  };
  const answer = await carryOutVerb(ports, order, { verb, words });
  if (answer !== undefined) {
    told.push(answer);
    if (audienceOf(answer) === 'channel') await ports.reports.publish(answering(ports, order, answer).report);
  }
  for (const each of told) {
    if (json) terminal.say(JSON.stringify({ usher: 1, answer: each }, undefined, 2));
    else for (const line of linesOf(each, ports.timeZone, paintFor(terminal.isColoured))) terminal.say(line);
  }
  return told.every(isDone) ? EXIT.nothingToDo : EXIT.failed;
};
