import { expect, test } from '@jest/globals';
import { errorCodeIn, filtersOf, list, Refusal, readCall, refuse, values } from '../../../local/proxy/protocol.ts';

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIAWEB/20261122/ap-northeast-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
const form = (service: string, body: string) =>
  readCall('POST', '/', { ...signed(service), 'content-type': 'application/x-www-form-urlencoded' }, Buffer.from(body));

test('Given a form of EC2, when it is read, then service, action, Region, caller and lists are known', () => {
  const call = form(
    'ec2',
    'Action=DescribeInstances&Version=2016-11-15&InstanceId.2=i-b&InstanceId.1=i-a&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.1.Value.2=vpc-2',
  );
  expect(call).toMatchObject({
    service: 'ec2',
    action: 'DescribeInstances',
    region: 'ap-northeast-1',
    accessKeyId: 'AKIAWEB',
  });
  expect(values(call.parameters, 'InstanceId')).toEqual(['i-a', 'i-b']);
  expect([...filtersOf(call.parameters)]).toEqual([['vpc-id', ['vpc-1', 'vpc-2']]]);
});

test('Given forms of both ELB generations, when they are read, then the version tells them apart', () => {
  const newer = form(
    'elasticloadbalancing',
    'Action=RegisterTargets&Version=2015-12-01&Targets.member.1.Id=i-a&Targets.member.1.Port=8080',
  );
  expect(newer.service).toBe('elbv2');
  expect(list(newer.parameters, 'Targets.member').map((target) => Object.fromEntries(target))).toEqual([
    { Id: 'i-a', Port: '8080' },
  ]);
  expect(form('elasticloadbalancing', 'Action=DescribeLoadBalancers&Version=2012-06-01').service).toBe('elb');
});

test('Given more than nine entries, when they are listed, then their order is by number, not by text', () => {
  const many = new Map(Array.from({ length: 12 }, (_, index) => [`Id.${index + 1}`, `i-${index + 1}`] as const));
  expect(values(many, 'Id').at(-1)).toBe('i-12');
});

test('Given a JSON call, when it is read, then the target header names the action', () => {
  const headers = { ...signed('tagging'), 'x-amz-target': 'ResourceGroupsTaggingAPI_20170126.GetResources' };
  const call = readCall('POST', '/', headers, Buffer.from('{"ResourcesPerPage":50}'));
  expect(call).toMatchObject({ service: 'tagging', action: 'GetResources' });
  expect(call.parameters.get('ResourcesPerPage')).toBe('50');
});

test('Given a refusal, when it is written, then each protocol finds its code where its SDK looks', () => {
  const refusal = new Refusal('InvalidTarget', 'no');
  const bodies = ['ec2', 'elbv2', 'elb'].map((service) => refuse({ service, headers: {} }, refusal).body.toString());
  expect(bodies[0]).toContain(
    '<Response><Errors><Error><Code>InvalidTarget</Code><Message>no</Message></Error></Errors>',
  );
  expect(bodies[1]).toContain('<Error><Type>Sender</Type><Code>InvalidTarget</Code><Message>no</Message></Error>');
  expect(bodies[2]).toContain('http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/');
  const json = refuse({ service: 'tagging', headers: { 'x-amz-target': 'X.Y' } }, refusal);
  expect(JSON.parse(json.body.toString())).toEqual({ __type: 'InvalidTarget', message: 'no' });
  expect(errorCodeIn(json)).toBe('InvalidTarget');
});
