/** A resource as people know it: its name first, its id for looking it up. Plain text from outside, not yet escaped. */
export interface Named {
  readonly name: string;
  readonly id: string;
}
