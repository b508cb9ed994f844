import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Alarm, AlarmState } from '../../../domain/diagnosis/alarm.ts';
import type { Incident, Placement, Standing } from '../../../domain/diagnosis/incident.ts';
import { isOverAlready, placeIncident, settle, withoutEnded } from '../../../domain/diagnosis/incident.ts';
import { anAlarm } from './alarms.ts';

const START = new Date('2026-11-22T18:00:00.000Z').getTime();
const at = (seconds: number) => new Date(START + seconds * 1000);

/** A change of one alarm's state, so many seconds after 18:00. */
const change = (seconds: number, state: AlarmState, more: Partial<Alarm> = {}): Alarm =>
  anAlarm({ state, since: at(seconds), previousState: state === 'OK' ? 'ALARM' : 'OK', ...more });

const place = (previous: Incident | undefined, alarm: Alarm): Placement =>
  placeIncident(previous, alarm, alarm.since ?? at(0));

/** Takes one change after another, each with what the one before left; whatever says nothing leaves the story as it was. */
const play = (...alarms: readonly Alarm[]) =>
  alarms.reduce<{ readonly kinds: readonly string[]; readonly incident: Incident | undefined }>(
    ({ kinds, incident }, alarm) => {
      const placement = place(incident, alarm);
      return {
        kinds: [...kinds, placement.kind],
        incident: placement.kind === 'nothing' ? incident : placement.incident,
      };
    },
    { kinds: [], incident: undefined },
  );

describe('Given one alarm', () => {
  test('when it is raised and ends, then its cause is told, and its end with how long it was', () => {
    const { kinds, incident } = play(change(120, 'ALARM'));
    expect(kinds).toEqual(['tell']);
    expect(place(incident, change(540, 'OK'))).toMatchObject({
      kind: 'recovered',
      downSeconds: 420,
      incident: { timesRaised: 1, endTold: true, endedAt: at(540) },
    });
  });

  test('when its event comes twice, or one from before comes late, then nothing is told again', () => {
    const { incident } = play(change(120, 'ALARM'));
    expect(place(incident, change(120, 'ALARM'))).toEqual({ kind: 'nothing', reason: 'SeenAlready' });
    expect(place(incident, change(60, 'OK'))).toEqual({ kind: 'nothing', reason: 'SeenAlready' });
  });

  test('when it is made in alarm, then it is told; made in any other state, then not', () => {
    const made = { previousState: undefined };
    expect(place(undefined, change(0, 'ALARM', made)).kind).toBe('tell');
    expect(place(undefined, change(0, 'OK', made))).toEqual({ kind: 'nothing', reason: 'FirstState' });
    expect(place(undefined, change(0, 'INSUFFICIENT_DATA', made))).toEqual({ kind: 'nothing', reason: 'FirstState' });
  });

  test('when it ends without having been told, then nothing is said', () => {
    expect(place(undefined, change(0, 'OK'))).toEqual({ kind: 'nothing', reason: 'NotRaisedBefore' });
  });

  test('when data run out while it is raised, then it is looked at again and goes on; else nothing is said', () => {
    const { kinds, incident } = play(change(0, 'ALARM'), change(300, 'INSUFFICIENT_DATA'));
    expect(kinds).toEqual(['tell', 'look']);
    expect(place(incident, change(900, 'OK'))).toMatchObject({ kind: 'recovered', downSeconds: 900 });
    expect(place(undefined, change(0, 'INSUFFICIENT_DATA'))).toEqual({ kind: 'nothing', reason: 'InsufficientData' });
  });

  test.each([
    ['muted', { mutedUntil: at(3_600) }, 'Muted'],
    ['suppressed', { isSuppressed: true }, 'Suppressed'],
  ])('when it is %s, then nothing is said, but what was begun is ended', (_how, quiet, reason) => {
    expect(place(undefined, change(0, 'ALARM', quiet))).toEqual({ kind: 'nothing', reason });
    const { incident } = play(change(0, 'ALARM'));
    expect(place(incident, change(60, 'OK', quiet)).kind).toBe('recovered');
  });

  test('when its mute has run out, then it is told', () => {
    expect(place(undefined, change(60, 'ALARM', { mutedUntil: at(60) })).kind).toBe('tell');
  });

  test('when the event does not tell since when, then it is since now', () => {
    expect(placeIncident(undefined, anAlarm({ since: undefined }), at(5))).toMatchObject({
      incident: { openedAt: at(5) },
    });
  });
});

