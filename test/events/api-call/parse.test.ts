import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ec2Call, loadBalancingCall } from '../../../events/api-call/parse.ts';
import { MalformedEventError } from '../../../events/malformed-event-error.ts';
import type { Json } from '../samples.ts';
import { changed, sample } from '../samples.ts';

const REVOKE = 'api-call/revoke-security-group-ingress.json';
const AUTHORIZE = 'api-call/authorize-security-group-ingress.json';
const DEREGISTER = 'api-call/deregister-targets.json';

test('Given the record of a rule taken away in the console, when it is read, then it says who did it, and names both groups', () => {
  expect(ec2Call.parse(sample(REVOKE))).toStrictEqual({
    kind: 'api-called',
    eventId: '1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d',
    account: '123456789012',
    region: 'ap-northeast-1',
    at: new Date('2026-11-22T03:01:09Z'),
    change: {
      eventId: '9c1d2e3f-4a5b-4c6d-8e7f-0a1b2c3d4e5f',
      at: new Date('2026-11-22T03:01:07Z'),
      service: 'ec2',
      action: 'RevokeSecurityGroupIngress',
      by: { name: 'suzuki', roleName: 'operators', account: '123456789012', via: 'console' },
      touched: [
        { kind: 'security-group', id: 'sg-0a1b2c3d4e5f60718' },
        { kind: 'security-group', id: 'sg-0fedcba9876543210' },
      ],
    },
  });
});

test('Given the answer names the rules that were taken away, as EC2 answers, when it is read, then each is known by its id', () => {
  const rule = { securityGroupRuleId: 'sgr-0123456789abcdef0', groupId: 'sg-0a1b2c3d4e5f60718' };
  const responseElements = { _return: true, revokedSecurityGroupRuleSet: { items: [rule] } };
  const record = changed(REVOKE, {}, { responseElements });
  expect(ec2Call.parse(record)).toMatchObject({
    change: {
      touched: [
        { kind: 'security-group', id: 'sg-0a1b2c3d4e5f60718' },
        { kind: 'security-group', id: 'sg-0fedcba9876543210' },
        { kind: 'security-group-rule', id: 'sgr-0123456789abcdef0' },
      ],
    },
  });
});

test('Given the record of a rule added in the flat form by the CLI, when it is read, then the person and the group are known', () => {
  expect(ec2Call.parse(sample(AUTHORIZE))).toMatchObject({
    change: {
      action: 'AuthorizeSecurityGroupIngress',
      by: { name: 'tanaka', roleName: undefined, via: 'cli' },
      touched: [
        { kind: 'security-group', id: 'sg-0a1b2c3d4e5f60718' },
        { kind: 'security-group-rule', id: 'sgr-0123456789abcdef0' },
      ],
    },
  });
});

test('Given the record of a target that CodeDeploy took out, when it is read, then it names group and instance, and that a service did it', () => {
  expect(loadBalancingCall.parse(sample(DEREGISTER))).toMatchObject({
    change: {
      service: 'elasticloadbalancing',
      action: 'DeregisterTargets',
      by: { name: 'deploy', roleName: 'CodeDeployRole', via: 'service' },
      touched: [
        {
          kind: 'target-group',
          id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/73e2d6bc24d8a067',
        },
        { kind: 'instance', id: 'i-0a1b2c3d4e5f67890' },
      ],
    },
  });
});

