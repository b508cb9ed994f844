import type { KeptIncident } from '../../aws/state/incidents-port.ts';
import type { WearGroup } from '../../domain/change.ts';
import { isOfCompanion } from '../../domain/change.ts';
import { classicNameOf } from '../../domain/classic-load-balancer.ts';
import type { ToldChange } from '../../domain/diagnosis/report.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import { valueRead } from '../../domain/network/hop.ts';
import type { RecentChange, Touched } from '../../domain/recent-change.ts';
import { regardOf } from '../../domain/recent-change.ts';
import type { Stage } from '../../domain/stage.ts';
import { touchedGroup } from './deploys.ts';
import type { Gathered } from './gather.ts';
import type { GatheringPorts } from './ports.ts';
import { readingOf } from './reading.ts';

/** What was changed so long before the first alarm may be its cause: health checks and periods take their minutes. */
const CAUSE_SECONDS = 3_600;

/** As many as the first message has room for, the latest; what it leaves out, a later look tells. */
export const MOST_TOLD = 3;

/** As many things as are asked about. */
const MOST_TOUCHED = 24;

/** CloudFormation names the roles of a stack after it. */
const ownRoles = ({ name, account }: Stage) => ({ account, roleNamePrefix: `usher-${name}-` });

/** From when on a change may be the cause of an incident. */
export const mayCauseSince = (openedAt: Date): Date => new Date(openedAt.getTime() - CAUSE_SECONDS * 1000);

const balancerTouched = (arn: string | undefined): readonly Touched[] => {
  if (arn === undefined) return [];
  const name = classicNameOf(arn);
  return [name === undefined ? { kind: 'load-balancer', id: arn } : { kind: 'classic-load-balancer', id: name }];
};

const aclsOf = ({ network }: Gathered): readonly Touched[] =>
  [...(network?.acls.values() ?? [])].flatMap((acl): readonly Touched[] => {
    const id = valueRead(acl)?.networkAclId;
    return id === undefined ? [] : [{ kind: 'network-acl', id }];
  });

/** Things whose change can be the cause, nearest first. */
export const touchedBy = (gathered: Gathered): readonly Touched[] => {
  const { evidence, seats, network } = gathered;
  // CloudTrail of another account tells us nothing.
  if (evidence.elsewhere !== undefined) return [];
  const { targetGroupArn, loadBalancerArn } = evidence.subject;
  const unwell = new Set(
    (valueRead(evidence.members) ?? []).filter(({ state }) => state !== 'healthy').map(({ target }) => target.id),
  );
  const all: readonly Touched[] = [
    ...(targetGroupArn === undefined ? [] : [touchedGroup(targetGroupArn)]),
    ...balancerTouched(loadBalancerArn ?? valueRead(evidence.loadBalancer)?.arn),
    ...[...(network?.rules.keys() ?? [])].map((id) => ({ kind: 'security-group', id }) as const),
    ...aclsOf(gathered),
    ...seats
      .filter(({ seat }) => unwell.has(seat.target.id))
      .map(({ instance }) => ({ kind: 'instance', id: instance.instanceId }) as const),
  ];
  return [...new Map(all.map((each) => [`${each.kind}|${each.id}`, each])).values()].slice(0, MOST_TOUCHED);
};

/** What a change was made to, as a person would look for it: the thing we asked about, else what the call named first. */
const subjectOf = ({ touched }: RecentChange, asked: readonly Touched[]): ToldChange['subject'] => {
  const thing = asked.find((one) => touched.some(({ kind, id }) => kind === one.kind && id === one.id)) ?? touched[0];
  const id = thing?.id ?? '-';
  return { id, name: /:(?:targetgroup|loadbalancer\/(?:app|net|gwy))\/([^/]+)/.exec(id)?.[1] ?? id };
};

