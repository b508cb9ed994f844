import type { Flow, Network } from './model.ts';
import type { FlowSource } from './sources.ts';
import type { TargetSide } from './target-side.ts';

/** A flow whose both ends are known, and what was read around it. */
export interface Ends {
  readonly flow: Flow;
  readonly network: Network;
  readonly source: FlowSource;
  readonly target: TargetSide;
}