test.each<readonly [string, Json, readonly object[]]>([
  [
    'rules modified by their ids',
    {
      ModifySecurityGroupRulesRequest: {
        GroupId: 'sg-0a1b2c3d',
        SecurityGroupRule: { SecurityGroupRuleId: 'sgr-0a1b2c3d' },
      },
    },
    [
      { kind: 'security-group', id: 'sg-0a1b2c3d' },
      { kind: 'security-group-rule', id: 'sgr-0a1b2c3d' },
    ],
  ],
  [
    'an entry of a network ACL',
    { networkAclId: 'acl-0a1b2c3d4e5f60718', ruleNumber: 100 },
    [{ kind: 'network-acl', id: 'acl-0a1b2c3d4e5f60718' }],
  ],
  [
    'a route to an endpoint',
    { routeTableId: 'rtb-0a1b2c3d', destinationCidrBlock: '0.0.0.0/0', vpcEndpointId: 'vpce-0a1b2c3d' },
    [{ kind: 'route-table', id: 'rtb-0a1b2c3d' }],
  ],
  [
    'instances of a Classic balancer',
    { loadBalancerName: 'old-web', instances: [{ instanceId: 'i-0a1b2c3d' }] },
    [
      { kind: 'classic-load-balancer', id: 'old-web' },
      { kind: 'instance', id: 'i-0a1b2c3d' },
    ],
  ],
  [
    'a listener',
    {
      listenerArn:
        'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2',
    },
    [
      {
        kind: 'listener',
        id: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2',
      },
    ],
  ],
  ['nothing that has an id', { description: 'sg-like text, not an id' }, []],
])(
  'Given the record of a call that names %s, when it is read, then that is what it touched',
  (_, requestParameters, touched) => {
    expect(ec2Call.parse(changed(REVOKE, {}, { requestParameters }))).toMatchObject({ change: { touched } });
  },
);

test.each([
  ['a call that AWS refused', { errorCode: 'Client.UnauthorizedOperation' }, 'CallFailed'],
  ['a call that changes nothing we look at', { eventName: 'RunInstances' }, 'CallNotOurs'],
  ['a call of another service', { eventSource: 's3.amazonaws.com' }, 'CallNotOurs'],
  ['a name that every object has', { eventSource: 'constructor' }, 'CallNotOurs'],
])('Given the record of %s, when it is read, then it is ignored', (_, detail, reason) => {
  expect(ec2Call.parse(changed(REVOKE, {}, detail))).toMatchObject({ kind: 'ignored', reason });
});

test.each([
  [
    'by Usher’s own terminal',
    { userAgent: 'aws-sdk-js/3.1169.0 ua/2.1 os/linux lang/js md/nodejs#24.21.0 api/ec2 app/usher-terminal' },
    'usher',
  ],
  ['by CloudFormation', { userAgent: 'cloudformation.amazonaws.com' }, 'cloudformation'],
  ['by Terraform', { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.14.0' }, 'terraform'],
  ['by an agent nobody knows', { userAgent: 'curl/8.5' }, undefined],
])(
  'Given a call made %s, when its record is read, then the means are told as far as they are known',
  (_, detail, via) => {
    expect(ec2Call.parse(changed(AUTHORIZE, {}, detail))).toMatchObject({ change: { by: { via } } });
  },
);

test('Given a record that does not say who made the call, when it is read, then the change is known all the same', () => {
  expect(ec2Call.parse(changed(REVOKE, {}, { userIdentity: undefined }))).toMatchObject({
    change: { by: { name: 'unknown', roleName: undefined, account: undefined } },
  });
});

test.each([
  ['the name of the call', {}, { eventName: undefined }, 'detail.eventName'],
  ['any id', { id: undefined }, { eventID: undefined }, 'detail.eventID'],
  ['any time', { time: undefined }, { eventTime: undefined }, 'detail.eventTime'],
])('Given a record without %s, when it is read, then the error names the field', (_, top, detail, path) => {
  expect(() => ec2Call.parse(changed(REVOKE, top, detail))).toThrow(expect.objectContaining({ path }));
});

test('Whatever stands in the parameters, the record is read or refused, and never names more than 90 things', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20 }), (requestParameters) => {
      try {
        const parsed = ec2Call.parse({
          ...sample(REVOKE),
          detail: { ...Object(sample(REVOKE)['detail']), requestParameters },
        });
        expect(parsed.kind === 'api-called' ? parsed.change.touched.length : 0).toBeLessThanOrEqual(90);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedEventError);
      }
    }),
  );
});
