import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Right } from '../../domain/authorisation.ts';
import { authorisationFrom, authorise, mayInvalidateSomething } from '../../domain/authorisation.ts';

const TANAKA = { teamId: 'T0001', channelId: 'C0001', userId: 'U0001', userName: 'tanaka' };

const stage = (settings: Readonly<Record<string, string>> = {}) =>
  authorisationFrom({ USHER_SLACK_TEAM_ID: 'T0001', ...settings });

const RIGHTS: readonly Right[] = [
  'invalidate',
  'approve',
  'reject',
  'undo',
  'put-it-back',
  'snooze',
  'mute',
  'pause',
  'resume',
  'drain',
  'keep',
];

describe('Nothing named', () => {
  test.each(RIGHTS)('Given a stage that names nobody, when somebody wants to %s, then nobody may', (right) => {
    expect(authorise(stage(), right, TANAKA)).toEqual({
      kind: 'not-allowed',
      right,
      parameter: 'writers',
      allowed: [],
      yours: 'U0001@C0001',
    });
  });

  test('Given a stage without a workspace, when anything is ordered, then it is refused with the id to be set', () => {
    const open = authorisationFrom({ USHER_READ_CHANNELS: '*', USHER_WRITERS: '*=U0001' });
    expect([authorise(open, 'read', TANAKA), authorise(open, 'invalidate', TANAKA, 'E1ABCDEF')]).toEqual([
      { kind: 'not-allowed', right: 'read', parameter: 'slackTeamId', allowed: [], yours: 'T0001' },
      { kind: 'not-allowed', right: 'invalidate', parameter: 'slackTeamId', allowed: [], yours: 'T0001' },
    ]);
  });

  test('Given no channels to read in, when somebody reads, then it is refused, and * opens all', () => {
    expect(authorise(stage(), 'read', TANAKA)).toMatchObject({ parameter: 'readChannels', allowed: [] });
    expect(authorise(stage({ USHER_READ_CHANNELS: '*' }), 'read', TANAKA)).toEqual({ kind: 'allowed' });
  });
});

describe('Reading', () => {
  const reading = stage({ USHER_READ_CHANNELS: 'C0001, G0002' });

  test.each([
    ['a channel that is named', TANAKA, 'allowed'],
    ['another channel', { ...TANAKA, channelId: 'C0009' }, 'not-allowed'],
    ['the same channel id of another workspace', { ...TANAKA, teamId: 'T0009' }, 'not-allowed'],
  ] as const)('Given %s, when somebody reads there, then it is %s', (_, by, kind) => {
    expect(authorise(reading, 'read', by).kind).toBe(kind);
  });

  test('Given someone who may read, when they want to write, then they may not', () => {
    expect(authorise(reading, 'approve', TANAKA).kind).toBe('not-allowed');
  });
});

describe('Writing', () => {
  test.each([
    ['their own id', 'approve=U0001', 'approve', 'allowed'],
    ['their channel', 'approve=C0001', 'approve', 'allowed'],
    ['them in this channel', 'approve=U0001@C0001', 'approve', 'allowed'],
    ['them in another channel', 'approve=U0001@C0009', 'approve', 'not-allowed'],
    ['somebody else in this channel', 'approve=U0009@C0001', 'approve', 'not-allowed'],
    ['them for another verb', 'invalidate=U0001', 'approve', 'not-allowed'],
    ['them for everything', '*=U0001', 'undo', 'allowed'],
    ['several in one entry', 'approve=U0009,W0008,U0001 undo=U0009', 'approve', 'allowed'],
    ['one verb in two entries', 'approve=U0009 approve=U0001', 'approve', 'allowed'],
  ] as const)('Given writers that name %s (%s), when they want to %s, then it is %s', (_, writers, right, kind) => {
    expect(authorise(stage({ USHER_WRITERS: writers }), right, TANAKA).kind).toBe(kind);
  });

  test('Given others who may, when somebody else tries, then the refusal says who may and where it is set', () => {
    expect(authorise(stage({ USHER_WRITERS: 'undo=U0002,C0003 *=U0004@C0005' }), 'undo', TANAKA)).toEqual({
      kind: 'not-allowed',
      right: 'undo',
      parameter: 'writers',
      allowed: ['U0002', 'C0003', 'U0004@C0005'],
      yours: 'U0001@C0001',
    });
  });

  test('Given the right ids of another workspace, when somebody writes, then it is refused', () => {
    const by = { ...TANAKA, teamId: 'T0009' };
    expect(authorise(stage({ USHER_WRITERS: '*=U0001' }), 'approve', by)).toMatchObject({
      kind: 'not-allowed',
      parameter: 'slackTeamId',
      allowed: ['T0001'],
      yours: 'T0009',
    });
  });
});

