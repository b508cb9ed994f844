import type { SweepCaution } from '../../domain/sweep/grounds.ts';
import type { NearLimit } from '../../domain/sweep/limits.ts';
import type { LeftAlone, SweepEnded, SweptTargets } from '../../domain/sweep/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, strong, words } from '../phrase.ts';
import { ENGLISH_BECAUSE } from './english-because.ts';
import type { SweepCatalogue } from './sweep.ts';

const GROUPS_SHOWN = 3;
const REASONS_SHOWN = 3;
const LIMITS_SHOWN = 2;
const NAMES_SHOWN = 2;
const NAME_LIMIT = 24;

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const sum = (targets: readonly SweptTargets[]): number => targets.reduce((all, { count }) => all + count, 0);

/** `web-1, web-2 and 3 more`. */
const named = (names: readonly string[], count: number): Phrase => {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => [outside(name, NAME_LIMIT)]);
  const more = count - shown.length;
  return [
    ...joined(shown, ', '),
    ...(more > 0 ? [words(shown.length === 0 ? String(more) : ` and ${more} more`)] : []),
  ];
};

const listOfTargets = (label: string, targets: readonly SweptTargets[]): Phrase => {
  if (targets.length === 0) return [];
  const shown = targets
    .slice(0, GROUPS_SHOWN)
    .map(({ targetGroup, names, count }) => say`${outside(targetGroup.name, NAME_LIMIT)}: ${named(names, count)}`);
  const more = targets.length - shown.length;
  return [words(`${label} `), ...joined(shown, '; '), ...(more > 0 ? [words(`; ${plural(more, 'more group')}`)] : [])];
};

