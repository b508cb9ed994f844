import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Verdict } from '../../domain/network/model.ts';
import { disagreement, disagreementText } from './agreement.ts';
import type { Connection } from './connections.ts';
import { awaitStage, tryPaths } from './connections.ts';
import { judgePath } from './engine.ts';
import { LITERAL_WORLDS } from './literal-worlds.ts';
import type { Stage } from './namespaces.ts';
import { setStage } from './namespaces.ts';
import { anyWorld } from './random-worlds.ts';
import type { World } from './world.ts';

/** Long enough for a connection that works; a machine that is busy is asked again, with patience. */
const TIMEOUT_MILLISECONDS = 120;
const PATIENT_TIMEOUT_MILLISECONDS = 3_000;

const VERDICTS: readonly Verdict[] = ['passes', 'blocked', 'unknown'];
const WORLDS = Number(process.env['USHER_KERNEL_WORLDS'] ?? 300);
const SEED = Number(process.env['USHER_KERNEL_SEED'] ?? Date.now() % 2 ** 31);

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await awaitStage(stage);
}, 60_000);
afterAll(() => stage?.close());

type Tried = readonly (readonly Connection[])[];

const disagreementsIn = (world: World, tried: Tried): readonly string[] =>
  world.paths.flatMap((path, index) => {
    const judgement = judgePath(world, path);
    const connections = tried[index] ?? [];
    const why = disagreement(world, path, judgement, connections);
    return why === undefined ? [] : [disagreementText(why, world, path, judgement, connections)];
  });

/** What comes of a world; silence that is not liked is listened to once more, longer. */
const tryUntil = async (world: World, isLiked: (tried: Tried) => boolean): Promise<Tried> => {
  const hasty = await tryPaths(world, stage, TIMEOUT_MILLISECONDS);
  return isLiked(hasty) ? hasty : await tryPaths(world, stage, PATIENT_TIMEOUT_MILLISECONDS);
};

const howMany = (connections: readonly Connection[]): 'all' | 'some' | 'none' => {
  const working = connections.filter(({ works }) => works).length;
  if (working === 0) return 'none';
  return working === connections.length ? 'all' : 'some';
};

test('what renders and what connects knows nothing of the engine', () => {
  const files = ['connections.ts', 'host.ts', 'layout.ts', 'namespaces.ts', 'nftables.ts', 'world.ts'];
  const knowing = files.filter((file) => readFileSync(join(import.meta.dirname, file), 'utf8').includes('/domain/'));
  expect(knowing).toEqual([]);
});

describe('what AWS’s documents say holds in the kernel and in the engine', () => {
  test.each(LITERAL_WORLDS.map((world) => [world.title, world] as const))(
    '%s',
    async (_, world) => {
      const said = world.said.map(({ work }) => work);
      const tried = await tryUntil(world, (seen) => seen.every((connections, at) => howMany(connections) === said[at]));
      expect(tried.map(howMany)).toEqual(said);
      expect(world.paths.map((path) => judgePath(world, path).verdict)).toEqual(
        world.said.map(({ verdict }) => verdict),
      );
      expect(disagreementsIn(world, tried)).toEqual([]);
    },
    20_000,
  );
});

test(`of ${WORLDS} random worlds the engine says what the kernel does`, async () => {
  const counted: Verdict[] = [];
  const started = performance.now();
  const agrees = fc.asyncProperty(anyWorld, async (world) => {
    for (const path of world.paths) counted.push(judgePath(world, path).verdict);
    const found = disagreementsIn(world, await tryUntil(world, (tried) => disagreementsIn(world, tried).length === 0));
    if (found.length > 0) throw new Error(found[0]);
  });
  const { failed, counterexamplePath, errorInstance } = await fc.check(agrees, { numRuns: WORLDS, seed: SEED });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const shares = VERDICTS.map((verdict) => ({
    verdict,
    percent: Math.round((100 * counted.filter((each) => each === verdict).length) / counted.length),
  }));
  const sharesText = shares.map(({ verdict, percent }) => `${percent} % ${verdict}`).join(', ');
  process.stdout.write(
    `${WORLDS} random worlds in ${seconds} s, seed ${SEED}: ${counted.length} paths, ${sharesText}\n`,
  );
  if (failed) {
    const again = `USHER_KERNEL_SEED=${SEED} USHER_KERNEL_WORLDS=${WORLDS}`;
    const said = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    throw new Error(`${said}\nAgain with ${again} (found at ${counterexamplePath})`);
  }
  // Worlds that are all open or all shut would agree with anything; a handful may happen to be.
  if (WORLDS >= 100) expect(shares.filter(({ percent }) => percent < 1)).toEqual([]);
}, 3_600_000);
