import type { Answer } from '../domain/answer.ts';
import type { AnswerSurroundings, AnswerWords } from './catalogue/answers.ts';
import type { Catalogue } from './catalogue/catalogue.ts';

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
