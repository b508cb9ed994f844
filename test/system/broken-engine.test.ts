import { EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { HopName } from '../../domain/network/model.ts';
import { brokenName } from '../support/broken-engine/breakages.ts';
import { bundleWithBrokenEngine } from '../support/broken-engine/bundle.ts';
import type { DeployedService } from '../support/deployed-service.ts';
import { startDeployedService } from '../support/deployed-service.ts';
import type { Played } from '../support/hop-scenarios.ts';
import { HOP_SCENARIOS, play } from '../support/hop-scenarios.ts';
import { REGION } from '../support/template.ts';

jest.setTimeout(120_000);

const HOPS = Object.keys(HOP_SCENARIOS) as readonly HopName[];

let usher: DeployedService;
let ec2: EC2Client;

/** The service as deployed, but for two functions whose engine can break a hop. */
beforeAll(async () => {
  usher = await startDeployedService();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ec2 = new EC2Client({ endpoint: usher.proxy.url, region: REGION, credentials });
  for (const name of ['register-targets', 'watch-targets'])
    await usher.replaceCode(name, await bundleWithBrokenEngine(name, usher.python));
}, 240_000);

afterAll(async () => {
  ec2?.destroy();
  await usher?.stop();
});

/**
 * Each scenario is played twice at once, in front of the same deployed service: at one site the engine is sound, at the
 * other it is broken in that one hop. What the sound one tells must not be what the broken one tells: then a hop that
 * decides wrongly turns this red.
 */
describe('What each hop of the path decides', () => {
  const played = new Map<HopName, Promise<readonly [sound: Played, broken: Played]>>();

  beforeAll(() => {
    for (const hop of HOPS) {
      const at = (name: string) => play(usher, ec2, HOP_SCENARIOS[hop], name);
      played.set(hop, Promise.all([at(hop), at(brokenName(hop))]));
    }
  });

  test.each(HOPS)('%s: is told as it is, and is not by an engine in which it is broken', async (hop) => {
    const [sound, broken] = (await played.get(hop)) ?? [];

    expect(sound).toMatchObject({ isAsItShouldBe: true });
    expect(broken).toMatchObject({ isAsItShouldBe: false });
  });
});
