import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { RuleOutcome } from '../../aws/ec2/port.ts';
import { InterruptedAuthorization } from '../../aws/ec2/port.ts';
import type { Registration } from '../../aws/elastic-load-balancing/port.ts';
import { InterruptedRegistration } from '../../aws/elastic-load-balancing/port.ts';
import type { AuthorizeRule, Change, RegisterTarget } from '../../domain/change.ts';
import type { LedgerEntry, Matter, Settlement } from '../../domain/ledger.ts';
import type { Target } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import type { SeatingPorts } from './ports.ts';

/** A change with what its report will say. */
export interface Intended<C extends Change> {
  readonly change: C;
  readonly matter: Matter;
}

/** A refusal that another attempt would meet again; anything else is thrown and tried again. */
export const REFUSALS: ReadonlySet<AwsCallError['meaning']> = new Set([
  'denied',
  'full',
  'invalid',
  'not-found',
  'other',
]);

/** A change as it first stands in the ledger. */
export const newEntry = (
  ports: Pick<SeatingPorts, 'now' | 'newId'>,
  { change, matter }: Intended<Change>,
): LedgerEntry => {
  const intendedAt = ports.now().toISOString();
  return {
    entryId: `${intendedAt}-${ports.newId()}`,
    targetGroupArn: change.targetGroupArn,
    change,
    status: 'intended',
    telling: 'open',
    intendedAt,
    settledAt: undefined,
    ruleId: undefined,
    failure: undefined,
    matter,
  };
};

/** Text of a rule's description: says what it is for, in characters EC2 takes. */
const ruleDescription = (rule: AuthorizeRule, matter: Matter): string =>
  `Usher: ${matter.peer?.name ?? 'load balancer'} to ${matter.targetGroup.name} on ${rule.protocol}/${rule.port}`;

/** What the ledger keeps of what became of a rule. */
export const settlementOfRule = (outcome: RuleOutcome): Settlement => {
  switch (outcome.kind) {
    case 'applied':
      return { status: 'applied', ruleId: outcome.ruleId };
    case 'already-there':
      return { status: 'already-there' };
    case 'refused':
      return { status: 'failed', code: outcome.code, message: outcome.message };
  }
};

/** Rules of one security group and direction, each with its entry in the ledger. */
type RulesTogether = readonly (Intended<AuthorizeRule> & { readonly entry: LedgerEntry })[];

/** How far the rules got, the first ones first, and the error that cut it short, if another attempt may go further. */
interface Authorized {
  readonly settlements: readonly Settlement[];
  readonly interruption: AwsCallError | undefined;
}

/** Adds what it can. A refusal of everything (denied) refuses each rule that had no outcome yet. */
const authorize = async (ports: SeatingPorts, rules: RulesTogether): Promise<Authorized> => {
  const [first] = rules;
  if (first === undefined) return { settlements: [], interruption: undefined };
  const { groupId, direction } = first.change;
  const asked = rules.map(({ change, matter }) => ({ ...change, description: ruleDescription(change, matter) }));
  const tags = { 'usher:owner': ports.stage.name };
  try {
    const outcomes = await ports.ec2.authorizeRules(groupId, direction, asked, tags);
    return { settlements: outcomes.map(settlementOfRule), interruption: undefined };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const known = (error instanceof InterruptedAuthorization ? error.progress : []).map(settlementOfRule);
    if (!REFUSALS.has(error.meaning)) return { settlements: known, interruption: error };
    const failed: Settlement = { status: 'failed', code: error.code, message: error.awsMessage };
    return { settlements: [...known, ...rules.slice(known.length).map(() => failed)], interruption: undefined };
  }
};

/**
 * Adds the rules, those of one security group and direction together, each in the ledger before and after. An answer that
 * never came leaves its entries `intended`, for the next run to look what became of them.
 * @throws {AwsCallError} when AWS can't be reached or is crowded, once what is known is settled
 */
