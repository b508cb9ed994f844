import { ruleShape } from '../../domain/closing/classify.ts';
import { closedRule, closingLines } from '../../domain/closing/lines.ts';
import type { Closing, ClosingPlan } from '../../domain/closing/plan.ts';
import { seatsAt } from '../../domain/closing/plan.ts';
import type { ClosingProposed, ProposedClosing } from '../../domain/closing/report.ts';
import { watchSeconds } from '../../domain/closing/watch.ts';
import { compareText } from '../../domain/difference.ts';
import type { Button } from '../../domain/report.ts';
import { reportOf, shortDigest } from '../../domain/report-frame.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import { targetKey } from '../../domain/target.ts';
import { sayingOnce } from '../sweep/say-once.ts';
import type { Observed } from './observe.ts';
import type { ClosingPorts } from './ports.ts';
import { destinationOf, groupsAt, securityGroupOf } from './remove.ts';

const NAMES_SHOWN = 3;
const BALANCERS_SHOWN = 2;

/** What is proposed of one security group, with where it is told. */
export interface Proposed {
  readonly destination: string;
  readonly rules: readonly ProposedClosing[];
  /** What each lets through, by its id. */
  readonly shapes: ReadonlyMap<string, string>;
  readonly watchSeconds: number;
}

const proposedOf = (
  { grounds, health, names: instances }: Observed,
  { broader, split, because }: Closing & Pick<ClosingPlan['proposals'][number], 'because'>,
): ProposedClosing => {
  const there = seatsAt(grounds.group.groupId, grounds.seats);
  const names = new Map(
    there.map(({ instance, target }) => {
      const id = instance?.instanceId ?? target.id;
      return [id, instances.get(id) ?? id] as const;
    }),
  );
  const open = new Set(
    there.flatMap(({ instance, networkInterface }) =>
      networkInterface?.hasPublicAddress === true ? [instance?.instanceId ?? networkInterface.networkInterfaceId] : [],
    ),
  );
  const balancers = new Set(there.flatMap(({ loadBalancer }) => loadBalancer?.name ?? []));
  const keys = new Set(there.map(({ target }) => targetKey(target)));
  const members = groupsAt(grounds)
    .flatMap(({ arn }) => health.get(arn) ?? [])
    .filter(({ target, state }) => keys.has(targetKey(target)) && state !== 'draining');
  return {
    ...closedRule(broader.rule, securityGroupOf(grounds)),
    extent: broader.extent,
    source: broader.source,
    because,
    asked: [...new Set(broader.asked.map(({ port }) => port))],
    names: [...names.values()].slice(0, NAMES_SHOWN),
    count: names.size,
    ...(open.size === 0 ? {} : { publicCount: open.size }),
    balancers: [...balancers].sort(compareText).slice(0, BALANCERS_SHOWN),
    healthy: members.filter(({ state }) => state === 'healthy').length,
    total: members.length,
    lines: closingLines(broader.rule, split, grounds.stage.region),
  };
};

/** What the proposals of one security group come to, as it was found. */
export const proposedIn = (observed: Observed, proposals: ClosingPlan['proposals']): Proposed => {
  const { grounds } = observed;
  return {
    destination: destinationOf(grounds),
    rules: proposals.map((proposal) => proposedOf(observed, proposal)),
    shapes: new Map(proposals.map(({ broader: { rule } }) => [rule.ruleId, ruleShape(rule)])),
    watchSeconds: watchSeconds(groupsAt(grounds).map(({ healthCheck }) => healthCheck)),
  };
};

/** Whether a press may remove it: whole, and not from a group that code keeps or that only reports. */
const isPressable = ({ because }: ProposedClosing): boolean =>
  because === 'Ask' || because === 'NotOurs' || because === 'NotWorldOpen' || because === 'OtherWearers';

const isKeepable = ({ because }: ProposedClosing): boolean => because !== 'ReportOnly';

/** What makes two proposals one: the rules and what is known of them, whoever is healthy at the moment. */
const factsOf = (rules: readonly ProposedClosing[]): string =>
  rules
    .map(({ ruleId, extent, source, because, asked }) => [ruleId, extent, source, because, asked.join()].join('|'))
    .sort(compareText)
    .join('||');

const buttonsOf = async (
  ports: Pick<ClosingPorts, 'plans' | 'newId' | 'now'>,
  rules: readonly ProposedClosing[],
  shapes: ReadonlyMap<string, string>,
  destination: string,
): Promise<{ readonly buttons: readonly Button[]; readonly until: string }> => {
  const content = {
    kind: 'close-rules' as const,
    rules: rules.map((rule) => ({
      ruleId: rule.ruleId,
      securityGroup: rule.securityGroup,
      shape: shapes.get(rule.ruleId) ?? '',
      isClosed: isPressable(rule),
      lines: rule.lines,
    })),
  };
  const plan = newPlan(ports.newId(), content, destination, ports.now());
  await ports.plans.store(plan);
  const closed = rules.filter(isPressable);
  const closedPorts = [...new Set(closed.flatMap(({ asked }) => asked))];
  const object = { kind: 'closing', ports: closedPorts, count: rules.length } as const;
  const { planId } = plan;
  return {
    until: plan.expiresAt,
    buttons: [
      ...(closed.length > 0 ? [{ verb: 'approve', planId, object: { ...object, count: closed.length } } as const] : []),
      ...(rules.some(isKeepable) ? [{ verb: 'keep', planId, object } as const] : []),
      { verb: 'show', planId, object },
    ],
  };
};

/** One message for each destination, once while its facts stand. */
export const propose = async (ports: ClosingPorts, proposed: readonly Proposed[]): Promise<void> => {
  for (const [destination, some] of Map.groupBy(proposed, (each) => each.destination)) {
    const rules = some.flatMap((each) => each.rules);
    if (rules.length === 0) continue;
    const once = sayingOnce(ports);
    const shapes = new Map(some.flatMap((each) => [...each.shapes]));
    const { buttons, until } = await buttonsOf({ ...ports, ...once }, rules, shapes, destination);
    const watchMinutes = Math.ceil(Math.max(...some.map((each) => each.watchSeconds)) / 60);
    const body: ClosingProposed = { kind: 'closing-proposed', rules, watchMinutes, until };
    const about = {
      destination,
      matter: `closing|${shortDigest(rules.map(({ ruleId }) => ruleId).join())}`,
      severity: 'information',
      identity: factsOf(rules),
    } as const;
    await once.reports.publish({ ...reportOf(ports.stage, about, body, ports.now()), buttons });
  }
};
