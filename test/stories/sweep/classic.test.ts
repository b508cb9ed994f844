import { expect, test } from '@jest/globals';
import { aClassicBalancer, aClassicGroup, aRule, aSecurityGroup, classicArn } from '../../support/world/builders.ts';
import { aSweptWorld, fleet } from './sweeping.ts';

const OLD = classicArn('old-web');
const NOW = new Date('2026-11-22T04:50:00.000Z');

const aClassicFleet = () =>
  aSweptWorld({
    targetGroups: [aClassicGroup()],
    loadBalancers: [aClassicBalancer()],
    securityGroups: ['sg-elb', 'sg-web'].map((groupId) => aSecurityGroup({ groupId })),
    rules: ['sg-elb', 'sg-web'].map((groupId) => aRule({ groupId })),
  });

const ownPorts = ({ world }: ReturnType<typeof aClassicFleet>): readonly (number | undefined)[] =>
  world
    .rulesOf('sg-web')
    .filter(({ tags }) => tags['usher:owner'] === 'prod')
    .map(({ fromPort }) => fromPort);

test('Given an instance behind a Classic balancer whose event never came, when the fleet is swept, then it is registered and every port opened', async () => {
  const swept = aClassicFleet();
  await swept.accept();
  swept.world.putInstances(...fleet(1, NOW));
  await swept.later();
  expect(swept.world.targetsIn(OLD)).toEqual([{ id: 'i-00000001', port: undefined }]);
  expect(ownPorts(swept)).toEqual([2525, 8080, 9000]);
});

test('Given our rules carry a Classic balancer’s flows, when it is swept for hours, then none of them is taken for unneeded', async () => {
  const swept = aClassicFleet();
  await swept.accept();
  swept.world.putInstances(...fleet(2, NOW));
  await swept.later();
  await swept.journey.untilQuiet();
  for (let time = 0; time < 8; time += 1) await swept.later();
  expect(ownPorts(swept)).toEqual([2525, 8080, 9000]);
});

test('Given a listener is gone for hours, when it is swept, then the rule that only its port needed goes, and the others and the instances stay', async () => {
  const swept = aClassicFleet();
  await swept.accept();
  swept.world.putInstances(...fleet(2, NOW));
  await swept.later();
  await swept.journey.untilQuiet();
  swept.world.balancing.targetGroups.set(OLD, aClassicGroup({ instancePorts: [8080] }));
  for (let time = 0; time < 12; time += 1) await swept.later();
  expect(ownPorts(swept)).toEqual([8080, 9000]);
  expect(swept.world.targetsIn(OLD)).toHaveLength(2);
});
