import { describe, expect, test } from '@jest/globals';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import type { WorldParts } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, kindsShown, stateChange, tagChange } from '../journey.ts';
import { configuration, notRegistered, seat, targetsOf, writes } from './seating.ts';

const WEB = targetGroupArn('web');
const ID = 'i-00000001';

const waitingFor = (ready: string, parts: WorldParts = {}) =>
  aWorld({
    instances: [anInstance()],
    targetGroups: [aTargetGroup({ tags: { 'usher:selector': 'Role=web', 'usher:ready': ready } })],
    ...parts,
  });

const looks = (world: ReturnType<typeof aWorld>): readonly unknown[] =>
  world.launchQueue.sent.map(({ body, delaySeconds }) => [JSON.parse(body).reason, delaySeconds]);

const checksRead = (world: ReturnType<typeof aWorld>): number =>
  world.calls.filter(({ name }) => name === 'ec2.readPassingChecks').length;

describe('A group that waits for status checks', () => {
  test('Given they pass, when an instance is launched, then it is seated, by one read of them', async () => {
    const world = waitingFor('status-checks');
    await seat(world, ID);
    expect([targetsOf(world, WEB), checksRead(world)]).toEqual([[`${ID}:80`], 1]);
  });

  test('Given they pass after three minutes, when it is launched, then nothing is written until then, and nothing said', async () => {
    const world = waitingFor('status-checks');
    world.network.failingChecks.add(ID);
    const journey = aJourney(world);
    journey.put(stateChange(ID));
    await journey.pass(150);
    expect([targetsOf(world, WEB), writes(world), kindsShown(world)]).toEqual([[], [], []]);
    world.network.failingChecks.clear();
    await journey.untilQuiet();
    expect(targetsOf(world, WEB)).toEqual([`${ID}:80`]);
    expect(looks(world)).toEqual(Array(3).fill(['NotReady', 60]));
    expect(kindsShown(world)).toEqual(['targets-in-service']);
  });

  test('Given they never pass, when a quarter of an hour is over, then that is said once, with nothing written', async () => {
    const world = waitingFor('status-checks');
    world.network.failingChecks.add(ID);
    const journey = aJourney(world);
    journey.put(stateChange(ID));
    await journey.untilQuiet();
    expect(looks(world)).toEqual(Array(15).fill(['NotReady', 60]));
    expect(notRegistered(world)).toEqual([
      ['web-1', [{ reason: 'NotReady', severity: 'warning', evidence: { ready: 'status-checks' } }]],
    ]);
    expect(writes(world)).toEqual([]);
    // Looked at again later, as a sweep does: no further looks, and the same report, which is delivered once.
    const [first] = world.reports.published.map(({ key }) => key);
    await seat(world, ID);
    expect(looks(world)).toHaveLength(15);
    expect(new Set(world.reports.published.map(({ key }) => key))).toEqual(new Set([first]));
  });

  test('Given it sits there already, when its checks fail, then they are not even read', async () => {
    const world = waitingFor('status-checks');
    await seat(world, ID);
    world.network.failingChecks.add(ID);
    world.forgetCalls();
    await seat(world, ID);
    expect([targetsOf(world, WEB), checksRead(world)]).toEqual([[`${ID}:80`], 0]);
  });

  test('Given no group asks for them, when an instance is launched, then they are not read', async () => {
    const world = aWorld({ instances: [anInstance()] });
    await seat(world, ID);
    expect([targetsOf(world, WEB), checksRead(world)]).toEqual([[`${ID}:80`], 0]);
  });
});

describe('A group that waits for a tag', () => {
  test('Given the instance sets it when it is ready, when that event comes, then it is seated', async () => {
    const world = waitingFor('tag:Ready=yes');
    const journey = aJourney(world);
    journey.put(stateChange(ID));
    await journey.deliverDue();
    expect([targetsOf(world, WEB), checksRead(world)]).toEqual([[], 0]);
    const tags = { ...anInstance().tags, Ready: 'yes' };
    world.putInstances(anInstance({ tags }));
    journey.put(tagChange(ID, tags, { keys: ['Ready'] }));
    await journey.untilQuiet();
    expect([targetsOf(world, WEB), kindsShown(world)]).toEqual([[`${ID}:80`], ['targets-in-service']]);
  });

  test('Given two groups of which one waits, when it is launched, then the other has it at once', async () => {
    const admin = aTargetGroup({ name: 'admin', port: 8080 });
    const world = waitingFor('tag:Ready=yes');
    world.balancing.targetGroups.set(admin.arn, admin);
    await seat(world, ID);
    expect([targetsOf(world, WEB), targetsOf(world, admin.arn)]).toEqual([[], [`${ID}:8080`]]);
  });

  test('Given a tag that can’t mean anything, when an instance is launched, then that is said and nobody is seated', async () => {
    const world = waitingFor('soon');
    await seat(world, ID);
    expect([targetsOf(world, WEB), writes(world)]).toEqual([[], []]);
    expect(configuration(world)).toEqual([
      ['web', [{ reason: 'TagMalformed', severity: 'warning', evidence: { tag: 'usher:ready', value: 'soon' } }]],
    ]);
  });
});

describe('A group that waits, and asks', () => {
  test('Given it is not ready, when it is launched, then nobody is asked until it is', async () => {
    const tags = { 'usher:selector': 'Role=web', 'usher:ready': 'tag:Ready=yes', 'usher:policy': 'ask' };
    const world = aWorld({ instances: [anInstance()], targetGroups: [aTargetGroup({ tags })] });
    await seat(world, ID);
    expect(kindsShown(world)).toEqual([]);
    world.putInstances(anInstance({ tags: { ...anInstance().tags, Ready: 'yes' } }));
    await seat(world, ID);
    expect(world.reports.published.map(({ buttons }) => buttons?.map(({ verb }) => verb))).toEqual([
      ['approve', 'reject'],
    ]);
  });
});
