import {
  DeregisterInstancesFromLoadBalancerCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { classicLoadBalancingWriter } from '../../../aws/classic-load-balancing/writer.ts';
import type { TargetHealth } from '../../../domain/target.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/web';

const elb = mockClient(ElasticLoadBalancingClient);
let members: readonly TargetHealth[] | undefined;
beforeEach(() => {
  elb.reset();
  members = [];
});

const writer = classicLoadBalancingWriter(new ElasticLoadBalancingClient({ region: 'ap-northeast-1' }), {
  readInstanceHealth: async () => members,
});

const targets = (...ids: readonly string[]) => ids.map((id) => ({ id, port: undefined }));
const member = (id: string, state: TargetHealth['state']): TargetHealth => ({
  target: { id, port: undefined },
  state,
  reason: undefined,
  description: undefined,
});

/** What each call named. */
const named = (): readonly (readonly string[])[] =>
  elb.calls().map((call) => {
    const { Instances } = call.args[0].input as { readonly Instances: readonly { readonly InstanceId: string }[] };
    return Instances.map(({ InstanceId }) => InstanceId);
  });

describe('registering', () => {
  test('Given instances, when they are registered, then by the balancer’s name, without a port, each once', async () => {
    elb.on(RegisterInstancesWithLoadBalancerCommand).resolves({});
    expect(await writer.registerTargets(ARN, targets('i-1', 'i-2', 'i-1'))).toEqual({
      registered: targets('i-1', 'i-2'),
      refused: [],
    });
    expect(elb.calls().map((call) => call.args[0].input)).toEqual([
      { LoadBalancerName: 'web', Instances: [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }] },
    ]);
  });

  test.each(['i-bad is not in the same VPC as ELB.', 'one of them is wrong'])(
    'Given a call that AWS refuses for one of three (%s), then the other two are registered all the same',
    async (words) => {
      elb.on(RegisterInstancesWithLoadBalancerCommand).callsFake(({ Instances }: { Instances: object[] }) => {
        if (JSON.stringify(Instances).includes('i-bad')) throw awsRefusal('InvalidInstance', words);
        return {};
      });
      const { registered, refused } = await writer.registerTargets(ARN, targets('i-1', 'i-bad', 'i-2'));
      expect(registered).toEqual(targets('i-1', 'i-2'));
      expect(refused).toEqual([{ target: { id: 'i-bad', port: undefined }, code: 'InvalidInstance', message: words }]);
    },
  );

  test('Given a second call that is throttled, when they are registered, then it throws with what is known', async () => {
    elb
      .on(RegisterInstancesWithLoadBalancerCommand)
      .resolvesOnce({})
      .rejects(awsRefusal('Throttling', 'Rate exceeded'));
    const many = targets(...Array.from({ length: 101 }, (_, index) => `i-${index}`));
    await expect(writer.registerTargets(ARN, many)).rejects.toMatchObject({
      name: 'InterruptedRegistration',
      meaning: 'throttled',
      progress: { registered: many.slice(0, 100), refused: [] },
    });
  });

  test('Given the ARN of a target group, then nothing is asked of the Classic API', async () => {
    const group = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef';
    await expect(writer.registerTargets(group, targets('i-1'))).rejects.toThrow(RangeError);
    expect(elb.calls()).toHaveLength(0);
  });
});

describe('deregistering', () => {
  const refuseStrangers = (...strangers: readonly string[]) =>
    elb.on(DeregisterInstancesFromLoadBalancerCommand).callsFake(({ Instances }: { Instances: object[] }) => {
      const stranger = strangers.find((id) => JSON.stringify(Instances).includes(`"${id}"`));
      if (stranger !== undefined) throw awsRefusal('InvalidInstance', `Could not find EC2 instance ${stranger}.`);
      return {};
    });

  test('Given instances that are in, when they are deregistered, then in one call by the balancer’s name', async () => {
    elb.on(DeregisterInstancesFromLoadBalancerCommand).resolves({});
    await writer.deregisterTargets(ARN, targets('i-1', 'i-2'));
    expect(elb.calls().map((call) => call.args[0].input)).toEqual([
      { LoadBalancerName: 'web', Instances: [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }] },
    ]);
  });

  test('Given one that is out already, which fails the whole call, then the others go, and it is done', async () => {
    refuseStrangers('i-gone');
    await writer.deregisterTargets(ARN, targets('i-1', 'i-gone', 'i-2'));
    expect(named()).toEqual([['i-1', 'i-gone', 'i-2'], ['i-1', 'i-gone'], ['i-1'], ['i-gone'], ['i-2']]);
  });

  test('Given one that is leaving, or a balancer that is gone, when it is refused, then it is out', async () => {
    refuseStrangers('i-gone');
    members = [member('i-gone', 'draining')];
    await expect(writer.deregisterTargets(ARN, targets('i-gone'))).resolves.toBeUndefined();
    members = undefined;
    await expect(writer.deregisterTargets(ARN, targets('i-gone'))).resolves.toBeUndefined();
  });

  test('Given one that is refused and still in, then the refusal is thrown: nobody took it out', async () => {
    refuseStrangers('i-1');
    members = [member('i-1', 'healthy')];
    await expect(writer.deregisterTargets(ARN, targets('i-1'))).rejects.toMatchObject({ code: 'InvalidInstance' });
  });

  test('Given a throttle, then it throws and nothing is taken for done', async () => {
    elb.on(DeregisterInstancesFromLoadBalancerCommand).rejects(awsRefusal('Throttling', 'Rate exceeded'));
    await expect(writer.deregisterTargets(ARN, targets('i-1'))).rejects.toMatchObject({ meaning: 'throttled' });
  });
});
