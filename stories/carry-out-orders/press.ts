import type { Answer, MovedBecause, PressOutcome } from '../../domain/answer.ts';
import type { Authorised } from '../../domain/authorisation.ts';
import { authorise } from '../../domain/authorisation.ts';
import type { Named } from '../../domain/named.ts';
import type { ButtonVerb, Order } from '../../domain/order.ts';
import type { PlanContent, PlannedSeat, StoredPlan } from '../../domain/stored-plan.ts';
import { newPlan, PLAN_LIFETIME_SECONDS, UNDO_LIFETIME_SECONDS } from '../../domain/stored-plan.ts';
import { serializeAlarmsDue } from '../../events/alarms-due.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { serializeSweepMessage } from '../../events/sweep-message.ts';
import { closeApproved } from '../close-rules/approved.ts';
import { makeCompanion } from '../companion-groups/make.ts';
import { takeRequest } from '../invalidate/request.ts';
import { repairApproved } from '../repair-paths/approved.ts';
import { seatApproved } from '../seat-instances/approved.ts';
import { settleLedger } from '../settle-ledger/story.ts';
import { unseatApproved } from '../unseat-instances/approved.ts';
import { namedPlace } from './invalidate.ts';
import { keepRule } from './keep.ts';
import type { OrderPorts } from './ports.ts';
import { answering, tell } from './tell.ts';
import { undoSeats } from './undo.ts';

/** Longer than the function may run (60 s, serverless.yml), so that a lapsed plan has no living taker. */
const PLAN_LAPSE_SECONDS = 90;
const NAMES_SHOWN = 2;

type Press = Extract<Order['asked'], { readonly kind: 'button' }>;

/** Buttons that mean something on each kind of plan. */
const VERBS: Readonly<Record<PlanContent['kind'], readonly ButtonVerb[]>> = {
  invalidate: ['approve', 'reject', 'retry'],
  seat: ['approve', 'reject', 'put-it-back'],
  unseat: ['approve', 'reject'],
  repair: ['approve'],
  undo: ['undo'],
  companion: ['approve', 'reject'],
  quiet: ['snooze', 'mute'],
  look: ['check'],
  confirm: ['confirm'],
  sweep: ['approve'],
  'close-rules': ['approve', 'keep', 'show'],
  alarms: ['approve'],
};

/**
 * Whether somebody may press. Saying yes or no to an invalidation, or trying it again, asks for the right to that
 * invalidation: it confirms what was ordered. Everything else asks for the button's own right.
 */
const mayPress = ({ authorisation }: OrderPorts, { by }: Order, verb: ButtonVerb, content: PlanContent): Authorised => {
  if (content.kind === 'invalidate')
    return authorise(authorisation, 'invalidate', by, content.request.place.distributionId);
  switch (verb) {
    case 'retry':
      return authorise(authorisation, 'approve', by);
    case 'check':
    case 'show':
      return authorise(authorisation, 'read', by);
    default:
      return authorise(authorisation, verb, by);
  }
};

/** How a plan ended, and what to say of it. */
interface Ending {
  readonly status: 'done' | 'rejected' | 'refused';
  readonly outcome: PressOutcome;
}

/** A plan for what still can be done of one that the world has moved past, for as long as an offer of its kind stands. */
const offerRest = async (
  ports: OrderPorts,
  plan: StoredPlan,
  content: Extract<PlanContent, { readonly kind: 'seat' | 'undo' }>,
  remaining: readonly PlannedSeat[],
): Promise<Extract<PressOutcome, { readonly kind: 'moved' }>['offer']> => {
  if (remaining.length === 0) return undefined;
  const planId = ports.newId();
  const seconds = content.kind === 'undo' ? UNDO_LIFETIME_SECONDS : PLAN_LIFETIME_SECONDS;
  await ports.plans.store(newPlan(planId, content, plan.destination, ports.now(), seconds));
  return { planId, names: remaining.slice(0, NAMES_SHOWN).map(({ name }) => name), count: remaining.length };
};

const seat = async (
  ports: OrderPorts,
  plan: StoredPlan,
  content: Extract<PlanContent, { readonly kind: 'seat' }>,
): Promise<Ending> => {
  await settleLedger(ports);
  const { targetGroup, seats } = content;
  const seating = await seatApproved(ports)(content);
  if (seating.kind === 'moved') {
    const offer = await offerRest(ports, plan, { ...content, seats: seating.remaining }, seating.remaining);
    return { status: 'refused', outcome: { kind: 'moved', targetGroup, moved: seating.moved, offer } };
  }
  const { registered, rulesAdded, failed, blocked } = seating.outcome;
  const names = seats.slice(0, NAMES_SHOWN).map(({ name }) => name);
  return {
    status: 'done',
    outcome: { kind: 'seated', targetGroup, names, count: seats.length, registered, rulesAdded, failed, blocked },
  };
};

