import { classicNameOf } from '../classic-load-balancer.ts';
import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { Instance } from '../instance.ts';
import { instanceName } from '../instance.ts';
import { matchAny, selectorsOf, selectorText } from '../selector.ts';
import type { Tags } from '../tags.ts';
import { isTagTrue, tagValue, USHER_TAG } from '../tags.ts';
import { groupOwner } from './membership.ts';
import { parsePort } from './port-tags.ts';
import { readinessOf } from './readiness.ts';

/** A target group, or a Classic balancer, known so far by its ARN and tags only. */
export interface TaggedGroup {
  readonly arn: string;
  readonly tags: Tags;
}

/** One instance that belongs into one group. */
export interface Placement {
  readonly targetGroupArn: string;
  readonly instance: Instance;
  readonly via: 'selector' | 'explicit';
  /** Port asked for by a tag; `undefined` means the group's own. */
  readonly portOverride: number | undefined;
}

/** Something wrong with the tags of a group or an instance. */
export interface TagFinding {
  readonly subject: { readonly type: 'target-group' | 'instance'; readonly id: string; readonly name: string };
  readonly finding: Finding;
}

/** Who belongs where, by tags alone. */
export interface Placements {
  /** In order of group and instance; one per group and instance, an explicit one with a port outranking the selector's. */
  readonly placements: readonly Placement[];
  readonly findings: readonly TagFinding[];
}

/** Name of a target group (`…:targetgroup/NAME/ID`) or a Classic balancer (`…:loadbalancer/NAME`), taken from its ARN. */
export const targetGroupName = (arn: string): string =>
  arn.split(':targetgroup/')[1]?.split('/')[0] ?? classicNameOf(arn) ?? arn;

/** How `usher:targets` names it: a group by its name, a Classic balancer by `elb/NAME`, which no group can be called. */
const explicitName = (arn: string): string => {
  const classic = classicNameOf(arn);
  return classic === undefined ? targetGroupName(arn) : `elb/${classic}`;
};

interface ExplicitTarget {
  readonly groupName: string;
  readonly port: number | undefined;
}

const parseExplicit = (word: string): ExplicitTarget | undefined => {
  const [groupName = '', port, ...rest] = word.split(':');
  if (groupName === '' || rest.length > 0) return undefined;
  if (port === undefined) return { groupName, port: undefined };
  const parsed = parsePort(port);
  return parsed === undefined ? undefined : { groupName, port: parsed };
};

const aboutInstance = (instance: Instance, finding: Finding): TagFinding => ({
  subject: { type: 'instance', id: instance.instanceId, name: instanceName(instance) },
  finding,
});

const malformedTag = (tag: string, value: string): Finding => ({
  reason: 'TagMalformed',
  severity: 'warning',
  evidence: { tag, value },
});

const aboutGroup = (group: TaggedGroup, finding: Finding): TagFinding => ({
  subject: { type: 'target-group', id: group.arn, name: targetGroupName(group.arn) },
  finding,
});

/** What `usher:port` on an instance asks for; a value that is no port is a finding, and asks for nothing. */
const portOf = (
  instance: Instance,
): { readonly port: number | undefined; readonly findings: readonly TagFinding[] } => {
  const value = tagValue(instance.tags, USHER_TAG.port);
  if (value === undefined) return { port: undefined, findings: [] };
  const port = parsePort(value);
  return { port, findings: port === undefined ? [aboutInstance(instance, malformedTag(USHER_TAG.port, value))] : [] };
};

/** A group with what its selector tags say, read once for all instances. */
interface SelectingGroup extends TaggedGroup {
  readonly selecting: ReturnType<typeof selectorsOf>;
}

const bySelector = (group: SelectingGroup, instance: Instance, portOverride: number | undefined): Placements => {
  const { selectors } = group.selecting;
  switch (matchAny(selectors, instance.tags)) {
    case 'matches':
      return { placements: [{ targetGroupArn: group.arn, instance, via: 'selector', portOverride }], findings: [] };
    case 'near':
      return {
        placements: [],
        findings: [
          aboutInstance(instance, {
            reason: 'SelectorNearMiss',
            severity: 'warning',
            evidence: { targetGroup: targetGroupName(group.arn), selector: selectors.map(selectorText).join(' | ') },
          }),
        ],
      };
    case 'no':
      return { placements: [], findings: [] };
  }
};

