import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CLIENT_SETTINGS } from '../../../aws/client-settings.ts';
import { alarmFleetReader } from '../../../aws/cloudwatch/fleet-reader.ts';
import { alarmWriter } from '../../../aws/cloudwatch/writer.ts';
import { alarmDescription, alarmNameFor, desiredAlarm, hostSeriesOf } from '../../../domain/alarms/desired.ts';
import { startMoto } from '../../../local/emulators/moto.ts';
import { preparePython } from '../../../local/emulators/python.ts';
import type { Emulator } from '../../../local/emulators/server-process.ts';
import { cloudWatchContract } from '../../support/contracts/alarms-contract.ts';
import { aStage, aTargetGroup } from '../../support/world/builders.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

let moto: Emulator | undefined;
let client: CloudWatchClient | undefined;
let folder: string | undefined;

beforeAll(async () => {
  const python = await preparePython({ root: ROOT });
  folder = await mkdtemp(join(ROOT, '.local', `run-${process.pid}-`));
  moto = await startMoto({ python, root: ROOT, folder });
  client = new CloudWatchClient({
    ...CLIENT_SETTINGS,
    endpoint: moto.url,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}, 300_000);

afterAll(async () => {
  client?.destroy();
  await moto?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const cloudWatch = () => {
  if (client === undefined) throw new Error('moto is started before the tests');
  return { client, ...alarmFleetReader(client), ...alarmWriter(client) };
};

cloudWatchContract(async () => cloudWatch());

test('Given the alarm that a group should have, when it is made by the real SDK, then it is read back with its words, tag and no actions', async () => {
  const { client: sdk, putAlarm, readEveryMetricAlarm, deleteAlarm } = cloudWatch();
  const [group, stage] = [aTargetGroup(), aStage()];
  const series = hostSeriesOf(group, new Map());
  if (typeof series === 'string') throw new Error(series);
  const name = alarmNameFor(group, stage);
  await putAlarm(name, alarmDescription(group, stage), desiredAlarm(series), { 'usher:owner': 'prod' });
  expect((await readEveryMetricAlarm()).map(({ definition }) => definition)).toEqual([desiredAlarm(series)]);
  const { MetricAlarms = [] } = await sdk.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  expect(MetricAlarms).toMatchObject([
    { AlarmDescription: alarmDescription(group, stage), AlarmActions: [], OKActions: [], InsufficientDataActions: [] },
  ]);
  const ResourceARN = MetricAlarms[0]?.AlarmArn ?? '';
  const { Tags } = await sdk.send(new ListTagsForResourceCommand({ ResourceARN }));
  expect(Tags).toEqual([{ Key: 'usher:owner', Value: 'prod' }]);
  await deleteAlarm(name);
  expect(await readEveryMetricAlarm()).toEqual([]);
});
