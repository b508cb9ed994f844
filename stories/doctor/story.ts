import { compareText } from '../../domain/difference.ts';
import type { Finding } from '../../domain/finding.ts';
import type { DoctorAnswer, ExaminedGroup } from '../../domain/front-door/answer.ts';
import { cacheWord } from '../../domain/front-door/cache.ts';
import { examine } from '../../domain/front-door/examine.ts';
import type { BackGroup, Front, Walk } from '../../domain/front-door/walk.ts';
import { hostOf, isByCloudFront, lastOf, shownUrl } from '../../domain/front-door/walk.ts';
import type { Instance } from '../../domain/instance.ts';
import { instanceName, isInstanceId, primaryInterface } from '../../domain/instance.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import { valueRead } from '../../domain/network/hop.ts';
import type { TargetGroup } from '../../domain/target-group.ts';
import { examineGroups, NO_COMPLAINT, subjectOf } from './groups.ts';
import type { DoctorPorts } from './ports.ts';
import { walkUrl } from './walk-url.ts';

/** What an answer has room for. */
const FINDINGS_SHOWN = 4;
const GROUPS_SHOWN = 3;
const FINDINGS_A_GROUP = 3;

type Group = Omit<TargetGroup, 'tags'>;

/** A page that is in a cache of this account, so that it could be cleared from it. */
export interface Clearable {
  readonly distribution: Front;
  readonly url: string;
}

export interface Examination {
  readonly answer: DoctorAnswer;
  readonly clearable: Clearable | undefined;
}

const toExamined = ({ targetGroup, healthy, total, findings }: BackGroup): ExaminedGroup => ({
  targetGroup,
  healthy,
  total,
  findings: findings.slice(0, FINDINGS_A_GROUP),
});

const WORTH_KNOWING: Finding['severity'] = 'information';

/** Groups in which something is wrong come first, those with nobody well before all. */
const worstFirst = (groups: readonly BackGroup[]): readonly BackGroup[] => {
  const trouble = ({ findings }: BackGroup) => findings.filter(({ severity }) => severity !== WORTH_KNOWING).length;
  return [...groups].sort(
    (a, b) =>
      Number(b.healthy === 0) - Number(a.healthy === 0) ||
      trouble(b) - trouble(a) ||
      compareText(a.targetGroup.id, b.targetGroup.id),
  );
};

const frontOf = (walk: Walk): Front | undefined => {
  const last = lastOf(walk);
  return last.kind === 'answered' && isByCloudFront(last) ? valueRead(walk.front) : undefined;
};

const wayOf = (walk: Walk): readonly string[] => {
  const front = frontOf(walk);
  const back = valueRead(walk.back)?.loadBalancer.name;
  const { origin, behaviour } = walk;
  return [
    hostOf(lastOf(walk).url),
    ...(front === undefined ? [] : [`CloudFront ${front.distributionId} (${behaviour?.pathPattern ?? '*'})`]),
    ...(origin === undefined ? [] : [origin.domainName]),
    ...(back === undefined ? [] : [back]),
  ];
};

const examineUrl = async (ports: DoctorPorts, url: string): Promise<Examination> => {
  const walk = await walkUrl(ports, url);
  const last = lastOf(walk);
  const cache = cacheWord(walk);
  const findings = examine(walk);
  const front = frontOf(walk);
  ports.log({ event: 'url-examined', requests: walk.requests.length, found: findings.map(({ reason }) => reason) });
  return {
    answer: {
      kind: 'url-examined',
      url: shownUrl(last.url),
      requests: walk.requests.length + (walk.again === undefined ? 0 : 1),
      status: last.kind === 'answered' ? last.status : undefined,
      way: wayOf(walk),
      cache,
      findings: findings.slice(0, FINDINGS_SHOWN),
      findingCount: findings.length,
      groups: worstFirst(valueRead(walk.back)?.groups ?? [])
        .slice(0, GROUPS_SHOWN)
        .map(toExamined),
      clearPlanId: undefined,
    },
    clearable:
      front !== undefined && (cache.kind === 'cached' || cache.kind === 'cached-now')
        ? { distribution: front, url: last.url }
        : undefined,
  };
};

const examined = (
  what: Extract<DoctorAnswer, { readonly kind: 'targets-examined' }>['what'],
  subject: { readonly name: string; readonly id: string },
  groups: readonly BackGroup[],
  late: boolean,
): Examination => ({
  answer: {
    kind: 'targets-examined',
    what,
    subject,
    groups: worstFirst(groups).slice(0, GROUPS_SHOWN).map(toExamined),
    more: Math.max(0, groups.length - GROUPS_SHOWN),
    late,
  },
  clearable: undefined,
});

/** Groups as far as there was time. */
const examinedInTime = async (
  { inTime }: DoctorPorts,
  what: 'target-group' | 'load-balancer',
  { name, arn }: { readonly name: string; readonly arn: string },
  look: () => Promise<readonly BackGroup[]>,
): Promise<Examination> => {
  const looked = await inTime(look);
  return examined(what, { name, id: arn }, looked.kind === 'late' ? [] : looked.value, looked.kind === 'late');
};

const kindOf = (group: Group, balancers: readonly LoadBalancer[]): LoadBalancer['kind'] => {
  const [arn] = group.loadBalancerArns;
  const known = balancers.find((each) => each.arn === arn || each.arn === group.arn)?.kind;
  return (
    known ?? (group.protocol === 'GENEVE' ? 'gateway' : group.protocol?.startsWith('HTTP') ? 'application' : 'network')
  );
};