const unseat = async (
  ports: OrderPorts,
  { targetGroup, seats }: Extract<PlanContent, { readonly kind: 'unseat' }>,
): Promise<Ending> => {
  await settleLedger(ports);
  const unseating = await unseatApproved(ports)({ targetGroup, seats });
  switch (unseating.kind) {
    case 'taken-out': {
      const names = seats.slice(0, NAMES_SHOWN).map(({ name }) => name);
      return { status: 'done', outcome: { kind: 'taken-out', targetGroup, names, count: seats.length } };
    }
    case 'moved':
      return { status: 'refused', outcome: { kind: 'moved', targetGroup, moved: unseating.moved, offer: undefined } };
    case 'refused': {
      const because = { kind: 'RefusedByAws', code: unseating.code } as const;
      return { status: 'refused', outcome: { kind: 'not-undone', targetGroup, because } };
    }
  }
};

const repair = async (
  ports: OrderPorts,
  { targetGroup, rules }: Extract<PlanContent, { readonly kind: 'repair' }>,
): Promise<Ending> => {
  await settleLedger(ports);
  const repairing = await repairApproved(ports)({ targetGroup, rules });
  if (repairing.kind === 'moved')
    return { status: 'refused', outcome: { kind: 'moved', targetGroup, moved: repairing.moved, offer: undefined } };
  const { count, rulesAdded, failed, blocked } = repairing;
  const names = repairing.names.slice(0, NAMES_SHOWN);
  return {
    status: 'done',
    outcome: { kind: 'seated', targetGroup, names, count, registered: 0, rulesAdded, failed, blocked },
  };
};

const companion = async (
  ports: OrderPorts,
  content: Extract<PlanContent, { readonly kind: 'companion' }>,
): Promise<Ending> => {
  await settleLedger(ports);
  const { targetGroup, loadBalancer, groupName, side } = content;
  const making = await makeCompanion(ports)(content);
  switch (making.kind) {
    case 'made': {
      const { kind, ...made } = making;
      return { status: 'done', outcome: { kind: 'companion-made', targetGroup, loadBalancer, side, ...made } };
    }
    case 'moved':
      return { status: 'refused', outcome: { kind: 'moved', targetGroup, moved: making.moved, offer: undefined } };
    case 'refused':
      return { status: 'refused', outcome: { kind: 'companion-refused', targetGroup, groupName, code: making.code } };
  }
};

const undo = async (
  ports: OrderPorts,
  plan: StoredPlan,
  content: Extract<PlanContent, { readonly kind: 'undo' }>,
): Promise<Ending> => {
  const { targetGroup, entries, rules } = content;
  const undoing = await undoSeats(ports)(plan, content);
  switch (undoing.kind) {
    case 'undone': {
      const names = entries.slice(0, NAMES_SHOWN).map(({ name }) => name);
      return { status: 'done', outcome: { kind: 'undone', targetGroup, names, count: entries.length, rules } };
    }
    case 'moved': {
      const { moved, remaining } = undoing;
      const offer = await offerRest(ports, plan, { ...content, entries: remaining }, remaining);
      return { status: 'refused', outcome: { kind: 'moved', targetGroup, moved, offer } };
    }
    case 'not-undone':
      return { status: 'refused', outcome: { kind: 'not-undone', targetGroup, because: undoing.because } };
  }
};

/** Another try is another request, in the name of who presses; a yes is the request that was asked about. */
const invalidate = async (
  ports: OrderPorts,
  order: Order,
  verb: ButtonVerb,
  { request }: Extract<PlanContent, { readonly kind: 'invalidate' }>,
): Promise<Ending> => {
  const { orderId, orderedAt, by, responseUrl } = order;
  const again = {
    ...request,
    requestId: `${orderId}|${request.requestId.split('|').slice(1).join('|')}`,
    asker: { kind: 'slack', orderId, orderedAt, userId: by.userId, channelId: by.channelId, responseUrl } as const,
  };
  const taken = await takeRequest(ports, verb === 'retry' ? again : request);
  const about = { place: namedPlace(request.place), pathCount: request.paths.length };
  return taken === 'known'
    ? { status: 'refused', outcome: { kind: 'invalidating-already', ...about } }
    : { status: 'done', outcome: { kind: 'invalidating', ...about } };
};

