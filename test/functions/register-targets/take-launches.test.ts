import { describe, expect, test } from '@jest/globals';
import { serializeLookAgain } from '../../../events/look-again.ts';
import { takeLaunches } from '../../../functions/register-targets/take-launches.ts';
import { changed } from '../../events/samples.ts';
import { eventOf, failure, shown, stateChange, tagChange } from '../../stories/journey.ts';
import { ACCOUNT, anInstance, REGION, targetGroupArn } from '../../support/world/builders.ts';
import { aWorld } from '../../support/world/world.ts';

const WEB = targetGroupArn('web');

const id = (number: number): string => `i-${number.toString(16).padStart(8, '0')}`;

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

const aFunction = (...digits: readonly string[]) => {
  const world = aWorld({ instances: digits.map((digit) => anInstance({ instanceId: `i-0000000${digit}` })) });
  const dead: (readonly [string, string])[] = [];
  const deadLetters = {
    send: async (body: string, reason: string) => {
      dead.push([body, reason]);
    },
  };
  const ports = { ...world.ports, deadLetters, remainingMilliseconds: () => 60_000 };
  const run = (...bodies: readonly string[]) => takeLaunches(ports)(eventOf(bodies));
  return { world, dead, ports, run };
};

/** A function that knows so many instances, and whose reads fail whenever they ask for the one numbered 99. */
const aFunctionWithPoison = (count: number) => {
  const { world, ports } = aFunction();
  world.putInstances(...upTo(count).map((number) => anInstance({ instanceId: id(number) })));
  const readInstances: typeof ports.ec2.readInstances = async (ids) => {
    const read = await ports.ec2.readInstances(ids);
    if (ids.includes(id(0x99))) throw failure('other');
    return read;
  };
  const poisoned = { ...ports, ec2: { ...ports.ec2, readInstances } };
  return { world, ports: poisoned };
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
      blocked: 0,
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
    const groupTags = changed('tag-change/target-group.json', { account: ACCOUNT, region: REGION, resources: [WEB] });
    expect(await run(JSON.stringify(groupTags), stateChange('i-00000001', 'pending'))).toEqual({
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

  test('Given 99 launches and one that always fails, when they come in one batch, then a few runs seat all but that one', async () => {
    const { world, ports } = aFunctionWithPoison(99);
    const bodies = [...upTo(60), 0x99, ...upTo(99).slice(60)].map((number) => stateChange(id(number)));
    expect(await takeLaunches(ports)(eventOf(bodies))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm60' }] });
    expect(world.targetsIn(WEB)).toHaveLength(99);
    expect(world.calls.filter(({ name }) => name === 'ec2.readInstances').length).toBeLessThan(16);
  });

  test('Given twenty instances that ran already, retagged together with one that always fails, when they are tried in halves, then no more are added than unasked, and the others wait for a yes', async () => {
    const { world, ports } = aFunctionWithPoison(20);
    world.clock.advance(2 * 3600);
    const bodies = [...upTo(20), 0x99].map((number) => tagChange(id(number), { Role: 'web' }));
    expect(await takeLaunches(ports)(eventOf(bodies))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm20' }] });
    const added = world.targetsIn(WEB).length;
    expect(added).toBeGreaterThan(0);
    expect(added).toBeLessThanOrEqual(5);
    const asked = shown(world).flatMap(({ body }) => (body.kind === 'targets-not-registered' ? body.targets : []));
    expect(asked).toHaveLength(20 - added);
  });

  test('Given a batch that is tried in halves, when AWS is crowded, then what was seated stands, and the rest comes back untried', async () => {
    const { world, ports } = aFunctionWithPoison(3);
    let reads = 0;
    world.onCall((_, name) => {
      if (name !== 'ec2.readInstances') return 'proceed';
      reads += 1;
      return reads === 3 ? failure('throttled') : 'proceed';
    });
    const bodies = [1, 2, 0x99, 3].map((number) => stateChange(id(number)));
    expect(await takeLaunches(ports)(eventOf(bodies))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
    });
    expect(world.targetsIn(WEB)).toHaveLength(2);
    expect(reads).toBe(3);
  });

  test('Given a batch that is tried in halves, when little time is left, then the rest comes back before the function is cut off', async () => {
    const { world, ports } = aFunctionWithPoison(3);
    const left = [55_000, 30_000, 19_000];
    const short = { ...ports, remainingMilliseconds: () => left.shift() ?? 0 };
    const bodies = [1, 2, 0x99, 3].map((number) => stateChange(id(number)));
    expect(await takeLaunches(short)(eventOf(bodies))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
    });
    expect(world.targetsIn(WEB)).toHaveLength(2);
  });

  test('Given fifty launches whose group is leased to others, when the clock ticks between them, then one message puts all of them off', async () => {
    const { world, ports } = aFunction();
    world.putInstances(...upTo(50).map((number) => anInstance({ instanceId: id(number) })));
    await ports.leases.acquire([WEB], 'somebody', world.clock.now(), 90);
    let ticks = 0;
    const ticking = {
      ...ports,
      now: () => {
        ticks += 1;
        return new Date(world.clock.now().getTime() + ticks);
      },
    };
    await takeLaunches(ticking)(eventOf(upTo(50).map((number) => stateChange(id(number)))));
    expect(world.launchQueue.sent.map(({ body }) => JSON.parse(body).instanceIds.length)).toEqual([50]);
  });

  test('Given notes of two moments, when they are put off together, then one message says the earlier moment', async () => {
    const { world, ports, run } = aFunction('1', '2');
    await ports.leases.acquire([WEB], 'somebody', world.clock.now(), 90);
    const note = (instanceId: string, firstSeenAt: string): string =>
      serializeLookAgain({
        kind: 'look-again',
        instanceIds: [instanceId],
        attempt: 2,
        firstSeenAt,
        reason: 'LeaseBusy',
      });
    await run(note(id(1), '2026-11-22T04:59:30.000Z'), note(id(2), '2026-11-22T04:59:00.000Z'));
    expect(world.launchQueue.sent.map(({ body }) => JSON.parse(body))).toEqual([
      {
        usher: 1,
        kind: 'look-again',
        instanceIds: [id(1), id(2)],
        attempt: 3,
        firstSeenAt: '2026-11-22T04:59:00.000Z',
        reason: 'LeaseBusy',
      },
    ]);
  });

  test('Given an instance whose looks are used up and others that have some left, when their group stays leased, then only its message comes back, and each note is sent once', async () => {
    const { world, ports, run } = aFunction('1', '2', '3');
    await ports.leases.acquire([WEB], 'somebody', world.clock.now(), 90);
    const last = serializeLookAgain({
      kind: 'look-again',
      instanceIds: [id(1)],
      attempt: 20,
      firstSeenAt: '2026-11-22T04:59:00.000Z',
      reason: 'LeaseBusy',
    });
    const bodies = [last, stateChange(id(1)), stateChange(id(2)), stateChange(id(3)), stateChange(id(9))];
    expect(await run(...bodies)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(world.launchQueue.sent.map(({ body }) => JSON.parse(body).instanceIds)).toEqual([[id(2), id(3)], [id(9)]]);
  });

  test('Given a launch that can’t be seen yet beside one whose seating is throttled, when the batch comes again and again, then one look is put off, by the run that gets through', async () => {
    const { world, run } = aFunction('1');
    world.onCall((_, name) => (name === 'loadBalancing.readTargetHealth' ? failure('throttled') : 'proceed'));
    for (let time = 1; time <= 4; time += 1)
      await expect(run(stateChange(id(1)), stateChange(id(9)))).rejects.toMatchObject({ meaning: 'throttled' });
    world.onCall();
    await run(stateChange(id(1)), stateChange(id(9)));
    expect(world.targetsIn(WEB)).toHaveLength(1);
    expect(world.launchQueue.sent.map(({ body }) => JSON.parse(body).instanceIds)).toEqual([[id(9)]]);
  });

  test('Given one launch, when it fails, then the error leaves the function, so that the queue brings it again', async () => {
    const { world, run } = aFunction('1');
    world.onCall((_, name) => (name === 'ec2.readInstances' ? failure('denied') : 'proceed'));
    await expect(run(stateChange('i-00000001'))).rejects.toMatchObject({ meaning: 'denied' });
  });
});
