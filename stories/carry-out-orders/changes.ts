import { changeKey, isOfCompanion } from '../../domain/change.ts';
import type { LedgerEntry, Ownership } from '../../domain/ledger.ts';
import type { Order } from '../../domain/order.ts';
import { newPlan, UNDO_LIFETIME_SECONDS } from '../../domain/stored-plan.ts';
import { undoOf } from '../../domain/undo.ts';
import type { ListedChange, VerbAnswer } from '../../domain/verb-answer.ts';
import type { OrderPorts } from './ports.ts';

/** As many as an answer has room and buttons for. */
const CHANGES_SHOWN = 10;

const WHAT: Readonly<Record<LedgerEntry['change']['kind'], ListedChange['what']>> = {
  'register-target': 'registered',
  'deregister-target': 'taken-out',
  'authorize-rule': 'rule-added',
  'revoke-rule': 'rule-removed',
  'create-security-group': 'group-made',
  'attach-security-group': 'group-put-on',
  'detach-security-group': 'group-taken-off',
  'delete-security-group': 'group-deleted',
};

const nameOf = ({ change, matter }: LedgerEntry): string => {
  if (isOfCompanion(change)) return change.groupName;
  return change.kind === 'register-target' || change.kind === 'deregister-target'
    ? (matter.targets[0]?.name ?? change.target.id)
    : (matter.securityGroup?.name ?? change.groupId);
};

/** Whether what was registered then is there by that very registration, as far as the ledger knows. */
const stands = ({ change, entryId }: LedgerEntry, owned: ReadonlyMap<string, Ownership>): boolean => {
  const record = owned.get(changeKey(change));
  return record?.entryId === entryId && record.undoneBy === undefined && record.leaving === undefined;
};

/** A plan by which one registration is undone, made anew for each list: unguessable, and pressed once. */
const offerUndo = async (ports: OrderPorts, entry: LedgerEntry): Promise<string | undefined> => {
  const content = undoOf(entry.matter.targetGroup, [entry]);
  if (content === undefined) return undefined;
  const planId = ports.newId();
  await ports.plans.store(newPlan(planId, content, entry.matter.destination, ports.now(), UNDO_LIFETIME_SECONDS));
  return planId;
};

const listed = async (
  ports: OrderPorts,
  entry: LedgerEntry,
  number: number,
  owned: ReadonlyMap<string, Ownership>,
): Promise<ListedChange> => {
  const { change, matter, settledAt, intendedAt } = entry;
  const isRegistration = change.kind === 'register-target';
  const isStanding = isRegistration && stands(entry, owned);
  return {
    number,
    what: WHAT[change.kind],
    name: nameOf(entry),
    targetGroup: matter.targetGroup,
    at: settledAt ?? intendedAt,
    planId: isStanding ? await offerUndo(ports, entry) : undefined,
    isUndone: isRegistration && !isStanding,
  };
};

/**
 * Lists what was changed within the last day, by the ledger, the newest first, each with a button where it can be undone;
 * and keeps what was shown, so that a number means what its reader saw.
 */
export const listChanges = async (ports: OrderPorts, { by: { userId } }: Order): Promise<VerbAnswer> => {
  const now = ports.now();
  const groups = await ports.tagging.readTargetGroups('with-any-tag');
  const since = new Date(now.getTime() - UNDO_LIFETIME_SECONDS * 1000);
  const arns = groups.map(({ arn }) => arn);
  const recent = await ports.ledger.listRecent(arns, since, now);
  const applied = recent.filter(({ status }) => status === 'applied').reverse();
  const shown = applied.slice(0, CHANGES_SHOWN);
  const owned = await ports.ledger.readOwnership(shown.map(({ change }) => changeKey(change)));
  const changes: ListedChange[] = [];
  for (const [index, entry] of shown.entries()) changes.push(await listed(ports, entry, index + 1, owned));
  const planIds = changes.map(({ planId }) => planId);
  await ports.shownChanges.show(userId, planIds, now);
  return { kind: 'changes', changes, count: applied.length };
};

/** An order that comes late must not mean a list that was shown since. Slack's clock is not ours, and counts seconds. */
const CLOCKS_DIFFER_MILLISECONDS = 2_000;
const NUMBER = /^#?([1-9]\d?)$/;

/** The plan of the change with that number in the list that this person was shown last. */
export const planOfNumber = async (
  ports: OrderPorts,
  { by: { userId }, orderedAt }: Order,
  said: string,
): Promise<string | undefined> => {
  const [, number] = NUMBER.exec(said.normalize('NFKC')) ?? [];
  const shown = number === undefined ? undefined : await ports.shownChanges.find(userId, ports.now());
  if (shown === undefined || shown.at.getTime() > Date.parse(orderedAt) + CLOCKS_DIFFER_MILLISECONDS) return undefined;
  return shown.planIds[Number(number) - 1];
};
