import { changeKey, peerText } from '../../domain/change.ts';
import { onAnotherPort } from '../../domain/diagnosis/checks/ports.ts';
import type { AlarmExplained } from '../../domain/diagnosis/report.ts';
import { valueRead } from '../../domain/network/hop.ts';
import type { Button } from '../../domain/report.ts';
import { namedGroup, namedSecurityGroup } from '../../domain/seating/matter.ts';
import type { PlannedRule } from '../../domain/stored-plan.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import { targetKey } from '../../domain/target.ts';
import type { PlannedRepair } from '../repair-paths/plan.ts';
import { planRepair } from '../repair-paths/plan.ts';
import { readStops } from '../stops.ts';
import type { Gathered } from './gather.ts';
import type { DiagnosisPorts } from './ports.ts';
import { readingOf } from './reading.ts';

/** How long the rules are offered: a day. What was missing then is looked at afresh anyway. */
const FIX_LIFETIME_SECONDS = 86_400;

/** What a press would add, and the button for it. */
export interface Fix {
  readonly rules: AlarmExplained['fix'];
  /** Such a rule as is missing, where our own ledger knows one. */
  readonly existed: AlarmExplained['existed'];
  readonly buttons: readonly Button[];
}

const NO_FIX: Fix = { rules: [], existed: undefined, buttons: [] };

const told = ({ rules, network }: PlannedRepair): AlarmExplained['fix'] =>
  rules.map(({ groupId, direction, peer, protocol, port }) => {
    const text = peerText(peer);
    return {
      securityGroup: namedSecurityGroup(groupId, network),
      direction,
      peer: peer.kind === 'security-group' ? namedSecurityGroup(peer.groupId, network) : { id: text, name: text },
      protocol,
      port,
    };
  });

const planned = ({ rules, network }: PlannedRepair): readonly PlannedRule[] =>
  rules.map((rule) => ({
    changeKey: changeKey(rule),
    securityGroup: namedSecurityGroup(rule.groupId, network),
    protocol: rule.protocol,
    port: rule.port,
  }));

/** A rule of ours that one of these would put back: the ledger has its id, and when it was there last. */
const readExisted = async (
  { ledger, log }: DiagnosisPorts,
  { rules, withheld }: PlannedRepair,
): Promise<AlarmExplained['existed']> => {
  const keys = [...rules, ...withheld.map(({ change }) => change)].map(changeKey);
  if (keys.length === 0) return undefined;
  const owned = await readingOf(() => ledger.readOwnership(keys));
  if (owned.kind === 'unreadable') log({ event: 'ownership-not-read', because: owned.why });
  const [first] = [...(valueRead(owned)?.values() ?? [])].flatMap(({ ruleId, since, undoneBy }) =>
    // What a person had us take away is gone by our own hand, and said so by the ledger's changes.
    ruleId === undefined || undoneBy !== undefined ? [] : [{ ruleId, at: since }],
  );
  return first;
};

/** The rules that would open the paths, as a plan that waits for a press; nothing where none would, or none may. */
export const offerFix = async (
  ports: DiagnosisPorts,
  { seats, judgements, network, evidence, areTagsKnown }: Gathered,
  destination: string,
): Promise<Fix> => {
  const targetGroup = valueRead(evidence.targetGroup);
  if (network === undefined || targetGroup === undefined || !areTagsKnown) return NO_FIX;
  const members = valueRead(evidence.members) ?? [];
  // A rule for a port that nobody should be registered on would mend nothing, and open it.
  const astray = new Set(onAnotherPort(evidence).map(({ key }) => key));
  const judged = judgements.filter(({ flow }) => !astray.has(targetKey(flow.seat.target)));
  const repair = await readingOf(async () => {
    return planRepair(ports, { seats, members, judgements: judged, network }, await readStops(ports));
  });
  if (repair.kind === 'unreadable') ports.log({ event: 'repair-not-planned', because: repair.why });
  const plan = valueRead(repair);
  if (plan === undefined) return NO_FIX;
  const existed = await readExisted(ports, plan);
  if (plan.rules.length === 0) return { ...NO_FIX, existed };
  const content = { kind: 'repair', targetGroup: namedGroup(targetGroup), rules: planned(plan) } as const;
  const stored = newPlan(ports.newId(), content, destination, ports.now(), FIX_LIFETIME_SECONDS);
  await ports.plans.store(stored);
  const object = { kind: 'missing-rule', count: plan.rules.length } as const;
  return { rules: told(plan), existed, buttons: [{ verb: 'approve', planId: stored.planId, object }] };
};
