import type { Journey, OnMessage } from '../stories/journey.ts';
import { aJourney, ownRules, shown, stateChange } from '../stories/journey.ts';
import { anInstance, targetGroupArn } from '../support/world/builders.ts';
import type { Fate } from '../support/world/calls.ts';
import { HEALTHY, TIMES_OUT } from '../support/world/memory-balancing.ts';
import type { World } from '../support/world/world.ts';
import { aWorld } from '../support/world/world.ts';

export const WEB = targetGroupArn('web');

const isOpened = (world: World): boolean => world.rulesOf('sg-web').some(({ direction }) => direction === 'ingress');

/** One instance behind one ALB whose health follows the rule that Usher is to write. */
export const aLaunch = (
  onMessage: OnMessage = () => 'deliver',
): { readonly world: World; readonly journey: Journey } => {
  const world = aWorld({ instances: [anInstance()] });
  const journey = aJourney(world, (message) => {
    world.balancing.answers.set('i-00000001', isOpened(world) ? HEALTHY : TIMES_OUT);
    return onMessage(message);
  });
  return { world, journey };
};

/** From the event to the last message. Answers whether the fault was met. */
export const runWithFault = async (
  k: number,
  fate: Fate,
  { journey }: { readonly journey: Journey } = aLaunch(),
): Promise<boolean> => {
  let wasMet = false;
  journey.onCall((call) => {
    if (call !== k) return 'proceed';
    wasMet = true;
    return fate;
  });
  journey.put(stateChange('i-00000001'));
  await journey.untilQuiet();
  journey.onCall();
  return wasMet;
};

/** Everything the story must have come to, in words, so that a difference says what is wrong. */
export const endOf = (world: World, journey: Journey) => ({
  rules: ownRules(world, 'sg-web'),
  targets: world.targetsIn(WEB).map(({ id, port }) => `${id}:${port}`),
  reports: shown(world).map(({ body }) => body.kind),
  unsettled: [...world.state.entries.values()].filter(({ status }) => status === 'intended').length,
  untold: [...world.state.entries.values()].filter(({ telling }) => telling !== 'closed').length,
  owned: [...world.state.ownership.keys()].sort(),
  leases: [...world.state.heldLeases.keys()],
  watching: [...world.state.chains.values()].filter(({ hasEnded }) => !hasEnded).length,
  givenUp: journey.exhausted.length + journey.deadLetters.length,
});

export const GOOD_END: ReturnType<typeof endOf> = {
  rules: ['ingress tcp/80-80 {"kind":"security-group","groupId":"sg-alb"} prod'],
  targets: ['i-00000001:80'],
  reports: ['targets-in-service'],
  unsettled: 0,
  untold: 0,
  owned: ['rule|sg-web|ingress|tcp|80|sg-alb', 'rule|sg-web|sgr-made1', `target|${WEB}|i-00000001:80`],
  leases: [],
  watching: 0,
  givenUp: 0,
};

/** More calls than the journey ever makes, so that a fault that is always met can't run for ever. */
const MOST_CALLS = 500;

/** Runs the journey with the fault at the first call, the second, and so on until there is none left to meet. */
export const atEveryCall = async (
  fate: Fate,
  judge: (at: { readonly k: number; readonly world: World; readonly journey: Journey }) => Promise<void> | void,
): Promise<number> => {
  for (let k = 1; k <= MOST_CALLS; k += 1) {
    const { world, journey } = aLaunch();
    if (!(await runWithFault(k, fate, { journey }))) return k - 1;
    await judge({ k, world, journey });
  }
  throw new Error(`more than ${MOST_CALLS} calls`);
};

/** Name of the k-th call of the undisturbed journey. */
export const callsOfTheJourney = async (): Promise<readonly string[]> => {
  const { world, journey } = aLaunch();
  await runWithFault(0, 'proceed', { journey });
  return world.calls.map(({ name }) => name);
};