const silence = async (
  ports: OrderPorts,
  order: Order,
  plan: StoredPlan,
  { matter, seconds }: Extract<PlanContent, { readonly kind: 'quiet' }>,
): Promise<Ending> => {
  // From the press on, not from when the run came to it: the same order says the same end again.
  const until = new Date(Date.parse(order.orderedAt) + seconds * 1000);
  await ports.quietMatters.silence(matter, until, order.by.userId);
  ports.log({ event: 'silenced', matter, planId: plan.planId });
  return { status: 'done', outcome: { kind: 'silenced', until: until.toISOString() } };
};

/** The watch over certificates and domains looks, and tells what it finds where it told of it. */
const lookNow = async (
  ports: OrderPorts,
  order: Order,
  { subjects }: Extract<PlanContent, { readonly kind: 'look' }>,
): Promise<Ending> => {
  const message = serializeExpiryMessage({ kind: 'expiry-look', subjects, askedBy: order.orderId });
  await ports.expiryQueue.sendLater(message, 0);
  return { status: 'done', outcome: { kind: 'looking' } };
};

const confirm = async (
  ports: OrderPorts,
  order: Order,
  plan: StoredPlan,
  { matter, until }: Extract<PlanContent, { readonly kind: 'confirm' }>,
): Promise<Ending> => {
  await ports.quietMatters.silence(matter, new Date(until), order.by.userId);
  ports.log({ event: 'confirmed', matter, planId: plan.planId });
  return { status: 'done', outcome: { kind: 'silenced', until } };
};

/** The sweep looks for itself; the yes stands only for the grounds that the person saw. */
const sweepNow = async (
  ports: OrderPorts,
  order: Order,
  { grounds }: Extract<PlanContent, { readonly kind: 'sweep' }>,
): Promise<Ending> => {
  const { userId } = order.by;
  const message = serializeSweepMessage({ kind: 'sweep-due', attempt: 0, userId, accepts: grounds });
  await ports.sweepQueue.sendLater(message, 0);
  return { status: 'done', outcome: { kind: 'sweeping' } };
};

/** Whoever keeps the alarms looks for itself which of the groups still has none. */
const makeAlarms = async (
  ports: OrderPorts,
  { orderId }: Order,
  { targetGroups }: Extract<PlanContent, { readonly kind: 'alarms' }>,
): Promise<Ending> => {
  await ports.sweepQueue.sendLater(serializeAlarmsDue({ kind: 'alarms-due', wanted: { orderId, targetGroups } }), 0);
  return { status: 'done', outcome: { kind: 'making-alarms', count: targetGroups.length } };
};

type CloseContent = Extract<PlanContent, { readonly kind: 'close-rules' }>;

/** Where the rules are; of several security groups the first is named. */
const placeOf = ({ rules }: CloseContent): Named => rules[0]?.securityGroup ?? { id: '-', name: '-' };

const close = async (ports: OrderPorts, order: Order, plan: StoredPlan, content: CloseContent): Promise<Ending> => {
  await settleLedger(ports);
  const securityGroup = placeOf(content);
  const closing = await closeApproved(ports)(content, { planId: plan.planId, userId: order.by.userId });
  switch (closing.kind) {
    case 'closed':
      return {
        status: 'done',
        outcome: { kind: 'rules-closed', securityGroup, count: closing.count, until: closing.until },
      };
    case 'moved':
      return {
        status: 'refused',
        outcome: { kind: 'moved', targetGroup: securityGroup, moved: closing.moved, offer: undefined },
      };
    case 'refused':
      return { status: 'refused', outcome: { kind: 'closing-refused', securityGroup, code: closing.code } };
  }
};

/** Marks each rule of a proposal; one that is gone needs no mark. */
const keepAll = async (ports: OrderPorts, order: Order, content: CloseContent): Promise<Ending> => {
  const securityGroup = placeOf(content);
  let count = 0;
  for (const { ruleId } of content.rules) {
    const kept = await keepRule(ports, order, ruleId);
    if (kept.kind === 'kept') count += 1;
    if (kept.kind !== 'not-kept') continue;
    if (typeof kept.because === 'object')
      return { status: 'refused', outcome: { kind: 'closing-refused', securityGroup, code: kept.because.code } };
    const because: MovedBecause = kept.because === 'SecurityGroupGone' ? 'GroupGone' : kept.because;
    const moved = [{ name: ruleId, because }];
    return { status: 'refused', outcome: { kind: 'moved', targetGroup: securityGroup, moved, offer: undefined } };
  }
  return { status: 'done', outcome: { kind: 'rules-kept', securityGroup, count } };
};

