import { expect, test } from '@jest/globals';
import { balancerNameIn, balancerNameOfInterface } from '../../../domain/front-door/balancer-name.ts';

test.each([
  ['web-alb-1234567890.ap-northeast-1.elb.amazonaws.com', 'web-alb'],
  ['dualstack.Web-ALB-1234567890.ap-northeast-1.elb.amazonaws.com.', 'web-alb'],
  ['internal-web-1234567890.cn-north-1.elb.amazonaws.com.cn', 'web'],
  ['web-nlb-0a1b2c3d4e5f6a7b.elb.ap-northeast-1.amazonaws.com', 'web-nlb'],
  ['www.example.com', undefined],
  ['files.s3.ap-northeast-1.amazonaws.com', undefined],
])('Given %s, then the balancer’s name is %s', (dnsName, name) => {
  expect(balancerNameIn(dnsName)).toBe(name);
});

test.each([
  ['ELB app/Web-alb/0123456789abcdef', 'web-alb'],
  ['ELB net/web/0123456789abcdef', 'web'],
  ['ELB old-web', 'old-web'],
  ['Primary network interface', undefined],
])('Given an interface that says “%s”, then the balancer is %s', (description, name) => {
  expect(balancerNameOfInterface(description)).toBe(name);
});
