import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { leftToCodeKey } from '../../../domain/holding.ts';
import { anInstance, aSecurityGroup, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import type { World, WorldParts } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { shown } from '../journey.ts';
import { aFleet } from '../mend-fleet/fleets.ts';
import { seat, writes } from './seating.ts';

const CODE = { 'aws:cloudformation:stack-name': 'net' };
const [WEB_1, WEB_2, API_1] = ['i-00000001', 'i-00000002', 'i-00000003'];

const partsKeptBy = (tags: Record<string, string>): WorldParts => ({
  securityGroups: [aSecurityGroup({ groupId: 'sg-alb' }), aSecurityGroup({ groupId: 'sg-web', tags })],
  targetGroups: [
    aTargetGroup(),
    aTargetGroup({ name: 'api', arn: targetGroupArn('api'), port: 8080, tags: { 'usher:selector': 'Role=api' } }),
  ],
  instances: [
    anInstance(),
    anInstance({ instanceId: WEB_2 }),
    anInstance({ instanceId: API_1, tags: { Name: 'api-1', Role: 'api' } }),
  ],
});

const takeOurRule = async (world: World): Promise<void> => {
  const own = world.rulesOf('sg-web').find(({ tags }) => tags['usher:owner'] !== undefined);
  await world.ports.ec2.revokeRule('sg-web', 'ingress', own?.ruleId ?? '');
};

const held = (world: World) => shown(world).filter(({ body }) => body.kind === 'held-by-others');

describe('a rule of ours that goes from a security group that code keeps', () => {
  const taken = async (tags: Record<string, string>, parts: WorldParts = {}): Promise<World> => {
    const world = aWorld({ ...partsKeptBy(tags), ...parts });
    await seat(world, WEB_1);
    world.clock.advance(600);
    await takeOurRule(world);
    world.forgetCalls();
    await seat(world, WEB_2);
    return world;
  };

  test('Given it goes, when another instance is launched, then it is told with the rule as code, and nothing to press', async () => {
    const world = await taken(CODE);
    const [report] = held(world);
    expect(report?.buttons).toBeUndefined();
    const code = report?.body.kind === 'held-by-others' ? report.body.code : undefined;
    expect(parse(code?.cloudFormation ?? '')).toEqual({
      Resources: {
        UsherSgWebIngressTcp80FromSgAlb: {
          Type: 'AWS::EC2::SecurityGroupIngress',
          Properties: {
            GroupId: 'sg-web',
            IpProtocol: 'tcp',
            FromPort: 80,
            ToPort: 80,
            SourceSecurityGroupId: 'sg-alb',
            Description: 'sg-alb to web on tcp/80',
          },
        },
      },
    });
    expect(code?.hcl).toContain(
      'resource "aws_vpc_security_group_ingress_rule" "usher_sg_web_ingress_tcp_80_from_sg_alb"',
    );
    expect(writes(world)).toEqual(['loadBalancing.registerTargets']);
  });

  test.each([
    ['CloudFormation', CODE, {}],
    ['a tag of the stage’s', { terraform: 'net' }, { stage: { managedByTags: ['terraform'] } }],
  ])(
    'Given it goes from one of %s, when another rule is needed there, then that is not written either',
    async (_, tags, parts) => {
      const world = await taken(tags, parts);
      world.forgetCalls();
      await seat(world, API_1);
      expect(writes(world)).toEqual(['loadBalancing.registerTargets']);
      expect(world.rulesOf('sg-web').filter(({ tags: own }) => own['usher:owner'] !== undefined)).toEqual([]);
      const [entry] = [...world.state.entries.values()].filter(({ matter }) => matter.targetGroup.name === 'api');
      expect(entry?.matter.findings).toMatchObject([
        {
          reason: 'RuleNotWritten',
          evidence: { securityGroup: 'sg-web', port: '8080', because: 'ManagedByCode' },
          code: { rules: 1, of: 1, hcl: expect.stringContaining('"sg-alb to api on tcp/8080"') },
        },
      ]);
    },
  );

  test('Given a group of nobody’s code, when a rule of ours goes, then another rule is written there all the same, and the button is offered', async () => {
    const world = await taken({});
    expect(held(world)[0]?.buttons).toHaveLength(1);
    expect(held(world)[0]?.body).not.toHaveProperty('code');
    await seat(world, API_1);
    expect(world.rulesOf('sg-web').some(({ fromPort }) => fromPort === 8080)).toBe(true);
    expect(await world.ports.holds.held([leftToCodeKey('sg-web')])).toEqual(new Set());
  });

  test('Given code keeps the group no more, when a rule is needed there, then it is written', async () => {
    const world = await taken(CODE);
    world.network.securityGroups.set('sg-web', aSecurityGroup({ groupId: 'sg-web' }));
    await seat(world, API_1);
    expect(world.rulesOf('sg-web').some(({ fromPort }) => fromPort === 8080)).toBe(true);
  });

  test('Given another group of the same stack, when a rule is needed there, then it is written', async () => {
    const world = await taken(CODE);
    world.network.securityGroups.set('sg-api', aSecurityGroup({ groupId: 'sg-api', tags: CODE }));
    world.putInstances(
      anInstance({ instanceId: API_1, tags: { Name: 'api-1', Role: 'api' }, securityGroupIds: ['sg-api'] }),
    );
    await seat(world, API_1);
    expect(world.rulesOf('sg-api').some(({ fromPort }) => fromPort === 8080)).toBe(true);
  });
});

test('Given a stage that proposes where code keeps a group, when the fleet is planned, then the rule is there as code', async () => {
  const { plan } = aFleet({
    ...partsKeptBy(CODE),
    stage: { iacAdditions: 'propose' },
    instances: [anInstance()],
  });
  const { leftAsItIs } = await plan();
  expect(leftAsItIs.filter(({ because }) => because === 'ManagedByCode')).toMatchObject([
    { what: 'authorize-rule', of: { id: 'sg-web' }, code: { rules: 1, of: 1 } },
  ]);
});
