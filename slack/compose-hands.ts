import type { Severity } from '../domain/finding.ts';
import type { HeldByOthers } from '../domain/report.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { Times } from './catalogue/moment.ts';
import { codeBlocks } from './code-blocks.ts';

/** What others took away, and stays away, in the words of one language. */
export const composeHands = (
  body: HeldByOthers,
  severity: Severity,
  { hands: catalogue, more }: Pick<Catalogue, 'hands' | 'more'>,
  times: Times,
) => ({
  emoji: severity === 'information' ? 'bust_in_silhouette' : 'raised_hand',
  headline: (nameLimit: number) => catalogue.headline(body, nameLimit),
  lines: (body.isFollowUp
    ? [catalogue.doer(body.doer, times)]
    : [
        catalogue.effect(body),
        catalogue.rules(body),
        catalogue.doer(body.doer, times),
        catalogue.next(body),
        ...(body.code === undefined ? [] : codeBlocks(body.code, more)),
      ]
  ).filter((line) => line.length > 0),
  ids: [
    ...body.targets.flatMap(({ instanceId }) => instanceId ?? []),
    ...body.rules.flatMap(({ ruleId }) => ruleId ?? []),
  ].slice(0, 3),
  hurtsVisitors: false,
});
