import {
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeCompanion } from '../../../stories/companion-groups/make.ts';
import { aJourney, stateChange } from '../../stories/journey.ts';
import { aClock } from '../../support/world/clock.ts';
import type { BehindProxy } from '../proxy/behind-proxy.ts';
import { startBehindProxy } from '../proxy/behind-proxy.ts';
import { tcp } from '../proxy/world.ts';
import { makeWebSite, rulesOf, sweptBehindProxy, wornIn } from './swept-behind-proxy.ts';

const clock = aClock(new Date());
let at: BehindProxy;
let site: Awaited<ReturnType<typeof makeWebSite>>;
let swept: ReturnType<typeof sweptBehindProxy>;
/** Somebody else's interface in the balancer's group. */
let sharing: string;
let companion: string;

beforeAll(async () => {
  at = await startBehindProxy({ now: clock.now });
  site = await makeWebSite(at, 1);
  const { NetworkInterface } = await at.ec2.send(
    new CreateNetworkInterfaceCommand({ SubnetId: site.subnetIds[0], Groups: [site.balancerGroupId] }),
  );
  sharing = NetworkInterface?.NetworkInterfaceId ?? '';
  swept = sweptBehindProxy(at, clock, { vpcIds: [site.vpcId] });
  const journey = aJourney(swept.world);
  journey.put(stateChange(site.instanceIds[0] ?? ''));
  await journey.untilQuiet();
  clock.advance(2 * 3600);
  await swept.accept();
  await swept.later();
}, 180_000);
afterAll(async () => {
  swept.stop();
  await at.stop();
});

const NAME = () => `usher-prod-${site.balancerArn.split('/').at(-2)}`;

/** Groups of that name in the VPC, as anybody reads them. */
const groupsMade = async () => {
  const { SecurityGroups = [] } = await at.ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [site.vpcId] }] }),
  );
  return SecurityGroups.filter(({ GroupName }) => GroupName?.startsWith('usher-') === true);
};

const worn = () => wornIn(at, site, site.instanceIds);

/** Inbound rules to the target, each by whom it names and with its tags. */
const letIn = async (): Promise<readonly string[]> =>
  (await rulesOf(at, site.webGroupId))
    .filter((rule) => rule.includes(' in '))
    .map((rule) => rule.replace(`${site.webGroupId} in `, '').replace(/ ".*" /, ' '));

const rule = (groupId: string): string => `tcp/80-80 ${groupId} {usher:owner=prod}`;

const steps = () =>
  [...swept.world.state.entries.values()]
    .filter(({ change }) => change.kind.endsWith('security-group'))
    .map(({ change, status }) => `${change.kind} ${status}`);

const offered = () => {
  const [plan] = [...swept.world.state.storedPlans.values()].flatMap(({ content }) =>
    content.kind === 'companion' ? [content] : [],
  );
  if (plan === undefined) throw new Error('no group was offered');
  return plan;
};

const press = () => makeCompanion(swept.ports())(offered());

test('Given a balancer whose group another interface wears, then a group of its own is proposed, and nothing is made', async () => {
  expect(offered()).toMatchObject({ side: 'balancer', groupName: NAME(), vpcId: site.vpcId });
  expect(await groupsMade()).toEqual([]);
  expect((await worn()).balancer).toEqual([site.balancerGroupId]);
});

test('Given two who press at the same moment, then there is one group, empty and tagged, beside the balancer’s own, and one rule names it', async () => {
  const both = await Promise.allSettled([press(), press()]);
  // Whoever finds it leased to the other comes again, as the queue of orders does.
  const again = await press();
  const [group, ...others] = await groupsMade();
  companion = group?.GroupId ?? '';
  expect(others).toEqual([]);
  expect(group?.GroupName).toBe(NAME());
  expect(again).toEqual({
    kind: 'made',
    securityGroup: { id: companion, name: NAME() },
    wearers: 1,
    rulesAdded: 0,
    failed: 0,
  });
  expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
  expect(group?.Tags).toEqual(
    expect.arrayContaining([
      { Key: 'usher:owner', Value: 'prod' },
      { Key: 'usher:companion-of', Value: site.balancerArn },
    ]),
  );
  expect(await rulesOf(at, companion)).toEqual([]);
  expect(await worn()).toEqual({
    balancer: [site.balancerGroupId, companion],
    instances: [[site.webGroupId]],
  });
  expect(await letIn()).toEqual([rule(site.balancerGroupId), rule(companion)].sort());
  expect(steps()).toEqual(['create-security-group applied', 'attach-security-group applied']);
});

test('Given sweeps over an hour, then only the balancer is let in', async () => {
  clock.advance(3600);
  for (let time = 0; time < 4; time += 1) await swept.later();
  expect(await letIn()).toEqual([rule(companion)]);
  expect((await worn()).balancer).toEqual([site.balancerGroupId, companion]);
});

test('Given nobody shares the balancer’s group any more and a hand takes the rule out, then it is taken off, then deleted', async () => {
  await at.ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: sharing }));
  const permission = tcp(80, { UserIdGroupPairs: [{ GroupId: companion }] });
  await at.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: site.webGroupId, IpPermissions: [permission] }));
  clock.advance(3600);
  for (let time = 0; time < 5; time += 1) await swept.later();
  expect(await groupsMade()).toEqual([]);
  expect((await worn()).balancer).toEqual([site.balancerGroupId]);
  expect(steps().slice(2)).toEqual(['detach-security-group applied', 'delete-security-group applied']);
});
