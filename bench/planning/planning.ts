import { changeKey } from '../../domain/change.ts';
import { REPAIR_DEFAULTS } from '../../domain/network/draft.ts';
import { judge } from '../../domain/network/judge.ts';
import { repair } from '../../domain/network/repair.ts';
import { requiredFlows } from '../../domain/network/required-flows.ts';
import { permit } from '../../domain/permit.ts';
import { registrationMatter, seatsByKey } from '../../domain/seating/matter.ts';
import { placementsFor } from '../../domain/seating/placements.ts';
import { planSeating } from '../../domain/seating/plan.ts';
import { seatsFor } from '../../domain/seating/seats.ts';
import type { Bench, Figure } from '../figure.ts';
import type { BigSite } from './site.ts';
import { bigSite, GROUPS, NOW } from './site.ts';

const SIZES = [1_000, 2_000, 5_000, 10_000, 20_000] as const;
const ROUNDS = 5;
const STEPS = ['placementsFor', 'seatsFor', 'planSeating', 'judge and repair', 'permit', 'what to say'] as const;
type Step = (typeof STEPS)[number];

/** Plans a whole site as the stories do, and says how many milliseconds of processor time each step took. */
const plan = (site: BigSite): Readonly<Record<Step, number>> => {
  const times = new Map<Step, number>();
  const timed = <T>(step: Step, work: () => T): T => {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    times.set(step, (user + system) / 1000);
    return result;
  };
  const { placements } = timed('placementsFor', () => placementsFor(site.instances, site.tagged));
  const { seats } = timed('seatsFor', () => seatsFor(placements, site.facts));
  const { registrations } = timed('planSeating', () => planSeating(seats, site.members, NOW));
  const { rules } = timed('judge and repair', () => {
    const judgements = seats.flatMap(({ seat }) => requiredFlows(seat)).map((flow) => judge(flow, site.network));
    const members = new Map([...site.members].map(([arn, all]) => [arn, new Set(all.map(({ target }) => target.id))]));
    return repair(judgements, site.network, { ...REPAIR_DEFAULTS, members });
  });
  const { permitted } = timed('permit', () =>
    permit(registrations, {
      stage: site.stage,
      targetGroupTags: new Map(seats.map(({ seat }) => [seat.targetGroup.arn, seat.targetGroup.tags])),
      instanceTags: new Map(seats.map(({ instance }) => [instance.instanceId, instance.tags])),
      securityGroups: site.network.securityGroups,
      ruleTags: new Map(),
      heldKeys: new Set(),
    }),
  );
  timed('what to say', () => {
    const byKey = seatsByKey(seats);
    for (const change of permitted)
      if (change.kind === 'register-target') registrationMatter(change, byKey, [], site.stage);
  });
  const half = site.instances.length / 2;
  if (new Set(permitted.map(changeKey)).size !== half) throw new Error(`${permitted.length} of ${half} registrations`);
  if (rules.length !== 2 * GROUPS) throw new Error(`${rules.length} of ${2 * GROUPS} rules`);
  return {
    placementsFor: times.get('placementsFor') ?? 0,
    seatsFor: times.get('seatsFor') ?? 0,
    planSeating: times.get('planSeating') ?? 0,
    'judge and repair': times.get('judge and repair') ?? 0,
    permit: times.get('permit') ?? 0,
    'what to say': times.get('what to say') ?? 0,
  };
};

/** Slope of the straight line through the points of both logarithms: 1 is linear, 2 quadratic. */
export const logLogSlope = (points: readonly (readonly [x: number, y: number])[]): number => {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (at: 0 | 1): number => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
};

const round = (number: number, digits: number): number => Number(number.toFixed(digits));

/** How the processor time to plan grows from 1,000 to 20,000 targets; the best of some rounds, for the machine is shared. */
export const planning = async ({ say }: Bench): Promise<readonly Figure[]> => {
  const sites = SIZES.map(bigSite);
  for (let warm = 0; warm < 3; warm += 1) plan(bigSite(2_000));
  const best = SIZES.map(() => new Map<Step, number>());
  for (let rounds = 0; rounds < ROUNDS; rounds += 1) {
    for (const [index, site] of sites.entries()) {
      const times = plan(site);
      for (const step of STEPS) best[index]?.set(step, Math.min(times[step], best[index].get(step) ?? Infinity));
    }
    say(`${rounds + 1} of ${ROUNDS} rounds`);
  }
  const timesOf = (step: Step) => SIZES.map((size, index) => [size, best[index]?.get(step) ?? 0] as const);
  const whole = SIZES.map(
    (size, index) => [size, STEPS.reduce((sum, step) => sum + (best[index]?.get(step) ?? 0), 0)] as const,
  );
  const figure = (what: string, points: readonly (readonly [number, number])[], limited: boolean): Figure => {
    const slope = round(logLogSlope(points), 2);
    const [first, last] = [points[0]?.[1] ?? 0, points.at(-1)?.[1] ?? 0];
    return {
      what: `planning 1,000 to 20,000 targets, ${what}`,
      reach: limited ? 'log-log slope ≤ 1.1' : '',
      measured: `${slope} (${round(first, 1)} to ${round(last, 1)} ms)`,
      isReached: limited ? slope <= 1.1 : undefined,
    };
  };
  return [...STEPS.map((step) => figure(step, timesOf(step), false)), figure('whole', whole, true)];
};
