import type { LeftAsItIs } from '../../domain/fleet-plan.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { SecurityGroupRule } from '../../domain/network/model.ts';
import { outgrown, reliedOn } from '../../domain/sweep/own-rules.ts';
import type { SweepRecord, SweepRun } from '../../domain/sweep/progress.ts';
import type { SweepSlice } from '../../domain/sweep/slices.ts';
import { NOTHING_SWEPT } from '../../domain/sweep/tally.ts';
import { tagValue, USHER_TAG } from '../../domain/tags.ts';
import { closeInFleet } from '../close-rules/fleet.ts';
import type { Consenting } from '../consent.ts';
import { seatInstances } from '../seat-instances/story.ts';
import type { Witnessed } from '../seat-instances/witness.ts';
import type { Collected } from '../sweep/collect-rules.ts';
import { collectRules } from '../sweep/collect-rules.ts';
import type { GroupUnseating } from '../unseat-instances/ports.ts';
import { unseatExtras } from '../unseat-instances/story.ts';
import type { FleetPorts, Progress } from './ports.ts';

/** What is to be mended, and what earlier sweeps left to know. */
export interface FleetWork {
  readonly runId: string;
  readonly startedAt: Date;
  readonly slices: readonly SweepSlice[];
  readonly unneeded: SweepRecord['unneeded'];
}

/** Everything that was seen and decided on the way. */
export interface Mended {
  readonly looks: readonly Witnessed[];
  readonly unseated: readonly GroupUnseating[];
  readonly leftAlone: Collected['leftAlone'];
  /** Rules that let more to targets than their balancer, and are a person's to close. */
  readonly leftOpen: readonly LeftAsItIs[];
}

const ownRules = ({ decided: { network } }: Witnessed, stageName: string): readonly SecurityGroupRule[] =>
  [...network.rules.values()]
    .flatMap((reading) => (reading.kind === 'read' ? reading.value : []))
    .filter(({ tags }) => tagValue(tags, USHER_TAG.owner) === stageName);

/** Ids of rules of ours that some question picks of every look. */
const idsAmong = (looks: readonly Witnessed[], stageName: string, pick: typeof reliedOn): readonly string[] => [
  ...new Set(
    looks.flatMap((look) => {
      const seats = look.leased.seats.map(({ seat }) => seat);
      return pick(ownRules(look, stageName), seats, look.decided.network).map(({ ruleId }) => ruleId);
    }),
  ),
];

const runOf = ({ runId, startedAt, slices }: FleetWork, looks: readonly Witnessed[], stageName: string): SweepRun => ({
  runId,
  startedAt: startedAt.toISOString(),
  progressAt: startedAt.toISOString(),
  mode: 'apply',
  caution: undefined,
  slices: slices.length,
  next: slices.length,
  failuresInRow: 0,
  isWhole: true,
  askedBy: undefined,
  tally: NOTHING_SWEPT,
  reliedOn: idsAmong(looks, stageName, reliedOn),
  outgrown: idsAmong(looks, stageName, outgrown),
});

/**
 * Mends a fleet as a sweep does, by the same stories in the same order, without stopping between its parts: seats who is
 * missing, takes out who has to leave, removes rules of ours that nobody needs, closes what lets more than the balancer in.
 * Over a rehearsal's ports it is the plan, over the real ones it is its doing, so that the two can't differ.
 * @throws whatever a read or write of AWS failed with; what was done until then is in the ledger
 */
export const mendFleet = async (
  ports: FleetPorts & Consenting,
  work: FleetWork,
  progress: Progress,
): Promise<Mended> => {
  const looks: Witnessed[] = [];
  const unseated: GroupUnseating[] = [];
  const steps = work.slices.length + 1;
  const seat = seatInstances({ ...ports, witness: (look) => looks.push(look) });
  for (const [number, { instanceIds, targetGroupArns }] of work.slices.entries()) {
    progress(number, steps);
    const firstSeenAt = ports.now();
    await seat(instanceIds.map((instanceId) => ({ instanceId, attempt: 0, firstSeenAt })));
    unseated.push(...(await unseatExtras(ports)(targetGroupArns, 'apply')).groups);
  }
  progress(work.slices.length, steps);
  const run = runOf(work, looks, ports.stage.name);
  const record = { accepted: undefined, caution: undefined, completedAt: undefined, statusAt: undefined };
  const { leftAlone } = await collectRules(ports, run, { ...record, unneeded: work.unneeded });
  const leftOpen = await closeInFleet(
    ports,
    looks.map(({ leased, decided }) => ({
      seats: leased.seats.map(({ seat: each }) => each),
      network: decided.network,
    })),
  );
  progress(steps, steps);
  return { looks, unseated, leftAlone, leftOpen };
};

/** The same ports, through which each change is heard of as the ledger settles it. */
export const hearingOfChanges = <P extends Pick<FleetPorts, 'ledger'>>(
  ports: P,
  hear: (entry: LedgerEntry) => void,
): P => ({
  ...ports,
  ledger: {
    ...ports.ledger,
    settle: async (entry, settlement, at) => {
      const settled = await ports.ledger.settle(entry, settlement, at);
      hear(settled);
      return settled;
    },
  },
});
