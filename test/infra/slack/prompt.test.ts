import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { makePrompter, NoMoreAnswersError } from '../../../infra/slack/prompt.ts';

const SECRET = 'xoxb-do-not-show-me';

const at = (isTTY: boolean) => {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => {} });
  const output = new PassThrough();
  const shown: string[] = [];
  output.on('data', (chunk) => shown.push(String(chunk)));
  return { input, prompter: makePrompter(input, output), shown: () => shown.join('') };
};

/** Keys one by one, as a terminal sends them. */
const type = async (input: PassThrough, text: string): Promise<void> => {
  for (const key of text) {
    input.write(key);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

test('Given a terminal, when a secret is typed, corrected and entered, then no part of it is shown; what is no secret is', async () => {
  const { input, prompter, shown } = at(true);
  const secret = prompter.askSecretly('Secret: ');
  await type(input, `${SECRET}x\u007f\r`);
  expect(await secret).toBe(SECRET);
  const channel = prompter.ask('Channel: ');
  await type(input, 'C0123456789\r');
  expect(await channel).toBe('C0123456789');
  expect(shown()).toContain('Secret: ');
  expect(shown()).toContain('Channel: ');
  expect(shown()).toContain('C0123456789');
  expect(shown()).not.toMatch(/xo|show|me/);
  prompter.close();
});

test('Given a terminal, when the arrow up is pressed, then an earlier answer does not come back', async () => {
  const { input, prompter, shown } = at(true);
  const secret = prompter.askSecretly('Secret: ');
  await type(input, `${SECRET}\r`);
  await secret;
  const next = prompter.ask('Channel: ');
  input.write('\u001b[A');
  await type(input, '\r');
  expect(await next).toBe('');
  expect(shown()).not.toContain(SECRET);
  prompter.close();
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('Given a terminal, when %s is pressed, then the question has no answer', async (_, key) => {
  const { input, prompter } = at(true);
  const secret = prompter.askSecretly('Secret: ');
  input.write(key);
  await expect(secret).rejects.toThrow(NoMoreAnswersError);
});

test('Given a pipe, when it holds several lines at once, then each question takes one, and the one too many has none', async () => {
  const { input, prompter, shown } = at(false);
  input.end('one\ntwo\n');
  expect(await prompter.askSecretly('First: ')).toBe('one');
  expect(await prompter.ask('Second: ')).toBe('two');
  await expect(prompter.ask('Third: ')).rejects.toThrow(NoMoreAnswersError);
  expect(shown()).toBe('First: \nSecond: \nThird: \n');
});
