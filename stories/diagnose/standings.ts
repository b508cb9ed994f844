import type { Standing } from '../../domain/diagnosis/incident.ts';
import { valueRead } from '../../domain/network/hop.ts';
import type { DiagnosisPorts } from './ports.ts';
import { readingOf } from './reading.ts';

/** How alarms stand in CloudWatch now, by name: what it does not show is gone. None where it could not be asked. */
export const readStandings = async (
  { alarms, log }: Pick<DiagnosisPorts, 'alarms' | 'log'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, Standing>> => {
  if (names.length === 0) return new Map();
  const shown = await readingOf(() => alarms.readAlarms(names));
  if (shown.kind === 'unreadable') log({ event: 'alarms-not-read', because: shown.why });
  const all = valueRead(shown);
  return new Map(all && names.map((name) => [name, all.find((alarm) => alarm.name === name) ?? ('gone' as const)]));
};