const examineGroup = (
  ports: DoctorPorts,
  group: Group,
  balancers: readonly LoadBalancer[],
): Promise<readonly BackGroup[]> =>
  examineGroups(
    ports,
    {
      kind: kindOf(group, balancers),
      loadBalancerArn: group.loadBalancerArns[0],
      targetGroupArn: group.arn,
      availabilityZone: undefined,
    },
    NO_COMPLAINT,
  );

/** Of a larger VPC the groups are not all asked who is in them. */
const MOST_ASKED = 60;
const ASKED_AT_ONCE = 5;

const addressesOf = (instance: Instance): readonly string[] => {
  const primary = primaryInterface(instance);
  return primary === undefined ? [] : [...primary.privateIpv4Addresses, ...primary.ipv6Addresses];
};

/** Groups that an instance is registered in, by its id or one of its addresses. */
const groupsOf = async (
  { loadBalancing }: DoctorPorts,
  instance: Instance,
  groups: readonly Group[],
): Promise<readonly Group[]> => {
  const own = new Set([instance.instanceId, ...addressesOf(instance)]);
  const asked = groups.filter(({ vpcId }) => vpcId === instance.vpcId).slice(0, MOST_ASKED);
  const found: Group[] = [];
  for (let at = 0; at < asked.length; at += ASKED_AT_ONCE) {
    const some = asked.slice(at, at + ASKED_AT_ONCE);
    const members = await Promise.all(some.map(({ arn }) => loadBalancing.readTargetHealth(arn)));
    found.push(...some.filter((_, index) => members[index]?.some(({ target }) => own.has(target.id))));
  }
  return found;
};

const examineInstance = async (
  ports: DoctorPorts,
  instance: Instance,
  groups: readonly Group[],
  balancers: readonly LoadBalancer[],
): Promise<Examination> => {
  const subject = { name: instanceName(instance), id: instance.instanceId };
  const own = await ports.inTime(() => groupsOf(ports, instance, groups));
  const all: BackGroup[] = [];
  for (const group of own.kind === 'late' ? [] : own.value.slice(0, GROUPS_SHOWN + 1)) {
    const looked = await ports.inTime(() => examineGroup(ports, group, balancers));
    if (looked.kind === 'late') return examined('instance', subject, all, true);
    all.push(...looked.value);
  }
  return examined('instance', subject, all, own.kind === 'late');
};

const without = (answer: DoctorAnswer): Examination => ({ answer, clearable: undefined });

/** Everything that may be meant: groups, balancers, and the instances that answer to what was said. */
const readNamed = async (ports: DoctorPorts, said: string) => {
  const [groups, balancers] = await Promise.all([
    ports.balancingFleet.readEveryTargetGroup(),
    ports.balancingFleet.readEveryLoadBalancer(),
  ]);
  const group = groups.find(({ arn, name }) => arn === said || name === said);
  const balancer = balancers.find(({ arn, name }) => arn === said || name === said);
  const isOther = group === undefined && balancer === undefined;
  const instances = isOther
    ? await (isInstanceId(said) ? ports.ec2.readInstances([said]) : ports.fleet.readInstancesNamed(said))
    : [];
  return { groups, balancers, group, balancer, instances };
};

/** What a person named, by its id or name: a group before a balancer of the same name, and both before an instance. */
const examineNamed = async (ports: DoctorPorts, said: string): Promise<Examination> => {
  const named = await ports.inTime(() => readNamed(ports, said));
  if (named.kind === 'late') return without({ kind: 'examination-late', said });
  const { groups, balancers, group, balancer, instances } = named.value;
  if (group !== undefined)
    return examinedInTime(ports, 'target-group', group, () => examineGroup(ports, group, balancers));
  if (balancer !== undefined)
    return examinedInTime(ports, 'load-balancer', balancer, () =>
      examineGroups(ports, subjectOf(balancer), NO_COMPLAINT),
    );
  const [instance, ...others] = instances;
  if (instance === undefined) return without({ kind: 'nothing-to-examine', said });
  if (others.length === 0) return examineInstance(ports, instance, groups, balancers);
  const candidates = instances.map((each) => ({ name: instanceName(each), id: each.instanceId }));
  return without({ kind: 'ambiguous-subject', said, candidates });
};

/** `www.example.com`, with a port and a path or without; the last part of a host's name is letters. */
const HOST = /^(?:[\p{L}\p{N}_-]+\.)+[\p{L}][\p{L}\p{N}-]*\.?(?::\d{1,5})?(?:[/?#].*)?$/su;

/** An address alone: no certificate names it, so that it is asked by plain HTTP. */
const ADDRESS = /^(?:(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#].*)?$/is;

const written = (said: string): string | undefined => {
  if (/^https?:\/\//i.test(said)) return said;
  if (HOST.test(said)) return `https://${said}`;
  return ADDRESS.test(said) ? `http://${said}` : undefined;
};

/** The URL that is meant, `https` of a name unless said otherwise; `undefined` where none is. */
export const urlIn = (said: string): string | undefined => {
  const url = written(said);
  return url !== undefined && URL.canParse(url) ? new URL(url).href : undefined;
};

/**
 * Looks into a URL, a target group, a load balancer or an instance, and says what is the matter. Writes nothing.
 * @throws {AwsCallError} where what was named could not be looked up at all
 */
export const examineSaid = (ports: DoctorPorts, said: string): Promise<Examination> => {
  const url = urlIn(said);
  return url === undefined ? examineNamed(ports, said) : examineUrl(ports, url);
};
