import type { Finding } from '../../../domain/finding.ts';
import type { Instance } from '../../../domain/instance.ts';
import type { SeatingOutcome } from '../../../stories/seat-instances/story.ts';
import { seatInstances } from '../../../stories/seat-instances/story.ts';
import type { World } from '../../support/world/world.ts';
import { shown } from '../journey.ts';

/** Seats instances as the event of each would have it. */
export const seat = (world: World, ...instanceIds: readonly string[]): Promise<SeatingOutcome> =>
  seatInstances(world.ports)(
    instanceIds.map((instanceId) => ({ instanceId, attempt: 0, firstSeenAt: world.clock.now() })),
  );

/** Targets of a group as `id:port`. */
export const targetsOf = (world: World, targetGroupArn: string): readonly string[] =>
  world.targetsIn(targetGroupArn).map(({ id, port }) => `${id}:${port}`);

/** Reasons said of those that were not registered, by name. */
export const notRegistered = (world: World): readonly (readonly [string, readonly Finding[]])[] =>
  shown(world).flatMap(({ body }) =>
    body.kind === 'targets-not-registered' ? body.targets.map(({ name, findings }) => [name, findings] as const) : [],
  );

/** Findings about tags that were said, by the name of what carries them. */
export const configuration = (world: World): readonly (readonly [string, readonly Finding[]])[] =>
  shown(world).flatMap(({ body }) =>
    body.kind === 'configuration-findings' ? [[body.subject.name, body.findings] as const] : [],
  );

/** Obstacles that the ledger keeps with each registration, by target. */
export const obstacles = (world: World): readonly (readonly [string, readonly string[]])[] =>
  [...world.state.entries.values()].flatMap(({ change, matter }) =>
    change.kind === 'register-target'
      ? [[matter.targets[0]?.key ?? '', matter.findings.map(({ reason }) => reason)] as const]
      : [],
  );

/** Names of the calls that changed AWS. */
export const writes = (world: World): readonly string[] => world.writes().map(({ name }) => name);

/** A person stops the instance and starts it again. */
export const startAgain = (world: World, instance: Instance): void => {
  world.putInstances({ ...instance, launchedAt: world.clock.now() });
};
