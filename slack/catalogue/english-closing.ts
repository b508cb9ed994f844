import type { ClosedRule, ClosingEnded, ClosingProposed, ProposedClosing } from '../../domain/closing/report.ts';
import { isShowableCommand } from '../outside-text.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, outside, say, strong, words } from '../phrase.ts';
import type { ClosingCatalogue } from './closing.ts';

const NAMES_SHOWN = 3;
const RULES_SHOWN = 4;
const NAME_LIMIT = 24;
/** Of a protocol, and of two ports. */
const TRAFFIC_LIMIT = 11;

const named = (names: readonly string[], count: number, limit = NAME_LIMIT): Phrase => {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => [outside(name, limit)]);
  const more = count - shown.length;
  return [...joined(shown, ', '), ...(more > 0 ? [words(` and ${more} more`)] : [])];
};

/** `tcp/80`, `tcp/80-443`, `all of tcp`, `all traffic`. */
const traffic = ({ protocol, ports }: ClosedRule): Phrase => {
  if (protocol === '-1') return say`all traffic`;
  const named = outside(protocol, TRAFFIC_LIMIT);
  return ports === '' ? say`all of ${named}` : say`${named}/${outside(ports, TRAFFIC_LIMIT)}`;
};

const from = ({ peer, source }: ProposedClosing): Phrase =>
  source === 'world' ? say`the internet` : say`${outside(peer)}`;

const portsOf = ({ asked }: ProposedClosing): string => `${asked.length === 1 ? 'port' : 'ports'} ${asked.join(', ')}`;

const rule = (closed: ClosedRule): Phrase =>
  say`${code(closed.securityGroup.name)} inbound ${traffic(closed)} from ${outside(closed.peer)}`;

const isSplit = ({ extent }: ProposedClosing): boolean => extent !== 'this-port';

const headlineOf = (first: ProposedClosing, limit: number): Phrase => {
  const targets = named(first.names, first.count, limit);
  if (!isSplit(first)) return say`Proposal: close ${words(portsOf(first))} of ${targets} to ${from(first)}`;
  return say`Proposal: split a rule of ${targets} that lets ${from(first)} to more than ${words(portsOf(first))}`;
};

const balancerOf = ({ balancers }: ProposedClosing): Phrase =>
  balancers.length === 0 ? say`the load balancer` : named(balancers, balancers.length);

const BECAUSE: Readonly<Record<'CoversOtherPorts' | 'ManagedByCode' | 'ReportOnly', string>> = {
  CoversOtherPorts: 'The rule covers other ports as well, so I don’t touch it.',
  ManagedByCode: 'Code keeps this security group, so change it there.',
  ReportOnly: 'The group is report-only, so I write nothing.',
};

const isText = (because: ProposedClosing['because']): because is keyof typeof BECAUSE => because in BECAUSE;

const isPressable = ({ rules }: ClosingProposed): boolean => rules.some(({ because }) => !isText(because));

const next = (step: Phrase): Phrase => say`${strong(say`Next:`)} ${step}`;

const groupNames = ({ groups }: ClosingEnded): Phrase =>
  named(
    groups.map(({ name }) => name),
    groups.length,
  );

const lineOf = ({ line }: ClosingEnded): Phrase =>
  line !== undefined && isShowableCommand(line)
    ? say`: ${command(line)}`
    : say`: add the rule again in the EC2 console`;

const HEADLINES: Readonly<Record<ClosingEnded['how'], (name: Phrase) => Phrase>> = {
  stands: (name) => say`Closed for good: the rule of ${name} is not missed`,
  unclear: (name) => say`Health fell after a rule of ${name} was closed`,
  'put-back': (name) => say`Put back: a rule of ${name} was needed after all`,
  'not-put-back': (name) => say`A rule of ${name} is needed and could not be put back`,
  'not-removed': (name) => say`A rule of ${name} was not closed: AWS refused it`,
};

