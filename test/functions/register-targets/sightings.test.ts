import { describe, expect, test } from '@jest/globals';
import { serializeLookAgain } from '../../../events/look-again.ts';
import { parseQueuedEvent } from '../../../events/parse-event.ts';
import { askedBy } from '../../../functions/register-targets/sightings.ts';
import { stateChange, tagChange } from '../../stories/journey.ts';
import { aStage } from '../../support/world/builders.ts';

const NOW = new Date('2026-11-22T05:00:00.000Z');
const STAGE = aStage();

const asked = (body: string, stage = STAGE) => askedBy(parseQueuedEvent(body), stage, NOW);

const look = { kind: 'look', sightings: [{ instanceId: 'i-00000001', attempt: 0, firstSeenAt: NOW }] };

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
    ['tags that changed, not said which', tagChange('i-00000001', { Role: 'web' }, { keys: [] })],
    ['tags that changed, not said when', tagChange('i-00000001', { Role: 'web' }, { at: '' })],
    ['a launch by Auto Scaling', autoScalingLaunch('AutoScalingGroup')],
  ])('Given %s, when it is asked, then its instance is looked at', (_, body) => {
    expect(asked(body)).toEqual(look);
  });

  test.each([
    ['an instance that is pending', stateChange('i-00000001', 'pending'), 'NotRunningYet'],
    ['an instance that stops', stateChange('i-00000001', 'stopping'), 'NothingToSeat'],
    ['an instance that is terminated', stateChange('i-00000001', 'terminated'), 'NothingToSeat'],
    ['a launch into a warm pool', autoScalingLaunch('WarmPool'), 'IntoWarmPool'],
  ])('Given %s, when it is asked, then nothing is looked at, and it says why', (_, body, reason) => {
    expect(asked(body)).toEqual({ kind: 'ignored', reason });
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
    expect(asked(body)).toEqual({
      kind: 'look',
      sightings: [
        { instanceId: 'i-00000001', ...again },
        { instanceId: 'i-00000002', ...again },
      ],
    });
  });
});
