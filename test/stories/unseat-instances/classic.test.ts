import { expect, test } from '@jest/globals';
import {
  aClassicBalancer,
  aClassicGroup,
  anInstance,
  aRule,
  aSecurityGroup,
  classicArn,
} from '../../support/world/builders.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, shown, stateChange } from '../journey.ts';

const OLD = classicArn('old-web');

test.each(['stopped', 'terminated'] as const)(
  'Given an instance that Usher registered with a Classic balancer, when it is %s, then it is taken out without a port',
  async (state) => {
    const world = aWorld({
      targetGroups: [aClassicGroup()],
      loadBalancers: [aClassicBalancer()],
      securityGroups: ['sg-elb', 'sg-web'].map((groupId) => aSecurityGroup({ groupId })),
      rules: ['sg-elb', 'sg-web'].map((groupId) => aRule({ groupId })),
      instances: ['i-00000001', 'i-00000002'].map((instanceId) => anInstance({ instanceId })),
    });
    const journey = aJourney(world);
    journey.put(stateChange('i-00000001'), stateChange('i-00000002'));
    await journey.untilQuiet();
    world.clock.advance(3600);
    world.putInstances(anInstance({ instanceId: 'i-00000002', state }));
    journey.put(stateChange('i-00000002', state));
    await journey.untilQuiet();
    expect(world.targetsIn(OLD)).toEqual([{ id: 'i-00000001', port: undefined }]);
    expect(shown(world).at(-1)?.body).toMatchObject({
      kind: 'targets-taken-out',
      targetGroup: { name: 'old-web' },
      targets: [{ instanceId: 'i-00000002', port: undefined }],
      health: { healthy: 1, total: 1, zones: [{ name: 'ap-northeast-1a', healthy: 1 }], names: ['web-1'] },
    });
  },
);
