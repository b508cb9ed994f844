import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalStage } from '../../local/stage.ts';
import { startLocalStage } from '../../local/stage.ts';
import type { SmallWorld } from '../../local/world/small-world.ts';
import { makeSmallWorld } from '../../local/world/small-world.ts';
import type { Bench, Figure } from '../figure.ts';
import { median } from '../figure.ts';
import { REGION } from './stage.ts';

const ALARMS = 5;
const PATIENCE_MILLISECONDS = 60_000;

const untilTrue = async (what: string, look: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`not within 60 s: ${what}`);
    await sleep(20);
  }
};

/** A site whose one target refuses its health checks; each has a story of its own. */
const anIllSite = async (stage: LocalStage, name: string): Promise<SmallWorld> => {
  const world = await makeSmallWorld(stage.emulators.proxyUrl, REGION, { name });
  const instanceId = await world.launch(`${name}-1`);
  await untilTrue(`${name} is in service`, async () => (await world.healthOf(instanceId)) === 'healthy');
  stage.proxy.instances.set(instanceId, 'refuses');
  await untilTrue(`${name} is unhealthy`, async () => (await world.healthOf(instanceId)) === 'unhealthy');
  return world;
};

const alarmOn = (alarmName: string, { targetGroupArn }: SmallWorld) => {
  const timestamp = new Date().toISOString().replace('Z', '+0000');
  const dimensions = { TargetGroup: targetGroupArn.split(':').at(-1) ?? '' };
  const metric = { namespace: 'AWS/ApplicationELB', name: 'UnHealthyHostCount', dimensions };
  return {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    resources: [],
    detail: {
      alarmName,
      configuration: { metrics: [{ id: 'm1', metricStat: { metric, period: 60, stat: 'Minimum' }, returnData: true }] },
      previousState: { value: 'OK', timestamp },
      state: { value: 'ALARM', timestamp, reasonData: '{}' },
    },
  };
};

/** Milliseconds from the event until its message is in Slack's stand-in. */
const timeAlarm = async (stage: LocalStage, name: string): Promise<number> => {
  const world = await anIllSite(stage, name);
  const alarmName = `${name}-unhealthy`;
  const event = alarmOn(alarmName, world);
  const sentAt = performance.now();
  await stage.send(event);
  await stage.slack.nextMessage({
    matching: (message) => JSON.stringify(message).includes(alarmName),
    timeoutMilliseconds: PATIENCE_MILLISECONDS,
  });
  const time = performance.now() - sentAt;
  world.close();
  return time;
};

/** From an alarm's event to its explained message, through the deployed stack on the emulators, warm; printed, not held to a limit. */
export const alarmToMessage = async ({ root, say }: Bench): Promise<readonly Figure[]> => {
  const stage = await startLocalStage({ root, region: REGION, onProgress: say });
  try {
    const times: number[] = [];
    for (let index = 0; index <= ALARMS; index += 1) {
      const time = await timeAlarm(stage, `site${index}`);
      if (index > 0) times.push(time); // the first starts the functions
    }
    const [typical, longest] = [Math.round(median(times)), Math.round(Math.max(...times))];
    return [
      {
        what: 'alarm event to explained message, warm',
        reach: '2,000 ms, not asserted',
        measured: `${typical} ms (longest of ${ALARMS}: ${longest} ms)`,
        isReached: undefined,
      },
    ];
  } finally {
    await stage.stop();
  }
};
