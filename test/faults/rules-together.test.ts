import type { IpPermission, TagSpecification } from '@aws-sdk/client-ec2';
import { EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, test } from '@jest/globals';
import { toTags } from '../../aws/answer.ts';
import type { RuleToAdd } from '../../aws/ec2/port.ts';
import { ec2Writer } from '../../aws/ec2/writer.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import { awsRefusal } from '../aws/aws-refusal.ts';
import type { Journey } from '../stories/journey.ts';
import { aJourney, failure, stateChange } from '../stories/journey.ts';
import {
  anAlb,
  anInstance,
  aRule,
  aSecurityGroup,
  aTargetGroup,
  loadBalancerArn,
  targetGroupArn,
} from '../support/world/builders.ts';
import type { Fate } from '../support/world/calls.ts';
import { memoryEc2Writer } from '../support/world/memory-network.ts';
import type { World } from '../support/world/world.ts';
import { aWorld } from '../support/world/world.ts';

/** Fewest calls the journey has had: a harness that meets fewer runs something else. */
const FEWEST_CALLS = 40;

/** What AWS does with the good rules of a call that it refuses for a bad one is not documented (facts 3.3): both. */
type OnRefusal = 'writes-none' | 'writes-the-others';

const SITES = ['a', 'b', 'c'];

/** An instance of `sg-web` in three groups, each behind an ALB of its own: three rules for one security group. */
const threeSites = (): World =>
  aWorld({
    instances: [anInstance()],
    securityGroups: ['sg-web', ...SITES.map((site) => `sg-${site}`)].map((groupId) => aSecurityGroup({ groupId })),
    loadBalancers: SITES.map((site) =>
      anAlb({ name: site, arn: loadBalancerArn(site), securityGroupIds: [`sg-${site}`] }),
    ),
    targetGroups: SITES.map((name) => aTargetGroup({ name, loadBalancerArns: [loadBalancerArn(name)] })),
  });

interface Asked {
  readonly GroupId: string;
  readonly IpPermissions: readonly IpPermission[];
  readonly TagSpecifications: readonly TagSpecification[];
}

const isAsked = (input: object): input is Asked => 'IpPermissions' in input && 'TagSpecifications' in input;

const askedRule = ({ FromPort = 0, UserIdGroupPairs }: IpPermission): RuleToAdd => ({
  protocol: 'tcp',
  port: FromPort,
  peer: { kind: 'security-group', groupId: UserIdGroupPairs?.[0]?.GroupId ?? '' },
  description: UserIdGroupPairs?.[0]?.Description ?? '',
});

