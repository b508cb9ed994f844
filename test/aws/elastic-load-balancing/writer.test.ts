import type { RegisterTargetsCommandInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DeregisterTargetsCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { InterruptedRegistration } from '../../../aws/elastic-load-balancing/port.ts';
import { loadBalancingWriter } from '../../../aws/elastic-load-balancing/writer.ts';
import type { Target } from '../../../domain/target.ts';
import { targetKey } from '../../../domain/target.ts';
import { awsRefusal } from '../aws-refusal.ts';

const elb = mockClient(ElasticLoadBalancingV2Client);
beforeEach(() => {
  elb.reset();
});

const writer = loadBalancingWriter(new ElasticLoadBalancingV2Client({ region: 'ap-northeast-1' }));

const GROUP = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef';

const target = (index: number, port = 80): Target => ({ id: `i-${String(index).padStart(17, '0')}`, port });
const targets = (count: number): Target[] => Array.from({ length: count }, (_, index) => target(index));
const keys = (list: readonly Target[]) => list.map(targetKey);

/** A group in AWS: what is registered, and who is refused with which code and words. All or none of a call (facts 2.2). */
const groupThatRefuses = (
  refusalOf: (ids: readonly string[], registered: ReadonlySet<string>) => Error | undefined,
) => {
  const registered = new Set<string>();
  elb.on(RegisterTargetsCommand).callsFake(({ Targets }: RegisterTargetsCommandInput) => {
    const refusal = refusalOf(
      (Targets ?? []).map(({ Id }) => Id ?? ''),
      registered,
    );
    if (refusal) throw refusal;
    for (const { Id, Port } of Targets ?? []) registered.add(`${Id}:${Port}`);
    return {};
  });
  return registered;
};

const notRunning = (ids: readonly string[]) =>
  awsRefusal(
    'InvalidTarget',
    `The following targets are not in a running state and cannot be registered: ${ids.map((id) => `'${id}'`).join(', ')}`,
  );

describe('registering', () => {
  test('Given 250 good targets of which one comes twice, then 3 calls of at most 100 register each once, with its port', async () => {
    const registered = groupThatRefuses(() => undefined);
    const all = targets(250);
    const result = await writer.registerTargets(GROUP, [...all, { ...target(0) }]);
    expect(result).toEqual({ registered: all, refused: [] });
    expect([...registered]).toEqual(keys(all));
    expect(elb.commandCalls(RegisterTargetsCommand).map((call) => call.args[0].input.Targets?.length)).toEqual([
      100, 100, 50,
    ]);
  });

  test('Given an address outside the VPC, then its zone goes with it', async () => {
    groupThatRefuses(() => undefined);
    await writer.registerTargets(GROUP, [{ id: '10.9.0.7', port: 8080, availabilityZone: 'all' }, target(1)]);
    expect(elb.calls()[0]?.args[0].input).toEqual({
      TargetGroupArn: GROUP,
      Targets: [
        { Id: '10.9.0.7', Port: 8080, AvailabilityZone: 'all' },
        { Id: 'i-00000000000000001', Port: 80 },
      ],
    });
  });

  test('Given AWS names two that do not run, then the others are registered in one more call and the two are refused', async () => {
    const bad = new Set([target(3).id, target(7).id]);
    const registered = groupThatRefuses((ids) => {
      const offenders = ids.filter((id) => bad.has(id));
      return offenders.length > 0 ? notRunning(offenders) : undefined;
    });
    const result = await writer.registerTargets(GROUP, targets(10));
    expect([...registered]).toEqual(keys(targets(10).filter(({ id }) => !bad.has(id))));
    expect(result.registered).toHaveLength(8);
    const message =
      "The following targets are not in a running state and cannot be registered: 'i-00000000000000003', 'i-00000000000000007'";
    expect(result.refused).toEqual([
      { target: target(3), code: 'InvalidTarget', message },
      { target: target(7), code: 'InvalidTarget', message },
    ]);
    expect(elb.calls()).toHaveLength(2);
  });

  test('Given a refused id that is the beginning of another, then only the one that is named is left out', async () => {
    const registered = groupThatRefuses((ids) =>
      ids.includes('10.0.0.1') ? awsRefusal('InvalidTarget', 'The IP address 10.0.0.1 is not valid.') : undefined,
    );
    const result = await writer.registerTargets(GROUP, [
      { id: '10.0.0.1', port: 80 },
      { id: '10.0.0.12', port: 80 },
    ]);
    expect([...registered]).toEqual(['10.0.0.12:80']);
    expect(result.refused.map(({ target: { id } }) => id)).toEqual(['10.0.0.1']);
  });

  test('Given AWS refuses one of 100 without naming it, then halving registers the other 99 in few calls', async () => {
    const registered = groupThatRefuses((ids) =>
      ids.includes(target(42).id) ? awsRefusal('InvalidTarget', 'Some targets are invalid') : undefined,
    );
    const result = await writer.registerTargets(GROUP, targets(100));
    expect(registered.size).toBe(99);
    expect(result.refused).toEqual([
      { target: target(42), code: 'InvalidTarget', message: 'Some targets are invalid' },
    ]);
    expect(elb.calls().length).toBeLessThanOrEqual(15);
  });

  test('Given one id registered too often, unnamed, then halving finds it and the others are registered', async () => {
    const registered = groupThatRefuses((ids) =>
      ids.includes(target(1).id)
        ? awsRefusal('TooManyRegistrationsForTargetId', "You've reached the limit")
        : undefined,
    );
    const result = await writer.registerTargets(GROUP, targets(4));
    expect([...registered]).toEqual(keys([target(0), target(2), target(3)]));
    expect(result.refused.map(({ code }) => code)).toEqual(['TooManyRegistrationsForTargetId']);
  });

  test('Given room for 30 of 100, then 30 are registered, 70 refused, and the call rate is not spent on each of them', async () => {
    const registered = groupThatRefuses((ids, there) =>
      there.size + ids.length > 30
        ? awsRefusal('TooManyTargets', "You've reached the limit on the number of targets")
        : undefined,
    );
    const result = await writer.registerTargets(GROUP, targets(100));
    expect(registered.size).toBe(30);
    expect(result.registered).toHaveLength(30);
    expect(result.refused).toHaveLength(70);
    expect(new Set(result.refused.map(({ code }) => code))).toEqual(new Set(['TooManyTargets']));
    expect(elb.calls().length).toBeLessThanOrEqual(20);
  });

  test('Given an address in a group of instances, which AWS calls a validation error by name, then only it is refused', async () => {
    const registered = groupThatRefuses((ids) =>
      ids.includes('10.0.0.5') ? awsRefusal('ValidationError', "Instance ID '10.0.0.5' is not valid") : undefined,
    );
    const result = await writer.registerTargets(GROUP, [{ id: '10.0.0.5', port: 80 }, target(1)]);
    expect([...registered]).toEqual(keys([target(1)]));
    expect(result.refused).toEqual([
      { target: { id: '10.0.0.5', port: 80 }, code: 'ValidationError', message: "Instance ID '10.0.0.5' is not valid" },
    ]);
  });

  test('Given no targets, then AWS is not asked', async () => {
    expect(await writer.registerTargets(GROUP, [])).toEqual({ registered: [], refused: [] });
    expect(elb.calls()).toHaveLength(0);
  });

  test('whoever is bad, named or not, every target ends registered or refused, once, and AWS holds what we say it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 120 }), { maxLength: 12 }),
        fc.boolean(),
        async (badIndexes, named) => {
          elb.reset();
          const bad = new Set(badIndexes.map((index) => target(index).id));
          const registered = groupThatRefuses((ids) => {
            const offenders = ids.filter((id) => bad.has(id));
            if (offenders.length === 0) return undefined;
            return named ? notRunning(offenders) : awsRefusal('InvalidTarget', 'Some targets are invalid');
          });
          const all = targets(121);
          const result = await writer.registerTargets(GROUP, all);
          expect(keys(result.registered).sort()).toEqual([...registered].sort());
          expect(keys(result.registered).sort()).toEqual(keys(all.filter(({ id }) => !bad.has(id))).sort());
          expect(result.refused.map(({ target: { id } }) => id).sort()).toEqual([...bad].sort());
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('a registration that is cut short', () => {
  test.each([
    ['Throttling', 'throttled'],
    ['AccessDenied', 'denied'],
    ['TargetGroupNotFound', 'not-found'],
    ['InternalFailure', 'transient'],
    ['ValidationError', 'invalid'],
  ])(
    'Given %s at the second hundred, then it throws, meaning %s, and says what was done before',
    async (code, meaning) => {
      let calls = 0;
      groupThatRefuses((ids) => {
        calls += 1;
        if (calls === 1) return notRunning([ids[5] ?? '']);
        return calls === 2 ? undefined : awsRefusal(code, 'words of AWS');
      });
      const failure: unknown = await writer.registerTargets(GROUP, targets(150)).catch((error: unknown) => error);
      if (!(failure instanceof InterruptedRegistration)) throw failure;
      expect(failure).toBeInstanceOf(AwsCallError);
      expect(failure).toMatchObject({
        name: 'InterruptedRegistration',
        service: 'ELBv2',
        action: 'RegisterTargets',
        code,
        meaning,
      });
      expect(failure.progress.registered).toHaveLength(99);
      expect(failure.progress.refused.map((refused) => refused.target)).toEqual([target(5)]);
    },
  );
});

describe('deregistering', () => {
  test('Given 101 targets, then 2 calls name each by id and port', async () => {
    elb.on(DeregisterTargetsCommand).resolves({});
    await writer.deregisterTargets(GROUP, [...targets(100), target(0, 8080)]);
    const inputs = elb.commandCalls(DeregisterTargetsCommand).map((call) => call.args[0].input.Targets ?? []);
    expect(inputs.map((sent) => sent.length)).toEqual([100, 1]);
    expect(inputs[1]).toEqual([{ Id: 'i-00000000000000000', Port: 8080 }]);
  });

  test('Given AWS denies it, then it throws', async () => {
    elb.on(DeregisterTargetsCommand).rejects(awsRefusal('AccessDenied', 'no'));
    await expect(writer.deregisterTargets(GROUP, targets(1))).rejects.toMatchObject({
      action: 'DeregisterTargets',
      meaning: 'denied',
    });
  });
});
