import { expect, test } from '@jest/globals';
import { classicNameOf } from '../../domain/classic-load-balancer.ts';
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