const counts = ({ registered, takenOut, rulesAdded, rulesRemoved }: SweepEnded): string =>
  [
    sum(registered) > 0 ? `${sum(registered)} registered` : '',
    sum(takenOut) > 0 ? `${sum(takenOut)} taken out` : '',
    rulesAdded > 0 ? `${plural(rulesAdded, 'rule')} added` : '',
    rulesRemoved.length > 0 ? `${plural(rulesRemoved.length, 'rule')} removed` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');

/** Why a sweep only looked. */
export const ENGLISH_CAUTION: Readonly<Record<SweepCaution | 'Paused', string>> = {
  Install: 'First sweep since Usher was installed, so I only looked.',
  Upgrade: 'First sweep of a new version, so I only looked.',
  PolicyChanged: 'What Usher may do was changed, so I only looked.',
  NoSweepForADay: 'No sweep has come to its end for a day, so I only looked.',
  Paused: 'Everything is paused, so I only looked.',
};

const BECAUSE: Readonly<Record<LeftAlone['because'], string>> = {
  ...ENGLISH_BECAUSE,
  Unreadable: 'it could not be read',
  NotSeen: 'EC2 doesn’t show the instance, which is not yet gone',
  AddressHeld: 'somebody else has the address by now',
  ManyGoneAtOnce: 'more than half of the group seemed gone at once',
  SelectorDoubtful: 'the selector would empty the group, or most of it',
  LeftToItsOwner: 'another tool keeps it',
  RefusedByAws: 'AWS refused it',
  Blocked: 'something on their path stays closed',
};

const LIMIT: Readonly<Record<NearLimit['kind'], string>> = {
  'rules-ipv4': 'rules (IPv4)',
  'rules-ipv6': 'rules (IPv6)',
  'targets-in-group': 'targets',
  'targets-in-zone': 'targets in one zone',
  'targets-behind-balancer': 'targets behind it',
};

const next = (step: Phrase): Phrase => say`${strong(say`Next:`)} ${step}`;

export const ENGLISH_SWEEP: SweepCatalogue = {
  headline: (body, about, limit) => {
    switch (about) {
      case 'done':
        return { strong: say`Repaired: ${words(counts(body))}`, rest: say`` };
      case 'proposed':
        return { strong: say`Not done yet: ${words(counts(body))}`, rest: say` – waits for your yes` };
      case 'not-looked-at':
        return {
          strong: say`Sweep incomplete`,
          rest:
            body.notLookedAt === undefined || body.notLookedAt.targetGroups === 0
              ? say` – nothing was taken out, no rule was removed`
              : say` – ${words(plural(body.notLookedAt.targetGroups, 'group'))} could not be looked at`,
        };
      case 'limits': {
        const [first] = body.limits;
        return {
          strong: say`Nearly full: ${outside(first?.of.name ?? '-', limit)}`,
          rest: first === undefined ? say`` : say` – ${first.used} of ${first.limit} ${words(LIMIT[first.kind])}`,
        };
      }
      case 'nothing':
        return {
          strong: say`Swept: ${words(body.caution === 'Paused' ? 'nothing is written while paused' : 'nothing to repair')}`,
          rest: say` – ${words(plural(body.instances, 'instance'))}, ${words(plural(body.targetGroups, 'group'))}`,
        };
    }
  },
  targets: ({ registered, takenOut, mode }) =>
    joined(
      [
        listOfTargets(mode === 'applied' ? 'Registered in' : 'Would register in', registered),
        listOfTargets(mode === 'applied' ? 'Taken out of' : 'Would take out of', takenOut),
      ].filter((part) => part.length > 0),
      '. ',
    ),
  rules: ({ rulesRemoved }) => {
    const [first] = rulesRemoved;
    if (first === undefined) return [];
    const more = rulesRemoved.length - 1;
    return say`Rules of Usher’s that nobody needed are gone: ${code(first.ruleId)} on ${outside(first.securityGroup.name, NAME_LIMIT)}${words(more > 0 ? ` and ${more} more` : '')}.`;
  },
  missed: (events) => say`For ${words(plural(events, 'instance'))} no event had come.`,
  leftAlone: (items) => {
    if (items.length === 0) return [];
    const shown = items
      .slice(0, REASONS_SHOWN)
      .map(({ because, names, count }) => say`${named(names, count)} (${words(BECAUSE[because])})`);
    const more = items.length - shown.length;
    return [
      words('Left alone: '),
      ...joined(shown, '; '),
      ...(more > 0 ? [words(`; ${plural(more, 'more reason')}`)] : []),
    ];
  },
  limits: ({ limits }) => {
    if (limits.length === 0) return [];
    const shown = limits
      .slice(0, LIMITS_SHOWN)
      .map(
        ({ of, used, limit, kind }) =>
          say`${outside(of.name, NAME_LIMIT)} has ${used} of ${limit} ${words(LIMIT[kind])}`,
      );
    const more = limits.length - shown.length;
    return [words('Nearly full: '), ...joined(shown, '; '), ...(more > 0 ? [words(`; ${more} more`)] : []), words('.')];
  },
  notLookedAt: ({ call, code: reason }) =>
    call === '-'
      ? say`Cause: ${code(reason)}. What could not be seen was left as it is.`
      : say`Cause: ${outside(call)} failed with ${code(reason)}. What could not be seen was left as it is.`,
  next: (body, about) => {
    const caution = body.caution === undefined ? [] : [words(`${ENGLISH_CAUTION[body.caution]} `)];
    switch (about) {
      case 'done':
        return say`Nothing to do.`;
      case 'proposed':
        return body.caution === 'Paused'
          ? [...caution, ...next(say`say ${code('/usher resume')} when Usher may go on`)]
          : [...caution, ...next(say`press “Apply”; it looks afresh, and keeps to every brake. Nothing was changed.`)];
      case 'not-looked-at':
        return next(
          say`nothing if it was throttled, the next sweep tries again; if a read was denied, allow it to Usher’s role. Nothing was changed.`,
        );
      case 'limits':
        return next(say`ask AWS for a higher quota, or spread it over more groups. Nothing was changed.`);
      case 'nothing':
        return [...caution, words('Nothing to do.')];
    }
  },
  status: {
    headline: ({ instances, targetGroups, leftAlone, pausedSince, stopped = [] }) => ({
      strong: say`Weekly status: ${words(pausedSince === undefined ? (leftAlone.length === 0 && stopped.length === 0 ? 'all in order' : 'some things wait') : 'paused')}`,
      rest: say` – ${words(plural(instances, 'instance'))}, ${words(plural(targetGroups, 'group'))}`,
    }),
    paused: ({ pausedSince }, { moment }) =>
      pausedSince === undefined
        ? []
        : say`Paused since ${words(moment(pausedSince))}: nothing is written. ${next(say`say ${code('/usher resume')}`)}`,
    stopped: ({ stopped = [], keptRules = 0 }) => {
      const dropped =
        stopped.length === 0
          ? []
          : say`Report-only since a rule had to be put back: ${named(
              stopped.map(({ name }) => name),
              stopped.length,
            )} (${code('/usher resume NAME')}). `;
      return [...dropped, ...(keptRules === 0 ? [] : [words(`Kept: ${plural(keptRules, 'rule')}.`)])];
    },
    unused: ({ unneededRules, unusedGroups }) => {
      const rules =
        unneededRules === 0 ? [] : say`${words(plural(unneededRules, 'rule'))} of Usher’s that nobody needs`;
      const groups =
        unusedGroups.length === 0
          ? []
          : say`security groups of Classic balancers that are gone: ${named(
              unusedGroups.map(({ name }) => name),
              unusedGroups.length,
            )}`;
      const parts = [rules, groups].filter((part) => part.length > 0);
      return parts.length === 0 ? [] : [words('Unused: '), ...joined(parts, '; '), words('.')];
    },
    ends: ({ nextEnds }, { day }) =>
      nextEnds.length === 0
        ? []
        : [
            words('Ends next: '),
            ...joined(
              nextEnds.map(({ name, endsAt }) => say`${outside(name, NAME_LIMIT)} on ${words(day(endsAt))}`),
              ', ',
            ),
            words('.'),
          ],
    closing: say`Nothing was changed by this message.`,
  },
};
