import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Ec2Reader } from '../../aws/ec2/port.ts';
import type { LoadBalancingReader } from '../../aws/elastic-load-balancing/port.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { Leases, Ledger, StoredPlans, Watches } from '../../aws/state/port.ts';
import type { AuthorizeRule, Change, CompanionChange } from '../../domain/change.ts';
import { isClosing, isOfCompanion, peerText } from '../../domain/change.ts';
import type { LedgerEntry, Settlement } from '../../domain/ledger.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import { notRegisteredReports, notTakenOutReports, refusedItems } from '../../domain/seating/reports.ts';
import type { Stage } from '../../domain/stage.ts';
import { tagValue, USHER_TAG } from '../../domain/tags.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { targetKey } from '../../domain/target.ts';
import { LEASE_SECONDS, leaseResources } from '../leases.ts';
import type { Surroundings } from '../log.ts';
import { withSnooze } from '../snooze.ts';
import { startWatches } from '../start-watches.ts';

/** Everything settling reads, writes and says through. */
export interface SettlingPorts extends Surroundings {
  readonly stage: Stage;
  readonly ec2: Pick<Ec2Reader, 'readSecurityGroupRules'>;
  readonly loadBalancing: Pick<LoadBalancingReader, 'readTargetHealth'>;
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly watches: Watches;
  readonly plans: Pick<StoredPlans, 'store'>;
  readonly reports: ReportPublisher;
  readonly watchQueue: WaitingQueue;
}

const isThatRule = (rule: SecurityGroupRule, change: AuthorizeRule): boolean =>
  rule.direction === change.direction &&
  rule.protocol === change.protocol &&
  rule.fromPort === change.port &&
  rule.toPort === change.port &&
  peerText(rule.peer) === peerText(change.peer);

const ruleSettlement = (rules: readonly SecurityGroupRule[], change: AuthorizeRule, stage: Stage): Settlement => {
  const found = rules.find((rule) => isThatRule(rule, change));
  if (found === undefined) return { status: 'abandoned' };
  return isClosing(change) || tagValue(found.tags, USHER_TAG.owner) === stage.name
    ? { status: 'applied', ruleId: found.ruleId }
    : { status: 'already-there' };
};

/** What became of a registration or its reverse, by who is in the group now. */
export const membershipSettlement = (
  { kind, target }: Extract<Change, { readonly kind: 'register-target' | 'deregister-target' }>,
  members: readonly TargetHealth[] | undefined,
): Settlement => {
  const isIn =
    members?.some((member) => targetKey(member.target) === targetKey(target) && member.state !== 'draining') ?? false;
  return { status: isIn === (kind === 'register-target') ? 'applied' : 'abandoned' };
};

type SeatingChange = Exclude<Change, CompanionChange>;
/** An entry of a target or a rule. Those of companion groups are settled by the stories that make and remove them. */
type SeatingEntry = LedgerEntry & { readonly change: SeatingChange };

const isOfSeating = (entry: LedgerEntry): entry is SeatingEntry => !isOfCompanion(entry.change);

/**
 * What became of the changes to one target group or security group, of runs that ended before they could write it down: by
 * one look at it in AWS.
 */
const lookAtAws = async (ports: SettlingPorts, one: SeatingChange): Promise<(change: SeatingChange) => Settlement> => {
  const isOfRules = one.kind === 'authorize-rule' || one.kind === 'revoke-rule';
  const rules = isOfRules ? ((await ports.ec2.readSecurityGroupRules([one.groupId])).get(one.groupId) ?? []) : [];
  const members = isOfRules ? undefined : await ports.loadBalancing.readTargetHealth(one.targetGroupArn);
  return (change) => {
    switch (change.kind) {
      case 'authorize-rule':
        return ruleSettlement(rules, change, ports.stage);
      case 'revoke-rule':
        return { status: rules.some(({ ruleId }) => ruleId === change.ruleId) ? 'abandoned' : 'applied' };
      case 'register-target':
      case 'deregister-target':
        return membershipSettlement(change, members);
    }
  };
};

const olderThan = (moment: string, seconds: number, now: Date): boolean =>
  now.getTime() - new Date(moment).getTime() > seconds * 1000;

/** Entries settled by one run at most: each is a few calls to the table, before the launches that the run is for. */
const ENTRIES_PER_RUN = 50;

const isCrowding = ({ meaning }: AwsCallError): boolean => meaning === 'throttled' || meaning === 'transient';

