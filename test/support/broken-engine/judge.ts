import { pathFinding, worstVerdict } from '../../../domain/network/findings.ts';
import { judge as soundly } from '../../../domain/network/judge.ts';
import type { Flow, HopVerdict, Judgement, Network } from '../../../domain/network/model.ts';
import { BREAKAGES, brokenHopOf } from './breakages.ts';

export * from '../../../domain/network/judge.ts';

const broken = ({ hop }: HopVerdict): HopVerdict => {
  const breakage = BREAKAGES[hop];
  if (breakage.says === 'passes') return { hop, verdict: 'passes' };
  return { hop, verdict: 'blocked', finding: pathFinding(breakage.reason, breakage.evidence) };
};

/** The engine, with one hop broken for the groups that are named after it; put in the engine's place by `bundle.ts`. */
export const judge = (flow: Flow, network: Network): Judgement => {
  const judgement = soundly(flow, network);
  const broke = brokenHopOf(flow.seat.targetGroup.name);
  const hops = judgement.hops.map((each) => (each.hop === broke ? broken(each) : each));
  return { ...judgement, hops, verdict: worstVerdict(hops) };
};
