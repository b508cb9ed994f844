import type { Change } from '../domain/change.ts';
import type { CodeSnippets } from '../domain/code-snippets/code-snippets.ts';
import { compareText } from '../domain/difference.ts';
import type { FleetPlan, LeftAsItIs, PlanFinding, PlannedChange } from '../domain/fleet-plan.ts';
import type { Named } from '../domain/named.ts';
import type { Paint } from './paint.ts';
import { BECAUSE, findingWords, outside, plural, TAKEN_OUT } from './words.ts';

/** A line of the plan with its sign, and the group it stands under. */
interface Line {
  readonly under: Named;
  readonly sign: '+' | '-' | '!';
  readonly text: string;
  /** Lines that go with it, to be copied as they are. */
  readonly below?: readonly string[];
}

const NAMES_SHOWN = 5;

const named = ({ name, id }: Named): string =>
  name === id || name === '' ? outside(id) : `${outside(name)} (${outside(id)})`;

const onPort = (port: number | undefined): string => (port === undefined ? '' : ` on port ${port}`);

const several = (names: readonly string[]): string => {
  const shown = names.slice(0, NAMES_SHOWN).map(outside).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
};

const subjectOf = (instanceId: string, targetId: string, name: string | undefined): string =>
  named({ id: instanceId || targetId, name: name ?? (instanceId || targetId) });

/** What a change is, without its sign. */
export const changeWords = ({ change, matter }: PlannedChange): string => {
  switch (change.kind) {
    case 'register-target': {
      const who = subjectOf(change.instanceId, change.target.id, matter.targets[0]?.name);
      return `register ${who}${onPort(change.target.port)}: its tags bring it here, and it is not registered`;
    }
    case 'deregister-target': {
      const who = subjectOf(change.instanceId, change.target.id, matter.targets[0]?.name);
      return `take out ${who}${onPort(change.target.port)}: ${TAKEN_OUT[change.because ?? 'NotDesired']}`;
    }
    case 'authorize-rule': {
      const names = several(matter.targets.map(({ name }) => name));
      const way = change.direction === 'ingress' ? 'from' : 'to';
      const peer = named(matter.peer ?? { id: '', name: '' });
      return `add rule ${change.direction} ${change.protocol}/${change.port} ${way} ${peer}: without it the load balancer can’t reach ${names} in ${outside(matter.targetGroup.name)}`;
    }
    case 'revoke-rule':
      return `remove rule ${change.direction} ${change.ruleId}: Usher added it, and nobody’s traffic needs it any more`;
    case 'create-security-group':
      return `make the security group ${outside(change.groupName)}, without a rule`;
    case 'delete-security-group':
      return `delete the security group ${outside(change.groupName)}: Usher made it, and nothing needs it any more`;
    case 'attach-security-group':
      return `put ${outside(change.groupName)} on ${outside(change.wearer.id)}, besides what it wears`;
    case 'detach-security-group':
      return `take ${outside(change.groupName)} off ${outside(change.wearer.id)}`;
  }
};

const SIGN: Readonly<Record<Change['kind'], Line['sign']>> = {
  'register-target': '+',
  'authorize-rule': '+',
  'deregister-target': '-',
  'revoke-rule': '-',
  'create-security-group': '+',
  'delete-security-group': '-',
  'attach-security-group': '+',
  'detach-security-group': '-',
};

const groupOf = ({ change, matter }: PlannedChange): Named =>
  change.kind === 'authorize-rule' || change.kind === 'revoke-rule'
    ? (matter.securityGroup ?? { id: change.groupId, name: change.groupId })
    : matter.targetGroup;

const changeLine = (planned: PlannedChange): Line => ({
  under: groupOf(planned),
  sign: SIGN[planned.change.kind],
  text: changeWords(planned),
});

const LEFT: Readonly<Record<LeftAsItIs['what'], (of: string) => string>> = {
  'register-target': (of) => `not registered: ${of}`,
  'deregister-target': (of) => `not taken out: ${of}`,
  'authorize-rule': (of) => `no rule added to ${of}`,
  'revoke-rule': (of) => `no rule removed from ${of}`,
  'create-security-group': (of) => `not made: ${of}`,
  'delete-security-group': (of) => `not deleted: ${of}`,
  'attach-security-group': (of) => `not put on: ${of}`,
  'detach-security-group': (of) => `not taken off: ${of}`,
  path: (of) => `can’t be reached: ${of}`,
};

/** Rules for whoever keeps the security group by code, in both languages; each line shown as it is. */
const codeLines = ({ cloudFormation, hcl, rules, of }: CodeSnippets): readonly string[] => [
  'CloudFormation:',
  ...cloudFormation.split('\n').map((line) => `  ${line}`),
  'Terraform:',
  ...hcl.split('\n').map((line) => `  ${line}`),
  ...(of > rules ? [`and ${of - rules} more`] : []),
];

