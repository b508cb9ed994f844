import { AwsCallError } from '../../aws/aws-call-error.ts';
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
const REFUSALS: ReadonlySet<AwsCallError['meaning']> = new Set(['denied', 'full', 'invalid', 'not-found', 'other']);

const newEntry = (ports: SeatingPorts, { change, matter }: Intended<Change>): LedgerEntry => {
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

const authorize = async (ports: SeatingPorts, rule: AuthorizeRule, matter: Matter): Promise<Settlement> => {
  try {
    const added = await ports.ec2.authorizeRule(rule, {
      description: ruleDescription(rule, matter),
      tags: { 'usher:owner': ports.stage.name },
    });
    return added.kind === 'applied' ? { status: 'applied', ruleId: added.ruleId } : { status: 'already-there' };
  } catch (error) {
    if (error instanceof AwsCallError && REFUSALS.has(error.meaning))
      return { status: 'failed', code: error.code, message: error.awsMessage };
    throw error;
  }
};

/**
 * Adds the rules one after the other, each in the ledger before and after. An answer that never came leaves its entry
 * `intended`, for the next run to look what became of it.
 */
export const applyRules = async (
  ports: SeatingPorts,
  rules: readonly Intended<AuthorizeRule>[],
): Promise<readonly LedgerEntry[]> => {
  const entries = rules.map((rule) => newEntry(ports, rule));
  if (entries.length > 0) await ports.ledger.intend(entries);
  const settled: LedgerEntry[] = [];
  for (const [index, { change, matter }] of rules.entries()) {
    const entry = entries[index];
    if (entry === undefined) continue;
    settled.push(await ports.ledger.settle(entry, await authorize(ports, change, matter), ports.now()));
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
