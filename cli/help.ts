/** One command as help shows it. */
interface CommandHelp {
  readonly line: string;
  readonly usage: string;
  readonly about: string;
  readonly options: readonly (readonly [option: string, meaning: string])[];
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly exits: string;
  /** Whether it takes anything behind its name. */
  readonly takesWords?: true;
}

/** Verbs that are the same in Slack. */
const ORDER_VERBS = ['status', 'doctor', 'certificates', 'sweep', 'undo', 'pause', 'resume', 'drain', 'keep'] as const;

export type OrderVerb = (typeof ORDER_VERBS)[number];

const NAMES = ['plan', 'apply', ...ORDER_VERBS] as const;

export type CommandName = (typeof NAMES)[number];

export const isCommandName = (word: string): word is CommandName => NAMES.some((name) => name === word);

const FOR_PROGRAMS = ['--json', 'the same for programs'] as const;

const ORDERED = '0 it is done, 1 it is not: one line says why';

export const COMMANDS: Readonly<Record<CommandName, CommandHelp>> = {
  plan: {
    line: 'show what Usher would change and why; change nothing',
    usage: 'usher plan [--json] [--param NAME=VALUE]…',
    about:
      'Looks at the whole fleet as the next sweep would, and shows each change with its reason, what is left as it is, and tags\n' +
      'that can hardly mean what they say. Nothing is written, in AWS or in Usher’s table. Works without a deployed stage too:\n' +
      'then nothing is known to be Usher’s own.',
    options: [
      ['--json', 'the plan in a form that stays (docs/terminal.md)'],
      [
        '--param NAME=VALUE',
        'as if serverless.yml said so: vpcIds, defaultPolicy, maximumPolicy, minimumHealthyTargets,',
      ],
      ['', 'maximumAdditions, removalsPerHour, managedByTags, iacAdditions, wideClientCidrs'],
    ],
    examples: [
      ['usher plan', 'the stage prod, your usual profile and Region'],
      ['usher plan --profile work --region eu-west-1 --stage staging', 'another one'],
      ['usher plan --param maximumPolicy=report-only', 'what would be held back under another policy'],
      ['usher plan --json | jq ".changes[].kind"', 'for a pipeline, which exit code 2 stops'],
    ],
    exits: '0 nothing to do, 2 something is not as its tags ask for, 1 it could not be told',
  },
  apply: {
    line: 'show the plan, ask, and do it',
    usage: 'usher apply [--yes] [--json]',
    about:
      'Shows the plan and asks. Then looks afresh, and does what it showed as far as it still holds: with your own rights, under\n' +
      'Usher’s leases, budgets and ledger. Nothing else is done. Slack hears of it as of Usher’s own work. Refused while paused.',
    options: [
      ['--yes, -y', 'don’t ask'],
      ['--json', 'plan and outcomes in a form that stays; wants --yes'],
    ],
    examples: [
      ['usher apply', 'look, and say yes'],
      ['usher apply --yes', 'in a pipeline'],
    ],
    exits: '0 all of it is done, 2 some of it is not (declined, refused, or no longer so), 1 it failed or is paused',
  },
  status: {
    line: 'say how things stand: policies, pause, last sweep, what is left alone',
    usage: 'usher status [--json]',
    about: 'By what the last sweep saw and the table holds. Looks at nothing else, and changes nothing.',
    options: [FOR_PROGRAMS],
    examples: [['usher status', 'first thing in the morning']],
    exits: '0 it was read, 1 it could not be',
  },
  doctor: {
    line: 'say what is wrong from a URL to its targets, or with a group, balancer or instance',
    usage: 'usher doctor WHAT [--json]',
    about:
      'WHAT is a URL or host name, or the name or id of a target group, a load balancer or an instance. A URL is asked from this\n' +
      'machine as a visitor would, at addresses of the internet alone; then each station of its way is looked at as AWS has it:\n' +
      'DNS, CloudFront, origin, listener, targets. Also says whether the page is cached. Changes nothing.',
    options: [FOR_PROGRAMS],
    examples: [
      ['usher doctor https://www.example.com/blog/', 'why is this page not as it should be?'],
      ['usher doctor web-prod', 'what its targets lack'],
      ['usher doctor web-3', 'an instance, in each of its groups'],
    ],
    exits: '0 it was looked into, whatever was found, 1 it could not be',
    takesWords: true,
  },
  undo: {
    line: 'list the changes of the last day, or take one back',
    usage: 'usher undo [NUMBER] [--json]',
    about:
      'Without a number, lists what Usher changed in the last day. With one, takes that change of your last list back, while the\n' +
      'world still allows it; what was taken back is held, and does not come back by itself.',
    options: [FOR_PROGRAMS],
    examples: [
      ['usher undo', 'what was done, with numbers'],
      ['usher undo 2', 'take back the second of the list'],
    ],
    exits: ORDERED,
    takesWords: true,
  },
  drain: {
    line: 'take an instance out of all its groups and keep it out',
    usage: 'usher drain INSTANCE [--json]',
    about:
      'Takes the instance, by id or name, out of every group that Usher registered it in, as far as each group’s floor and the\n' +
      'budgets allow, and holds it there. It comes back by “Put … back” in Slack, or by a stop and start.',
    options: [FOR_PROGRAMS],
    examples: [
      ['usher drain web-3', 'before it is patched'],
      ['usher drain i-0a1b2c3d4e5f67890', 'the same by id'],
    ],
    exits: ORDERED,
    takesWords: true,
  },
  keep: {
    line: 'list rules that are kept, or keep one for good',
    usage: 'usher keep [RULE] [--json]',
    about: 'Writes usher:keep on a security group rule: it is never removed, and its removal never proposed again.',
    options: [FOR_PROGRAMS],
    examples: [
      ['usher keep', 'the rules that are kept'],
      ['usher keep sgr-0a1b2c3d4e5f67890', 'one more'],
    ],
    exits: ORDERED,
    takesWords: true,
  },
  sweep: {
    line: 'have Usher look at the whole fleet now',
    usage: 'usher sweep [--json]',
    about: 'Orders a sweep out of turn. It runs in Usher’s own function, and Slack hears what it found.',
    options: [FOR_PROGRAMS],
    examples: [['usher sweep', 'after a change of many tags']],
    exits: ORDERED,
  },
  certificates: {
    line: 'list what ends in the next 90 days: certificates and domains',
    usage: 'usher certificates [--json]',
    about:
      'Reads certificates in every surveyed Region, and says of domains what the daily survey last heard. Changes nothing.',
    options: [['--json', 'the table in a form that stays']],
    examples: [['usher certificates', 'what to renew next']],
    exits: '0 it was read, 1 it could not be',
  },
  pause: {
    line: 'stop every write of Usher at once',
    usage: 'usher pause [REASON] [--json]',
    about:
      'Nothing is registered, taken out, added or removed until usher resume. Usher goes on looking, and says that it is paused.',
    options: [FOR_PROGRAMS],
    examples: [['usher pause release of the shop', 'the reason is shown to everybody']],
    exits: ORDERED,
    takesWords: true,
  },
  resume: {
    line: 'let Usher go on',
    usage: 'usher resume [GROUP] [--json]',
    about:
      'Ends a pause, with a sweep for what was missed; or lets Usher write to a group again where it put a rule back.',
    options: [FOR_PROGRAMS],
    examples: [
      ['usher resume', 'once the release is out'],
      ['usher resume web-prod', 'once it is clear who needed the rule'],
    ],
    exits: ORDERED,
    takesWords: true,
  },
};