/** Runs `act`. A refusal must not hold up every launch: what it is about stays as it is, for the next run. */
const unlessRefused = async <Result>(
  ports: SettlingPorts,
  entries: readonly LedgerEntry[],
  act: () => Promise<Result>,
): Promise<Result | undefined> => {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof AwsCallError) || isCrowding(error)) throw error;
    for (const { change, entryId } of entries)
      ports.log({ event: 'not-settled', change: change.kind, entryId, because: error.message });
    return undefined;
  }
};

/**
 * Settles entries about one resource, under its lease: whoever holds that may still be at it. Each is put among `settled`
 * at once, so that it is known when the next one fails.
 */
const settleTogether = async (
  ports: SettlingPorts,
  entries: readonly SeatingEntry[],
  settled: LedgerEntry[],
): Promise<void> => {
  const [first] = entries;
  if (first === undefined) return;
  const resources = leaseResources(entries.map(({ change }) => change));
  const lease = await ports.leases.acquire(resources, `settle-${ports.newId()}`, ports.now(), LEASE_SECONDS);
  if (lease === undefined) return;
  try {
    const settlementOf = await unlessRefused(ports, entries, () => lookAtAws(ports, first.change));
    if (settlementOf === undefined) return;
    for (const entry of entries) {
      const done = await unlessRefused(ports, [entry], () =>
        ports.ledger.settle(entry, settlementOf(entry.change), ports.now()),
      );
      if (done === undefined) continue;
      ports.log({ event: 'settled', change: done.change.kind, status: done.status, entryId: done.entryId });
      settled.push(done);
    }
  } finally {
    await ports.leases.release(lease);
  }
};

/** Settles what was left `intended`, resource by resource, until AWS is crowded or it was enough for one run. */
const settleIntended = async (
  ports: SettlingPorts,
  intended: readonly SeatingEntry[],
): Promise<readonly LedgerEntry[]> => {
  const settled: LedgerEntry[] = [];
  try {
    for (const together of Map.groupBy(intended, ({ change }) => leaseResources([change]).join()).values())
      await settleTogether(ports, together.slice(0, ENTRIES_PER_RUN - settled.length), settled);
  } catch (error) {
    if (!(error instanceof AwsCallError) || !isCrowding(error)) throw error;
    ports.log({ event: 'settling-put-off', settled: settled.length, because: error.message });
  }
  return settled;
};

/** Tells of registrations and removals that AWS refused, and closes them once the queue has the report. */
export const tellRefused = async (
  ports: Pick<SettlingPorts, 'reports' | 'ledger' | 'plans' | 'stage' | 'now' | 'newId'>,
  entries: readonly LedgerEntry[],
): Promise<void> => {
  const refused = entries.filter(
    ({ status, telling, change }) => status === 'failed' && telling !== 'closed' && !isClosing(change),
  );
  if (refused.length === 0) return;
  const removals = refused.filter(({ change }) => change.kind === 'deregister-target');
  const others = refused.filter(({ change }) => change.kind !== 'deregister-target');
  const reports = [
    ...notRegisteredReports(refusedItems(others), ports.stage, ports.now()),
    ...notTakenOutReports(refusedItems(removals), ports.stage, ports.now()),
  ];
  for (const report of reports) await ports.reports.publish(await withSnooze(ports, report));
  await ports.ledger.tell(refused, 'closed');
};

/** What is put back is settled by its watch, which knows that it must not be left undone. */
const isPutBack = (change: Change): boolean => change.kind === 'authorize-rule' && isClosing(change);

/**
 * Brings the ledger's loose ends to their end: changes left `intended` by a run that died are looked up in AWS, and what was
 * done but not told is told: refusals at once, the rest by the watch of its group, started again where none is alive. A watch
 * that is alive is hurried by what was settled now, and by nothing that it knew before.
 * Entries young enough that their run may still be at work are left to it.
 */
export const settleLedger = async (ports: SettlingPorts): Promise<void> => {
  const open = await ports.ledger.listOpen();
  const now = ports.now();
  const loose = open.filter(({ intendedAt }) => olderThan(intendedAt, LEASE_SECONDS, now));
  const known = loose.filter(({ status }) => status !== 'intended');
  const intended = loose.filter(({ status, change }) => status === 'intended' && !isPutBack(change));
  const settled = await settleIntended(ports, intended.filter(isOfSeating));
  await tellRefused(ports, [...settled, ...known]);
  await startWatches(ports, settled);
  await startWatches(ports, known, 'revive');
};
