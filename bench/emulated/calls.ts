import type { Bench, Figure } from '../figure.ts';
import { atMost } from '../figure.ts';
import { burst } from './burst.ts';
import { describeCounts, mostOf, readsOf, writesOf } from './counts.ts';
import { lambdaContext, launchBatch } from './launch-events.ts';
import type { RecordedCall } from './recorder.ts';
import type { Site, SiteSize } from './site.ts';
import { makeSite } from './site.ts';
import type { EmulatedStage } from './stage.ts';
import { startEmulatedStage } from './stage.ts';

/** The calls of one invocation with these launches. */
const callsOf = async (stage: EmulatedStage, ids: readonly string[]): Promise<readonly RecordedCall[]> => {
  stage.forgetCalls();
  const answer = await stage.handler(launchBatch(ids, stage.emulators.accountId), lambdaContext());
  if (answer.batchItemFailures.length > 0) throw new Error(`${answer.batchItemFailures.length} messages came back`);
  return stage.calls();
};

const expectRegistered = async (site: Site, wanted: number): Promise<void> => {
  const found = await site.registered();
  if (found !== wanted) throw new Error(`${found} of ${wanted} targets are registered`);
};

/** A launch whose rules and registrations are there already: what it costs to see that nothing is to be done. */
const oneLaunch = async (stage: EmulatedStage, targetGroups: number, cidr: string): Promise<readonly Figure[]> => {
  const site = await makeSite(stage.emulators.motoUrl, {
    name: `one-${targetGroups}`,
    cidr,
    targetGroups,
    securityGroups: 1,
  });
  const ids = await site.launch(1);
  await callsOf(stage, ids);
  await expectRegistered(site, targetGroups);
  const made = await callsOf(stage, ids);
  site.close();
  const what = `one launch, ${targetGroups} ALB group${targetGroups === 1 ? '' : 's'} already right`;
  return [
    atMost(what, 7 + targetGroups, readsOf(made).length, 'reads'),
    atMost(what, 0, writesOf(made).length, 'writes'),
    { what: `${what}, all calls`, reach: '', measured: describeCounts(made), isReached: undefined },
  ];
};

/** Launches in one batch, each into all of the groups, none of their paths open. */
const manyLaunches = async (
  stage: EmulatedStage,
  size: Omit<SiteSize, 'isSpread'> & { readonly launches: number },
): Promise<readonly Figure[]> => {
  const { launches, targetGroups, securityGroups, isOneBalancer } = size;
  const site = await makeSite(stage.emulators.motoUrl, size);
  const ids = await site.launch(launches);
  const made = await callsOf(stage, ids);
  const registrations = made.filter(({ action }) => action === 'RegisterTargets');
  const rules = made.filter(({ action }) => action.startsWith('Authorize'));
  await expectRegistered(site, launches * targetGroups);
  site.close();
  const balancers = isOneBalancer ? 'of one ALB' : 'of an ALB each';
  const what = `${launches} launches, ${targetGroups} groups ${balancers}, ${securityGroups} security groups`;
  return [
    atMost(what, Math.ceil(launches / 200) + 6 + 2 * targetGroups, readsOf(made).length, 'reads'),
    atMost(
      what,
      Math.ceil(launches / 100),
      mostOf(registrations, ({ parameters }) => parameters.get('TargetGroupArn') ?? ''),
      'registrations a group',
    ),
    atMost(
      what,
      1,
      mostOf(rules, ({ action, parameters }) => `${action} ${parameters.get('GroupId')}`),
      'writes a security group and direction',
    ),
    { what: `${what}, all calls`, reach: '', measured: describeCounts(made), isReached: undefined },
  ];
};

/** Calls of AWS, counted on their way to the emulators. */
export const calls = async ({ root, say }: Bench): Promise<readonly Figure[]> => {
  const stage = await startEmulatedStage(root, say);
  const print = console.log;
  console.log = () => undefined; // the functions' own log lines
  try {
    const figures: Figure[] = [];
    for (const [index, groups] of [1, 10].entries()) {
      say(`one launch into ${groups} groups`);
      figures.push(...(await oneLaunch(stage, groups, `10.${index + 1}`)));
    }
    say('250 and 150 launches in one batch');
    const groups = { targetGroups: 3, securityGroups: 4 };
    const [oneAlb, albs] = [
      { name: 'many', cidr: '10.3', launches: 250 },
      { name: 'albs', cidr: '10.5', launches: 150 },
    ];
    figures.push(...(await manyLaunches(stage, { ...oneAlb, ...groups, isOneBalancer: true })));
    figures.push(...(await manyLaunches(stage, { ...albs, ...groups })));
    figures.push(...(await burst(stage, say)));
    return figures;
  } finally {
    await stage.stop();
    console.log = print;
  }
};
