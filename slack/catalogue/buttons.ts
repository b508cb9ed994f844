import type { ButtonVerb } from '../../domain/order.ts';
import type { ButtonObject } from '../../domain/report.ts';
import type { Times } from './moment.ts';

/** What a button says, and what is asked before it counts. Plain text: nothing in it is formatted. */
export interface ButtonWords {
  readonly label: string;
  /** Absent where nothing is written to AWS. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}

export interface ButtonCatalogue {
  readonly words: (verb: ButtonVerb, object: ButtonObject, times: Times) => ButtonWords;
  /** What a link to a page of AWS's console says. */
  readonly open: (console: string) => string;
  /** The way out of the question. */
  readonly no: string;
}
