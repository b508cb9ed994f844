import type { FleetPlan } from '../../domain/fleet-plan.ts';
import { isDrift } from '../../domain/fleet-plan.ts';
import type { Log } from '../../stories/log.ts';
import { planFleet } from '../../stories/mend-fleet/plan.ts';
import { paintFor } from '../paint.ts';
import { planJson } from '../plan-json.ts';
import { planPorts } from '../ports.ts';
import type { PlanPlace } from '../show-plan.ts';
import { showPlan } from '../show-plan.ts';
import type { Standing } from '../standing.ts';
import type { Terminal } from '../terminal.ts';

export const EXIT = { nothingToDo: 0, failed: 1, drift: 2 } as const;

export const placeOf = ({ stage, isDeployed }: Standing): PlanPlace => ({
  stage: stage.name,
  region: stage.region,
  account: stage.account,
  isDeployed,
});

/** Makes a plan, saying how far it has come. */
export const makePlan = async (standing: Standing, terminal: Terminal, log: Log): Promise<FleetPlan> => {
  terminal.progress('Looking for tagged groups and instances …');
  try {
    return await planFleet(planPorts(standing, log))((done, of) =>
      terminal.progress(`Looking at the fleet: ${Math.round((100 * done) / of)} % …`),
    );
  } finally {
    terminal.progress('');
  }
};

/** `usher plan`. */
export const plan = async (
  standing: Standing,
  terminal: Terminal,
  { json, log }: { readonly json: boolean; readonly log: Log },
): Promise<number> => {
  const made = await makePlan(standing, terminal, log);
  const place = placeOf(standing);
  if (json) terminal.say(JSON.stringify(planJson(made, place), undefined, 2));
  else for (const line of showPlan(made, place, paintFor(terminal.isColoured))) terminal.say(line);
  return isDrift(made) ? EXIT.drift : EXIT.nothingToDo;
};
