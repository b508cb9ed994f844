import { expect, test } from '@jest/globals';
import { anInstance, aTargetGroup } from '../../support/world/builders.ts';
import { aFleetLife, tagsOfRole } from '../fleet-life.ts';

const INSTANCE = 'i-00000001';

/** A fleet whose only rule lost its use with its instance; one sweep has seen that, the next dies at one of its calls. */
const dyingAt = async (call: number) => {
  const life = await aFleetLife([aTargetGroup({ port: 9000, tags: { 'usher:selector': 'Web' } })], {});
  const web = { tags: tagsOfRole('web'), securityGroupIds: ['sg-web'] };
  life.launch(anInstance({ ...web, instanceId: INSTANCE }), true);
  await life.pass(600);
  life.terminate(INSTANCE, true);
  await life.pass(2_400);
  await life.sweep();
  await life.pass(2_400);
  life.kill(call, 'fail-before');
  await life.sweep();
  const rules = () => life.world.rulesOf('sg-web').filter(({ tags }) => tags['usher:owner']);
  const isBeingRemoved = [...life.world.state.entries.values()].some(
    ({ change, status }) => change.kind === 'revoke-rule' && status === 'intended',
  );
  return { life, web, rules, isBeingRemoved };
};

test('Given a sweep that died while removing a rule that nobody needed, when a person removes it before that is settled, then who needs it later gets it again', async () => {
  let met = 0;
  for (let call = 1; call <= 80; call += 1) {
    const { life, web, rules, isBeingRemoved } = await dyingAt(call);
    if (!isBeingRemoved || rules().length === 0) continue;
    met += 1;
    life.removeOurRule();
    await life.pass(2_400);
    await life.sweep();
    life.launch(anInstance({ ...web, instanceId: 'i-00000002' }), true);
    await life.pass(900);
    expect(rules().map(({ fromPort, peer }) => ({ fromPort, peer }))).toEqual([
      { fromPort: 9000, peer: { kind: 'security-group', groupId: 'sg-alb' } },
    ]);
  }
  expect(met).toBeGreaterThan(0);
});
