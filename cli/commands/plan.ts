import type { FleetPlan } from '../../domain/fleet-plan.ts';
import { isDrift } from '../../domain/fleet-plan.ts';
import { planFleet } from '../../stories/mend-fleet/plan.ts';
import type { RehearsalPorts } from '../../stories/mend-fleet/rehearsal.ts';
import { paintFor } from '../paint.ts';
import { planJson } from '../plan-json.ts';
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
export const makePlan = async (ports: RehearsalPorts, terminal: Terminal): Promise<FleetPlan> => {
  terminal.progress('Looking for tagged groups and instances …');
  try {
    return await planFleet(ports)((done, of) =>
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
  { json, planPorts }: { readonly json: boolean; readonly planPorts: () => RehearsalPorts },
): Promise<number> => {
  const made = await makePlan(planPorts(), terminal);
  const place = placeOf(standing);
  if (json) terminal.say(JSON.stringify(planJson(made, place), undefined, 2));
  else for (const line of showPlan(made, place, paintFor(terminal.isColoured))) terminal.say(line);
  return isDrift(made) ? EXIT.drift : EXIT.nothingToDo;
};
