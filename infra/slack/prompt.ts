import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** The person went away before the last question. */
export class NoMoreAnswersError extends Error {
  override readonly name = 'NoMoreAnswersError';
}

export interface Prompter {
  readonly ask: (question: string) => Promise<string>;
  /** What is typed isn't shown. */
  readonly askSecretly: (question: string) => Promise<string>;
  readonly close: () => void;
}

type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * Asks at a terminal, or takes line after line from a pipe. What is typed goes into no history.
 * @throws {NoMoreAnswersError} from a question that is left unanswered: end of input, Ctrl-C, Ctrl-D
 */
export const makePrompter = (input: Input, output: NodeJS.WritableStream): Prompter => {
  const isTerminal = input.isTTY === true;
  let isShown = true;
  /** The line editor echoes through this; it prints nothing while a secret is typed. */
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (isShown) output.write(chunk);
      done();
    },
  });
  const editor = createInterface({ input, output: echo, terminal: isTerminal, historySize: 0 });
  const lines = editor[Symbol.asyncIterator]();

  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new NoMoreAnswersError('There was no answer to the last question.');
    return String(value);
  };

  const ask = async (question: string): Promise<string> => {
    if (!isTerminal) {
      output.write(`${question}\n`);
      return answer();
    }
    // The editor has to know the question, or it would draw over it.
    editor.setPrompt(question);
    editor.prompt();
    return answer();
  };

  const askSecretly = async (question: string): Promise<string> => {
    output.write(isTerminal ? question : `${question}\n`);
    isShown = false;
    try {
      return await answer();
    } finally {
      isShown = true;
      if (isTerminal) output.write('\n');
    }
  };

  return { ask, askSecretly, close: () => editor.close() };
};
