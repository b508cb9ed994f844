/** Why a sweep only looks and asks before anything is changed (design section 2, "Brakes"). */
export type SweepCaution = 'Install' | 'Upgrade' | 'PolicyChanged' | 'NoSweepForADay';

/** Under what a stage sweeps: Usher's version, and a digest of everything that says what it may do. */
export interface SweepGrounds {
  readonly version: string;
  readonly policy: string;
}
