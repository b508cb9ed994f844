import { describe, expect, test } from '@jest/globals';
import { serializeDepartureNote } from '../../../events/departure-note.ts';
import { serializeHookNote } from '../../../events/hook-note.ts';
import { serializeLookAgain } from '../../../events/look-again.ts';
import { parseQueuedEvent } from '../../../events/parse-event.ts';
import { askedBy } from '../../../functions/register-targets/sightings.ts';
import { changed } from '../../events/samples.ts';
import { stateChange, tagChange } from '../../stories/journey.ts';
import { aStage } from '../../support/world/builders.ts';

const NOW = new Date('2026-11-22T05:00:00.000Z');
const STAGE = aStage();

const asked = (body: string, stage = STAGE) => askedBy(parseQueuedEvent(body), stage, NOW);

const ONE = { instanceId: 'i-00000001', attempt: 0, firstSeenAt: NOW };
const looks = (looked: object) => ({ kind: 'look', sightings: [], departures: [], hooked: [], ...looked });
const look = looks({ sightings: [ONE] });

/** Sample of the Auto Scaling user guide, "Successful instance launch". */
const autoScalingLaunch = (destination: string): string =>
  JSON.stringify({
    version: '0',
    id: '12345678-1234-1234-1234-123456789012',
    'detail-type': 'EC2 Instance Launch Successful',
    source: 'aws.autoscaling',
    account: STAGE.account,
    time: '2026-11-22T05:00:00Z',
    region: STAGE.region,
    resources: [],
    detail: {
      StatusCode: 'InProgress',
      AutoScalingGroupName: 'web-asg',
      EC2InstanceId: 'i-00000001',
      Origin: 'EC2',
      Destination: destination,
    },
  });

