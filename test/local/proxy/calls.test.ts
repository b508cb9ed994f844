import { expect, test } from '@jest/globals';
import { recordCalls } from '../../../local/proxy/calls.ts';
import { Refusal, readCall, refuse } from '../../../local/proxy/protocol.ts';

const AT = new Date('2026-11-22T05:00:00Z');
const FORM = {
  'content-type': 'application/x-www-form-urlencoded',
  authorization: 'Credential=AKIAWEB/20261122/eu-west-1/ec2/aws4_request',
  'user-agent': 'aws-sdk-js/3.1169.0 ua/2.1 os/linux lang/js api/ec2#3.1169.0 app/usher-register-targets',
};
const authorize = readCall(
  'POST',
  '/',
  FORM,
  Buffer.from(
    'Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-0123456789abcdef0&IpPermissions.1.Groups.1.GroupId=sg-0aaaaaaaaaaaaaaa0&TagSpecification.1.ResourceType=security-group-rule&TagSpecification.1.Tag.1.Key=usher%3Aowner&TagSpecification.1.Tag.1.Value=prod',
  ),
);

test('Given a write, when it is refused, then the record has what a permission test and a count need', () => {
  const record = recordCalls();
  const open = record.begin(authorize, AT);
  open.forwarded();
  open.answered(refuse(authorize, new Refusal('InvalidPermission.Duplicate', 'there')));
  expect(record.list()).toMatchObject([
    {
      number: 1,
      at: AT,
      service: 'ec2',
      action: 'AuthorizeSecurityGroupIngress',
      access: 'write',
      region: 'eu-west-1',
      accessKeyId: 'AKIAWEB',
      application: 'usher-register-targets',
      resources: ['sg-0123456789abcdef0', 'sg-0aaaaaaaaaaaaaaa0'],
      tagSpecifications: [{ resourceType: 'security-group-rule', tags: { 'usher:owner': 'prod' } }],
      statusCode: 400,
      errorCode: 'InvalidPermission.Duplicate',
      forwarded: true,
    },
  ]);
  expect(record.counts()).toEqual({ 'ec2:AuthorizeSecurityGroupIngress': 1 });
});

test('Given a record that is reset while a call is under way, when the call ends, then the new record stays empty', () => {
  const record = recordCalls();
  const open = record.begin(authorize, AT);
  record.reset();
  open.forwarded();
  expect(record.list()).toEqual([]);
});

test('Given a tagging call in JSON, when it is recorded, then the ARNs inside its list are its resources', () => {
  const record = recordCalls();
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
  const headers = { 'x-amz-target': 'ResourceGroupsTaggingAPI_20170126.GetResources' };
  record.begin(readCall('POST', '/', headers, Buffer.from(JSON.stringify({ ResourceARNList: [arn] }))), AT);
  expect(record.list()).toMatchObject([{ action: 'GetResources', access: 'read', resources: [arn] }]);
});