const explicitFor = (
  word: string,
  instance: Instance,
  groups: readonly TaggedGroup[],
  portOverride: number | undefined,
): Placements => {
  const asked = parseExplicit(word);
  if (asked === undefined)
    return { placements: [], findings: [aboutInstance(instance, malformedTag(USHER_TAG.targets, word))] };
  const named = groups.filter(({ arn }) => explicitName(arn) === asked.groupName);
  const accepting = named.filter(({ tags }) => isTagTrue(tags, USHER_TAG.acceptExplicit));
  if (accepting.length === 0)
    return {
      placements: [],
      findings: [
        aboutInstance(instance, {
          reason: named.length === 0 ? 'ExplicitGroupUnknown' : 'ExplicitNotAccepted',
          severity: 'warning',
          evidence: { targetGroup: asked.groupName },
        }),
      ],
    };
  return {
    placements: accepting.map(({ arn }) => ({
      targetGroupArn: arn,
      instance,
      via: 'explicit',
      portOverride: asked.port ?? portOverride,
    })),
    findings: [],
  };
};

const placementsOf = (instance: Instance, groups: readonly SelectingGroup[]): Placements => {
  const { port, findings } = portOf(instance);
  const words = (tagValue(instance.tags, USHER_TAG.targets) ?? '').split(/\s+/u).filter((word) => word !== '');
  const found = [
    ...words.map((word) => explicitFor(word, instance, groups, port)),
    ...groups.map((group) => bySelector(group, instance, port)),
  ];
  return {
    placements: found.flatMap(({ placements }) => placements),
    findings: [...findings, ...found.flatMap((one) => one.findings)],
  };
};

const placementKey = (placement: Placement): string => `${placement.targetGroupArn}|${placement.instance.instanceId}`;

/** Keeps the first placement of each group and instance: explicit ones come before those of selectors. */
const oncePerGroup = (placements: readonly Placement[]): readonly Placement[] =>
  [...new Map([...placements].reverse().map((placement) => [placementKey(placement), placement])).values()].sort(
    (a, b) => compareText(placementKey(a), placementKey(b)),
  );

/** Whether the instance's tags name target groups themselves, so that groups without a selector must be read too. */
export const namesGroups = (instance: Instance): boolean => tagValue(instance.tags, USHER_TAG.targets) !== undefined;

/** What people call the tools that keep whole groups. */
const OWNER_NAMES: Readonly<Record<NonNullable<ReturnType<typeof groupOwner>>, string>> = {
  kubernetes: 'Kubernetes',
  ecs: 'Amazon ECS',
};

/** A selector on a group that another tool keeps asks for what never happens. */
const leftToOwner = (group: SelectingGroup): readonly TagFinding[] => {
  const owner = group.selecting.selectors.length === 0 ? undefined : groupOwner(group.tags);
  if (owner === undefined) return [];
  const evidence = { owner: OWNER_NAMES[owner], targetGroup: targetGroupName(group.arn) };
  return [aboutGroup(group, { reason: 'LeftToItsOwner', severity: 'warning', evidence })];
};

/** A group that waits for what nobody can be waits for ever. */
const malformedReadiness = ({ tags, ...group }: SelectingGroup): readonly TagFinding[] => {
  const readiness = readinessOf(tags);
  return readiness?.kind === 'malformed'
    ? [aboutGroup({ tags, ...group }, malformedTag(USHER_TAG.ready, readiness.said))]
    : [];
};

/** Which instance belongs into which group, by selectors and explicit tags. Pure, in a stable order. */
export const placementsFor = (instances: readonly Instance[], groups: readonly TaggedGroup[]): Placements => {
  const selecting = groups.map((group) => ({ ...group, selecting: selectorsOf(group.tags) }));
  const found = instances.map((instance) => placementsOf(instance, selecting));
  const malformed = selecting.flatMap((group) =>
    group.selecting.malformed.map(({ tag, value }) =>
      aboutGroup(group, { reason: 'SelectorMalformed', severity: 'warning', evidence: { tag, value } }),
    ),
  );
  return {
    placements: oncePerGroup(found.flatMap(({ placements }) => placements)),
    findings: [
      ...malformed,
      ...selecting.flatMap(leftToOwner),
      ...selecting.flatMap(malformedReadiness),
      ...found.flatMap(({ findings }) => findings),
    ],
  };
};
