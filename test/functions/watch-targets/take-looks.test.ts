import { expect, test } from '@jest/globals';
import { serializeWatchTick } from '../../../events/watch-tick.ts';
import { takeLooks } from '../../../functions/watch-targets/take-looks.ts';
import { aJourney, eventOf, failure, kindsShown, stateChange } from '../../stories/journey.ts';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { aWorld } from '../../support/world/world.ts';

const tickOf = (name: string, tick = 0): string =>
  serializeWatchTick({ kind: 'watch-tick', targetGroupArn: targetGroupArn(name), tick });

const aFunction = async () => {
  const admin = aTargetGroup({ name: 'admin', port: 9000 });
  const world = aWorld({ targetGroups: [aTargetGroup(), admin], instances: [anInstance()] });
  const journey = aJourney(world);
  journey.put(stateChange('i-00000001'));
  await journey.deliverDue();
  world.clock.advance(25);
  const dead: (readonly [string, string])[] = [];
  const deadLetters = {
    send: async (body: string, reason: string) => {
      dead.push([body, reason]);
    },
  };
  const run = (...bodies: readonly string[]) => takeLooks({ ...world.ports, deadLetters })(eventOf(bodies));
  return { world, dead, run };
};

test('Given looks at two groups, when they come in one batch, then each group is told of', async () => {
  const { world, run } = await aFunction();
  expect(await run(tickOf('web'), tickOf('admin'))).toEqual({ batchItemFailures: [] });
  expect(kindsShown(world)).toEqual(['targets-in-service', 'targets-in-service']);
  expect(world.log.filter(({ event }) => event === 'looked')).toEqual([
    { event: 'looked', targetGroupArn: targetGroupArn('web'), tick: 0, outcome: 'looked', followed: 1, told: 1 },
    { event: 'looked', targetGroupArn: targetGroupArn('admin'), tick: 0, outcome: 'looked', followed: 1, told: 1 },
  ]);
});

test('Given a look that fails, when it comes with another, then it alone comes back', async () => {
  const { world, run } = await aFunction();
  let takes = 0;
  world.onCall((_, name) => {
    if (name === 'watches.take') takes += 1;
    return name === 'watches.take' && takes === 1 ? failure('transient') : 'proceed';
  });
  expect(await run(tickOf('web'), tickOf('admin'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(kindsShown(world)).toEqual(['targets-in-service']);
  expect(world.log).toContainEqual({
    event: 'failed',
    messageId: 'm0',
    because: 'AwsCallError: AWS Call failed: Made-transient: made by a test',
  });
});

test('Given a message that is no look, when it comes with one, then it is set aside with its reason', async () => {
  const { world, dead, run } = await aFunction();
  expect(await run('{}', tickOf('web'))).toEqual({ batchItemFailures: [] });
  expect(dead).toEqual([['{}', expect.stringMatching(/\S/)]]);
  expect(kindsShown(world)).toEqual(['targets-in-service']);
});
