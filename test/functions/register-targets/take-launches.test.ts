import { describe, expect, test } from '@jest/globals';
import { takeLaunches } from '../../../functions/register-targets/take-launches.ts';
import { eventOf, failure, stateChange } from '../../stories/journey.ts';
import { anInstance, targetGroupArn } from '../../support/world/builders.ts';
import { aWorld } from '../../support/world/world.ts';

const WEB = targetGroupArn('web');

const aFunction = (...digits: readonly string[]) => {
  const world = aWorld({ instances: digits.map((digit) => anInstance({ instanceId: `i-0000000${digit}` })) });
  const dead: (readonly [string, string])[] = [];
  const deadLetters = {
    send: async (body: string, reason: string) => {
      dead.push([body, reason]);
    },
  };
  const run = (...bodies: readonly string[]) => takeLaunches({ ...world.ports, deadLetters })(eventOf(bodies));
  return { world, dead, run };
};

describe('a batch of launches', () => {
  test('Given several launches, when they come in one batch, then they are seated in one run', async () => {
    const { world, run } = aFunction('1', '2', '3');
    const bodies = ['1', '2', '3'].map((digit) => stateChange(`i-0000000${digit}`));
    expect(await run(...bodies)).toEqual({ batchItemFailures: [] });
    expect(world.calls.filter(({ name }) => name === 'ec2.readInstances')).toHaveLength(1);
    expect(world.writes().map(({ name }) => name)).toEqual(['ec2.authorizeRules', 'loadBalancing.registerTargets']);
    expect(world.targetsIn(WEB)).toHaveLength(3);
    expect(world.log.at(-1)).toEqual({
      event: 'seated',
      messages: 3,
      matched: 3,
      registered: 3,
      rulesAdded: 1,
      failed: 0,
      withheld: 0,
    });
  });

  test.each(['not JSON', '{"source":"aws.ec2"}', stateChange('eni-1')])(
    'Given a message that can’t be understood (%#), when it comes with a launch, then it alone is set aside with its reason',
    async (malformed) => {
      const { world, dead, run } = aFunction('1');
      expect(await run(malformed, stateChange('i-00000001'))).toEqual({ batchItemFailures: [] });
      expect(dead).toEqual([[malformed, expect.stringMatching(/\S/)]]);
      expect(world.targetsIn(WEB)).toHaveLength(1);
      expect(world.log).toContainEqual(expect.objectContaining({ event: 'malformed', messageId: 'm0' }));
    },
  );

  test('Given only events we don’t act on, when they come, then nothing is read, and each has one line in the log', async () => {
    const { world, run } = aFunction();
    expect(await run(stateChange('i-00000001', 'terminated'), stateChange('i-00000001', 'pending'))).toEqual({
      batchItemFailures: [],
    });
    expect(world.calls).toEqual([]);
    expect(world.log.map(({ event, reason }) => [event, reason])).toEqual([
      ['ignored', 'NothingToSeat'],
      ['ignored', 'NotRunningYet'],
    ]);
  });

  test('Given a refusal that fails the whole run, when each is tried by itself, then only the one that fails comes back', async () => {
    const { world, run } = aFunction('1', '2');
    let reads = 0;
    world.onCall((_, name) => {
      if (name !== 'ec2.readInstances') return 'proceed';
      reads += 1;
      return reads <= 2 ? failure('invalid') : 'proceed';
    });
    const result = await run(stateChange('i-00000001'), stateChange('i-00000002'));
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(world.targetsIn(WEB).map(({ id }) => id)).toEqual(['i-00000002']);
  });

  test.each(['throttled', 'transient'] as const)(
    'Given AWS that is %s, when a batch fails on it, then all come back later, and none is tried at once',
    async (meaning) => {
      const { world, run } = aFunction('1', '2');
      world.onCall((_, name) => (name === 'ec2.readInstances' ? failure(meaning) : 'proceed'));
      await expect(run(stateChange('i-00000001'), stateChange('i-00000002'))).rejects.toMatchObject({ meaning });
      expect(world.calls.filter(({ name }) => name === 'ec2.readInstances')).toHaveLength(1);
    },
  );

  test('Given one launch, when it fails, then the error leaves the function, so that the queue brings it again', async () => {
    const { world, run } = aFunction('1');
    world.onCall((_, name) => (name === 'ec2.readInstances' ? failure('denied') : 'proceed'));
    await expect(run(stateChange('i-00000001'))).rejects.toMatchObject({ meaning: 'denied' });
  });
});
