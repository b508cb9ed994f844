import type { GroupHealth, Named, ReportedChange, TakenOutBecause } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, emoji, joined, outside, say, strong, words } from '../phrase.ts';
import type { Catalogue, Certainty, Subjects } from './catalogue.ts';
import { englishDuration as duration } from './duration.ts';
import { ENGLISH_ALARMS } from './english-alarms.ts';
import { ENGLISH_ANSWERS } from './english-answers.ts';
import { ENGLISH_BUTTONS } from './english-buttons.ts';
import { ENGLISH_CLOSING } from './english-closing.ts';
import { ENGLISH_COMPANIONS } from './english-companions.ts';
import { ENGLISH_DIAGNOSIS } from './english-diagnosis.ts';
import { ENGLISH_EXPIRY } from './english-expiry.ts';
import { ENGLISH_FINDINGS } from './english-findings.ts';
import { ENGLISH_HANDS } from './english-hands.ts';
import { ENGLISH_INVALIDATIONS } from './english-invalidations.ts';
import { ENGLISH_SWEEP } from './english-sweep.ts';
import { wordOf } from './evidence.ts';
import { englishPlace } from './places.ts';

/** `web-3`, `web-3 and web-4`, `web-3, web-4 and 37 more`. */
const subjects = ({ names, count }: Subjects, limit: number): Phrase => {
  const shown = names.map((name) => [outside(name, limit)]);
  const more = count - names.length;
  if (more > 0) return [...joined(shown, ', '), words(` and ${more} more`)];
  return [...joined(shown.slice(0, -1), ', '), ...(shown.length > 1 ? [words(' and ')] : []), ...(shown.at(-1) ?? [])];
};

const verb = ({ count }: Subjects, one: string, several: string): string => (count === 1 ? one : several);

/** `: 1a ×2, 1c ×1`; nothing where the zones are not known. */
const inZones = ({ zones = [] }: GroupHealth, before: string): Phrase =>
  zones.length === 0
    ? []
    : [
        words(before),
        ...joined(
          zones.map(({ name, healthy }) => say`${name} ×${healthy}`),
          ', ',
        ),
      ];

/** Who carries the traffic, by name where names tell. */
const carrying = (health: GroupHealth): Phrase => {
  const { healthy, total, names } = health;
  if (names === undefined) {
    const who = healthy === 1 ? `1 healthy target of ${total} carries` : `${healthy} healthy targets of ${total} carry`;
    const zones = inZones(health, '');
    return zones.length === 0 ? say`${words(who)} all traffic` : say`${words(who)} all traffic (${zones})`;
  }
  const who = subjects({ names, count: healthy }, 24);
  return say`${who} ${words(healthy === 1 ? 'carries' : 'carry')} all traffic (${healthy} of ${total} healthy${inZones(health, ': ')})`;
};

/** `web-1, web-2 and 3 more`; a list in a row, not a sentence's subject. */
const listed = ({ names, count }: Subjects): Phrase => {
  if (names.length === 0) return [words(count === 1 ? 'the other target' : `the other ${count} targets`)];
  const more = count - names.length;
  return say`${joined(
    names.map((name) => [outside(name, 24)]),
    ', ',
  )}${words(more > 0 ? ` and ${more} more` : '')}`;
};

const groupName = ({ name }: Named): Phrase => [outside(name)];

const notWell = (state: string, seconds: number): string => {
  switch (state) {
    case 'unhealthy':
    case 'unhealthy.draining':
      return `unhealthy for ${duration(seconds)}`;
    case 'initial':
      return `still being checked after ${duration(seconds)}`;
    case 'unused':
      return `unused for ${duration(seconds)}`;
    case 'draining':
      return 'being taken out';
    case 'unavailable':
      return `health unknown for ${duration(seconds)}`;
    case 'not-registered':
      return 'not registered';
    default:
      return `no check passed for ${duration(seconds)}`;
  }
};

