import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { paintFor } from '../../cli/paint.ts';
import type { TerminalProcess } from '../../cli/terminal.ts';
import { terminalOf } from '../../cli/terminal.ts';

const aProcess = (isTTY: boolean, env: Record<string, string> = {}) => {
  const stream = () => Object.assign(new PassThrough(), { isTTY });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  const process: TerminalProcess = { stdin, stdout, stderr, env };
  return { process, stdin, texts: () => ({ out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }) };
};

describe('A terminal', () => {
  test.each<readonly [what: string, isTTY: boolean, env: Record<string, string>, isColoured: boolean]>([
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR, which says nothing', true, { NO_COLOR: '' }, true],
    ['a terminal without colours', true, { TERM: 'dumb' }, false],
  ])('Given %s, then its colours follow', (_, isTTY, env, isColoured) => {
    expect(terminalOf(aProcess(isTTY, env).process).isColoured).toBe(isColoured);
  });

  test('Given a pipe, then nothing but what was asked for goes to standard output, and no progress anywhere', () => {
    const { process, texts } = aProcess(false);
    const terminal = terminalOf(process);
    terminal.progress('10 %');
    terminal.say('the plan');
    terminal.note('a remark');
    expect(texts()).toEqual({ out: 'the plan\n', err: 'a remark\n' });
    expect(terminal.canAsk).toBe(false);
  });

  test('Given somebody looks on, then progress is one line that is gone before anything else is said', () => {
    const { process, texts } = aProcess(true);
    const terminal = terminalOf(process);
    terminal.progress('10 %');
    terminal.progress('20 %');
    terminal.say('the plan');
    expect(texts()).toEqual({ out: 'the plan\n', err: '\r\u001b[2K10 %\r\u001b[2K20 %\r\u001b[2K' });
  });

  test.each<readonly [what: string, typed: string, ends: boolean, answer: string]>([
    ['a line', 'yes\n', false, 'yes'],
    ['nothing, and the input ends', '', true, ''],
  ])(
    'Given a question and %s, then that is the answer, and the question is no output',
    async (_, typed, ends, answer) => {
      const { process, stdin, texts } = aProcess(false);
      const asked = terminalOf(process).ask('Do it? ');
      stdin.write(typed);
      if (ends) stdin.end();
      expect(await asked).toBe(answer);
      expect(texts()).toEqual({ out: '', err: 'Do it? ' });
    },
  );

  test('paints only where it has colours', () => {
    expect(paintFor(true)('+', 'green')).toBe('\u001b[32m+\u001b[39m');
    expect(paintFor(false)('+', 'green')).toBe('+');
  });
});