describe('Given an alarm that comes and goes', () => {
  const flapping = [change(0, 'ALARM'), change(60, 'OK'), change(120, 'ALARM'), change(180, 'OK')];

  test('when it is back within ten minutes, then it is told that it is back, and its ends wait for ten quiet minutes', () => {
    const { kinds, incident } = play(...flapping);
    expect(kinds).toEqual(['tell', 'recovered', 'tell', 'settling']);
    expect(place(play(...flapping.slice(0, 2)).incident, change(120, 'ALARM'))).toMatchObject({ isAgain: true });
    expect(place(play(...flapping.slice(0, 3)).incident, change(180, 'OK'))).toMatchObject({ settlesAt: at(780) });
    expect(incident && settle(incident, at(779))).toBeUndefined();
    expect(incident && settle(incident, at(780))).toMatchObject({
      downSeconds: 180,
      incident: { timesRaised: 2, endTold: true },
    });
  });

  test('when it goes on coming and going, then nothing more is said until it is quiet', () => {
    const more = [change(240, 'ALARM'), change(300, 'OK'), change(360, 'ALARM'), change(420, 'OK')];
    const { kinds, incident } = play(...flapping, ...more);
    expect(kinds.slice(4)).toEqual(['folded', 'settling', 'folded', 'settling']);
    expect(incident).toMatchObject({ timesRaised: 4 });
    expect(incident && settle(incident, at(780))).toBeUndefined();
    expect(incident && settle(incident, at(1_020))?.downSeconds).toBe(420);
  });

  test('when its end was told, or it is raised again, then there is nothing to settle', () => {
    const { incident } = play(...flapping);
    const settled = incident && settle(incident, at(780))?.incident;
    expect(settled && settle(settled, at(2_000))).toBeUndefined();
    const { incident: raised } = play(...flapping, change(240, 'ALARM'));
    expect(raised && settle(raised, at(2_000))).toBeUndefined();
  });

  test('when it is back after ten minutes, then it is another story', () => {
    const { incident } = play(change(0, 'ALARM'), change(60, 'OK'));
    expect(place(incident, change(660, 'ALARM'))).toMatchObject({
      kind: 'tell',
      isAgain: false,
      incident: { openedAt: at(660), timesRaised: 1 },
    });
  });
});

describe('Given several alarms about one subject', () => {
  const other = (seconds: number, state: AlarmState) => change(seconds, state, { name: 'web-prod-healthy-low' });

  test('when they are raised one after another, then one story is told, and it ends with the last of them', () => {
    const { kinds, incident } = play(change(0, 'ALARM'), other(30, 'ALARM'), change(300, 'OK'));
    expect(kinds).toEqual(['tell', 'folded', 'folded']);
    expect(place(incident, other(360, 'OK'))).toMatchObject({
      kind: 'recovered',
      downSeconds: 360,
      incident: { timesRaised: 1 },
    });
  });

  test('when another is raised more than an hour after the cause was told, then it is told afresh', () => {
    const { incident } = play(change(0, 'ALARM'));
    expect(place(incident, other(3_599, 'ALARM')).kind).toBe('folded');
    expect(place(incident, other(3_600, 'ALARM'))).toMatchObject({
      kind: 'tell',
      isAgain: false,
      incident: { toldAt: at(3_600) },
    });
  });

  test('when one ends that was never raised, then nothing is said', () => {
    const { incident } = play(change(0, 'ALARM'));
    expect(place(incident, other(60, 'OK'))).toEqual({ kind: 'nothing', reason: 'NotRaisedBefore' });
  });
});