export const applyRules = async (
  ports: SeatingPorts,
  rules: readonly Intended<AuthorizeRule>[],
): Promise<readonly LedgerEntry[]> => {
  const intended = rules.map((rule) => ({ ...rule, entry: newEntry(ports, rule) }));
  if (intended.length > 0) await ports.ledger.intend(intended.map(({ entry }) => entry));
  const settled: LedgerEntry[] = [];
  for (const together of Map.groupBy(intended, ({ change }) => `${change.groupId}|${change.direction}`).values()) {
    const { settlements, interruption } = await authorize(ports, together);
    for (const [index, { entry }] of together.entries()) {
      const settlement = settlements[index];
      if (settlement !== undefined) settled.push(await ports.ledger.settle(entry, settlement, ports.now()));
    }
    if (interruption !== undefined) throw interruption;
  }
  return settled;
};

const byGroup = <T extends { readonly change: RegisterTarget }>(
  items: readonly T[],
): ReadonlyMap<string, readonly T[]> => Map.groupBy(items, ({ change }) => change.targetGroupArn);

/** What became of a registration as far as it got, and the error that cut it short, if another attempt may go further. */
interface Attempt extends Registration {
  readonly interruption: AwsCallError | undefined;
}

/** Registers what it can. A refusal of the whole call (denied, group gone) refuses each target that was not in yet. */
const register = async (ports: SeatingPorts, targetGroupArn: string, targets: readonly Target[]): Promise<Attempt> => {
  try {
    return { ...(await ports.loadBalancing.registerTargets(targetGroupArn, targets)), interruption: undefined };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const { registered, refused } =
      error instanceof InterruptedRegistration ? error.progress : { registered: [], refused: [] };
    if (!REFUSALS.has(error.meaning)) return { registered, refused, interruption: error };
    const done = new Set([...registered, ...refused.map(({ target }) => target)].map(targetKey));
    const { code, awsMessage: message } = error;
    const rest = targets.filter((target) => !done.has(targetKey(target)));
    return {
      registered,
      refused: [...refused, ...rest.map((target) => ({ target, code, message }))],
      interruption: undefined,
    };
  }
};

/** How one target's registration ended; `undefined` when its answer never came. */
const settlementOf = ({ target }: RegisterTarget, { registered, refused }: Registration): Settlement | undefined => {
  const refusal = refused.find((one) => targetKey(one.target) === targetKey(target));
  if (refusal !== undefined) return { status: 'failed', code: refusal.code, message: refusal.message };
  return registered.some((one) => targetKey(one) === targetKey(target)) ? { status: 'applied' } : undefined;
};

/** What was registered or refused, and the error that cut it short, if one did. */
export interface Registered {
  readonly entries: readonly LedgerEntry[];
  readonly interruption: AwsCallError | undefined;
}

/**
 * Registers the targets of each group, in the ledger before and after; AWS may refuse some, and the rest stand. When AWS
 * can't be reached or is crowded, it stops there, with what is known settled.
 */
export const applyRegistrations = async (
  ports: SeatingPorts,
  registrations: readonly Intended<RegisterTarget>[],
): Promise<Registered> => {
  const settled: LedgerEntry[] = [];
  for (const [targetGroupArn, group] of byGroup(registrations)) {
    const entries = group.map((registration) => newEntry(ports, registration));
    await ports.ledger.intend(entries);
    const targets = group.map(({ change }) => change.target);
    const { interruption, ...registration } = await register(ports, targetGroupArn, targets);
    for (const [index, entry] of entries.entries()) {
      const change = group[index]?.change;
      const settlement = change && settlementOf(change, registration);
      if (settlement !== undefined) settled.push(await ports.ledger.settle(entry, settlement, ports.now()));
    }
    if (interruption !== undefined) return { entries: settled, interruption };
  }
  return { entries: settled, interruption: undefined };
};
