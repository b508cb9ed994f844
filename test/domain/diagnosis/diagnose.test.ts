import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { CHECKS } from '../../../domain/diagnosis/checks/all.ts';
import { diagnose, mostTelling } from '../../../domain/diagnosis/diagnose.ts';
import { ranked } from '../../../domain/diagnosis/rank.ts';
import type { Symptom } from '../../../domain/diagnosis/subject.ts';
import type { Finding } from '../../../domain/finding.ts';
import type { TargetHealth } from '../../../domain/target.ts';
import type { World } from './world.ts';
import { albWorld, allOut, answering, everybody, gathered, healthy, nlbWorld, unwell, W1, W2, W3 } from './world.ts';

const right = albWorld();
const finding = (reason: Finding['reason'], evidence: Finding['evidence'] = {}): Finding => ({
  reason,
  severity: 'warning',
  evidence,
});

describe('Given findings in any order', () => {
  test('when they are ranked, then causes come before what they explain, and what is worth knowing last', () => {
    const reasons = ['FailOpen', 'CouldNotLook', 'ApplicationSilent', 'IngressMissing', 'ImagesDiffer'] as const;
    expect(ranked(reasons.map((reason) => finding(reason))).map(({ reason }) => reason)).toEqual([
      'IngressMissing',
      'ImagesDiffer',
      'ApplicationSilent',
      'CouldNotLook',
      'FailOpen',
    ]);
  });

  test('when two have one reason, then the one about more targets comes first', () => {
    const few = finding('IngressMissing', { port: '80', count: '1' });
    const many = finding('IngressMissing', { port: '9000', count: '12' });
    expect(ranked([few, many])).toEqual([many, few]);
  });

  test('when two say the same, then one is left', () => {
    expect(ranked([finding('FailOpen', { a: '1', b: '2' }), finding('FailOpen', { b: '2', a: '1' })])).toHaveLength(1);
  });
});

/** Members in every state and with every code that an ALB tells of, on the port of the group or another. */
const anyMember = (id: string): fc.Arbitrary<TargetHealth> =>
  fc.oneof(
    fc.constantFrom(80, 8081).map((port) => healthy(id, port)),
    fc
      .tuple(
        fc.constantFrom('Target.Timeout', 'Target.FailedHealthChecks', 'Elb.InternalError', 'Unheard.Of'),
        fc.constantFrom(80, 8081),
      )
      .map(([reason, port]) => unwell(id, reason, { port })),
    fc.constantFrom(200, 301, 400, 401, 404, 418, 503).map((code) => answering(id, code)),
    fc.constantFrom('Target.NotInUse', 'Target.InvalidState').map((reason) => unwell(id, reason, { state: 'unused' })),
    fc.constant(unwell(id, 'Elb.InitialHealthChecking', { state: 'initial' })),
    fc.constant(unwell(id, 'Target.DeregistrationInProgress', { state: 'draining' })),
  );

const anySymptom: fc.Arbitrary<Symptom> = fc.constantFrom<Symptom>(
  { kind: 'unhealthy-hosts' },
  { kind: 'balancer-error', code: '502' },
  { kind: 'balancer-error', code: '503' },
  { kind: 'balancer-error', code: '504' },
  { kind: 'connection-errors' },
  { kind: 'slow' },
);

const anyWorld: fc.Arbitrary<World> = fc
  .record({
    members: fc.tuple(anyMember(W1), anyMember(W2), anyMember(W3)),
    symptom: anySymptom,
    isShut: fc.boolean(),
    crossZone: fc.boolean(),
  })
  .map(({ members, symptom, isShut, crossZone }) => ({
    ...right,
    members,
    symptom,
    attributes: { ...right.attributes, crossZone },
    rules: isShut ? { ...right.rules, 'sg-web': [allOut('sg-web')] } : right.rules,
  }));

test('whatever the world, the order of its members and of the checks changes nothing but who is named first', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      const evidence = gathered(world);
      const found = CHECKS.flatMap((check) => check(evidence));
      const { findings } = diagnose(evidence);
      expect(ranked([...found].reverse())).toEqual(findings);
      const reversed = diagnose(gathered({ ...world, members: [...world.members].reverse() }));
      expect(reversed.findings.map(({ reason }) => reason)).toEqual(findings.map(({ reason }) => reason));
      expect(reversed.effect).toEqual(diagnose(evidence).effect);
    }),
  );
});

test('whatever the world, an unhealthy target never goes without a finding, and no finding counts more than there are', () => {
  fc.assert(
    fc.property(anyWorld, (world) => {
      const { findings } = diagnose(gathered(world));
      const isUnwell = world.members.some(({ state }) => state === 'unhealthy' || state === 'unused');
      expect(isUnwell && findings.length === 0).toBe(false);
      for (const { evidence } of findings) expect(Number(evidence['count'] ?? 0)).toBeLessThanOrEqual(3);
    }),
  );
});

describe('Given an alarm that names the balancer only', () => {
  const told = (world: World) => ({ world, diagnosis: diagnose(gathered(world)) });
  const partly = told({ ...right, members: [healthy(W1), unwell(W2, 'Target.Timeout')] });
  const down = told(everybody(right, (id) => unwell(id, 'Target.Timeout')));

  test('when one of its groups is down, then that is the one to tell of', () => {
    expect(mostTelling([told(right), partly, down])).toBe(down);
    expect(mostTelling([told(right), partly])).toBe(partly);
  });

  test('when it has no group, then there is none to tell of', () => {
    expect(mostTelling([])).toBeUndefined();
  });
});

test('Given a thousand targets of which half sit on another port, when they are diagnosed, then they are told of together', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
  const members = ids.map((id, index) =>
    index % 2 === 0 ? healthy(id) : unwell(id, 'Target.FailedHealthChecks', { port: 8081 }),
  );
  const evidence = gathered({ ...right, members });
  expect(diagnose(evidence).findings[0]).toMatchObject({
    reason: 'PortDiffers',
    evidence: { count: '500', of: '1000' },
  });
});

describe('Given the network’s verdict on those concerned', () => {
  const { targetGroup } = nlbWorld();
  const untagged = { ...targetGroup, tags: {} };
  const third = (member: TargetHealth): World => ({ ...right, members: [healthy(W1), healthy(W2), member] });

  test.each([
    ['passes', third(unwell(W3, 'Target.FailedHealthChecks')), 'passes'],
    ['blocks', { ...third(unwell(W3, 'Target.Timeout')), rules: { ...right.rules, 'sg-web': [] } }, 'blocked'],
    [
      'cannot be told, for nobody said who the clients are',
      nlbWorld({ targetGroup: untagged, members: [unwell(W1, 'Target.FailedHealthChecks')] }),
      'unknown',
    ],
    ['has nobody to be asked for', { ...right, members: [] }, 'unknown'],
  ])('when it %s, then that is said', (_how, world, verdict) => {
    expect(diagnose(gathered(world)).network).toBe(verdict);
  });
});
