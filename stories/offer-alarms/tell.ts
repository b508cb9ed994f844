import type { AlarmRecord } from '../../domain/alarms/record.ts';
import type { AlarmNotMade } from '../../domain/alarms/report.ts';
import { alarmsChangedReport } from '../../domain/alarms/reports.ts';
import { firstDestination } from '../../domain/destination.ts';
import type { AlarmPorts } from './ports.ts';

/** What an alarm is not made for, with the destination that hears of it. */
export interface Refusal extends AlarmNotMade {
  readonly destination: string;
}

const isUntold = ({ standing, isTold }: AlarmRecord): boolean =>
  standing === 'removed' || (standing === 'made' && !isTold);

/**
 * Tells what was made and taken away and not told of yet, those of a run that died included, and what is not made; one
 * message for each destination.
 * @param occasion what a refusal is told once for
 */
export const tellAlarms = async (ports: AlarmPorts, refusals: readonly Refusal[], occasion: string): Promise<void> => {
  const untold = (await ports.alarms.list()).filter(isUntold);
  const destinations = new Set([...untold, ...refusals].map(({ destination }) => destination));
  for (const destination of destinations) {
    const ours = untold.filter((record) => record.destination === destination);
    const created = ours.filter(({ standing }) => standing === 'made');
    const removed = ours.filter(({ standing }) => standing === 'removed');
    const notMade = refusals.flatMap(({ destination: to, ...refusal }) => (to === destination ? [refusal] : []));
    const changes = { created, removed, notMade };
    const known = ports.stage.destinations.includes(destination) ? destination : firstDestination(ports.stage);
    await ports.reports.publish(alarmsChangedReport(changes, occasion, known, ports.stage, ports.now()));
    await ports.alarms.write(
      created.map((record) => ({ ...record, isTold: true })),
      removed.map(({ targetGroup }) => targetGroup.id),
    );
  }
};
