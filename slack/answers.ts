import type { Answer } from '../domain/answer.ts';
import { actions, answerButtons } from './buttons.ts';
import type { AnswerSurroundings, AnswerWords } from './catalogue/answers.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { SlackMessage } from './message.ts';
import { sections } from './message.ts';
import { emoji, say, strong, toMrkdwn, toPlainText } from './phrase.ts';

const NAME_LIMIT = 24;

/** An answer in the words of one language. */
export const answerWords = (answer: Answer, { answers }: Catalogue, around: AnswerSurroundings): AnswerWords => {
  switch (answer.kind) {
    case 'help':
      return answers.help(answer.about);
    case 'not-understood': {
      const help = answers.help(undefined);
      return {
        ...help,
        headline: answers.notUnderstoodHeadline,
        lines: [
          answers.notUnderstood[answer.because],
          ...(answer.said === '' ? [] : [answers.said(answer.said)]),
          ...help.lines.slice(0, 2),
        ],
      };
    }
    default:
      return answers.answer(answer, around);
  }
};

/** An answer as a Slack message. */
export const renderAnswer = (
  answer: Answer,
  catalogue: Catalogue,
  moment: AnswerSurroundings['moment'],
): SlackMessage => {
  const { emoji: name, headline, lines } = answerWords(answer, catalogue, { moment, nameLimit: NAME_LIMIT });
  const lineOne = say`${emoji(name)} ${strong(headline.strong)}${headline.rest}`;
  return {
    text: toPlainText([...headline.strong, ...headline.rest]),
    blocks: [...sections([lineOne, ...lines].map(toMrkdwn)), ...actions(answerButtons(answer), catalogue.buttons)],
  };
};
