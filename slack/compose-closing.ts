import type { ClosingReportBody } from '../domain/closing/report.ts';
import type { ClosingCatalogue } from './catalogue/closing.ts';
import type { Times } from './catalogue/moment.ts';

const IDS_SHOWN = 2;

/** What lets more to targets than their balancer, what was done about it, and what came of it, in the words of one language. */
export const composeClosing = (
  body: ClosingReportBody,
  { proposed, closed, ended }: ClosingCatalogue,
  times: Times,
) => {
  switch (body.kind) {
    case 'closing-proposed':
      return {
        emoji: 'lock',
        headline: (nameLimit: number) => proposed.headline(body, nameLimit),
        lines: [proposed.now(body), proposed.unneeded(body), proposed.stops(body), proposed.next(body)],
        ids: body.rules.map(({ ruleId }) => ruleId).slice(0, IDS_SHOWN),
        aside: proposed.offer(body, times),
        hurtsVisitors: false,
      };
    case 'rules-closed':
      return {
        emoji: 'lock',
        headline: (nameLimit: number) => closed.headline(body, nameLimit),
        lines: closed.lines(body),
        ids: body.rules.map(({ ruleId }) => ruleId).slice(0, IDS_SHOWN),
        hurtsVisitors: false,
      };
    case 'closing-ended':
      return {
        emoji: body.how === 'stands' ? 'white_check_mark' : body.how === 'not-put-back' ? 'rotating_light' : 'warning',
        headline: (nameLimit: number) => ended.headline(body, nameLimit),
        lines: ended.lines(body),
        ids: [body.rule.ruleId],
        hurtsVisitors: body.how === 'not-put-back',
      };
  }
};
