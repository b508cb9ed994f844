import type { Doer, HeldByOthers, HeldRule, ReportedTarget } from '../../domain/report.ts';
import { isShowableCommand } from '../outside-text.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, outside, say, strong, words } from '../phrase.ts';
import type { HandsCatalogue } from './hands.ts';

const NAMES_SHOWN = 2;
const RULES_SHOWN = 2;
const NAME_LIMIT = 24;

/** `web-1, web-2 and 3 more`. */
const named = (targets: readonly Pick<ReportedTarget, 'name'>[], limit = NAME_LIMIT): Phrase => {
  const shown = targets.slice(0, NAMES_SHOWN).map(({ name }) => [outside(name, limit)]);
  const more = targets.length - shown.length;
  return [...joined(shown, ', '), ...(more > 0 ? [words(` and ${more} more`)] : [])];
};

const VIA: Readonly<Record<NonNullable<Doer['via']>, string>> = {
  console: 'console',
  cli: 'AWS CLI',
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
  service: 'AWS service',
  usher: 'usher',
};

const was = ({ targets }: HeldByOthers): string => (targets.length === 1 ? 'was' : 'were');

const headlineOf = (body: HeldByOthers, limit: number): Phrase => {
  const { targets, rules } = body;
  if (targets.length > 0) return say`${named(targets, limit)} ${words(was(body))} taken out by somebody`;
  return rules.length === 1
    ? say`A rule of Usher’s was removed by somebody`
    : say`${words(String(rules.length))} rules of Usher’s were removed by somebody`;
};

const rule = ({ securityGroup, direction, protocol, port, peer }: HeldRule): Phrase =>
  say`${code(securityGroup.name)} ${words(direction === 'ingress' ? 'inbound' : 'outbound')} ${words(`${protocol}/${port}`)} ${words(direction === 'ingress' ? 'from' : 'to')} ${code(peer.name)}`;

export const ENGLISH_HANDS: HandsCatalogue = {
  headline: (body, limit) => ({
    strong: headlineOf(body, limit),
    rest: say` (${outside(body.targetGroup.name, limit)})${words(body.isFollowUp ? ': known by whom' : ', and stays so')}`,
  }),
  effect: ({ targets, behindRules }) =>
    targets.length > 0
      ? say`Visitors are sent to the group’s other targets. Usher changed nothing.`
      : say`Without it the load balancer may not reach ${named(behindRules)}. Usher changed nothing.`,
  rules: ({ rules }) => {
    if (rules.length === 0) return [];
    const more = rules.length - RULES_SHOWN;
    const shown = joined(rules.slice(0, RULES_SHOWN).map(rule), '; ');
    return [words('Removed: '), ...shown, ...(more > 0 ? [words(` and ${more} more`)] : [])];
  },
  doer: (doer, { moment }) =>
    doer === undefined
      ? say`Who: not known yet. If CloudTrail tells, I add it here.`
      : say`Who: ${outside(doer.name)}${words(doer.via === undefined ? '' : ` (${VIA[doer.via]})`)}, ${words(moment(doer.at))}`,
  next: ({ remedy, code: inCode, targets }) => {
    if (inCode !== undefined && targets.length === 0)
      return say`Code keeps this security group, so I add no rule there any more. ${strong(say`Next:`)} if the load balancer is to reach its targets, add this to the code; else nothing.`;
    const line = remedy !== undefined && isShowableCommand(remedy) ? say`, or ${command(remedy)}` : [];
    return say`${strong(say`Next:`)} if it was a mistake, put it back by the button${line}. Else nothing: I leave it as it is.`;
  },
};
