import { expect, test } from '@jest/globals';
import type { LoadBalancingReader, LoadBalancingWriter } from '../../../aws/elastic-load-balancing/port.ts';
import type { Target } from '../../../domain/target.ts';
import { targetKey } from '../../../domain/target.ts';

/** A place for targets, with nobody in it yet. */
export interface BalancingPlace {
  readonly loadBalancing: LoadBalancingReader & LoadBalancingWriter;
  readonly arn: string;
  /** The ARN of a place of the same kind that is gone. */
  readonly goneArn: string;
  /** Running instances of its VPC, as its targets. */
  readonly targets: readonly [Target, Target];
  /** As a target, an instance that there isn't. */
  readonly stranger: Target;
}

/** What a place for targets keeps, whatever it is behind: the reader and writer of one are the other's. */
export const balancingContract = (makePlace: () => Promise<BalancingPlace>): void => {
  /** Who is in it and not leaving. */
  const membersOf = async ({ loadBalancing, arn }: BalancingPlace): Promise<readonly string[]> =>
    ((await loadBalancing.readTargetHealth(arn)) ?? [])
      .filter(({ state }) => state !== 'draining')
      .map(({ target }) => targetKey(target))
      .sort();

  test('Given nobody in it, when targets are registered, once and again, then they are in it by their own keys', async () => {
    const place = await makePlace();
    expect(await place.loadBalancing.readTargetHealth(place.arn)).toEqual([]);
    for (const targets of [place.targets, place.targets.slice(0, 1)])
      expect(await place.loadBalancing.registerTargets(place.arn, targets)).toEqual({
        registered: targets,
        refused: [],
      });
    expect(await membersOf(place)).toEqual(place.targets.map(targetKey).sort());
  });

  test('Given an instance that there isn’t among others, when they are registered, then the others are, and it is refused with AWS’s code', async () => {
    const place = await makePlace();
    const [one, other] = place.targets;
    const { registered, refused } = await place.loadBalancing.registerTargets(place.arn, [one, place.stranger, other]);
    expect(registered.map(targetKey).sort()).toEqual(place.targets.map(targetKey).sort());
    expect(refused).toEqual([
      { target: place.stranger, code: expect.stringMatching(/^[A-Z]\w+$/), message: expect.any(String) },
    ]);
    expect(await membersOf(place)).toEqual(place.targets.map(targetKey).sort());
  });

  test('Given both are in it, when one is taken out, and once more beside the other, then both are out: who is out already is none to mind', async () => {
    const place = await makePlace();
    await place.loadBalancing.registerTargets(place.arn, place.targets);
    await place.loadBalancing.deregisterTargets(place.arn, place.targets.slice(0, 1));
    expect(await membersOf(place)).toEqual([targetKey(place.targets[1])]);
    await place.loadBalancing.deregisterTargets(place.arn, place.targets);
    expect(await membersOf(place)).toEqual([]);
  });

  test('Given a place and one that is gone, when they are read, then the one is there with its balancer, and of the other nothing is', async () => {
    const { loadBalancing, arn, goneArn } = await makePlace();
    const groups = await loadBalancing.readTargetGroups(
      new Map([
        [goneArn, {}],
        [arn, { of: 'it' }],
      ]),
    );
    expect(groups).toMatchObject([{ arn, tags: { of: 'it' }, targetType: 'instance' }]);
    const balancers = await loadBalancing.readLoadBalancers(groups.flatMap(({ loadBalancerArns }) => loadBalancerArns));
    expect(balancers).toMatchObject([{ arn: groups[0]?.loadBalancerArns[0], vpcId: groups[0]?.vpcId }]);
    expect(await loadBalancing.readTargetHealth(goneArn)).toBeUndefined();
  });

  test('Given a place and one that is gone, when it is read whether their targets see clients’ addresses, then nobody knows: it is no Network Load Balancer’s', async () => {
    const { loadBalancing, arn, goneArn } = await makePlace();
    expect(await loadBalancing.readPreservation(arn)).toBeUndefined();
    expect(await loadBalancing.readPreservation(goneArn)).toBeUndefined();
  });

  test('Given a place that is gone, when somebody is registered there or taken out, then it fails and says so', async () => {
    const { loadBalancing, goneArn, targets } = await makePlace();
    await expect(loadBalancing.registerTargets(goneArn, targets)).rejects.toMatchObject({ meaning: 'not-found' });
    await expect(loadBalancing.deregisterTargets(goneArn, targets)).rejects.toMatchObject({ meaning: 'not-found' });
  });
};