const answered = ({ ruleId, groupId, direction, protocol, fromPort, toPort, peer, tags }: SecurityGroupRule) => ({
  SecurityGroupRuleId: ruleId,
  GroupId: groupId,
  IsEgress: direction === 'egress',
  IpProtocol: protocol,
  FromPort: fromPort,
  ToPort: toPort,
  ...(peer.kind === 'security-group'
    ? { ReferencedGroupInfo: { GroupId: peer.groupId } }
    : { CidrIpv4: '192.0.2.0/24' }),
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

/** EC2's own calls over the world's security groups, as the SDK would have them. */
const ec2Of = (world: World, onRefusal: OnRefusal) => {
  const memory = memoryEc2Writer(world.network);
  return {
    authorize: async ({ GroupId, IpPermissions, TagSpecifications }: Asked) => {
      const before = world.rulesOf(GroupId);
      const rules = IpPermissions.map(askedRule);
      const outcomes = await memory.authorizeRules(GroupId, 'ingress', rules, toTags(TagSpecifications[0]?.Tags));
      const bad = outcomes.find(({ kind }) => kind !== 'applied');
      if (bad !== undefined) {
        if (onRefusal === 'writes-none') world.network.rules.set(GroupId, before);
        throw awsRefusal(bad.kind === 'refused' ? bad.code : 'InvalidPermission.Duplicate', 'words of AWS');
      }
      const ids = outcomes.map((outcome) => outcome.kind === 'applied' && outcome.ruleId);
      const written = world.rulesOf(GroupId).filter(({ ruleId }) => ids.includes(ruleId));
      return { SecurityGroupRules: written.map(answered).reverse() };
    },
    readRules: async (GroupId: string) => ({ SecurityGroupRules: world.rulesOf(GroupId).map(answered) }),
  };
};

/** The world with the real writer in it, each of whose calls to AWS is recorded and may fail like any other. */
const withRealWriter = (world: World, onRefusal: OnRefusal): World => {
  const ec2 = ec2Of(world, onRefusal);
  const record = () => world.record('sdk', ec2, (method) => (method === 'authorize' ? 'write' : 'read'));
  let sdk = record();
  const client = new EC2Client({ region: 'ap-northeast-1' });
  client.middlewareStack.add(
    (_next, { commandName }) =>
      async ({ input }) => {
        if (commandName === 'AuthorizeSecurityGroupIngressCommand' && isAsked(input))
          return { output: { ...(await sdk.authorize(input)), $metadata: {} }, response: undefined };
        if (commandName !== 'DescribeSecurityGroupRulesCommand') throw new Error(`${commandName} is not the writer's`);
        return { output: { ...(await sdk.readRules('sg-web')), $metadata: {} }, response: undefined };
      },
    { step: 'initialize', name: 'in-memory' },
  );
  const writer = ec2Writer(client);
  const restart = (): void => {
    world.restart();
    sdk = record();
  };
  const ports = () => ({ ...world.ports, ec2: { ...world.ports.ec2, ...writer } });
  return Object.defineProperty({ ...world, restart }, 'ports', { get: ports });
};

const THEIRS = aRule({
  ruleId: 'sgr-theirs',
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'security-group', groupId: 'sg-b' },
});

const NARROW = Array.from({ length: 58 }, (_, index) =>
  aRule({
    ruleId: `sgr-narrow${index}`,
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    peer: { kind: 'cidr-ipv4', cidr: `192.0.2.${index}/32` },
  }),
);

/** What gets in between the read that was planned on and the first write. */
const MEANWHILE: Readonly<
  Record<string, { readonly rules: readonly SecurityGroupRule[]; readonly ours: readonly string[] }>
> = {
  nothing: { rules: [], ours: ['sg-a', 'sg-b', 'sg-c'] },
  'somebody’s rule for one of them': { rules: [THEIRS], ours: ['sg-a', 'sg-c'] },
  'so many rules that two more fit': { rules: NARROW, ours: ['sg-a', 'sg-b'] },
};

interface Run {
  readonly world: World;
  readonly journey: Journey;
  readonly wasMet: boolean;
}

const run = async (
  onRefusal: OnRefusal,
  meanwhile: readonly SecurityGroupRule[],
  k: number,
  fate: Fate,
): Promise<Run> => {
  const world = withRealWriter(threeSites(), onRefusal);
  const journey = aJourney(world);
  let wasMet = false;
  let hasHappened = false;
  journey.onCall((call, name) => {
    if (name === 'sdk.authorize' && !hasHappened) {
      hasHappened = true;
      world.network.rules.set('sg-web', [...world.rulesOf('sg-web'), ...meanwhile]);
    }
    if (call !== k) return 'proceed';
    wasMet = true;
    return fate;
  });
  journey.put(stateChange('i-00000001'));
  await journey.untilQuiet();
  return { world, journey, wasMet };
};

const peerOf = ({ peer }: SecurityGroupRule): string => (peer.kind === 'security-group' ? peer.groupId : peer.kind);

const endOf = ({ world, journey }: Run) => {
  const own = world.rulesOf('sg-web').filter(({ tags }) => tags['usher:owner'] === 'prod');
  const owned = [...world.state.ownership.keys()].filter((key) => /^rule\|sg-web\|sgr-/.test(key)).sort();
  return {
    ours: own.map(peerOf).sort(),
    // What carries our tag and isn't in the ledger is nobody's; what is in it without the tag is somebody else's.
    isOwned: JSON.stringify(owned) === JSON.stringify(own.map(({ ruleId }) => `rule|sg-web|${ruleId}`).sort()),
    registered: SITES.filter((site) => world.targetsIn(targetGroupArn(site)).length === 1),
    unsettled: [...world.state.entries.values()].filter(({ status }) => status === 'intended').length,
    untold: [...world.state.entries.values()].filter(({ telling }) => telling !== 'closed').length,
    leases: [...world.state.heldLeases.keys()],
    givenUp: journey.exhausted.length + journey.deadLetters.length,
  };
};

const goodEnd = (ours: readonly string[]): ReturnType<typeof endOf> => ({
  ours: [...ours],
  isOwned: true,
  registered: SITES,
  unsettled: 0,
  untold: 0,
  leases: [],
  givenUp: 0,
});

const authorizations = ({ world }: Run): number => world.calls.filter(({ name }) => name === 'sdk.authorize').length;

const FATES: readonly (readonly [string, Fate])[] = [
  ['the process dies before it', 'fail-before'],
  ['the process dies after it', 'fail-after'],
  ['it is throttled', failure('throttled')],
  ['its answer is lost', { after: failure('transient') }],
];

describe.each(['writes-none', 'writes-the-others'] as const)('AWS %s of a call that it refuses', (onRefusal) => {
  test('Given nothing in between, when three rules are needed, then one call writes them', async () => {
    const undisturbed = await run(onRefusal, [], 0, 'proceed');
    expect(endOf(undisturbed)).toEqual(goodEnd(SITES.map((site) => `sg-${site}`)));
    expect(authorizations(undisturbed)).toBe(1);
  });

  test('Given somebody’s rule in between, when the call is refused, then only what isn’t there is asked for again', async () => {
    const disturbed = await run(onRefusal, [THEIRS], 0, 'proceed');
    expect(endOf(disturbed)).toEqual(goodEnd(['sg-a', 'sg-c']));
    expect(authorizations(disturbed)).toBe(onRefusal === 'writes-none' ? 3 : 1);
  });

  for (const [what, { rules, ours }] of Object.entries(MEANWHILE))
    for (const [fault, fate] of FATES)
      test(`Given ${what} in between, when ${fault} at each call in turn, then the end is the same, and every rule somebody’s`, async () => {
        for (let k = 1; ; k += 1) {
          const done = await run(onRefusal, rules, k, fate);
          expect({ k, last: done.world.calls[k - 1]?.name, ...endOf(done) }).toEqual({
            k,
            last: done.world.calls[k - 1]?.name,
            ...goodEnd(ours),
          });
          if (done.wasMet) continue;
          expect(k).toBeGreaterThan(FEWEST_CALLS);
          return;
        }
      });
});
