/** Verbs of `/usher`, also in the terminal. */
export const VERBS = [
  'invalidate',
  'doctor',
  'status',
  'certificates',
  'sweep',
  'pause',
  'resume',
  'drain',
  'keep',
  'undo',
  'help',
] as const;

export type Verb = (typeof VERBS)[number];

/** A command line understood. `not-understood` is answered with help, and with what was read. */
export type Command =
  | {
      readonly verb: 'invalidate';
      /** Distribution id, alias, CloudFront domain, the host of a URL, or the name of a group of the stage's. */
      readonly where: string;
      /** Paths and `#tags` as typed, smart quotes and links undone; not yet normalised. Never empty. */
      readonly paths: readonly string[];
    }
  | { readonly verb: 'help'; readonly about: Verb | undefined }
  | { readonly verb: Exclude<Verb, 'invalidate' | 'help'>; readonly words: readonly string[] }
  | { readonly verb: 'not-understood'; readonly said: string; readonly because: NotUnderstood };

export type NotUnderstood =
  | 'UnknownVerb'
  | 'NoDistribution'
  | 'NoPaths'
  | 'SeveralDistributions' // URLs of different hosts in one command
  | 'UnbalancedQuotes'
  | 'TooLong';