const toToldChange = (change: RecentChange, asked: readonly Touched[]): ToldChange => ({
  what: change.action,
  subject: subjectOf(change, asked),
  by: change.by.name,
  via: change.by.via,
  at: change.at.toISOString(),
  isOurs: false,
});

/**
 * Changes by others that CloudTrail has told of until now, with its ids of them; oldest first.
 * @param most the latest so many
 */
export const readOthersChanges = async (
  { recentChanges, stage, log }: Pick<GatheringPorts, 'recentChanges' | 'stage' | 'log'>,
  touched: readonly Touched[],
  openedAt: Date,
  known: Pick<KeptIncident, 'toldEventIds'>,
  most: number,
): Promise<{ readonly changes: readonly ToldChange[]; readonly eventIds: readonly string[] }> => {
  const lists = await readingOf(() =>
    Promise.all(touched.map((one) => recentChanges.list(one, mayCauseSince(openedAt)))),
  );
  if (lists.kind === 'unreadable') log({ event: 'changes-not-read', because: lists.why });
  const found = new Map((valueRead(lists) ?? []).flat().map((change) => [change.eventId, change]));
  const others = [...found.values()]
    .filter((change) => !known.toldEventIds.includes(change.eventId))
    .filter((change) => !['own', 'routine'].includes(regardOf(change, ownRoles(stage))))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(-most);
  return {
    changes: others.map((change) => toToldChange(change, touched)),
    eventIds: others.map(({ eventId }) => eventId),
  };
};

const ACTIONS = {
  'register-target': 'RegisterTargets',
  'deregister-target': 'DeregisterTargets',
  'authorize-rule': 'AuthorizeSecurityGroup',
  'revoke-rule': 'RevokeSecurityGroup',
  'create-security-group': 'CreateSecurityGroup',
  'delete-security-group': 'DeleteSecurityGroup',
} as const satisfies Readonly<Record<Exclude<LedgerEntry['change']['kind'], WearGroup['kind']>, string>>;

/** In AWS's words, as CloudTrail would have it. */
const actionOf = ({ change }: LedgerEntry): string => {
  if (change.kind === 'attach-security-group' || change.kind === 'detach-security-group') {
    if (change.wearer.kind === 'network-interface') return 'ModifyNetworkInterfaceAttribute';
    return classicNameOf(change.wearer.id) === undefined ? 'SetSecurityGroups' : 'ApplySecurityGroupsToLoadBalancer';
  }
  return change.kind === 'authorize-rule' || change.kind === 'revoke-rule'
    ? `${ACTIONS[change.kind]}${change.direction === 'ingress' ? 'Ingress' : 'Egress'}`
    : ACTIONS[change.kind];
};

const ledgerSubject = ({ change, matter }: LedgerEntry): ToldChange['subject'] => {
  if (change.kind === 'authorize-rule' || change.kind === 'revoke-rule')
    return matter.securityGroup ?? { id: change.groupId, name: change.groupId };
  if (isOfCompanion(change)) return { id: change.groupName, name: change.groupName };
  return { id: change.instanceId, name: matter.targets[0]?.name ?? change.instanceId };
};

/** What Usher itself changed about a group in that time; oldest first. */
export const readOwnChanges = async (
  { ledger, log, now }: Pick<GatheringPorts, 'ledger' | 'log' | 'now'>,
  targetGroupArn: string | undefined,
  since: Date,
): Promise<readonly ToldChange[]> => {
  if (targetGroupArn === undefined) return [];
  const entries = await readingOf(() => ledger.listRecent([targetGroupArn], since, now()));
  if (entries.kind === 'unreadable') log({ event: 'ledger-not-read', because: entries.why });
  return (valueRead(entries) ?? [])
    .filter(({ status }) => status === 'applied')
    .slice(-MOST_TOLD)
    .map((entry) => ({
      what: actionOf(entry),
      subject: ledgerSubject(entry),
      by: undefined,
      via: undefined,
      at: entry.settledAt ?? entry.intendedAt,
      isOurs: true,
    }));
};
