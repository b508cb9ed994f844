import { expect, test } from '@jest/globals';
import { classicArnOf, classicNameOf } from '../../domain/classic-load-balancer.ts';
import { classicArn, loadBalancerArn, targetGroupArn } from '../support/world/builders.ts';

test.each([
  ['a Classic balancer', classicArn('old-web'), 'old-web'],
  ['one in another partition', 'arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:loadbalancer/app', 'app'],
  ['an ALB', loadBalancerArn('web-alb'), undefined],
  ['an NLB', loadBalancerArn('web').replace('/app/', '/net/'), undefined],
  ['a target group', targetGroupArn('web'), undefined],
  ['something of another service', classicArn('web').replace('elasticloadbalancing', 'lightsail'), undefined],
  ['a name', 'old-web', undefined],
])('Given the ARN of %s, then a name is known of a Classic balancer only', (_, arn, name) => {
  expect(classicNameOf(arn)).toBe(name);
});

test.each([
  ['ap-northeast-1', 'aws'],
  ['us-east-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eusc-de-east-1', 'aws-eusc'],
])('Given a name in %s, then its ARN is of partition %s, and the name is found in it again', (region, partition) => {
  const arn = classicArnOf('old-web', { region, account: '123456789012' });
  expect(arn).toBe(`arn:${partition}:elasticloadbalancing:${region}:123456789012:loadbalancer/old-web`);
  expect(classicNameOf(arn)).toBe('old-web');
});
