import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startProxy } from '../../../local/proxy/server.ts';
import type { BehindProxy } from './behind-proxy.ts';
import { clientSettings, startBehindProxy } from './behind-proxy.ts';
import { admit, makeGroup, makeVpc, tcp } from './world.ts';

let at: BehindProxy;
let vpcId: string;
beforeAll(async () => {
  at = await startBehindProxy();
  vpcId = await makeVpc(at.ec2);
}, 120_000);
afterAll(() => at.stop());
beforeEach(() => {
  at.proxy.faults.clear();
  at.proxy.resetCalls();
});

const describeVpcs = () => at.ec2.send(new DescribeVpcsCommand({}));
const rule = tcp(80, { IpRanges: [{ CidrIp: '10.1.0.0/16' }] });

test('Given a throttled call, when it is made, then the SDK sees AWS’s own code and the next one passes', async () => {
  at.proxy.faults.failNext({ action: 'DescribeVpcs' }, { kind: 'error', code: 'RequestLimitExceeded' });
  await expect(describeVpcs()).rejects.toMatchObject({
    name: 'RequestLimitExceeded',
    $metadata: { httpStatusCode: 503 },
  });
  await expect(describeVpcs()).resolves.toBeDefined();
  expect(at.proxy.calls.map(({ errorCode, forwarded }) => [errorCode, forwarded])).toEqual([
    ['RequestLimitExceeded', false],
    [undefined, true],
  ]);
});

test('Given an ELB fault, when the call is made, then it is ELB’s error', async () => {
  at.proxy.faults.failAll(
    { service: 'elbv2' },
    { kind: 'error', code: 'ThrottlingException', message: 'Rate exceeded' },
  );
  const call = at.elb.send(new DescribeTargetGroupsCommand({}));
  await expect(call).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
});

test('Given a connection cut before or after, when a rule is authorized, then it exists only in the second case', async () => {
  const groupId = await makeGroup(at.ec2, vpcId);
  at.proxy.faults.failNext({ action: 'AuthorizeSecurityGroupIngress' }, { kind: 'drop-before' });
  await expect(admit(at.ec2, groupId, rule)).rejects.toThrow();
  at.proxy.faults.failNext({ action: 'AuthorizeSecurityGroupIngress' }, { kind: 'drop-after' });
  await expect(admit(at.ec2, groupId, rule)).rejects.toThrow();
  await expect(admit(at.ec2, groupId, rule)).rejects.toMatchObject({ name: 'InvalidPermission.Duplicate' });
  const attempts = at.proxy.calls.filter(({ action }) => action === 'AuthorizeSecurityGroupIngress');
  expect(attempts.map(({ forwarded, statusCode }) => [forwarded, statusCode])).toEqual([
    [false, undefined],
    [true, undefined],
    [true, 400],
  ]);
});

test('Given a hook after the second call, when it calls back, then the write has happened and the answer has not gone out', async () => {
  const groupId = await makeGroup(at.ec2, vpcId);
  const seen: string[] = [];
  at.proxy.faults.killAfter(2, () => void seen.push('killed'));
  await describeVpcs();
  seen.push('first answered');
  await admit(at.ec2, groupId, rule);
  seen.push('second answered');
  expect(seen).toEqual(['first answered', 'killed', 'second answered']);
});

test('Given several callers, when they call, then calls are counted by action and told apart by key', async () => {
  const other = new EC2Client(clientSettings(at.proxy.url, 'AKIAOTHER'));
  await other.send(new DescribeVpcsCommand({}));
  await describeVpcs();
  other.destroy();
  expect(at.proxy.counts()).toEqual({ 'ec2:DescribeVpcs': 2 });
  expect(at.proxy.calls.map(({ accessKeyId }) => accessKeyId)).toEqual(['AKIAOTHER', 'AKIATEST']);
});

test('Given another process, when it speaks to the control path, then it has the same powers', async () => {
  const control = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${at.proxy.url}/_usher/${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, answer: await response.json() };
  };
  expect(
    await control('POST', 'faults', {
      call: 2,
      effect: { kind: 'error', code: 'UnauthorizedOperation' },
      match: { service: 'ec2' },
    }),
  ).toMatchObject({ status: 200 });
  await describeVpcs();
  await expect(describeVpcs()).rejects.toMatchObject({
    name: 'UnauthorizedOperation',
    $metadata: { httpStatusCode: 403 },
  });
  expect(await control('GET', 'counts')).toEqual({ status: 200, answer: { 'ec2:DescribeVpcs': 2 } });
  expect((await control('GET', 'calls')).answer).toMatchObject([
    { action: 'DescribeVpcs' },
    { errorCode: 'UnauthorizedOperation' },
  ]);
  await control('PUT', 'instances/i-0aaaaaaaaaaaaaaaa', { ports: { 8080: 'silent' } });
  expect((await control('GET', 'instances')).answer).toEqual({ 'i-0aaaaaaaaaaaaaaaa': { 8080: 'silent' } });
  await control('PATCH', 'settings', { targetsPerGroup: 3 });
  expect(at.proxy.settings.targetsPerGroup).toBe(3);
  expect(await control('PATCH', 'settings', { noSuch: 3 })).toEqual({
    status: 400,
    answer: { error: 'there is no setting noSuch' },
  });
  expect((await control('PUT', 'instances/i-1', { behaviour: 'sulks' })).status).toBe(400);
  expect((await control('GET', 'nothing')).status).toBe(404);
  await control('DELETE', 'calls');
  expect(at.proxy.calls).toEqual([]);
});

test('Given clients that give up before their answer, when the next one calls, then the proxy serves it', async () => {
  at.proxy.faults.failAll({}, { kind: 'delay', milliseconds: 100 }, 3);
  const impatient = [1, 2, 3].map(() =>
    at.ec2.send(new DescribeVpcsCommand({}), { abortSignal: AbortSignal.timeout(20) }),
  );
  for (const call of impatient) await expect(call).rejects.toThrow();
  await expect(describeVpcs()).resolves.toBeDefined();
});

test('Given no emulator behind it, when a call is made, then the answer is an error and the proxy stands', async () => {
  const alone = await startProxy({ upstream: 'http://127.0.0.1:1' });
  const client = new EC2Client(clientSettings(alone.url));
  await expect(client.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'InternalFailure' });
  expect(alone.counts()).toEqual({ 'ec2:DescribeVpcs': 1 });
  client.destroy();
  await alone.stop();
});
