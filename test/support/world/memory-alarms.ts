import type { AlarmFleetReader, AlarmWriter } from '../../../aws/cloudwatch/port.ts';
import type { AlarmLedger } from '../../../aws/state/alarms-port.ts';
import type { AlarmDefinition, StandingAlarm } from '../../../domain/alarms/definition.ts';
import type { AlarmRecord } from '../../../domain/alarms/record.ts';
import { compareText } from '../../../domain/difference.ts';
import type { Tags } from '../../../domain/tags.ts';

/** The same as the table keeps (held to by `contracts/alarms-contract.ts`). */
export const aMemoryOfAlarms = (): AlarmLedger => {
  const records = new Map<string, AlarmRecord>();
  return {
    list: async () =>
      structuredClone([...records.values()].sort((a, b) => compareText(a.targetGroup.id, b.targetGroup.id))),
    write: async (keep, forget = []) => {
      for (const record of keep) records.set(record.targetGroup.id, structuredClone(record));
      for (const arn of forget) records.delete(arn);
    },
  };
};

/** A plain alarm as CloudWatch lists it. */
export const plainAlarm = (name: string, definition: AlarmDefinition, hasActions = false): StandingAlarm => ({
  name,
  series: [
    {
      namespace: definition.namespace,
      name: definition.metric,
      dimensions: definition.dimensions,
      statistic: definition.statistic,
      periodSeconds: definition.periodSeconds,
    },
  ],
  expressions: [],
  definition,
  hasActions,
});

/** CloudWatch in memory (held to the same contract as the emulator's by `contracts/alarms-contract.ts`). */
export interface MemoryCloudWatch extends AlarmFleetReader, AlarmWriter {
  readonly alarms: Map<string, StandingAlarm>;
  /** Tags of alarms, as they were made with. */
  readonly tags: Map<string, Tags>;
  /** Series of Gateway groups, by the group's dimension. */
  readonly gateways: Map<string, string>;
}

export const aMemoryCloudWatch = (): MemoryCloudWatch => {
  const alarms = new Map<string, StandingAlarm>();
  const tags = new Map<string, Tags>();
  const gateways = new Map<string, string>();
  return {
    alarms,
    tags,
    gateways,
    readEveryMetricAlarm: async () => [...alarms.values()].sort((a, b) => compareText(a.name, b.name)),
    readGatewaySpelling: async () => new Map(gateways),
    putAlarm: async (name, _description, definition, given) => {
      if (!alarms.has(name)) tags.set(name, given);
      alarms.set(name, plainAlarm(name, definition));
    },
    deleteAlarm: async (name) => {
      alarms.delete(name);
      tags.delete(name);
    },
  };
};
