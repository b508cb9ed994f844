import type { SweepPorts } from '../sweep/ports.ts';

/** What mending a whole fleet at once reads, writes and says through: what the sweep does, which does it step by step. */
export type FleetPorts = SweepPorts;

/** Hears how far it has come, after each part. */
export type Progress = (done: number, of: number) => void;
