import type { Answer } from '../domain/answer.ts';
import type { Button, Report } from '../domain/report.ts';
import type { ButtonCatalogue } from './catalogue/buttons.ts';
import type { Times } from './catalogue/moment.ts';
import type { ConsolePage } from './console-page.ts';
import { alarmPage, certificatePage, REGISTERED_DOMAINS_PAGE } from './console-page.ts';
import type { ActionsBlock, ButtonElement, LinkElement } from './message.ts';
import { plainText } from './message.ts';

/** So many buttons a person can take in at a glance (Slack takes 25). */
const MOST_BUTTONS = 3;
/** As many as a list of changes has lines. */
const MOST_IN_A_LIST = 10;
/** @see Slack's Block Kit reference, button element and confirmation dialog object */
const LIMITS = { label: 75, title: 100, text: 300, answer: 30 } as const;

/** What an answer offers to press: what still can be done of a plan that the world has moved past, and each change of a list. */
const answerButtons = (answer: Answer): readonly Button[] => {
  if (answer.kind === 'changes')
    return answer.changes.flatMap(({ number, name, planId }) =>
      planId === undefined
        ? []
        : [{ verb: 'undo', planId, object: { kind: 'targets', names: [name], count: 1, number } } as const],
    );
  if (answer.kind === 'url-examined' && answer.clearPlanId !== undefined)
    return [{ verb: 'approve', planId: answer.clearPlanId, object: { kind: 'cache', when: 'run' } }];
  if (answer.kind !== 'pressed' || answer.outcome.kind !== 'moved' || answer.outcome.offer === undefined) return [];
  const { planId, names, count } = answer.outcome.offer;
  return [{ verb: answer.verb === 'undo' ? 'undo' : 'approve', planId, object: { kind: 'targets', names, count } }];
};

/** Buttons that follow from what a report says, and those that its producer gave it. */
const buttonsOf = ({ body, buttons = [] }: Pick<Report, 'body' | 'buttons'>): readonly Button[] => {
  switch (body.kind) {
    case 'confirmation-wanted': {
      const approvals = body.choices.map(
        ({ label, planId }): Button => ({ verb: 'approve', planId, object: { kind: 'cache', when: label } }),
      );
      const [only, ...others] = approvals;
      // Of two choices, leaving both alone is the no; a button for it would answer one only.
      const no: readonly Button[] = only === undefined || others.length > 0 ? [] : [{ ...only, verb: 'reject' }];
      return [...approvals, ...no, ...buttons];
    }
    case 'invalidation-failed':
      return body.retryPlanId === undefined
        ? buttons
        : [{ verb: 'retry', planId: body.retryPlanId, object: { kind: 'cache', when: 'run' } }, ...buttons];
    case 'order-answered':
      return [...answerButtons(body.answer), ...buttons];
    default:
      return buttons;
  }
};

/** The page of AWS's console where a person goes on. */
const linkOf = ({ body, region }: Pick<Report, 'body' | 'region'>): ConsolePage | undefined => {
  switch (body.kind) {
    case 'certificates-need-action':
    case 'validation-records-missing':
      return certificatePage(body.certificates[0]);
    case 'certificate-settled':
      return body.how === 'issued' ? certificatePage(body.certificate) : undefined;
    case 'domain-needs-action':
      return body.source === 'route53' ? REGISTERED_DOMAINS_PAGE : undefined;
    case 'alarm-explained':
      return alarmPage(body.alarm, region);
    default:
      return undefined;
  }
};

const actionId = ({ verb }: Button, before: readonly Button[]): string => {
  const same = before.filter((other) => other.verb === verb).length;
  return same === 0 ? `usher:${verb}` : `usher:${verb}:${same + 1}`;
};

const element = (
  button: Button,
  before: readonly Button[],
  catalogue: ButtonCatalogue,
  times: Times,
): ButtonElement => {
  const { label, confirm } = catalogue.words(button.verb, button.object, times);
  return {
    type: 'button',
    text: plainText(label, LIMITS.label),
    action_id: actionId(button, before),
    value: button.planId,
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: plainText(confirm.title, LIMITS.title),
            text: plainText(confirm.text, LIMITS.text),
            confirm: plainText(confirm.yes, LIMITS.answer),
            deny: plainText(catalogue.no, LIMITS.answer),
          },
        }),
  };
};

const linkElement = ({ console, url }: ConsolePage, catalogue: ButtonCatalogue): LinkElement => ({
  type: 'button',
  text: plainText(catalogue.open(console), LIMITS.label),
  action_id: 'usher:open',
  url,
});

/** How many buttons a report has room for: a list has one for each of its lines. */
const roomFor = ({ body }: Pick<Report, 'body'>): number =>
  body.kind === 'order-answered' && body.answer.kind === 'changes' ? MOST_IN_A_LIST : MOST_BUTTONS;

/** The row of buttons below a message, a link last where there is room; none when there is nothing to press. */
export const actions = (
  report: Pick<Report, 'body' | 'buttons' | 'region'>,
  catalogue: ButtonCatalogue,
  times: Times,
): readonly ActionsBlock[] => {
  const most = roomFor(report);
  const link = linkOf(report);
  const pressed = buttonsOf(report).slice(0, most);
  const elements = [
    ...pressed.map((button, index) => element(button, pressed.slice(0, index), catalogue, times)),
    ...(link === undefined ? [] : [linkElement(link, catalogue)]),
  ].slice(0, most);
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
};
