import { isClosing } from '../../domain/change.ts';
import { addingLine, closedRule } from '../../domain/closing/lines.ts';
import type { ClosedRule, ClosingEnded, ClosingReportBody } from '../../domain/closing/report.ts';
import type { ClosingWatch } from '../../domain/closing/watch.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { Report } from '../../domain/report.ts';
import { reportOf } from '../../domain/report-frame.ts';
import type { ClosingPorts } from './ports.ts';

/** As many as a message names. */
const FELL_SHOWN = 3;

/** What all reports about one removed rule belong to. */
const matterOf = (ruleId: string): string => `closing|${ruleId}`;

const framed = (
  { stage, now }: Pick<ClosingPorts, 'stage' | 'now'>,
  about: { readonly destination: string; readonly severity: Report['severity']; readonly ruleId: string },
  body: ClosingReportBody,
): Report =>
  reportOf(
    stage,
    {
      destination: about.destination,
      severity: about.severity,
      matter: matterOf(about.ruleId),
      identity: `${body.kind}|${about.ruleId}|${body.kind === 'closing-ended' ? body.how : ''}`,
    },
    body,
    now(),
  );

const removedRule = ({ change, matter }: LedgerEntry): ClosedRule | undefined =>
  change.kind === 'revoke-rule' && change.rule !== undefined
    ? closedRule(change.rule, matter.securityGroup ?? { id: change.groupId, name: change.groupId })
    : undefined;

/** How the end of a watch is told. */
const SEVERITY: Readonly<Record<ClosingEnded['how'], Report['severity']>> = {
  stands: 'information',
  unclear: 'warning',
  'put-back': 'critical',
  'not-put-back': 'critical',
  'not-removed': 'warning',
};

/** Tells what came of a removal. */
export const tellEnded = (
  ports: ClosingPorts,
  watch: ClosingWatch,
  ending: Pick<ClosingEnded, 'how' | 'groups'> & { readonly fell: readonly string[]; readonly code?: string },
): Promise<void> => {
  const needsLine = ending.how === 'unclear' || ending.how === 'not-put-back';
  const body: ClosingEnded = {
    kind: 'closing-ended',
    how: ending.how,
    rule: closedRule(watch.rule, watch.securityGroup),
    groups: ending.groups,
    fell: ending.fell.slice(0, FELL_SHOWN),
    fellCount: ending.fell.length,
    ...(ending.code === undefined ? {} : { code: ending.code }),
    ...(needsLine ? { line: addingLine(watch.rule, ports.stage.region) } : {}),
  };
  const about = { destination: watch.destination, severity: SEVERITY[ending.how], ruleId: watch.rule.ruleId };
  return ports.reports.publish(framed(ports, about, body));
};

const tellRemoved = async (ports: ClosingPorts, entry: LedgerEntry): Promise<void> => {
  const { change, matter, status, failure } = entry;
  const rule = removedRule(entry);
  // Who said yes is answered.
  if (rule === undefined || (change.kind === 'revoke-rule' && change.planId !== undefined)) return;
  const about = { destination: matter.destination, ruleId: rule.ruleId } as const;
  if (status === 'applied') {
    const body = { kind: 'rules-closed', rules: [rule], targetGroup: matter.targetGroup } as const;
    await ports.reports.publish(framed(ports, { ...about, severity: 'information' }, body));
  } else if (status === 'failed') {
    const body: ClosingEnded = {
      kind: 'closing-ended',
      how: 'not-removed',
      rule,
      groups: [matter.targetGroup],
      fell: [],
      fellCount: 0,
      ...(failure === undefined ? {} : { code: failure.code }),
    };
    await ports.reports.publish(framed(ports, { ...about, severity: 'warning' }, body));
  }
};

const tellPutBack = async (ports: ClosingPorts, { change, status, failure }: LedgerEntry): Promise<void> => {
  if (change.kind !== 'authorize-rule' || change.restores === undefined) return;
  const found = await ports.closings.find(change.restores);
  if (found === undefined) return;
  const { watch } = found;
  const groups = watch.groups.map(({ targetGroup }) => targetGroup);
  const fell = watch.putBack?.fell ?? [];
  const how = status === 'failed' ? 'not-put-back' : 'put-back';
  await tellEnded(ports, watch, { how, groups, fell, ...(failure === undefined ? {} : { code: failure.code }) });
};

/** Tells of removals and of what was put back, from the ledger, those of runs that died included. */
export const tellClosings = async (ports: ClosingPorts): Promise<void> => {
  const untold = (await ports.ledger.listOpen()).filter(
    ({ change, status, telling }) => isClosing(change) && status !== 'intended' && telling !== 'closed',
  );
  for (const entry of untold) {
    if (entry.change.kind === 'revoke-rule') await tellRemoved(ports, entry);
    else await tellPutBack(ports, entry);
    await ports.ledger.tell([entry], 'closed');
  }
};
