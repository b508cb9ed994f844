import type { ButtonVerb } from '../../domain/order.ts';
import type { ButtonObject } from '../../domain/report.ts';

/** What a button says, and what is asked before it counts. Plain text: nothing in it is formatted. */
export interface ButtonWords {
  readonly label: string;
  /** Absent where nothing is written to AWS. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}

export interface ButtonCatalogue {
  readonly words: (verb: ButtonVerb, object: ButtonObject) => ButtonWords;
  /** The way out of the question. */
  readonly no: string;
}