describe('what an event asks to look at', () => {
  test('Given tags that changed, when it is asked, then its instance is looked at, with which and when, also when it is put off', () => {
    const changed = { at: new Date('2026-11-22T05:00:00Z'), keys: ['Role', 'Name'] };
    expect(asked(tagChange('i-00000001', { Role: 'web', Name: 'web-1' }))).toMatchObject({
      sightings: [{ instanceId: 'i-00000001', tagChanges: [changed] }],
    });
    const note = serializeLookAgain({
      kind: 'look-again',
      instanceIds: ['i-00000001'],
      attempt: 1,
      firstSeenAt: '2026-11-22T05:00:00.000Z',
      reason: 'LeaseBusy',
      tagChanges: [{ at: changed.at.toISOString(), keys: changed.keys }],
    });
    expect(asked(note)).toMatchObject({ sightings: [{ instanceId: 'i-00000001', tagChanges: [changed] }] });
  });

  test.each([
    ['an instance that runs', stateChange('i-00000001')],
    ['a launch by Auto Scaling', autoScalingLaunch('AutoScalingGroup')],
  ])('Given %s, when it is asked, then its instance is looked at', (_, body) => {
    expect(asked(body)).toEqual(look);
  });

  test.each([
    ['an instance that is pending', stateChange('i-00000001', 'pending'), 'NotRunningYet'],
    ['a launch into a warm pool', autoScalingLaunch('WarmPool'), 'IntoWarmPool'],
  ])('Given %s, when it is asked, then nothing is looked at, and it says why', (_, body, reason) => {
    expect(asked(body)).toEqual({ kind: 'ignored', reason });
  });

  test.each([
    ['not said which', tagChange('i-00000001', { Role: 'web' }, { keys: [] })],
    ['not said when', tagChange('i-00000001', { Role: 'web' }, { at: '' })],
  ])(
    'Given tags that changed, %s, when it is asked, then its instance may be seated, and may have to leave',
    (_, body) => {
      expect(asked(body)).toEqual(looks({ sightings: [ONE], departures: [{ ...ONE, byTags: true }] }));
    },
  );

  const at = new Date('2026-11-22T05:00:00Z');
  const here = { account: STAGE.account, region: STAGE.region };
  const event = (name: string, detail: { readonly [key: string]: string } = { 'instance-id': 'i-00000001' }) =>
    JSON.stringify(changed(name, { ...here, resources: [] }, detail));
  const ofAutoScaling = { EC2InstanceId: 'i-00000001' };
  const hooked = [
    { autoScalingGroupName: 'my-asg', hookName: 'my-lifecycle-hook', instanceId: 'i-00000001', since: NOW },
  ];

  test.each([
    ['an instance that stops', stateChange('i-00000001', 'stopping'), { departures: [ONE] }],
    ['an instance that is stopped', stateChange('i-00000001', 'stopped'), { departures: [ONE] }],
    ['an instance that is shutting down', stateChange('i-00000001', 'shutting-down'), { departures: [ONE] }],
    [
      'an instance that is terminated',
      stateChange('i-00000001', 'terminated'),
      { departures: [{ ...ONE, saidTerminated: true }] },
    ],
    [
      'a spot instance that is interrupted',
      event('spot-interruption/warning.json'),
      { departures: [{ ...ONE, sign: { kind: 'SpotInterruption', at } }] },
    ],
    [
      'a spot instance that may soon be',
      event('rebalance-recommendation/recommendation.json'),
      { departures: [{ ...ONE, sign: { kind: 'Rebalance', at } }] },
    ],
    [
      'an instance that Auto Scaling took out',
      event('auto-scaling-terminate/successful.json', ofAutoScaling),
      { departures: [ONE] },
    ],
    [
      'an instance on its way back to the warm pool',
      event('auto-scaling-terminate/back-to-warm-pool.json', ofAutoScaling),
      { departures: [ONE], hooked },
    ],
    [
      'an instance that waits in a terminate hook',
      event('auto-scaling-terminate/lifecycle-action.json', ofAutoScaling),
      { departures: [ONE], hooked },
    ],
  ])('Given %s, when it is asked, then it may have to leave', (_, body, looked) => {
    expect(asked(body)).toEqual(looks(looked));
  });

  test('Given an interruption that doesn’t say when, when it is asked, then only the instance itself can tell', () => {
    const body = JSON.stringify(
      changed(
        'spot-interruption/warning.json',
        { ...here, time: undefined, resources: [] },
        { 'instance-id': 'i-00000001' },
      ),
    );
    expect(asked(body)).toEqual(looks({ departures: [ONE] }));
  });

  test('Given our own notes on a departure and a hook, when they are asked, then they say what they said', () => {
    const departure = serializeDepartureNote({
      kind: 'look-at-departure',
      reason: 'NotSeen',
      departures: [
        {
          instanceId: 'i-00000001',
          attempt: 1,
          firstSeenAt: NOW.toISOString(),
          saidTerminated: true,
          absentSince: NOW.toISOString(),
          sign: { kind: 'Rebalance', at: at.toISOString() },
        },
      ],
    });
    expect(asked(departure)).toEqual(
      looks({
        departures: [{ ...ONE, attempt: 1, saidTerminated: true, absentSince: NOW, sign: { kind: 'Rebalance', at } }],
      }),
    );
    const [one] = hooked;
    if (one === undefined) throw new Error('there is one');
    expect(asked(serializeHookNote({ kind: 'look-at-hook', ...one, since: NOW.toISOString() }))).toEqual(
      looks({ hooked }),
    );
  });

  test.each([
    ['account', { account: '999999999999' }],
    ['Region', { region: 'us-east-1' }],
  ])('Given an event of another %s, when it is asked, then nothing is looked at', (_, other) => {
    expect(asked(stateChange('i-00000001'), { ...STAGE, ...other })).toEqual({
      kind: 'ignored',
      reason: 'AnotherAccountOrRegion',
    });
  });

  test('Given our own note to look again, when it is asked, then its instances are looked at with its count, moment and reason', () => {
    const body = serializeLookAgain({
      kind: 'look-again',
      instanceIds: ['i-00000001', 'i-00000002'],
      attempt: 3,
      firstSeenAt: '2026-11-22T04:59:00.000Z',
      reason: 'NotYetTagged',
    });
    const again = { attempt: 3, firstSeenAt: new Date('2026-11-22T04:59:00.000Z'), reason: 'NotYetTagged' };
    expect(asked(body)).toEqual(
      looks({
        sightings: [
          { instanceId: 'i-00000001', ...again },
          { instanceId: 'i-00000002', ...again },
        ],
      }),
    );
  });
});
