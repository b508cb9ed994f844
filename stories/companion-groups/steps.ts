import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { CompanionChange, CompanionWearer } from '../../domain/change.ts';
import { companionKey, isOfCompanion } from '../../domain/change.ts';
import { isTaggedOurs } from '../../domain/companion/companion.ts';
import type { LedgerEntry, Matter, Settlement } from '../../domain/ledger.ts';
import { newEntry, REFUSALS } from '../seat-instances/apply.ts';
import type { CompanionPorts } from './ports.ts';

/** Who wears a companion group at this moment. */
export const isWornBy = async (
  { loadBalancing, ec2 }: Pick<CompanionPorts, 'loadBalancing' | 'ec2'>,
  wearer: CompanionWearer,
  groupId: string,
): Promise<boolean> => {
  if (wearer.kind === 'load-balancer') {
    const [balancer] = await loadBalancing.readLoadBalancers([wearer.id]);
    return balancer?.securityGroupIds.includes(groupId) === true;
  }
  const wearers = (await ec2.readWearers([groupId])).get(groupId) ?? [];
  return wearers.some(({ networkInterfaceId }) => networkInterfaceId === wearer.id);
};

/** What became of a step whose run ended before it could write that down, by one look at AWS. */
const lookAtAws = async (ports: CompanionPorts, change: CompanionChange): Promise<Settlement> => {
  switch (change.kind) {
    case 'create-security-group': {
      const found = await ports.companions.readNamed(change.vpcId, change.groupName);
      return found !== undefined && isTaggedOurs(found, ports.stage.name, change.loadBalancerArn)
        ? { status: 'applied', ruleId: found.groupId }
        : { status: 'abandoned' };
    }
    case 'delete-security-group': {
      const found = await ports.companions.readNamed(change.vpcId, change.groupName);
      return { status: found?.groupId === change.groupId ? 'abandoned' : 'applied' };
    }
    case 'attach-security-group':
    case 'detach-security-group': {
      const isWorn = await isWornBy(ports, change.wearer, change.groupId);
      return { status: isWorn === (change.kind === 'attach-security-group') ? 'applied' : 'abandoned' };
    }
  }
};

/** Brings steps of one companion group that were left open to their end. Under its lease: nobody is at it. */
export const settleSteps = async (ports: CompanionPorts, vpcId: string, groupName: string): Promise<void> => {
  for (const entry of await ports.ledger.listOpen()) {
    const { change, status } = entry;
    if (status !== 'intended' || !isOfCompanion(change)) continue;
    if (companionKey(change.vpcId, change.groupName) !== companionKey(vpcId, groupName)) continue;
    const settled = await ports.ledger.settle(entry, await lookAtAws(ports, change), ports.now());
    ports.log({ event: 'settled', change: change.kind, status: settled.status, entryId: entry.entryId });
  }
};

/**
 * One step with a companion group, in the ledger before and after. A refusal is an end; an answer that never came leaves the
 * entry open, for the next run to look what became of it.
 * @throws {AwsCallError} when AWS can't be reached or is crowded
 */
export const takeStep = async (
  ports: CompanionPorts,
  change: CompanionChange,
  matter: Matter,
  act: () => Promise<Settlement>,
): Promise<LedgerEntry> => {
  const entry = newEntry(ports, { change, matter });
  await ports.ledger.intend([entry]);
  let settlement: Settlement;
  try {
    settlement = await act();
  } catch (error) {
    if (!(error instanceof AwsCallError) || !REFUSALS.has(error.meaning)) throw error;
    settlement = { status: 'failed', code: error.code, message: error.awsMessage };
  }
  const settled = await ports.ledger.settle(entry, settlement, ports.now());
  ports.log({ event: 'companion-step', change: change.kind, groupName: change.groupName, status: settled.status });
  return settled;
};
