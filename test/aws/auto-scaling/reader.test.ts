import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { autoScalingReader } from '../../../aws/auto-scaling/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const autoScaling = mockClient(AutoScalingClient);
beforeEach(() => {
  autoScaling.reset();
});

const reader = autoScalingReader(new AutoScalingClient({ region: 'ap-northeast-1' }));

const arn = (name: string) =>
  `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/${name}/0123456789abcdef`;

const CLASSIC = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/classic-elb';

const group = (name: string, attached: Partial<AutoScalingGroup> = {}): AutoScalingGroup => ({
  AutoScalingGroupName: name,
  AutoScalingGroupARN: `arn:aws:autoscaling:ap-northeast-1:123456789012:autoScalingGroup:0a1b:autoScalingGroupName/${name}`,
  MinSize: 1,
  MaxSize: 3,
  DesiredCapacity: 2,
  DefaultCooldown: 300,
  AvailabilityZones: ['ap-northeast-1a'],
  HealthCheckType: 'EC2',
  CreatedTime: new Date('2026-01-01T00:00:00Z'),
  ...attached,
});

test('Given groups attached in the old way, the new way, both and not at all, then each has its target groups and Classic balancers once', async () => {
  autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({
    AutoScalingGroups: [
      group('old', { TargetGroupARNs: [arn('web')], LoadBalancerNames: ['classic-elb'] }),
      group('new', {
        TrafficSources: [
          { Identifier: arn('web'), Type: 'elbv2' },
          { Identifier: 'classic-elb', Type: 'elb' },
        ],
      }),
      group('both', {
        TargetGroupARNs: [arn('web')],
        LoadBalancerNames: ['classic-elb'],
        TrafficSources: [
          { Identifier: arn('web'), Type: 'elbv2' },
          { Identifier: 'classic-elb', Type: 'elb' },
        ],
      }),
      group('none'),
    ],
  });
  const groups = await reader.readGroups(['old', 'new', 'both', 'none', 'unknown']);
  expect(new Map([...groups].map(([name, { attachedTo }]) => [name, attachedTo]))).toEqual(
    new Map([
      ['old', [arn('web'), CLASSIC]],
      ['new', [arn('web'), CLASSIC]],
      ['both', [arn('web'), CLASSIC]],
      ['none', []],
    ]),
  );
});

test('Given instances in and out of service, then each is where Auto Scaling has it; one without a state is an error', async () => {
  const own = { AvailabilityZone: 'ap-northeast-1a', HealthStatus: 'Healthy', ProtectedFromScaleIn: false };
  autoScaling
    .on(DescribeAutoScalingGroupsCommand)
    .resolvesOnce({
      AutoScalingGroups: [
        group('web', {
          Instances: [
            { ...own, InstanceId: 'i-00000001', LifecycleState: 'InService' },
            { ...own, InstanceId: 'i-00000002', LifecycleState: 'Terminating:Wait' },
          ],
        }),
      ],
    })
    .resolves({
      AutoScalingGroups: [
        group('web', { Instances: [{ ...own, InstanceId: 'i-00000001', LifecycleState: undefined }] }),
      ],
    });
  expect((await reader.readGroups(['web'])).get('web')?.lifecycleStates).toEqual(
    new Map([
      ['i-00000001', 'InService'],
      ['i-00000002', 'Terminating:Wait'],
    ]),
  );
  await expect(reader.readGroups(['web'])).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
});

test('Given 51 names and a second page, then it takes 50 names a call and follows the page', async () => {
  autoScaling
    .on(DescribeAutoScalingGroupsCommand)
    .resolvesOnce({ AutoScalingGroups: [group('a')], NextToken: 'page-2' })
    .resolvesOnce({ AutoScalingGroups: [group('b')] })
    .resolves({ AutoScalingGroups: [group('c')] });
  const names = Array.from({ length: 51 }, (_, index) => `asg-${index}`);
  expect([...(await reader.readGroups(names)).keys()]).toEqual(['a', 'b', 'c']);
  const inputs = autoScaling.commandCalls(DescribeAutoScalingGroupsCommand).map((call) => call.args[0].input);
  expect(inputs.map(({ AutoScalingGroupNames, NextToken }) => [AutoScalingGroupNames?.length, NextToken])).toEqual([
    [50, undefined],
    [50, 'page-2'],
    [1, undefined],
  ]);
});

test('Given no names, then AWS is not asked, because no names would mean every group', async () => {
  expect(await reader.readGroups([])).toEqual(new Map());
  expect(autoScaling.calls()).toHaveLength(0);
});

test('Given a failure, or an answer without its list or a name, then it throws and no group is taken for unattached', async () => {
  autoScaling
    .on(DescribeAutoScalingGroupsCommand)
    .rejectsOnce(awsRefusal('Throttling', 'Rate exceeded'))
    .resolvesOnce({ AutoScalingGroups: undefined })
    .resolves({ AutoScalingGroups: [{ ...group('x'), AutoScalingGroupName: undefined }] });
  await expect(reader.readGroups(['x'])).rejects.toMatchObject({ meaning: 'throttled' });
  await expect(reader.readGroups(['x'])).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  await expect(reader.readGroups(['x'])).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
});