test('Given several workspaces, when somebody of one of them orders, then it counts, and from another it does not', () => {
  const several = stage({ USHER_SLACK_TEAM_ID: 'T0001, T0002 T0003', USHER_WRITERS: 'approve=C0001' });
  const may = (teamId: string) => authorise(several, 'approve', { ...TANAKA, teamId }).kind;
  expect(['T0001', 'T0002', 'T0003'].map(may)).toEqual(['allowed', 'allowed', 'allowed']);
  expect(authorise(several, 'approve', { ...TANAKA, teamId: 'T0009' })).toMatchObject({
    parameter: 'slackTeamId',
    allowed: ['T0001', 'T0002', 'T0003'],
    yours: 'T0009',
  });
});

describe('Distributions', () => {
  const limited = stage({
    USHER_WRITERS: 'invalidate=U0001 *=U0007',
    USHER_DISTRIBUTION_WRITERS: 'E1ABCDEF=U0002,C0003',
  });
  const may = (userId: string, distributionId: string) =>
    authorise(limited, 'invalidate', { ...TANAKA, userId }, distributionId).kind;

  test('Given a distribution with a line of its own, then that line stands, against `invalidate` and `*` too', () => {
    expect([may('U0001', 'E1ABCDEF'), may('U0007', 'E1ABCDEF'), may('U0002', 'E1ABCDEF')]).toEqual([
      'not-allowed',
      'not-allowed',
      'allowed',
    ]);
    expect(authorise(limited, 'invalidate', TANAKA, 'E1ABCDEF')).toMatchObject({
      parameter: 'distributionWriters',
      distributionId: 'E1ABCDEF',
      allowed: ['U0002', 'C0003'],
    });
  });

  test('Given a distribution without one, then the writers stand', () => {
    expect([may('U0001', 'E2DEFABC'), may('U0007', 'E2DEFABC'), may('U0002', 'E2DEFABC')]).toEqual([
      'allowed',
      'allowed',
      'not-allowed',
    ]);
  });

  test('Given somebody of one line only, when it is not yet known which distribution they mean, then it is worth finding out', () => {
    const worth = (userId: string) => mayInvalidateSomething(limited, { ...TANAKA, userId }).kind;
    expect([worth('U0001'), worth('U0002'), worth('U0009')]).toEqual(['allowed', 'allowed', 'not-allowed']);
  });
});

describe('Settings', () => {
  test.each([
    ['USHER_SLACK_TEAM_ID', 'acme', 'USHER_SLACK_TEAM_ID holds "acme"; it may hold ids of workspaces (T…)'],
    ['USHER_SLACK_TEAM_ID', 'T0001 E0001', 'USHER_SLACK_TEAM_ID holds "E0001"'],
    ['USHER_DISTRIBUTION_WRITERS', 'E1ABC=U0001', 'USHER_DISTRIBUTION_WRITERS names "E1ABC"'],
    ['USHER_READ_CHANNELS', '#ops', 'USHER_READ_CHANNELS holds "#ops"'],
    ['USHER_READ_CHANNELS', 'C0001 *', 'USHER_READ_CHANNELS holds "*"'],
    ['USHER_WRITERS', 'invalidate', 'USHER_WRITERS holds "invalidate"; it is written as in invalidate=U012AB3CD'],
    ['USHER_WRITERS', 'invalidate=', 'USHER_WRITERS holds "invalidate="'],
    ['USHER_WRITERS', 'invalidate=tanaka', 'USHER_WRITERS holds "tanaka"; it may hold ids of people'],
    ['USHER_WRITERS', 'invalidate=U0001@U0002', 'USHER_WRITERS holds "U0001@U0002"'],
    ['USHER_WRITERS', 'invalidat=U0001', 'USHER_WRITERS names "invalidat"; it may name invalidate, approve'],
    ['USHER_WRITERS', 'constructor=U0001', 'USHER_WRITERS names "constructor"'],
    ['USHER_DISTRIBUTION_WRITERS', 'www=U0001', 'USHER_DISTRIBUTION_WRITERS names "www"'],
  ])('Given %s is "%s", when it is read, then it is refused in words', (name, value, sentence) => {
    expect(() => stage({ [name]: value })).toThrow(sentence);
  });

  test('Given any ids, when writers are named, then exactly those may', () => {
    const id = fc.stringMatching(/^[A-Z0-9]{3,8}$/).map((text) => `U${text}`);
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 5 }), id, (named, other) => {
        const writers = stage({ USHER_WRITERS: `approve=${named.join(',')}` });
        const may = (userId: string) => authorise(writers, 'approve', { ...TANAKA, userId }).kind === 'allowed';
        expect(named.every(may)).toBe(true);
        expect(may(other)).toBe(named.includes(other));
      }),
    );
  });
});
