import type { FleetPlan } from '../../domain/fleet-plan.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { Applied } from '../../stories/mend-fleet/apply.ts';
import { applyPlan } from '../../stories/mend-fleet/apply.ts';
import type { FleetPorts } from '../../stories/mend-fleet/ports.ts';
import type { RehearsalPorts } from '../../stories/mend-fleet/rehearsal.ts';
import { paintFor } from '../paint.ts';
import { changeJson, planJson } from '../plan-json.ts';
import { changeWords, showPlan, summary } from '../show-plan.ts';
import type { Standing } from '../standing.ts';
import { requireClock } from '../standing.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { outside, plural } from '../words.ts';
import { EXIT, makePlan, placeOf } from './plan.ts';

interface ApplyOptions {
  readonly json: boolean;
  readonly yes: boolean;
  /** Made when they are needed: without a yes nothing is there that could write. */
  readonly planPorts: () => RehearsalPorts;
  readonly applyPorts: () => FleetPorts;
}

const OUTCOME: Readonly<Record<LedgerEntry['status'], string>> = {
  intended: 'under way',
  applied: 'done',
  'already-there': 'was there',
  failed: 'refused',
  abandoned: 'not done',
};

const outcomeLine = (entry: LedgerEntry): string => {
  const { status, failure } = entry;
  const why = failure === undefined ? '' : ` – AWS: ${failure.code}: ${outside(failure.message)}`;
  return `${OUTCOME[status]}: ${changeWords(entry)}${why}`;
};

const isYes = (answer: string): boolean => /^\s*y(es)?\s*$/i.test(answer);

const exitOf = (applied: Extract<Applied, { readonly kind: 'applied' }>): number =>
  applied.refused + applied.notMade.length > 0 ? EXIT.drift : EXIT.nothingToDo;

const PAUSED = 'Everything is paused, and nothing was changed. Next: usher resume';

/** Whether the person who was shown the plan wants it done. */
const isWanted = async (terminal: Terminal, plan: FleetPlan, { yes }: ApplyOptions): Promise<boolean> =>
  yes || isYes(await terminal.ask(`${summary({ changes: plan.changes, leftAsItIs: [] })} Do it? [y/N] `));

const carryOut = async (
  standing: Standing,
  terminal: Terminal,
  plan: FleetPlan,
  { json, applyPorts }: ApplyOptions,
): Promise<number> => {
  const entries: LedgerEntry[] = [];
  const applied = await applyPlan(applyPorts())(
    plan,
    (entry) => {
      entries.push(entry);
      if (!json) terminal.say(outcomeLine(entry));
    },
    (done, of) => terminal.progress(`Doing it: ${Math.round((100 * done) / of)} % …`),
  );
  terminal.progress('');
  if (applied.kind === 'paused') {
    terminal.note(PAUSED);
    return EXIT.failed;
  }
  if (json) {
    const outcomes = entries.map((entry) => ({
      change: changeJson(entry),
      status: entry.status,
      failure: entry.failure ?? null,
    }));
    const notMade = applied.notMade.map(changeJson);
    terminal.say(JSON.stringify({ ...planJson(plan, placeOf(standing)), outcomes, notMade }, undefined, 2));
  } else {
    for (const planned of applied.notMade)
      terminal.say(`not done: ${changeWords(planned)} – things have moved since, or somebody else is at the group`);
    terminal.say(
      `${plural(applied.done, 'change')} made, ${applied.refused} refused, ${applied.notMade.length} not made. Slack hears of it.`,
    );
  }
  return exitOf(applied);
};

/**
 * `usher apply`: shows the plan, asks, and does it.
 * @throws {UsageError} when nobody can be asked, nothing stands deployed, or this machine's clock is off
 */
export const apply = async (standing: Standing, terminal: Terminal, options: ApplyOptions): Promise<number> => {
  const { json, yes, planPorts } = options;
  if (!standing.isDeployed)
    throw new UsageError(
      `No stage ${standing.stage.name} is deployed in ${standing.stage.region}, and without its ledger nothing is changed. Next: npm run deploy, or usher plan to look`,
    );
  requireClock(standing);
  if (!yes && (json || !terminal.canAsk))
    throw new UsageError('There is nobody to ask here. Next: look at usher plan, then usher apply --yes');
  const plan = await makePlan(planPorts(), terminal);
  if (!json) for (const line of showPlan(plan, placeOf(standing), paintFor(terminal.isColoured))) terminal.say(line);
  if (plan.pause !== undefined) {
    terminal.note(PAUSED);
    return EXIT.failed;
  }
  if (plan.changes.length === 0 && !json) return EXIT.nothingToDo;
  if (plan.changes.length > 0 && !(await isWanted(terminal, plan, options))) {
    terminal.note('Nothing was changed.');
    return EXIT.drift;
  }
  return carryOut(standing, terminal, plan, options);
};
