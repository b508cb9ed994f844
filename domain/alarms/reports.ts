import { compareText } from '../difference.ts';
import type { Report } from '../report.ts';
import { reportOf } from '../report-frame.ts';
import type { Stage } from '../stage.ts';
import { ALARM_MONTHLY_PRICE } from './desired.ts';
import type { AlarmRecord } from './record.ts';
import type { AlarmNotMade } from './report.ts';

/** Groups that a report names; the others are counted. */
const GROUPS_KEPT = 20;

const identityOf = (records: readonly AlarmRecord[]): string =>
  records
    .map(({ targetGroup, standing, since }) => `${targetGroup.id}|${standing}|${since}`)
    .sort(compareText)
    .join('|');

/** Groups that are offered an alarm together: one report, however often it is made, until one of them stands so anew. */
export const alarmsOfferedReport = (
  offered: readonly { readonly record: AlarmRecord; readonly isHeld: boolean }[],
  onlyReports: boolean,
  destination: string,
  stage: Stage,
  now: Date,
): Report =>
  reportOf(
    stage,
    {
      destination,
      matter: 'alarms-offered',
      severity: 'information',
      identity: identityOf(offered.map(({ record }) => record)),
    },
    {
      kind: 'alarms-offered',
      targetGroups: offered.slice(0, GROUPS_KEPT).map(({ record }) => record.targetGroup),
      count: offered.length,
      deleted: offered.filter(({ isHeld }) => isHeld).length,
      onlyReports,
      monthlyPrice: ALARM_MONTHLY_PRICE,
    },
    now,
  );

/** What came of alarms at one destination. */
export interface AlarmChanges {
  readonly created: readonly AlarmRecord[];
  readonly removed: readonly AlarmRecord[];
  readonly notMade: readonly AlarmNotMade[];
}

/** @param occasion what a refusal is told once for: the order, or the day */
export const alarmsChangedReport = (
  { created, removed, notMade }: AlarmChanges,
  occasion: string,
  destination: string,
  stage: Stage,
  now: Date,
): Report =>
  reportOf(
    stage,
    {
      destination,
      matter: 'alarms-changed',
      severity: notMade.length > 0 ? 'warning' : 'information',
      identity: [
        identityOf([...created, ...removed]),
        notMade.length === 0 ? '' : occasion,
        ...notMade.map(({ targetGroup, because, code = '' }) => `${targetGroup.id}|${because}|${code}`),
      ].join('||'),
    },
    {
      kind: 'alarms-changed',
      created: created.slice(0, GROUPS_KEPT).map(({ targetGroup }) => targetGroup),
      createdCount: created.length,
      removed: removed.slice(0, GROUPS_KEPT).map(({ targetGroup }) => targetGroup),
      removedCount: removed.length,
      notMade: notMade.slice(0, GROUPS_KEPT),
      notMadeCount: notMade.length,
      monthlyPrice: ALARM_MONTHLY_PRICE,
    },
    now,
  );
