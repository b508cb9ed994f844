import type { AlarmReportBody, AlarmsChanged, AlarmsOffered } from '../domain/alarms/report.ts';
import type { Severity } from '../domain/finding.ts';
import type { AlarmCatalogue } from './catalogue/alarms.ts';

const GROUPS_SHOWN = 5;
const REFUSALS_SHOWN = 3;

const offered = (body: AlarmsOffered, { offered: said }: AlarmCatalogue) => {
  const shown = body.targetGroups.slice(0, GROUPS_SHOWN);
  return {
    emoji: 'grey_question',
    headline: () => said.headline(body),
    lines: [said.groups(shown, body.count - shown.length), said.why(body), said.next(body)],
    ids: [],
    hurtsVisitors: false,
  };
};

const changed = (body: AlarmsChanged, severity: Severity, { changed: said }: AlarmCatalogue) => {
  const shown = body.notMade.slice(0, REFUSALS_SHOWN);
  return {
    emoji: severity === 'warning' ? 'warning' : 'white_check_mark',
    headline: (nameLimit: number) => said.headline(body, nameLimit),
    lines: [
      said.created(body),
      said.removed(body),
      said.notMade(shown, body.notMadeCount - shown.length),
      said.next(body),
    ].filter((line) => line.length > 0),
    ids: [],
    hurtsVisitors: false,
  };
};

/** Alarms that are offered, made and taken away, in the words of one language. */
export const composeAlarms = (body: AlarmReportBody, severity: Severity, catalogue: AlarmCatalogue) =>
  body.kind === 'alarms-offered' ? offered(body, catalogue) : changed(body, severity, catalogue);
