import { describe, expect, test } from '@jest/globals';
import type { Fate } from '../../support/world/calls.ts';
import { failure } from '../journey.ts';
import { aDefaultSite, aSharedSite, BESIDE, FOR_TARGETS } from './shared.ts';

type Site = Awaited<ReturnType<typeof aSharedSite>>;

/** Longer than any lease of these stories. */
const LAPSE_SECONDS = 120;
const MOST_TRIES = 4;

/** Presses until it comes to an end, as the queue does: the first time with a fault at the k-th call. */
const pressWithFault = async (site: Site, fate: Fate, k: number): Promise<boolean> => {
  const offer = site.offered();
  let met = false;
  site.world.onCall((count) => {
    if (met || count !== k) return 'proceed';
    met = true;
    return fate;
  });
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    try {
      await site.press(offer);
      break;
    } catch {
      site.world.restart();
      site.world.clock.advance(LAPSE_SECONDS);
    }
  }
  site.world.onCall();
  return met;
};

const FATES: readonly (readonly [string, Fate])[] = [
  ['the process dies before', 'fail-before'],
  ['the process dies after', 'fail-after'],
  ['AWS or the table fails', failure('transient')],
  ['the answer is lost', { after: failure('transient') }],
];

const FEWEST_CALLS = 20;
const TIME_OUT = 60_000;

describe.each(FATES)('Given %s each call in turn, when the press comes again', (_, fate) => {
  test(
    'then a group beside the balancer is there once, worn once, named by one rule, and ours',
    async () => {
      let k = 1;
      for (; ; k += 1) {
        const site = await aSharedSite();
        await site.later();
        if (!(await pressWithFault(site, fate, k))) break;
        const id = site.idOf(BESIDE);
        const groups = [...site.world.network.securityGroups.values()].filter(({ name }) => name === BESIDE);
        const owned = await site.world.ports.ledger.readOwnership([`security-group|${id}`]);
        const stuck = (await site.open()).filter((each) => each.endsWith('intended'));
        expect({
          k,
          groups: groups.length,
          worn: site.wornByAlb(),
          rules: site.ourRules('sg-web'),
          owned: owned.size,
          stuck,
        }).toEqual({
          k,
          groups: 1,
          worn: ['sg-alb', id],
          rules: ['ingress tcp/80 sg-alb', `ingress tcp/80 ${id}`],
          owned: 1,
          stuck: [],
        });
      }
      expect(k).toBeGreaterThan(FEWEST_CALLS);
    },
    TIME_OUT,
  );

  test(
    'then a group for the targets is there once, worn besides, with one rule',
    async () => {
      let k = 1;
      for (; ; k += 1) {
        const site = await aDefaultSite();
        if (!(await pressWithFault(site, fate, k))) break;
        const id = site.idOf(FOR_TARGETS);
        expect({ k, worn: site.wornByTarget(), rules: site.ourRules(id) }).toEqual({
          k,
          worn: ['sg-default', id],
          rules: ['ingress tcp/80 sg-alb'],
        });
      }
      expect(k).toBeGreaterThan(FEWEST_CALLS);
    },
    TIME_OUT,
  );
});

test.each(FATES)(
  'Given %s each call in turn of a sweep that removes one, then it is gone in the end',
  async (_, fate) => {
    for (let k = 1; k <= 60; k += 4) {
      const site = await aSharedSite();
      await site.later();
      await site.press(site.offered());
      const { world } = site;
      const wearer = world.network.instances.get('i-000000aa');
      if (wearer === undefined) throw new Error('nobody shares');
      world.network.instances.delete('i-000000aa');
      const twin = world
        .rulesOf('sg-web')
        .find(({ peer }) => peer.kind === 'security-group' && peer.groupId !== 'sg-alb');
      await world.ports.ec2.revokeRule('sg-web', 'ingress', twin?.ruleId ?? '');
      world.clock.advance(3600);
      await site.later();
      let met = 0;
      world.onCall((_count, name) => {
        if (!name.startsWith('companions.') && !name.startsWith('balancerGroups.') && !name.startsWith('ledger.'))
          return 'proceed';
        met += 1;
        return met === k ? fate : 'proceed';
      });
      for (let sweeps = 0; sweeps < 6; sweeps += 1) {
        await site.later().catch(() => world.restart());
        world.clock.advance(3600);
      }
      world.onCall();
      expect({ k, group: site.named(BESIDE), worn: site.wornByAlb() }).toEqual({
        k,
        group: undefined,
        worn: ['sg-alb'],
      });
    }
  },
  TIME_OUT,
);