const change = (made: ReportedChange): Phrase => {
  if (made.kind === 'target-registered') {
    const where = made.port === undefined ? '' : ` on port ${made.port}`;
    return [words(made.count === 1 ? `registered${where}` : `registered ${made.count} targets${where}`)];
  }
  const [direction, preposition] = made.direction === 'ingress' ? ['inbound', 'from'] : ['outbound', 'to'];
  return say`${code(made.securityGroup.name)} ${words(direction)} ${made.protocol}/${made.port} ${words(preposition)} ${code(made.peer.name)} (+1 rule)`;
};

const TAKEN_OUT: Readonly<Record<TakenOutBecause, string>> = {
  Stopped: 'stopped',
  Terminated: 'terminated',
  Absent: 'EC2 knows the instance no more',
  Stopping: 'stopping',
  ShuttingDown: 'being terminated',
  SpotInterruption: 'AWS takes the spot instance back',
  ScaleIn: 'Auto Scaling is terminating it',
  IntoWarmPool: 'in the warm pool',
  Rebalance: 'AWS may soon take the spot instance back',
  NotDesired: 'its tags don’t bring it here any more',
};

/** What evidence is called that no sentence says. */
const EVIDENCE: Readonly<Record<string, string>> = {
  loadBalancer: 'load balancer',
  targetGroup: 'target group',
  securityGroup: 'security group',
  securityGroupName: 'security group',
  peer: 'other side',
  peerName: 'other side',
  interfaces: 'others’ interfaces',
  why: 'because',
};

const CAUSE: Readonly<Record<Certainty, string>> = {
  sure: 'Cause: ',
  likely: 'Likely cause: ',
  unknown: 'Cause not known: ',
};

