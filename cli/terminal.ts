import { createInterface } from 'node:readline/promises';

/** Where a command speaks and listens. */
export interface Terminal {
  /** What was asked for: a line of it, to standard output. */
  readonly say: (line: string) => void;
  /** What goes on, and what went wrong: a line to standard error. */
  readonly note: (line: string) => void;
  /** A line that the next one overwrites; nothing where nobody looks on. */
  readonly progress: (line: string) => void;
  readonly isColoured: boolean;
  /** Whether somebody is there to answer. */
  readonly canAsk: boolean;
  readonly ask: (question: string) => Promise<string>;
}

/** What of a process a terminal is made of. */
export interface TerminalProcess {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colour only on a terminal that has it, and never against the reader's wish. @see https://no-color.org */
const wantsColour = ({ stdout, env }: TerminalProcess): boolean =>
  stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';

const ERASE_LINE = '\r\u001b[2K';

export const terminalOf = (process: TerminalProcess): Terminal => {
  const { stdin, stdout, stderr, env } = process;
  const isWatched = stderr.isTTY === true && env['TERM'] !== 'dumb';
  let isUnfinished = false;
  const clear = (): void => {
    if (isUnfinished) stderr.write(ERASE_LINE);
    isUnfinished = false;
  };
  return {
    say: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    note: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    progress: (line) => {
      if (!isWatched) return;
      stderr.write(`${ERASE_LINE}${line}`);
      isUnfinished = line !== '';
    },
    isColoured: wantsColour(process),
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    ask: async (question) => {
      clear();
      const lines = createInterface({ input: stdin, output: stderr });
      // Ctrl-C and an end of the input are answers too: not a yes.
      const leaving = new Promise<string>((resolve) => {
        lines.once('SIGINT', () => lines.close());
        lines.once('close', () => resolve(''));
      });
      try {
        return await Promise.race([lines.question(question), leaving]);
      } finally {
        lines.close();
      }
    },
  };
};
