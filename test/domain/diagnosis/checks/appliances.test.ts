import { describe, expect, test } from '@jest/globals';
import { checkPacketSizes } from '../../../../domain/diagnosis/checks/appliances.ts';
import { diagnose } from '../../../../domain/diagnosis/diagnose.ts';
import type { Symptom } from '../../../../domain/diagnosis/subject.ts';
import { albWorld, anInstanceIn, everybody, gathered, gwlbWorld, healthy, unwell, W1, W2 } from '../world.ts';

const ASKED: Symptom = { kind: 'other', metric: undefined };

const appliances = (types: readonly (string | undefined)[], symptom: Symptom = ASKED) =>
  gwlbWorld({
    symptom,
    instances: [W1, W2].map((id, index) => {
      const instanceType = types[index];
      return anInstanceIn(index === 0 ? 'a' : 'c', id, instanceType === undefined ? {} : { instanceType });
    }),
  });

const UNSEEN = (targets: string, count: string) => ({
  reason: 'ApplianceMtuUnseen',
  severity: 'information',
  evidence: { targets, count, of: '2', targetGroup: 'web' },
  remedy: 'ip link show',
});

describe('Given appliances behind a Gateway Load Balancer', () => {
  test.each(['c1.xlarge', 'm1.small', 'm2.4xlarge', 't1.micro'])(
    'when one is a %s and somebody asks, then it is too small for GENEVE, and of the other it is said where to look',
    (instanceType) => {
      expect(checkPacketSizes(gathered(appliances([instanceType, 'm7g.large'])))).toEqual([
        {
          reason: 'ApplianceMtuTooSmall',
          severity: 'warning',
          evidence: { instanceType, targets: 'web-1', count: '1', of: '2', targetGroup: 'web' },
        },
        UNSEEN('web-2', '1'),
      ]);
    },
  );

  test.each([
    'a1.large',
    'c3.large',
    'i2.xlarge',
    'm3.medium',
    'r3.large',
    'm5.large',
    'm1x.large',
    't2.micro',
    'g2.2xlarge',
    undefined,
  ])('when both are of type %s and somebody asks, then it is said only where to look', (instanceType) => {
    expect(checkPacketSizes(gathered(appliances([instanceType, instanceType])))).toEqual([UNSEEN('web-1, web-2', '2')]);
  });

  test('when they are asked about and all else is well, then the advice is all that is found, and it comes last', () => {
    expect(diagnose(gathered(appliances(['m7g.large', 'm7g.large'])))).toMatchObject({
      severity: 'information',
      findings: [{ reason: 'ApplianceMtuUnseen' }],
    });
    const failing = everybody(appliances(['m1.small', 'm7g.large']), (id) =>
      unwell(id, 'Target.FailedHealthChecks', { port: 6081 }),
    );
    const reasons = diagnose(gathered({ ...failing, unchecked: [] })).findings.map(({ reason }) => reason);
    expect(reasons).toEqual([
      'SourceDestinationCheckOn',
      'HealthCheckPortDiffers',
      'Target.FailedHealthChecks',
      'ApplianceMtuTooSmall',
      'ApplianceMtuUnseen',
    ]);
  });

  test('when an alarm tells of connections that fail, then a type that is too small is told, and no advice is given', () => {
    const world = appliances(['m1.small', 'm7g.large'], { kind: 'connection-errors' });
    expect(checkPacketSizes(gathered(world)).map(({ reason }) => reason)).toEqual(['ApplianceMtuTooSmall']);
  });

  test.each([
    ['an alarm counts unhealthy hosts', appliances(['m1.small', 'm1.small'], { kind: 'unhealthy-hosts' })],
    ['an alarm counts healthy hosts', appliances(['m1.small', 'm1.small'], { kind: 'too-few-healthy-hosts' })],
    ['nobody is registered', { ...appliances([undefined, undefined]), members: [] }],
  ])('when %s, then nothing is said of packet sizes', (_case, world) => {
    expect(checkPacketSizes(gathered(world))).toEqual([]);
  });
});

test('Given web servers of an old type behind another balancer, then nothing is said of GENEVE', () => {
  const world = albWorld({
    symptom: ASKED,
    members: [healthy(W1)],
    instances: [anInstanceIn('a', W1, { instanceType: 'm1.small' })],
  });
  expect(checkPacketSizes(gathered(world))).toEqual([]);
});
