import { describe, expect, test } from '@jest/globals';
import { anInstance } from '../../support/world/builders.ts';
import { REFUSES, TIMES_OUT, WRONG_CODE } from '../../support/world/memory-balancing.ts';
import { failure } from '../journey.ts';
import type { ClosableSite } from './closing.ts';
import { aClosableSite, WEB, WORLD_80 } from './closing.ts';

const HOUR = 3600;

/** Somebody hidden relies on the rule: while it is gone, the first instance fails its checks, at once. */
const withHiddenDependency = (site: ClosableSite, shown = TIMES_OUT): void => {
  const { answers } = site.world.balancing;
  const shownBy = answers.get.bind(answers);
  answers.get = (id) => (id === 'i-00000001' && worldOpenings(site).length === 0 ? shown : shownBy(id));
};

const worldOpenings = (site: ClosableSite) =>
  site.ingress().filter(({ peer }) => peer.kind === 'cidr-ipv4' && peer.cidr === '0.0.0.0/0');

const restores = (site: ClosableSite) => site.world.writes().filter(({ name }) => name === 'ec2.restoreRule').length;
const removals = (site: ClosableSite) => site.world.writes().filter(({ name }) => name === 'ec2.revokeRule').length;

describe('A removal that breaks a hidden dependency', () => {
  test.each([
    ['times out', TIMES_OUT],
    ['refuses', REFUSES],
  ])('is put back once within the watch, as it was, and never again: a target that %s', async (_, shown) => {
    const site = aClosableSite();
    withHiddenDependency(site, shown);
    await site.close();
    expect(site.ingressIds()).toEqual(['sgr-alb']);
    await site.watchFor(180);

    const [back] = worldOpenings(site);
    expect(back).toEqual({ ...WORLD_80, ruleId: back?.ruleId });
    expect(site.endings()).toHaveLength(1);
    expect(site.endings()[0]).toMatchObject({
      severity: 'critical',
      body: { how: 'put-back', fell: ['i-00000001:80'], fellCount: 1, groups: [{ name: 'web' }] },
    });
    expect((await site.world.ports.pauses.listStoppedGroups()).map(({ targetGroup }) => targetGroup.id)).toEqual([WEB]);

    // It is closed no more and proposed no more, whoever asks, not even by the new id it has.
    for (let time = 0; time < 30; time += 1) {
      site.world.clock.advance(HOUR);
      await site.close([back?.ruleId ?? '']);
      await site.sweep();
    }
    expect(worldOpenings(site)).toHaveLength(1);
    expect([removals(site), restores(site)]).toEqual([1, 1]);
    expect(site.proposals()).toEqual([]);
    expect([...site.world.state.entries.values()].map(({ telling }) => telling)).not.toContain('open');
  });

  test('is closed by nobody even after the group may be written to again', async () => {
    const site = aClosableSite();
    withHiddenDependency(site);
    await site.close();
    await site.watchFor(180);
    await site.world.ports.pauses.resumeGroup(WEB);
    site.world.clock.advance(25 * HOUR);
    await site.close(worldOpenings(site).map(({ ruleId }) => ruleId));
    expect(worldOpenings(site)).toHaveLength(1);
    expect(site.proposals()).toEqual([]);
  });

  test('is not put back a second time when a person takes it away for good', async () => {
    const site = aClosableSite();
    withHiddenDependency(site);
    await site.close();
    await site.watchFor(180);
    site.world.network.rules.set(
      'sg-web',
      site.world.rulesOf('sg-web').filter(({ peer }) => peer.kind !== 'cidr-ipv4' || peer.cidr !== '0.0.0.0/0'),
    );
    await site.sweep();
    await site.watchFor(2 * HOUR);
    expect(restores(site)).toBe(1);
  });

  test('is told as critical with the line that puts it back when AWS refuses', async () => {
    const site = aClosableSite();
    withHiddenDependency(site);
    await site.close();
    site.world.network.quotas.rulesPerSecurityGroup = 0;
    await site.watchFor(180);
    expect(site.endings()[0]).toMatchObject({
      severity: 'critical',
      body: {
        how: 'not-put-back',
        code: 'RulesPerSecurityGroupLimitExceeded',
        line: expect.stringContaining('authorize-security-group-ingress --group-id sg-web'),
      },
    });
    expect(site.endings()).toHaveLength(1);
  });
});

