import { expect, test } from '@jest/globals';
import type { Incidents, KeptIncident } from '../../../aws/state/incidents-port.ts';

const SUBJECT = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef';
const OPENED = new Date('2026-11-22T03:02:00.000Z');
const NOW = new Date('2026-11-22T03:03:00.250Z');

const KEPT: KeptIncident = {
  incident: {
    openedAt: OPENED,
    raised: new Map([['web-prod-unhealthy', OPENED]]),
    lastSeen: new Map([['web-prod-unhealthy', OPENED]]),
    endedAt: undefined,
    endTold: false,
    timesRaised: 1,
    toldAt: NOW,
    gone: ['web-prod-too-few'],
  },
  alarm: 'web-prod-unhealthy',
  subject: { kind: 'application', loadBalancerArn: undefined, targetGroupArn: SUBJECT, availabilityZone: undefined },
  tags: { 'usher:channel': 'web' },
  owed: [
    { what: 'cause', alarm: 'web-prod-unhealthy', at: OPENED },
    { what: 'end', alarm: 'web-prod-unhealthy', at: NOW },
  ],
  looks: 3,
  wasDown: true,
  touched: [{ kind: 'security-group', id: 'sg-web' }],
  changes: [
    {
      what: 'RevokeSecurityGroupIngress',
      subject: { name: 'sg-web', id: 'sg-web' },
      by: 'suzuki',
      via: undefined,
      at: '2026-11-22T03:01:00.000Z',
      isOurs: false,
    },
  ],
  toldEventIds: ['e-1'],
};

/** What every memory of incidents does; a fresh one for each test. */
export const incidentsContract = (make: () => Promise<Incidents>): void => {
  test('Given nothing, when a subject is read, then it has no incident', async () => {
    expect(await (await make()).read(SUBJECT)).toBeUndefined();
  });

  test('Given an incident, when it is read back, then nothing of it is lost', async () => {
    const incidents = await make();
    expect(await incidents.write(SUBJECT, KEPT, undefined, NOW)).toBe(true);
    expect(await incidents.read(SUBJECT)).toStrictEqual({ kept: KEPT, version: 1 });
    const over: KeptIncident = {
      ...KEPT,
      tags: {},
      incident: { ...KEPT.incident, raised: new Map(), endedAt: NOW, endTold: true, timesRaised: 3 },
      owed: [],
    };
    expect(await incidents.write(SUBJECT, over, 1, NOW)).toBe(true);
    expect(await incidents.read(SUBJECT)).toStrictEqual({ kept: over, version: 2 });
  });

  test('Given two who read the same, when both write, then the second is told so and changes nothing', async () => {
    const incidents = await make();
    expect(await incidents.write(SUBJECT, KEPT, undefined, NOW)).toBe(true);
    expect(await incidents.write(SUBJECT, { ...KEPT, alarm: 'other' }, undefined, NOW)).toBe(false);
    expect(await incidents.write(SUBJECT, { ...KEPT, owed: [] }, 1, NOW)).toBe(true);
    expect(await incidents.write(SUBJECT, { ...KEPT, alarm: 'other' }, 1, NOW)).toBe(false);
    expect(await incidents.read(SUBJECT)).toStrictEqual({ kept: { ...KEPT, owed: [] }, version: 2 });
  });
};
