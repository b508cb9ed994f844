import { describe, expect, test } from '@jest/globals';
import type { AwsErrorMeaning } from '../../aws/aws-call-error.ts';
import { failure, shown, stateChange } from '../stories/journey.ts';
import type { World } from '../support/world/world.ts';
import { aLaunch, atEveryCall, callsOfTheJourney, endOf, GOOD_END, runWithFault, WEB } from './one-launch.ts';

/** Fewest calls the journey has had: a harness that meets fewer runs something else. */
const FEWEST_CALLS = 35;

/** Calls that changed AWS and took effect, by name. */
const effects = (world: World) => ({
  rules: world.rulesOf('sg-web').filter(({ direction }) => direction === 'ingress').length,
  targets: world.balancing.registered.size,
});

describe('the process is killed', () => {
  for (const fate of ['fail-before', 'fail-after'] as const)
    test(`Given a launch, when the process ${fate === 'fail-before' ? 'dies before' : 'dies after'} each call in turn, then one rule, one registration and one report are the end`, async () => {
      const met = await atEveryCall(fate, ({ k, world, journey }) => {
        expect({ k, ...endOf(world, journey) }).toEqual({ k, ...GOOD_END });
      });
      expect(met).toBeGreaterThan(FEWEST_CALLS);
    });

  test('Given a launch, when the process dies at one call and again at a later one, then the end is the same', async () => {
    const calls = (await callsOfTheJourney()).length;
    for (let first = 1; first <= calls; first += 3) {
      const { world, journey } = aLaunch();
      let second = false;
      journey.onCall((k) => {
        if (k === first) return 'fail-after';
        if (k !== first + 12 || second) return 'proceed';
        second = true;
        return 'fail-before';
      });
      journey.put(stateChange('i-00000001'));
      await journey.untilQuiet();
      expect({ first, ...endOf(world, journey) }).toEqual({ first, ...GOOD_END });
    }
  });
});

describe('a call fails', () => {
  const PASSING: readonly AwsErrorMeaning[] = ['throttled', 'transient'];
  for (const meaning of PASSING) {
    test(`Given a launch, when each call in turn fails as ${meaning}, then the redelivered message ends it well`, async () => {
      const met = await atEveryCall(failure(meaning), ({ k, world, journey }) => {
        expect({ k, ...endOf(world, journey) }).toEqual({ k, ...GOOD_END });
      });
      expect(met).toBeGreaterThan(FEWEST_CALLS);
    });

    test(`Given a launch, when the answer to each call in turn is lost (${meaning}), then nothing is done or said twice`, async () => {
      const met = await atEveryCall({ after: failure(meaning) }, ({ k, world, journey }) => {
        expect({ k, ...endOf(world, journey) }).toEqual({ k, ...GOOD_END });
      });
      expect(met).toBeGreaterThan(FEWEST_CALLS);
    });
  }

  const REFUSING: readonly AwsErrorMeaning[] = ['denied', 'not-found', 'full', 'invalid', 'other'];
  for (const meaning of REFUSING)
    test(`Given a launch, when each call in turn is refused as ${meaning}, then it ends well, or a report names what is missing`, async () => {
      const met = await atEveryCall(failure(meaning), ({ k, world, journey }) => {
        const { rules, targets, reports, owned, ...rest } = endOf(world, journey);
        expect({ k, ...rest }).toEqual({ k, unsettled: 0, untold: 0, leases: [], watching: 0, givenUp: 0 });
        const isWell = rules.length === 1 && targets.length === 1;
        if (isWell) expect({ k, reports }).toEqual({ k, reports: GOOD_END.reports });
        else expect({ k, said: namesTheCause(world) }).toEqual({ k, said: true });
        expect({ k, owned: owned.length }).toEqual({ k, owned: rules.length * 2 + targets.length });
        expect({ k, ...effects(world) }).toEqual({ k, rules: rules.length, targets: targets.length });
      });
      expect(met).toBeGreaterThan(FEWEST_CALLS);
    });

  /** Whether some report speaks of the refusal itself or of the rule that is missing because of it. */
  const namesTheCause = (world: World): boolean => /Made-|IngressMissing/.test(JSON.stringify(shown(world)));

  test('Given a refusal to add the rule, when it is over, then the report names the rule and AWS’s code', async () => {
    const k = (await callsOfTheJourney()).indexOf('ec2.authorizeRules') + 1;
    const { world, journey } = aLaunch();
    await runWithFault(k, failure('denied'), { journey });
    const [said] = shown(world);
    expect(said?.body.kind).toBe('targets-not-in-service');
    expect(JSON.stringify(said)).toContain('"because":"Made-denied"');
    expect(world.targetsIn(WEB)).toEqual([{ id: 'i-00000001', port: 80 }]);
  });

  test('Given a refusal to register, when it is over, then the report says that it was not registered and why', async () => {
    const k = (await callsOfTheJourney()).indexOf('loadBalancing.registerTargets') + 1;
    const { world, journey } = aLaunch();
    await runWithFault(k, failure('denied'), { journey });
    expect(shown(world).map(({ body }) => body.kind)).toContain('targets-not-registered');
    expect(JSON.stringify(shown(world))).toContain('"code":"Made-denied","message":"made by a test"');
  });
});

describe('a message goes astray', () => {
  const messages = async (): Promise<number> => {
    let count = 0;
    const { journey } = aLaunch(() => {
      count += 1;
      return 'deliver';
    });
    journey.put(stateChange('i-00000001'));
    await journey.untilQuiet();
    return count;
  };

  test('Given a launch, when each message in turn arrives twice, then nothing is done or said twice', async () => {
    const count = await messages();
    expect(count).toBeGreaterThanOrEqual(4);
    for (let twice = 1; twice <= count; twice += 1) {
      let seen = 0;
      const { world, journey } = aLaunch(() => {
        seen += 1;
        return seen === twice ? 'deliver-twice' : 'deliver';
      });
      journey.put(stateChange('i-00000001'));
      await journey.untilQuiet();
      expect({ twice, ...endOf(world, journey) }).toEqual({ twice, ...GOOD_END });
      expect(world.reports.handedIn).toHaveLength(1);
    }
  });

  test('Given a launch, when each look in turn is lost, then the next run after the grace tells its end', async () => {
    const looks = (await messages()) - 1;
    expect(looks).toBeGreaterThanOrEqual(3);
    for (let lost = 1; lost <= looks; lost += 1) {
      let seen = 0;
      const { world, journey } = aLaunch(({ queue }) => {
        if (queue === 'looks') seen += 1;
        return queue === 'looks' && seen === lost ? 'lose' : 'deliver';
      });
      journey.put(stateChange('i-00000001'));
      await journey.pass(20 * 60);
      expect({ lost, reports: shown(world).length }).toEqual({ lost, reports: 0 });
      journey.put(stateChange('i-00000001'));
      await journey.untilQuiet();
      expect({ lost, ...endOf(world, journey) }).toEqual({ lost, ...GOOD_END });
    }
  });

  test('Given a launch whose event comes again an hour after each fault, when it is handled, then nothing is done or said again', async () => {
    for (const k of [5, 10, 14, 15, 17, 18, 20, 25, 30]) {
      const { world, journey } = aLaunch();
      await runWithFault(k, 'fail-after', { journey });
      journey.put(stateChange('i-00000001'), stateChange('i-00000001'));
      await journey.pass(3600);
      expect({ k, ...endOf(world, journey) }).toEqual({ k, ...GOOD_END });
    }
  });
});