export const ENGLISH_CLOSING: ClosingCatalogue = {
  proposed: {
    headline: ({ rules }, limit) => {
      const [first] = rules;
      const more = rules.length - 1;
      return {
        strong: first === undefined ? say`Proposal: close rules` : headlineOf(first, limit),
        rest: more > 0 ? say` – and ${words(more === 1 ? '1 more rule' : `${more} more rules`)}` : say``,
      };
    },
    now: ({ rules }) => {
      const shown = rules
        .slice(0, RULES_SHOWN)
        .map((each) => say`${code(each.securityGroup.name)} admits ${outside(each.peer)} on ${traffic(each)}`);
      const more = rules.length - shown.length;
      const world = rules.find(({ source }) => source === 'world');
      const around =
        world === undefined ? say`, besides the load balancer.` : say`, so anyone can go round ${balancerOf(world)}.`;
      const reachable =
        world?.publicCount === undefined
          ? []
          : [words(` ${world.publicCount} of ${world.count} have a public address.`)];
      return [
        words('Now: '),
        ...joined(shown, '; '),
        ...(more > 0 ? [words(`; and ${more} more`)] : []),
        ...around,
        ...reachable,
      ];
    },
    unneeded: ({ rules }) => {
      const [first] = rules;
      if (first === undefined) return [];
      const what = isSplit(first) ? say`all of it` : say`it`;
      return say`${balancerOf(first)} doesn’t need ${what}: its own rule is in place, ${first.healthy} of ${first.total} healthy.`;
    },
    stops: ({ rules }) =>
      rules.some(({ source }) => source === 'world')
        ? say`Would stop: direct access by IP, e.g. outside monitoring. Stays: ssh, the load balancer, all else.`
        : say`Would stop: what these sources ask on ${words(rules[0] === undefined ? 'the port' : portsOf(rules[0]))}. Stays: the load balancer, all else.`,
    next: (body) => {
      const first = body.rules[0]?.because ?? 'CoversOtherPorts';
      if (isPressable(body))
        return say`${strong(say`Next: close it, or say keep.`)} Nothing changed yet. If health falls within ${body.watchMinutes} min, I put it back.`;
      return say`${words(isText(first) ? BECAUSE[first] : BECAUSE.CoversOtherPorts)} ${next(say`see the lines under “CLI”, or say keep. Nothing changed yet.`)}`;
    },
    offer: ({ until }, { day }) => (until === undefined ? [] : say`offer ends ${words(day(until))}`),
  },
  closed: {
    headline: ({ rules, targetGroup }, limit) => ({
      strong: say`Closed: ${rules[0] === undefined ? say`a port` : traffic(rules[0])} of ${outside(targetGroup.name, limit)} to everybody but the load balancer`,
      rest: say``,
    }),
    lines: ({ rules }) => [
      [words('Changed: removed '), ...joined(rules.slice(0, RULES_SHOWN).map(rule), '; '), words('. Nothing else.')],
      say`Every path of every load balancer passes without it. I watch health now, and put it back if anybody falls.`,
      say`Nothing to do.`,
    ],
  },
  ended: {
    headline: (body, limit) => ({
      strong: HEADLINES[body.how](say`${outside(body.rule.securityGroup.name, limit)}`),
      rest: say``,
    }),
    lines: (body) => {
      const fell = say`${named(body.fell, body.fellCount)} of ${groupNames(body)}`;
      switch (body.how) {
        case 'stands':
          return [
            say`Removed and not missed: ${rule(body.rule)}. Everybody who was healthy was so until the end of the watch.`,
            say`Nothing to do.`,
          ];
        case 'unclear':
          return [
            say`Not healthy any more: ${fell}. In the same minutes targets came or went, so the removal need not be why: I put nothing back.`,
            say`Removed before: ${rule(body.rule)}.`,
            next(say`look at the deployment first; if it isn’t that, put the rule back${lineOf(body)}`),
          ];
        case 'put-back':
          return [
            say`Without it these failed their health checks: ${fell}. Something hidden relies on it, which no rule tells.`,
            say`Changed: put back as it was: ${rule(body.rule)}. ${groupNames(body)}: report-only from now on, and this rule is never closed or proposed again.`,
            next(
              say`find out who uses the port; when Usher may write there again, say ${code(`/usher resume ${body.groups[0]?.name ?? 'GROUP'}`)}`,
            ),
          ];
        case 'not-put-back':
          return [
            say`Without it these fail their health checks: ${fell}. AWS refused to take it back: ${code(body.code ?? '-')}.`,
            say`Removed: ${rule(body.rule)}. ${groupNames(body)}: report-only from now on.`,
            next(say`put it back now${lineOf(body)}`),
          ];
        case 'not-removed':
          return [
            say`Still there: ${rule(body.rule)}. AWS said ${code(body.code ?? '-')}. Nothing was changed.`,
            next(say`let Usher’s role revoke rules of this group, or mark the rule ${code('usher:keep')}`),
          ];
      }
    },
  },
};
