import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AwsCallError } from '../../aws/aws-call-error.ts';
import { callAws } from '../../aws/call-aws.ts';
import { CLIENT_SETTINGS } from '../../aws/client-settings.ts';
import { ec2Reader } from '../../aws/ec2/reader.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const CALL = { service: 'EC2', action: 'DescribeInstances' };

let answer: Answer;
const server = createServer((request, response) => {
  request.resume();
  answer(request, response);
});
let settings: typeof CLIENT_SETTINGS & {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  settings = {
    ...CLIENT_SETTINGS,
    region: 'ap-northeast-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' },
  };
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const answering =
  (status: number, type: string, body: string): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };

/** @see EC2 API reference, "Error response structure" */
const ec2Error = (code: string, message: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>`;

/** @see ELBv2 API reference, "Common errors" */
const elbError = (code: string, message: string): string =>
  `<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>f9880f01-7852-629d-a6c3-example</RequestId></ErrorResponse>`;

const failureOf = async (send: () => Promise<unknown>): Promise<AwsCallError> =>
  callAws(CALL, send).then(
    () => Promise.reject(new Error('the call succeeded')),
    (error: AwsCallError) => error,
  );

const ec2 = (overrides: object = {}) => new EC2Client({ ...settings, maxAttempts: 1, ...overrides });
const describeInstances = (overrides: object = {}) => ec2(overrides).send(new DescribeInstancesCommand({}));

describe('errors as the real SDK makes them of what came over the wire', () => {
  test.each([
    [503, ec2Error('RequestLimitExceeded', 'Request limit exceeded.'), 'RequestLimitExceeded', 'throttled'],
    [403, ec2Error('UnauthorizedOperation', 'You are not authorized.'), 'UnauthorizedOperation', 'denied'],
    [400, ec2Error('InvalidPermission.Duplicate', 'already exists'), 'InvalidPermission.Duplicate', 'already-there'],
    [400, ec2Error('InvalidGroup.NotFound', 'does not exist'), 'InvalidGroup.NotFound', 'not-found'],
    [500, ec2Error('InternalError', 'An internal error has occurred'), 'InternalError', 'transient'],
    [502, '', 'HTTP 502', 'transient'],
    [429, '<html>slow down</html>', 'HTTP 429', 'throttled'],
    [418, '<html>teapot</html>', 'HTTP 418', 'other'],
    [200, '<DescribeInstancesResp', 'UnreadableAnswer', 'transient'],
  ])('Given EC2 answers %i %s, then the code is %s and the meaning %s', async (status, body, code, meaning) => {
    answer = answering(status, 'text/xml', body);
    expect(await failureOf(() => describeInstances())).toMatchObject({ code, meaning, attempts: 1 });
  });

  test.each([
    ['TargetGroupNotFound', 'not-found'],
    ['InvalidTarget', 'invalid'],
    ['TooManyTargets', 'full'],
    ['ValidationError', 'invalid'],
    ['Throttling', 'throttled'],
    ['AccessDenied', 'denied'],
    ['ExpiredToken', 'denied'],
  ])('Given ELB answers %s, then the code is the one on the wire and the meaning %s', async (code, meaning) => {
    answer = answering(400, 'text/xml', elbError(code, 'words of AWS'));
    const client = new ElasticLoadBalancingV2Client({ ...settings, maxAttempts: 1 });
    const failure = await failureOf(() => client.send(new DescribeTargetGroupsCommand({})));
    expect(failure).toMatchObject({ code, meaning, awsMessage: 'words of AWS' });
  });

  test.each([
    ['ParameterNotFound', 'not-found'],
    ['com.amazon.coral.service#AccessDeniedException', 'denied'],
    ['ThrottlingException', 'throttled'],
  ])('Given a JSON service answers %s, then the meaning is %s', async (type, meaning) => {
    answer = answering(400, 'application/x-amz-json-1.1', JSON.stringify({ __type: type, message: 'words of AWS' }));
    const client = new SSMClient({ ...settings, maxAttempts: 1 });
    const failure = await failureOf(() => client.send(new GetParameterCommand({ Name: '/usher/prod/slack' })));
    expect(failure).toMatchObject({ meaning, awsMessage: 'words of AWS' });
  });

  test('Given EC2 says why with an encoded message, then the message has the reason and not the kilobyte behind it', async () => {
    const words = `You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/usher/register is not authorized to perform: ec2:AuthorizeSecurityGroupIngress. Encoded authorization failure message: ${'xY9_-'.repeat(200)}`;
    answer = answering(403, 'text/xml', ec2Error('UnauthorizedOperation', words));
    const failure = await failureOf(() => describeInstances());
    expect(failure.awsMessage).toBe(
      'You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/usher/register is not authorized to perform: ec2:AuthorizeSecurityGroupIngress.',
    );
    expect(failure.message).not.toContain('xY9_-');
  });

  test('Given an empty body where instances should be, when they are read, then it fails instead of reading none', async () => {
    answer = answering(200, 'text/xml', '');
    await expect(ec2Reader(ec2()).readInstances(['i-0a1b2c3d4e5f67890'])).rejects.toMatchObject({
      code: 'UnexpectedAnswer',
      awsMessage: 'the answer has no Reservations',
    });
  });

  test('Given an empty list of reservations, when instances are read, then there are none', async () => {
    const none =
      '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><reservationSet/></DescribeInstancesResponse>';
    answer = answering(200, 'text/xml', none);
    expect(await ec2Reader(ec2()).readInstances(['i-0a1b2c3d4e5f67890'])).toEqual([]);
  });
});

describe('the settings of our clients', () => {
  test('Given throttling twice, when a call is sent, then the third attempt succeeds', async () => {
    let hits = 0;
    answer = (request, response) => {
      hits += 1;
      const [status, body] =
        hits < 3
          ? [503, ec2Error('RequestLimitExceeded', 'Request limit exceeded.')]
          : [200, '<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>'];
      answering(Number(status), 'text/xml', String(body))(request, response);
    };
    const { $metadata } = await describeInstances({ maxAttempts: CLIENT_SETTINGS.maxAttempts });
    expect([hits, $metadata.attempts]).toEqual([3, 3]);
  });

  test('Given a server that never answers, when the request time is over, then the attempt ends as transient', async () => {
    answer = () => undefined;
    const requestHandler = { ...CLIENT_SETTINGS.requestHandler, requestTimeout: 100 };
    const failure = await failureOf(() => describeInstances({ requestHandler }));
    expect(failure).toMatchObject({ code: 'ETIMEDOUT', meaning: 'transient' });
  });

  test('Given an answer that starts and stalls, when nothing comes for the socket time, then the attempt ends as transient', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': '1000' });
      response.write('<DescribeInst');
    };
    const requestHandler = { ...CLIENT_SETTINGS.requestHandler, socketTimeout: 100 };
    expect((await failureOf(() => describeInstances({ requestHandler }))).meaning).toBe('transient');
  });

  test('Given nobody listens, when a call is sent, then the failure is transient', async () => {
    const failure = await failureOf(() => describeInstances({ endpoint: 'http://127.0.0.1:1' }));
    // Jest's sandbox has an `Error` of its own, so the SDK takes Node's for no error, wraps it and loses its code.
    expect(['ECONNREFUSED', 'NoAnswer']).toContain(failure.code);
    expect(failure.meaning).toBe('transient');
  });

  test('every client makes 3 attempts with 2 s to connect and 5 s for an answer', async () => {
    answer = answering(200, 'text/xml', '<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>');
    const client = new EC2Client(settings);
    await client.send(new DescribeInstancesCommand({}));
    expect(await client.config.maxAttempts()).toBe(3);
    expect(Reflect.get(client.config.requestHandler, 'config')).toMatchObject({
      connectionTimeout: 2_000,
      requestTimeout: 5_000,
      socketTimeout: 5_000,
      throwOnRequestTimeout: true,
    });
  });
});

describe('other failures', () => {
  test('Given something thrown that is no Error, then it is an AwsCallError all the same, with the cause kept', async () => {
    const failure = await failureOf(() => Promise.reject('boom'));
    expect(failure).toMatchObject({
      name: 'AwsCallError',
      code: 'Error',
      meaning: 'other',
      awsMessage: 'boom',
      cause: 'boom',
    });
  });

  test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH'])(
    'Given the socket fails with %s, then the meaning is transient',
    async (code) => {
      const failure = await failureOf(() =>
        Promise.reject(Object.assign(new Error('socket'), { code, $metadata: { attempts: 3 } })),
      );
      expect(failure).toMatchObject({ code, meaning: 'transient', attempts: 3 });
    },
  );

  test('Given no credentials, then the meaning is denied', async () => {
    const credentials = () =>
      Promise.reject(
        Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' }),
      );
    expect((await failureOf(() => describeInstances({ credentials }))).meaning).toBe('denied');
  });
});
