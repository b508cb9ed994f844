import { expect, test } from '@jest/globals';
import { fleetReaderOfBoth, readerOfBoth, writerOfBoth } from '../../aws/both-generations.ts';
import type { BalancingFleetReader } from '../../aws/elastic-load-balancing/fleet-port.ts';
import type { LoadBalancingReader, LoadBalancingWriter } from '../../aws/elastic-load-balancing/port.ts';
import {
  aClassicBalancer,
  aClassicGroup,
  anAlb,
  aTargetGroup,
  loadBalancerArn,
  targetGroupArn,
} from '../support/world/builders.ts';

const GROUP = targetGroupArn('web');
const ALB = loadBalancerArn('web-alb');
const CLASSIC = 'arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:loadbalancer/old-web';

const recorder = () => {
  const asked: string[] = [];
  const reader: LoadBalancingReader = {
    readTargetGroups: async (groups) => {
      asked.push(...groups.keys());
      return [...groups].map(([arn, tags]) => aTargetGroup({ arn, tags }));
    },
    readTargetHealth: async (arn) => {
      asked.push(arn);
      return [];
    },
    readPreservation: async (arn) => {
      asked.push(arn);
      return undefined;
    },
    readLoadBalancers: async (arns) => {
      asked.push(...arns);
      return [];
    },
  };
  const writer: LoadBalancingWriter = {
    registerTargets: async (arn, targets) => {
      asked.push(arn);
      return { registered: targets, refused: [] };
    },
    deregisterTargets: async (arn) => {
      asked.push(arn);
    },
  };
  return { asked, reader, writer };
};

test('Given a target group, an ALB and a Classic balancer, when they are read and written, then each is asked of its own API', async () => {
  const newer = recorder();
  const classic = recorder();
  const reader = readerOfBoth(newer.reader, classic.reader);
  const writer = writerOfBoth(newer.writer, classic.writer);
  const tags = new Map([
    [GROUP, { of: 'the group' }],
    [CLASSIC, { of: 'the balancer' }],
  ]);
  const groups = await reader.readTargetGroups(tags);
  expect(groups.map(({ arn, tags: own }) => [arn, own])).toEqual([...tags]);
  await reader.readLoadBalancers([CLASSIC, ALB]);
  for (const arn of [GROUP, CLASSIC]) {
    await reader.readTargetHealth(arn);
    await reader.readPreservation(arn);
    await writer.registerTargets(arn, []);
    await writer.deregisterTargets(arn, []);
  }
  expect(newer.asked).toEqual([GROUP, ALB, GROUP, GROUP, GROUP, GROUP]);
  expect(classic.asked).toEqual([CLASSIC, CLASSIC, CLASSIC, CLASSIC, CLASSIC, CLASSIC]);
});

test('Given all there is, when it is read, then it is both, and tags are asked of the API each ARN belongs to', async () => {
  const asked: string[][] = [];
  const fleet = (group: ReturnType<typeof aTargetGroup>, balancer: ReturnType<typeof anAlb>): BalancingFleetReader => ({
    readEveryTargetGroup: async () => [group],
    readTags: async (arns) => {
      asked.push([...arns]);
      return new Map(arns.map((arn) => [arn, { of: arn }]));
    },
    readEveryLoadBalancer: async () => [balancer],
  });
  const [group, classic] = [aTargetGroup(), aClassicGroup()];
  const both = fleetReaderOfBoth(fleet(group, anAlb()), fleet(classic, aClassicBalancer()));
  expect(await both.readEveryTargetGroup()).toEqual([group, classic]);
  expect((await both.readEveryLoadBalancer()).map(({ kind }) => kind)).toEqual(['application', 'classic']);
  expect([...(await both.readTags([classic.arn, group.arn])).keys()]).toEqual([group.arn, classic.arn]);
  expect(asked).toEqual([[group.arn], [classic.arn]]);
});