const COMMON: CommandHelp['options'] = [
  ['--stage NAME', 'which installation; USHER_STAGE, else prod'],
  ['--region NAME', 'AWS_REGION, AWS_DEFAULT_REGION, or the profile’s own, when left out'],
  ['--profile NAME', 'your AWS profile; AWS_PROFILE, else default'],
  ['--verbose', 'say each step, and whole errors'],
  ['--help, -h', 'this'],
];

const WIDTH = 24;

const listed = (rows: readonly (readonly [string, string])[], width = WIDTH): readonly string[] =>
  rows.map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}`);

const examplesOf = ({ examples }: CommandHelp): readonly string[] =>
  examples.flatMap(([command, meaning]) => [`  ${command}`, `      ${meaning}`]);

/** What `--help` shows: of all commands, or of one. */
export const helpText = (about: CommandName | undefined): string => {
  if (about === undefined)
    return [
      'Usher from a terminal, with your own AWS credentials.',
      '',
      '  usher COMMAND [options]',
      '',
      ...listed(
        NAMES.map((name) => [name, COMMANDS[name].line]),
        12,
      ),
      '',
      'Options of every command:',
      ...listed([['--json', 'the answer in a form for programs (docs/terminal.md)'], ...COMMON]),
      '',
      'usher --version says which this is. usher COMMAND --help has examples. Rights that each needs: docs/terminal.md.',
    ].join('\n');
  const command = COMMANDS[about];
  return [
    `usher ${about}: ${command.line}`,
    '',
    `  ${command.usage}`,
    '',
    command.about,
    '',
    'Options:',
    ...listed([...command.options, ...COMMON]),
    '',
    'Examples:',
    ...examplesOf(command),
    '',
    `Exit code: ${command.exits}`,
  ].join('\n');
};