const act = async (ports: OrderPorts, order: Order, verb: ButtonVerb, plan: StoredPlan): Promise<Ending> => {
  const { content } = plan;
  if (verb === 'reject') return { status: 'rejected', outcome: { kind: 'rejected' } };
  switch (content.kind) {
    case 'seat':
      return seat(ports, plan, content);
    case 'unseat':
      return unseat(ports, content);
    case 'repair':
      return repair(ports, content);
    case 'undo':
      return undo(ports, plan, content);
    case 'companion':
      return companion(ports, content);
    case 'invalidate':
      return invalidate(ports, order, verb, content);
    case 'quiet':
      return silence(ports, order, plan, content);
    case 'look':
      return lookNow(ports, order, content);
    case 'confirm':
      return confirm(ports, order, plan, content);
    case 'close-rules':
      return verb === 'keep' ? keepAll(ports, order, content) : close(ports, order, plan, content);
    case 'sweep':
      return sweepNow(ports, order, content);
    case 'alarms':
      return makeAlarms(ports, order, content);
  }
};

const decidedBefore = ({ status, decidedBy, decidedAt, createdAt }: StoredPlan): PressOutcome => ({
  kind: 'decided-before',
  status: status === 'rejected' || status === 'refused' ? status : 'done',
  byUserId: decidedBy ?? '',
  at: decidedAt ?? createdAt,
});

/** Takes the plan, acts, tells, and only then ends the plan: whoever dies in between does it again, to the same end. */
const pressPlan = async (ports: OrderPorts, order: Order, { verb, planId }: Press, plan: StoredPlan): Promise<void> => {
  const say = (outcome: PressOutcome) => {
    const answer: Answer = { kind: 'pressed', verb, byUserId: order.by.userId, outcome };
    return tell(ports, order, [answering(ports, order, answer, plan.destination)]);
  };
  const { orderId, by } = order;
  const wish = verb === 'reject' ? 'reject' : 'apply';
  const decider = { orderId, userId: by.userId, wish } as const;
  const decision = await ports.plans.take(planId, decider, ports.now(), PLAN_LAPSE_SECONDS);
  switch (decision.kind) {
    case 'taken': {
      const { status, outcome } = await act(ports, order, verb, decision.plan);
      await say(outcome);
      await ports.plans.finish(planId, orderId, status);
      ports.log({ event: 'pressed', verb, planId, outcome: outcome.kind });
      return;
    }
    case 'decided':
      // The same order, come again after it had told its outcome and ended the plan: nothing is left to say.
      return decision.bySameOrder ? undefined : say(decidedBefore(decision.plan));
    case 'under-way':
      return say({ kind: 'under-way', byUserId: decision.plan.decidedBy ?? '' });
    case 'expired':
      return say({ kind: 'expired', at: decision.plan.expiresAt });
    case 'unknown':
      return say({ kind: 'unknown' });
  }
};

/** The lines that would do what a plan is for: looked at by anybody, as often as they like, and nothing is decided by it. */
const showLines = (ports: OrderPorts, order: Order, { content, destination }: StoredPlan): Promise<void> => {
  const lines = content.kind === 'close-rules' ? content.rules.flatMap((rule) => rule.lines) : [];
  const outcome: PressOutcome = { kind: 'lines-shown', lines };
  const answer: Answer = { kind: 'pressed', verb: 'show', byUserId: order.by.userId, outcome };
  return tell(ports, order, [answering(ports, order, answer, destination)]);
};

/** Carries out a press on a button: once, by who may, and only what the plan is for. */
export const press = async (ports: OrderPorts, order: Order, pressed: Press): Promise<void> => {
  const { verb, planId } = pressed;
  const plan = await ports.plans.find(planId);
  if (plan === undefined || !VERBS[plan.content.kind].includes(verb)) {
    const answer: Answer = { kind: 'pressed', verb, byUserId: order.by.userId, outcome: { kind: 'unknown' } };
    return tell(ports, order, [answering(ports, order, answer)]);
  }
  const authorised = mayPress(ports, order, verb, plan.content);
  if (authorised.kind === 'not-allowed')
    return tell(ports, order, [answering(ports, order, authorised, plan.destination)]);
  return verb === 'show' ? showLines(ports, order, plan) : pressPlan(ports, order, pressed, plan);
};
