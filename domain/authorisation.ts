import { DISTRIBUTION_ID } from './invalidation/distribution-id.ts';
import type { ButtonVerb, Orderer } from './order.ts';
import type { Settings } from './settings.ts';
import { list, listOf, SettingError } from './settings.ts';

/**
 * What somebody may be allowed to do: verbs that change something, in Slack's command or on a button. Trying again asks for
 * the right to do it in the first place, looking again, or at lines to be run, for the right to read.
 */
export type Right =
  | 'invalidate'
  | 'pause'
  | 'resume'
  | 'drain'
  | 'keep'
  | 'sweep'
  | Exclude<ButtonVerb, 'retry' | 'check' | 'show'>;

const RIGHTS: readonly Right[] = [
  'invalidate',
  'approve',
  'reject',
  'undo',
  'put-it-back',
  'snooze',
  'mute',
  'confirm',
  'pause',
  'resume',
  'drain',
  'keep',
  'sweep',
];

/** A person, everybody in a channel, or a person in a channel. Slack's ids. */
export interface Grantee {
  readonly userId: string | undefined;
  readonly channelId: string | undefined;
}

/** Who may order what. Nobody may anything that is not named here. */
export interface Authorisation {
  /** The workspaces whose people's orders are taken; without one, none. */
  readonly teamIds: readonly string[];
  /** Where reading is allowed. */
  readonly readChannels: 'everywhere' | readonly string[];
  readonly writers: ReadonlyMap<Right | '*', readonly Grantee[]>;
  /** Distributions with a line of their own: for them that line stands, and nothing else does. */
  readonly distributionWriters: ReadonlyMap<string, readonly Grantee[]>;
}

/** Where an answer's reader finds what refused: a parameter of serverless.yml. */
export type AuthorisationParameter = 'slackTeamId' | 'readChannels' | 'writers' | 'distributionWriters';

/** Why an order is refused: said with who may, and where that is set. */
export interface NotAllowed {
  readonly kind: 'not-allowed';
  readonly right: Right | 'read';
  readonly parameter: AuthorisationParameter;
  /** Texts of that parameter's ids that would be allowed; empty when nobody is. */
  readonly allowed: readonly string[];
  /** What the order came with, to be put there. */
  readonly yours: string;
  /** The distribution whose own line refused. */
  readonly distributionId?: string;
}

export type Authorised = { readonly kind: 'allowed' } | NotAllowed;

const ALLOWED: Authorised = { kind: 'allowed' };

const granteeText = ({ userId, channelId }: Grantee): string =>
  userId === undefined || channelId === undefined ? (userId ?? channelId ?? '') : `${userId}@${channelId}`;

const isGranted = ({ userId, channelId }: Grantee, by: Orderer): boolean =>
  (userId === undefined || userId === by.userId) && (channelId === undefined || channelId === by.channelId);

const inTeam = ({ teamIds }: Authorisation, right: Right | 'read', by: Orderer): NotAllowed | undefined =>
  teamIds.includes(by.teamId)
    ? undefined
    : { kind: 'not-allowed', right, parameter: 'slackTeamId', allowed: teamIds, yours: by.teamId };

const granted = (
  grantees: readonly Grantee[],
  by: Orderer,
  refusal: Pick<NotAllowed, 'right' | 'parameter' | 'distributionId'>,
): Authorised =>
  grantees.some((grantee) => isGranted(grantee, by))
    ? ALLOWED
    : {
        kind: 'not-allowed',
        ...refusal,
        allowed: [...new Set(grantees.map(granteeText))],
        yours: `${by.userId}@${by.channelId}`,
      };

/** Whether an order may read: in the configured channels, of the configured workspaces. */
const mayRead = (authorisation: Authorisation, by: Orderer): Authorised => {
  const foreign = inTeam(authorisation, 'read', by);
  if (foreign !== undefined) return foreign;
  const { readChannels } = authorisation;
  if (readChannels === 'everywhere' || readChannels.includes(by.channelId)) return ALLOWED;
  return {
    kind: 'not-allowed',
    right: 'read',
    parameter: 'readChannels',
    allowed: readChannels,
    yours: by.channelId,
  };
};

/**
 * Whether somebody may do something, by the ids that Slack signed. Writing is refused to everybody until the stage names
 * who may.
 * @param distributionId the distribution concerned, once it is known
 */
