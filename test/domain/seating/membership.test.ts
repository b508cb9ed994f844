import { expect, test } from '@jest/globals';
import { autoScalingGroupOf, groupOwner, membershipOwner } from '../../../domain/seating/membership.ts';

const ATTACHED = new Map([['asg-web', ['arn:web']]]);

test.each([
  [{ 'elbv2.k8s.aws/cluster': 'c' }, 'kubernetes'],
  [{ 'kubernetes.io/service-name': 's' }, 'kubernetes'],
  [{ 'ingress.k8s.aws/stack': 's' }, 'kubernetes'],
  [{ 'service.k8s.aws/stack': 's' }, 'kubernetes'],
  [{ 'aws:ecs:serviceName': 's' }, 'ecs'],
  [{ AmazonECSManaged: '' }, 'ecs'],
  [{ 'usher:selector': 'Role=web', Name: 'kubernetes.io/' }, undefined],
  [{}, undefined],
])('Given a group tagged %j, then its owner is %s', (tags, owner) => {
  expect(groupOwner(tags)).toBe(owner);
});

test('Given an instance’s tags, then its Auto Scaling group is known by AWS’s own tag, and an empty one is none', () => {
  expect(autoScalingGroupOf({ 'aws:autoscaling:groupName': 'asg-web' })).toBe('asg-web');
  expect(autoScalingGroupOf({ 'aws:autoscaling:groupName': ' ' })).toBeUndefined();
  expect(autoScalingGroupOf({})).toBeUndefined();
});

test.each([
  ['attached to the group', 'arn:web', 'asg-web', 'auto-scaling'],
  ['attached to another group', 'arn:api', 'asg-web', undefined],
  ['attached to none that we know', 'arn:web', 'asg-other', undefined],
  ['made by CodeDeploy', 'arn:web', 'CodeDeploy_blue_d-1', 'codedeploy'],
])('Given an Auto Scaling group %s, then the owner follows', (_, targetGroupArn, name, owner) => {
  const instanceTags = { 'aws:autoscaling:groupName': name };
  expect(membershipOwner({ targetGroupArn, groupTags: {}, instanceTags }, ATTACHED)).toBe(owner);
});

test('Given a group of a controller, then it owns the membership whoever launched the instance; without either, nobody does', () => {
  const instanceTags = { 'aws:autoscaling:groupName': 'asg-web' };
  const groupTags = { 'elbv2.k8s.aws/cluster': 'c' };
  expect(membershipOwner({ targetGroupArn: 'arn:web', groupTags, instanceTags }, ATTACHED)).toBe('kubernetes');
  expect(membershipOwner({ targetGroupArn: 'arn:web', groupTags: {}, instanceTags: {} }, ATTACHED)).toBeUndefined();
});