describe('Given how its alarms stand by now', () => {
  const raised = () => {
    const { incident } = play(change(0, 'ALARM'), change(30, 'ALARM', { name: 'other' }));
    if (incident === undefined) throw new Error('a story was opened');
    return incident;
  };
  const standing = (state: AlarmState, seconds: number) => ({ state, since: at(seconds) });
  const FIRST = 'web-prod-unhealthy';

  test('when one that comes as raised has ended since, then it is over already; not where it is raised, gone, or was read too early', () => {
    expect(isOverAlready(change(60, 'ALARM'), standing('OK', 120))).toBe(true);
    expect(isOverAlready(change(60, 'ALARM'), { state: 'OK', since: undefined })).toBe(true);
    expect(isOverAlready(change(60, 'ALARM'), standing('OK', 59))).toBe(false);
    expect(isOverAlready(change(60, 'ALARM'), standing('ALARM', 60))).toBe(false);
    expect(isOverAlready(change(60, 'ALARM'), standing('INSUFFICIENT_DATA', 90))).toBe(false);
    expect(isOverAlready(change(60, 'ALARM'), 'gone')).toBe(false);
    expect(isOverAlready(change(60, 'ALARM'), undefined)).toBe(false);
    expect(isOverAlready(change(60, 'OK'), standing('OK', 120))).toBe(false);
  });

  test('when all stand as they stood, or nobody could be asked, then it goes on', () => {
    expect(withoutEnded(raised(), new Map(), at(900))).toBeUndefined();
    const silent = new Map([
      [FIRST, standing('ALARM', 0)],
      ['other', standing('INSUFFICIENT_DATA', 500)],
    ]);
    expect(withoutEnded(raised(), silent, at(900))).toBeUndefined();
    // Read before its beginning had come through.
    expect(withoutEnded(raised(), new Map([['other', standing('OK', 29)]]), at(900))).toBeUndefined();
  });

  test('when one is gone, then the others go on; when all are, then it ends, and it is kept which told no end', () => {
    const one = withoutEnded(raised(), new Map([['other', 'gone' as const]]), at(900));
    expect(one).toMatchObject({ kind: 'folded', incident: { gone: ['other'], endedAt: undefined } });
    const shown = new Map<string, Standing>([
      [FIRST, standing('OK', 400)],
      ['other', 'gone'],
    ]);
    expect(withoutEnded(raised(), shown, at(900))).toMatchObject({
      kind: 'recovered',
      downSeconds: 900,
      incident: { gone: ['other'], endedAt: at(900), endTold: true },
    });
    const both = new Map([
      [FIRST, standing('OK', 400)],
      ['other', standing('OK', 300)],
    ]);
    expect(withoutEnded(raised(), both, at(900))).toMatchObject({
      kind: 'recovered',
      downSeconds: 400,
      incident: { gone: [] },
    });
  });

  test('when it came and went, then its end waits for ten quiet minutes as ever, and what comes back was not gone', () => {
    const { incident } = play(change(0, 'ALARM'), change(60, 'OK'), change(120, 'ALARM'));
    const ending = incident && withoutEnded(incident, new Map([[FIRST, 'gone' as const]]), at(900));
    expect(ending).toMatchObject({ kind: 'settling', settlesAt: at(1_500), incident: { gone: [FIRST] } });
    expect(ending && place(ending.incident, change(1_000, 'ALARM'))).toMatchObject({ incident: { gone: [] } });
  });
});

test('whatever alarms do, once all have ended for good nobody is left without an end of what was told', () => {
  const steps = fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b'),
      state: fc.constantFrom<AlarmState>('OK', 'ALARM', 'INSUFFICIENT_DATA'),
      wait: fc.integer({ min: 1, max: 900 }),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      let seconds = 0;
      const changes = all.map(({ name, state, wait }) => {
        seconds += wait;
        return change(seconds, state, { name });
      });
      const ends = ['a', 'b'].map((name, index) => change(seconds + 1 + index, 'OK', { name }));
      const { kinds, incident } = play(...changes, ...ends);
      const settled = incident && settle(incident, at(seconds + 2_000))?.incident;
      expect(incident === undefined).toBe(!kinds.includes('tell'));
      expect(incident === undefined || (settled ?? incident).endTold).toBe(true);
    }),
  );
});
