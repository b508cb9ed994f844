import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Ec2Reader } from '../../aws/ec2/port.ts';
import type { LoadBalancingReader } from '../../aws/elastic-load-balancing/port.ts';
import type { ReportPublisher, WaitingQueue } from '../../aws/queues/port.ts';
import type { Leases, Ledger, Watches } from '../../aws/state/port.ts';
import type { AuthorizeRule, Change } from '../../domain/change.ts';
import { peerText } from '../../domain/change.ts';
import type { LedgerEntry, Settlement } from '../../domain/ledger.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import { notRegisteredReports, refusedItems } from '../../domain/seating/reports.ts';
import type { Stage } from '../../domain/stage.ts';
import { tagValue, USHER_TAG } from '../../domain/tags.ts';
import { targetKey } from '../../domain/target.ts';
import { LEASE_SECONDS, leaseResources } from '../leases.ts';
import type { Surroundings } from '../log.ts';
import { startWatches } from '../start-watches.ts';

/** Everything settling reads, writes and says through. */
export interface SettlingPorts extends Surroundings {
  readonly stage: Stage;
  readonly ec2: Pick<Ec2Reader, 'readSecurityGroupRules'>;
  readonly loadBalancing: Pick<LoadBalancingReader, 'readTargetHealth'>;
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly watches: Watches;
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
  return tagValue(found.tags, USHER_TAG.owner) === stage.name
    ? { status: 'applied', ruleId: found.ruleId }
    : { status: 'already-there' };
};

/** What became of a change whose run ended before it could write it down: AWS is asked. */
const lookAtAws = async (ports: SettlingPorts, change: Change): Promise<Settlement> => {
  switch (change.kind) {
    case 'authorize-rule': {
      const rules = await ports.ec2.readSecurityGroupRules([change.groupId]);
      return ruleSettlement(rules.get(change.groupId) ?? [], change, ports.stage);
    }
    case 'revoke-rule': {
      const rules = await ports.ec2.readSecurityGroupRules([change.groupId]);
      const isThere = rules.get(change.groupId)?.some(({ ruleId }) => ruleId === change.ruleId) ?? false;
      return { status: isThere ? 'abandoned' : 'applied' };
    }
    case 'register-target':
    case 'deregister-target': {
      const members = await ports.loadBalancing.readTargetHealth(change.targetGroupArn);
      const isIn =
        members?.some(({ target, state }) => targetKey(target) === targetKey(change.target) && state !== 'draining') ??
        false;
      return { status: isIn === (change.kind === 'register-target') ? 'applied' : 'abandoned' };
    }
  }
};

const olderThan = (moment: string, seconds: number, now: Date): boolean =>
  now.getTime() - new Date(moment).getTime() > seconds * 1000;

/** A refusal about this one entry, as against AWS being crowded or out of reach, when everything had better wait. */
const isPassable = (error: unknown): error is AwsCallError =>
  error instanceof AwsCallError && error.meaning !== 'throttled' && error.meaning !== 'transient';

/** Settles one entry left `intended`, under the lease of what it is about: whoever holds that may still be at it. */
const settleOne = async (ports: SettlingPorts, entry: LedgerEntry): Promise<LedgerEntry | undefined> => {
  const lease = await ports.leases.acquire(
    leaseResources([entry.change]),
    `settle-${ports.newId()}`,
    ports.now(),
    LEASE_SECONDS,
  );
  if (lease === undefined) return undefined;
  try {
    const settled = await ports.ledger.settle(entry, await lookAtAws(ports, entry.change), ports.now());
    ports.log({ event: 'settled', change: entry.change.kind, status: settled.status, entryId: entry.entryId });
    return settled;
  } catch (error) {
    // One entry that can't be looked up must not hold up every launch: it stays as it is, for the next run.
    if (!isPassable(error)) throw error;
    ports.log({ event: 'not-settled', change: entry.change.kind, entryId: entry.entryId, because: error.message });
    return undefined;
  } finally {
    await ports.leases.release(lease);
  }
};

/** Tells of registrations that AWS refused, and closes them once the queue has the report. */
export const tellRefused = async (
  ports: Pick<SettlingPorts, 'reports' | 'ledger' | 'stage' | 'now'>,
  entries: readonly LedgerEntry[],
): Promise<void> => {
  const refused = entries.filter(({ status, telling }) => status === 'failed' && telling !== 'closed');
  if (refused.length === 0) return;
  for (const report of notRegisteredReports(refusedItems(refused), ports.stage, ports.now()))
    await ports.reports.publish(report);
  await ports.ledger.tell(refused, 'closed');
};

/**
 * Brings the ledger's loose ends to their end: changes left `intended` by a run that died are looked up in AWS, and what was
 * done but not told is told: refusals at once, the rest by the watch of its group, started again where none is alive.
 * Entries young enough that their run may still be at work are left to it.
 */
export const settleLedger = async (ports: SettlingPorts): Promise<void> => {
  const open = await ports.ledger.listOpen();
  const now = ports.now();
  const loose = open.filter(({ intendedAt }) => olderThan(intendedAt, LEASE_SECONDS, now));
  const settled: LedgerEntry[] = [];
  for (const entry of loose) {
    const done = entry.status === 'intended' ? await settleOne(ports, entry) : entry;
    if (done !== undefined) settled.push(done);
  }
  await tellRefused(ports, settled);
  await startWatches(ports, settled);
};