export const authorise = (
  authorisation: Authorisation,
  right: Right | 'read',
  by: Orderer,
  distributionId?: string,
): Authorised => {
  if (right === 'read') return mayRead(authorisation, by);
  const foreign = inTeam(authorisation, right, by);
  if (foreign !== undefined) return foreign;
  const own = distributionId === undefined ? undefined : authorisation.distributionWriters.get(distributionId);
  if (own !== undefined && distributionId !== undefined)
    return granted(own, by, { right, parameter: 'distributionWriters', distributionId });
  const { writers } = authorisation;
  return granted([...(writers.get(right) ?? []), ...(writers.get('*') ?? [])], by, { right, parameter: 'writers' });
};

/**
 * Whether it is worth finding out which distribution somebody means: they may invalidate in general, or some distribution
 * of its own line lists them.
 */
export const mayInvalidateSomething = (authorisation: Authorisation, by: Orderer): Authorised => {
  const general = authorise(authorisation, 'invalidate', by);
  if (general.kind === 'allowed' || general.parameter === 'slackTeamId') return general;
  const listed = [...authorisation.distributionWriters.values()].flat().some((grantee) => isGranted(grantee, by));
  return listed ? ALLOWED : general;
};

const fail = (sentence: string): never => {
  throw new SettingError(sentence);
};

/** A workspace's; an organisation's (E…) would let in people of all its workspaces. */
const TEAM = /^T[A-Z0-9]{2,31}$/;
const USER = /^[UW][A-Z0-9]{2,31}$/;
const CHANNEL = /^[CGD][A-Z0-9]{2,31}$/;

const itemsIn = (text: string): readonly string[] => text.split(',').filter((item) => item !== '');

const granteeFrom = (setting: string, text: string): Grantee => {
  const [first = '', second, ...more] = text.split('@');
  if (more.length === 0 && second === undefined && USER.test(first)) return { userId: first, channelId: undefined };
  if (more.length === 0 && second === undefined && CHANNEL.test(first)) return { userId: undefined, channelId: first };
  if (more.length === 0 && second !== undefined && USER.test(first) && CHANNEL.test(second))
    return { userId: first, channelId: second };
  return fail(
    `${setting} holds "${text}"; it may hold ids of people (U… or W…), channels (C…, G… or D…), and people in a channel (U…@C…)`,
  );
};

/** `KEY=ID,ID KEY=ID`: a word for each key, an id list without spaces. A key that comes twice adds to the first. */
const grantsFrom = <Key extends string>(
  settings: Settings,
  setting: string,
  keyFrom: (text: string) => Key,
): ReadonlyMap<Key, readonly Grantee[]> => {
  const grants = new Map<Key, readonly Grantee[]>();
  for (const word of list(settings, setting, /\s+/)) {
    const [key = '', ids = '', ...more] = word.split('=');
    const grantees = itemsIn(ids).map((id) => granteeFrom(setting, id));
    if (more.length > 0 || grantees.length === 0)
      fail(`${setting} holds "${word}"; it is written as in invalidate=U012AB3CD,C045EF6GH *=W078IJ9KL`);
    const known = keyFrom(key);
    grants.set(known, [...(grants.get(known) ?? []), ...grantees]);
  }
  return grants;
};

const rightFrom = (text: string): Right | '*' =>
  text === '*'
    ? text
    : (RIGHTS.find((right) => right === text) ??
      fail(`USHER_WRITERS names "${text}"; it may name ${RIGHTS.join(', ')} and *`));

const distributionFrom = (text: string): string =>
  DISTRIBUTION_ID.test(text)
    ? text
    : fail(`USHER_DISTRIBUTION_WRITERS names "${text}"; it may name ids of distributions (E…)`);

const readChannelsFrom = (settings: Settings): Authorisation['readChannels'] => {
  const [first, second] = list(settings, 'USHER_READ_CHANNELS');
  if (first === '*' && second === undefined) return 'everywhere';
  return listOf(settings, 'USHER_READ_CHANNELS', CHANNEL, 'ids of channels (C…, G… or D…), or * alone');
};

/**
 * Who may order what, from the function's environment (`USHER_…`, set by serverless.yml).
 * @throws {SettingError} when a setting is malformed
 */
export const authorisationFrom = (settings: Settings): Authorisation => ({
  teamIds: listOf(settings, 'USHER_SLACK_TEAM_ID', TEAM, 'ids of workspaces (T…)'),
  readChannels: readChannelsFrom(settings),
  writers: grantsFrom(settings, 'USHER_WRITERS', rightFrom),
  distributionWriters: grantsFrom(settings, 'USHER_DISTRIBUTION_WRITERS', distributionFrom),
});