/** Everything Usher says in English, in the voice of people who are read at three in the morning. */
export const ENGLISH: Catalogue = {
  findings: ENGLISH_FINDINGS,
  buttons: ENGLISH_BUTTONS,
  answers: ENGLISH_ANSWERS,
  invalidations: ENGLISH_INVALIDATIONS,
  expiry: ENGLISH_EXPIRY,
  sweep: ENGLISH_SWEEP,
  closing: ENGLISH_CLOSING,
  diagnosis: ENGLISH_DIAGNOSIS,
  alarms: ENGLISH_ALARMS,
  hands: ENGLISH_HANDS,
  companions: ENGLISH_COMPANIONS,
  inService: (about, limit) => ({
    strong: say`${subjects(about, limit)} ${words(verb(about, 'is', 'are'))} ${words(about.recovered ? 'now in service' : 'in service')}`,
    rest: say` (${outside(about.group.name, limit)}) – healthy ${words(about.count === 1 ? 'after' : 'within')} ${words(duration(about.seconds))}`,
  }),
  notInService: (about, limit) => ({
    strong: say`${subjects(about, limit)} ${words(verb(about, 'is', 'are'))} not in service`,
    rest: say` – ${words(notWell(about.state, about.seconds))}: ${about.short}`,
  }),
  unreached: (about, limit) => ({
    strong: say`${subjects(about, limit)} ${words(verb(about, 'is', 'are'))} healthy, but visitors can’t reach ${words(verb(about, 'it', 'them'))}`,
    rest: say` – ${about.short}`,
  }),
  notRegistered: (about, limit) => ({
    strong: say`${subjects(about, limit)} ${words(verb(about, 'is', 'are'))} not registered`,
    rest: say` (${outside(about.group.name, limit)}) – ${about.short}`,
  }),
  notTakenOut: (about, limit) => ({
    strong: say`${subjects(about, limit)} ${words(verb(about, 'was', 'were'))} not taken out`,
    rest: say` (${outside(about.group.name, limit)}) – ${about.short}`,
  }),
  takenOut: (about, limit) => ({
    strong: say`${subjects(about, limit)} ${words(verb(about, 'was', 'were'))} taken out of ${outside(about.group.name, limit)}`,
    rest: say` – ${joined(
      about.because.map((reason) => [words(TAKEN_OUT[reason])]),
      ', ',
    )}`,
  }),
  deregistered: (count) =>
    say`Changed: ${words(count === 1 ? 'deregistered' : `deregistered ${count} targets`)}. Nothing else.`,
  bringAnother: () => say`start an instance that belongs there, or find out why those left are not healthy`,
  configuration: ({ subject, short, more }, limit) => ({
    strong: say`Check the settings of ${outside(subject.name, limit)}`,
    rest: say` – ${short}${words(more > 0 ? `, and ${more} more` : '')}`,
  }),
  healthNow: (health) =>
    health.zones === undefined
      ? say`Now ${health.healthy} of ${health.total} healthy.`
      : say`Now ${health.healthy} of ${health.total} healthy${inZones(health, ': ')}`,
  imageDiffers: (others, differing) =>
    differing === undefined
      ? say`${emoji('warning')} AMI differs from ${listed(others)}`
      : say`${emoji('warning')} AMI of ${listed(differing)} differs from ${listed(others)}`,
  nothingToDoIfMeant: () => say`Nothing to do if that is meant.`,
  launchedBy: (name) => say`launched by ${name}`,
  visitors: {
    notAffected: (health) => say`Visitors: not affected. ${carrying(health)}.`,
    noneHealthy: (group, then) => {
      switch (then) {
        case 'tries-all':
          return say`Visitors: likely affected. No target of ${groupName(group)} is healthy, so the balancer tries all of them, healthy or not (fail-open).`;
        case 'refuses':
          return say`Visitors: affected. No target of ${groupName(group)} is healthy, so the balancer refuses them.`;
        case 'drops':
          return say`Visitors: affected if their traffic goes this way. No appliance of ${groupName(group)} is healthy, so what the balancer sends to one of them is dropped.`;
        default:
          return say`Visitors: likely affected. No target of ${groupName(group)} is healthy.`;
      }
    },
    noneTried: (group) =>
      say`Visitors: affected if they come here. The balancer sends nothing to any target of ${groupName(group)}.`,
    nothingRegistered: (group) =>
      say`Visitors: affected if they come here. ${groupName(group)} has no registered target.`,
    notReached: (who) =>
      say`Visitors: what is sent to ${subjects(who, 24)} gets lost. Health checks pass, so the balancer goes on sending.`,
    groupNotUsed: (group) => say`Visitors: not affected. No requests are sent to ${groupName(group)}.`,
    nothingChanges: () => say`Visitors: nothing changes for them.`,
  },
  cause: (certainty, sentence) => say`${words(CAUSE[certainty])}${sentence}.`,
  networkPasses: () => say`The network lets it through (security groups, ACLs, zone: all pass).`,
  networkUnknown: () => say`Whether the network lets it through is not known.`,
  reasonCode: (reason) => say` (${code(reason)})`,
  also: (shorts, more) => say`Also: ${joined(shorts, '; ')}${words(more > 0 ? `; … and ${more} more` : '')}.`,
  evidence: (rest) =>
    say` (${joined(
      rest.map(([key, value]) => say`${wordOf(EVIDENCE, key)}: ${value}`),
      ', ',
    )})`,
  perTarget: (name, sentence) => say`• ${name}: ${sentence}.`,
  next: (step, commandLine) =>
    commandLine === undefined
      ? say`${strong(say`Next:`)} ${step}.`
      : say`${strong(say`Next:`)} ${step}: ${commandLine}`,
  changed: (changes, more) =>
    say`Changed: ${joined(changes.map(change), ', ')}${words(more > 0 ? `, … and ${more} more` : '')}. Nothing else.`,
  nothingChanged: () => say`Nothing was changed.`,
  looksAgain: (everySeconds) =>
    everySeconds === undefined
      ? say`This was my last look.`
      : say`I look again every ${words(everySeconds === 60 ? 'minute' : duration(everySeconds))}, and tell you here.`,
  note: (sentence) => say`${sentence}.`,
  nothingToDo: () => say`Nothing to do.`,
  more: (count) => [words(`… and ${count} more`)],
  place: englishPlace,
  contextSeparator: ' · ',
  betweenSentences: ' ',
};