describe('A removal is not put back', () => {
  test('when everybody stays healthy: it is watched until checks have had the time to fail, and that is told', async () => {
    const site = aClosableSite();
    const from = site.world.clock.now().getTime();
    await site.close();
    await site.watchFor(HOUR);
    // Two failures of 30 seconds, and two minutes.
    expect((site.world.clock.now().getTime() - from) / 1000).toBeGreaterThanOrEqual(180);
    expect(site.ingressIds()).toEqual(['sgr-alb']);
    expect(site.bodies().map(({ kind }) => kind)).toEqual(['rules-closed', 'closing-ended']);
    expect(site.endings()[0]).toMatchObject({ severity: 'information', body: { how: 'stands' } });
  });

  test('when a target answers with a wrong code: that is reached', async () => {
    const site = aClosableSite();
    await site.close();
    site.world.balancing.answers.set('i-00000001', WRONG_CODE);
    await site.watchFor(HOUR);
    expect(site.ingressIds()).toEqual(['sgr-alb']);
  });

  test('when who fails was unhealthy before', async () => {
    const site = aClosableSite();
    site.world.balancing.answers.set('i-00000001', TIMES_OUT);
    await site.close();
    await site.watchFor(HOUR);
    expect(restores(site)).toBe(0);
  });

  test('when somebody was registered in that time: it is said, with the line that puts it back', async () => {
    const site = aClosableSite();
    await site.close();
    site.world.balancing.answers.set('i-00000001', TIMES_OUT);
    site.world.putInstances(anInstance({ instanceId: 'i-00000009' }));
    await site.world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000009', port: 80 }]);
    await site.watchFor(HOUR);
    expect(restores(site)).toBe(0);
    expect(site.endings()[0]).toMatchObject({
      severity: 'warning',
      body: { how: 'unclear', line: expect.stringContaining('authorize-security-group-ingress') },
    });
  });

  test('when somebody else has put it back meanwhile', async () => {
    const site = aClosableSite();
    await site.close();
    site.world.network.rules.set('sg-web', [...site.world.rulesOf('sg-web'), { ...WORLD_80, ruleId: 'sgr-theirs' }]);
    site.world.balancing.answers.set('i-00000001', TIMES_OUT);
    await site.watchFor(HOUR);
    expect(worldOpenings(site).map(({ ruleId }) => ruleId)).toEqual(['sgr-theirs']);
  });

  test('while a person has stopped every write; it is as soon as they let go', async () => {
    const site = aClosableSite();
    withHiddenDependency(site);
    await site.close();
    await site.world.ports.pauses.begin({ since: site.world.clock.now(), byUserId: 'U0001' });
    await site.watchFor(HOUR);
    expect(restores(site)).toBe(0);
    await site.world.ports.pauses.end();
    await site.watchFor(HOUR);
    expect(worldOpenings(site)).toHaveLength(1);
    expect(restores(site)).toBe(1);
  });
});

describe('Whatever is lost or killed', () => {
  test('a look that was lost is taken up by the next sweep', async () => {
    const site = aClosableSite();
    withHiddenDependency(site);
    await site.close();
    site.sweepQueue.due();
    site.world.clock.advance(60);
    site.sweepQueue.due();
    expect(site.sweepQueue.secondsUntilDue()).toBeUndefined();
    await site.later();
    expect(worldOpenings(site)).toHaveLength(1);
    expect(restores(site)).toBe(1);
  });

  test('a rule that EC2 still shows for a while after its removal is watched all the same', async () => {
    const site = aClosableSite();
    const before = site.world.rulesOf('sg-web');
    await site.close();
    const after = site.world.rulesOf('sg-web');
    site.world.network.rules.set('sg-web', before);
    await site.watchFor(40);
    site.world.network.rules.set('sg-web', after);
    withHiddenDependency(site);
    await site.watchFor(180);
    expect(worldOpenings(site)).toHaveLength(1);
    expect(restores(site)).toBe(1);
  });

  const run = async (killAt: number | undefined): Promise<{ readonly site: ClosableSite; readonly calls: number }> => {
    const site = aClosableSite();
    withHiddenDependency(site);
    let calls = 0;
    site.world.onCall(() => {
      calls += 1;
      return calls === killAt ? 'fail-after' : 'proceed';
    });
    const again = async (act: () => Promise<void>): Promise<void> => {
      for (let attempt = 0; attempt < 3; attempt += 1)
        try {
          await act();
          return;
        } catch {
          site.world.restart();
          site.world.clock.advance(120);
        }
    };
    await again(() => site.close());
    await again(() => site.watchFor(600));
    await again(() => site.later());
    await again(() => site.close());
    await again(() => site.watchFor(600));
    await again(() => site.later());
    site.world.onCall();
    return { site, calls };
  };

  test('killed after any call, it ends with the rule in place once, told, and never closed again', async () => {
    const { calls } = await run(undefined);
    expect(calls).toBeGreaterThan(40);
    for (let killAt = 1; killAt <= calls; killAt += 1) {
      const { site } = await run(killAt);
      expect({ killAt, open: worldOpenings(site).length }).toEqual({ killAt, open: 1 });
      expect({ killAt, restores: restores(site) }).toEqual({ killAt, restores: 1 });
      expect({ killAt, told: new Set(site.endings().map(({ key }) => key)).size }).toEqual({ killAt, told: 1 });
    }
  });

  test.each(['transient', 'throttled', 'denied'] as const)(
    'when the first removal fails as %s, nothing is watched that was not removed',
    async (meaning) => {
      const site = aClosableSite();
      site.world.onCall((_, name) => (name === 'ec2.revokeRule' ? failure(meaning) : 'proceed'));
      await site.close();
      site.world.onCall();
      await site.watchFor(HOUR);
      expect(worldOpenings(site).map(({ ruleId }) => ruleId)).toEqual(['sgr-world']);
      expect(restores(site)).toBe(0);
      expect(await site.world.ports.closings.list()).toEqual([]);
    },
  );
});