/** Rules of others: what is said of them in Slack is the way to close them. */
const LEFT_OPEN: ReadonlySet<LeftAsItIs['because']> = new Set(['NotOurs', 'NotWorldOpen']);

const leftWords = ({ what, of, because }: LeftAsItIs, why: string): string =>
  what === 'revoke-rule' && LEFT_OPEN.has(because)
    ? `a rule that lets in more than the load balancer stays in ${named(of)}: ${why}. Next: close it by its proposal in Slack, or by hand`
    : `${LEFT[what](named(of))}: ${why}`;

const leftLine = (left: LeftAsItIs): Line => {
  const { targetGroup, of, because, findings, code } = left;
  const causes = findings.map((finding) => findingWords(finding, { targetGroup: targetGroup.name, target: of.name }));
  const why =
    causes.length === 0 ? BECAUSE[because] : causes.map(({ cause, next }) => `${cause}. Next: ${next}`).join('; ');
  return {
    under: targetGroup.id === '' ? of : targetGroup,
    sign: '!',
    text: leftWords(left, why),
    ...(code === undefined ? {} : { below: codeLines(code) }),
  };
};

const findingLine = ({ subject, targetGroup, finding }: PlanFinding): Line => {
  const { cause, next } = findingWords(finding, { target: subject.name, targetGroup: targetGroup?.name });
  const about = targetGroup === undefined ? '' : `not registered: ${named(subject)}: `;
  return { under: targetGroup ?? subject, sign: '!', text: `${about}${cause}. Next: ${next}` };
};

const COLOUR = { '+': 'green', '-': 'red', '!': 'yellow' } as const;

const sections = (lines: readonly Line[], paint: Paint): readonly string[] =>
  [...Map.groupBy(lines, ({ under }) => under.id)]
    .map(([, own]) => ({ under: own[0]?.under ?? { id: '', name: '' }, own }))
    .sort((a, b) => compareText(`${a.under.name}|${a.under.id}`, `${b.under.name}|${b.under.id}`))
    .flatMap(({ under, own }) => [
      paint(named(under), 'bold'),
      ...own.flatMap(({ sign, text, below = [] }) => [
        `  ${paint(sign, COLOUR[sign])} ${text}`,
        ...below.map((line) => `      ${line}`),
      ]),
      '',
    ]);

const NOUNS: Readonly<Record<Change['kind'], readonly [one: string, many: string]>> = {
  'register-target': ['target to register', 'targets to register'],
  'deregister-target': ['target to take out', 'targets to take out'],
  'authorize-rule': ['rule to add', 'rules to add'],
  'revoke-rule': ['rule to remove', 'rules to remove'],
  'create-security-group': ['security group to make', 'security groups to make'],
  'delete-security-group': ['security group to delete', 'security groups to delete'],
  'attach-security-group': ['security group to put on', 'security groups to put on'],
  'detach-security-group': ['security group to take off', 'security groups to take off'],
};

/** How much there is to do, in one line. */
export const summary = ({ changes, leftAsItIs }: Pick<FleetPlan, 'changes' | 'leftAsItIs'>): string => {
  const counts = (Object.keys(NOUNS) as Change['kind'][]).flatMap((kind) => {
    const count = changes.filter(({ change }) => change.kind === kind).length;
    return count === 0 ? [] : [plural(count, ...NOUNS[kind])];
  });
  const left = leftAsItIs.length === 0 ? [] : [`${leftAsItIs.length} left as it is`];
  return counts.length === 0 && left.length === 0 ? 'Nothing to do.' : `${[...counts, ...left].join(', ')}.`;
};

/** Where a plan was made, as its first line says. */
export interface PlanPlace {
  readonly stage: string;
  readonly region: string;
  readonly account: string;
  readonly isDeployed: boolean;
}

/** To the minute, in UTC: without a stage nothing says which time zone is meant. */
const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A plan as people read it: one section for each target group and security group, signs before colours. */
export const showPlan = (plan: FleetPlan, place: PlanPlace, paint: Paint): readonly string[] => [
  `${paint(place.stage, 'bold')} · ${place.region} · account ${place.account} · ${plural(plan.instances, 'instance')}, ${plural(plan.targetGroups, 'tagged group')}`,
  ...(place.isDeployed
    ? []
    : [`No stage ${place.stage} is deployed here: this is the plan as if nothing were Usher’s own.`]),
  ...(plan.pause === undefined
    ? []
    : [
        `Paused since ${minuteOf(plan.pause.since)} by ${outside(plan.pause.byUserId)}${plan.pause.reason === undefined ? '' : `: ${outside(plan.pause.reason)}`}. Nothing is written until: usher resume`,
      ]),
  '',
  ...sections(
    [...plan.changes.map(changeLine), ...plan.leftAsItIs.map(leftLine), ...plan.findings.map(findingLine)],
    paint,
  ),
  summary(plan),
];
