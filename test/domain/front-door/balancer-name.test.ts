import { describe, expect, test } from '@jest/globals';
import { balancerOfInterface, balancerOfName, isOfBalancer } from '../../../domain/front-door/balancer-name.ts';
import { anAlb, loadBalancerArn } from '../../support/world/builders.ts';

const web = anAlb({ dnsName: 'Web-ALB-1234567890.ap-northeast-1.elb.amazonaws.com' });
const net = anAlb({
  arn: loadBalancerArn('net').replace('/app/', '/net/'),
  name: 'net',
  kind: 'network',
  dnsName: 'net-0a1b2c3d4e5f6a7b.elb.ap-northeast-1.amazonaws.com',
});
const old = anAlb({
  arn: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/web-alb',
  kind: 'classic',
  dnsName: 'web-alb-987654321.ap-northeast-1.elb.amazonaws.com',
});
const all = [web, net, old];

describe('a name in DNS', () => {
  test.each([
    ['as it is', 'Web-ALB-1234567890.ap-northeast-1.elb.amazonaws.com', web],
    ['in other letters', 'web-alb-1234567890.AP-NORTHEAST-1.elb.amazonaws.com', web],
    ['with its last dot', 'web-alb-1234567890.ap-northeast-1.elb.amazonaws.com.', web],
    ['for both address families', 'dualstack.web-alb-1234567890.ap-northeast-1.elb.amazonaws.com', web],
    ['of one zone', 'ap-northeast-1a.net-0a1b2c3d4e5f6a7b.elb.ap-northeast-1.amazonaws.com', net],
    ['of a Classic one', 'web-alb-987654321.ap-northeast-1.elb.amazonaws.com', old],
    ['of one called the same in another account', 'web-alb-1111111111.ap-northeast-1.elb.amazonaws.com', undefined],
    ['of one called the same in another Region', 'web-alb-1234567890.us-east-1.elb.amazonaws.com', undefined],
    ['that only ends alike', 'my-web-alb-1234567890.ap-northeast-1.elb.amazonaws.com', undefined],
  ])('%s', (_, dnsName, balancer) => {
    expect(balancerOfName(all, dnsName)).toBe(balancer);
  });

  test('is some balancer’s, or none’s', () => {
    for (const { dnsName } of all) expect(isOfBalancer(`${dnsName}.`)).toBe(true);
    expect(isOfBalancer('web-alb-1111111111.cn-north-1.elb.amazonaws.com.cn')).toBe(true);
    for (const name of ['www.example.com', 'files.s3.ap-northeast-1.amazonaws.com', 'elb.amazonaws.com.example.com'])
      expect(isOfBalancer(name)).toBe(false);
  });
});

test.each([
  ['ELB app/web-alb/0123456789abcdef', web],
  ['ELB net/net/0123456789abcdef', net],
  ['ELB web-alb', old],
  ['ELB app/web-alb/fedcba9876543210', undefined],
  ['ELB app/other/0123456789abcdef', undefined],
  ['Interface for NAT Gateway nat-1', undefined],
])('Given an interface that says %s of itself, then it is its balancer’s', (description, balancer) => {
  expect(balancerOfInterface(all, description)).toBe(balancer);
});
