import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Deployment } from '../../local/emulators/deploy.ts';
import { deployService } from '../../local/emulators/deploy.ts';
import { startMoto } from '../../local/emulators/moto.ts';
import { preparePython } from '../../local/emulators/python.ts';
import { isAlive } from '../../local/emulators/server-process.ts';
import { putServiceEvents } from '../../local/emulators/service-events.ts';
import type { Emulators } from '../../local/emulators/start.ts';
import { startEmulators } from '../../local/emulators/start.ts';
import { LOOPBACK, listeningAddresses, processesOf } from '../support/processes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const REGION = 'ap-northeast-1';

jest.setTimeout(240_000); // the first run makes the Python environment, and two cores may be busy

/** The emulators without a proxy between: moto itself answers. */
const start = (): Promise<Emulators> =>
  startEmulators({ root: ROOT, region: REGION, proxyFor: async (url) => ({ url, stop: async () => {} }) });

const until = async <T>(look: () => Promise<T | undefined> | T | undefined, what: string): Promise<T> => {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await delay(25);
  }
  throw new Error(`not within 20 s: ${what}`);
};

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const client = (endpoint: string) => ({ endpoint, region: REGION, credentials });

/** A function without dependencies, which says where it runs or fails on request, behind a queue that gets EC2's events. */
const SERVICE = `
service: emulator-check
provider:
  name: aws
  runtime: nodejs24.x
  architecture: arm64
functions:
  tell:
    handler: handler.tell
    role: Role
    events:
      - sqs: { arn: !GetAtt Asked.Arn, functionResponseType: ReportBatchItemFailures }
resources:
  Resources:
    Role:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Version: '2012-10-17'
          Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }]
    Asked:
      Type: AWS::SQS::Queue
      Properties:
        VisibilityTimeout: 1
        RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2 }
    Dead: { Type: AWS::SQS::Queue }
    Told: { Type: AWS::SQS::Queue }
    Rule:
      Type: AWS::Events::Rule
      Properties:
        EventPattern: { source: [aws.ec2] }
        Targets: [{ Id: asked, Arn: !GetAtt Asked.Arn }]
  Outputs:
    ToldUrl: { Value: !Ref Told }
    DeadUrl: { Value: !Ref Dead }
`;

const HANDLER = `
exports.tell = async ({ Records }) => {
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    const { detail } = JSON.parse(body);
    if (detail.fail) {
      batchItemFailures.push({ itemIdentifier: messageId });
      continue;
    }
    const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_EC2 } = process.env;
    const message = { node: process.version, own: AWS_ENDPOINT_URL, ec2: AWS_ENDPOINT_URL_EC2, detail };
    const QueueUrl = AWS_ENDPOINT_URL + '/123456789012/' + detail.answerTo;
    await fetch(AWS_ENDPOINT_URL, {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/' + process.env.AWS_REGION + '/sqs/aws4_request',
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.SendMessage',
      },
      body: JSON.stringify({ QueueUrl, MessageBody: JSON.stringify(message) }),
    });
  }
  return { batchItemFailures };
};
`;

/** Starts the emulators, prints their ids, and stays until it is killed. */
const HOLDER = `
const { startEmulators } = await import('./local/emulators/start.ts');
const proxyFor = async (url) => ({ url, stop: async () => {} });
const { pids } = await startEmulators({ root: process.cwd(), region: '${REGION}', proxyFor });
console.log(JSON.stringify(pids));
setInterval(() => {}, 60_000);
`;

const writeService = async (folder: string, serverless: string): Promise<string> => {
  const serviceFolder = join(folder, 'service');
  await mkdir(serviceFolder, { recursive: true });
  await writeFile(join(serviceFolder, 'package.json'), '{ "name": "emulator-check", "version": "1.0.0" }');
  await writeFile(join(serviceFolder, 'handler.js'), HANDLER);
  await writeFile(join(serviceFolder, 'serverless.yml'), serverless);
  return serviceFolder;
};

describe('The emulators, while they run', () => {
  let emulators: Emulators;
  let deployment: Deployment;
  let sqs: SQSClient;

  beforeAll(async () => {
    emulators = await start();
    deployment = await deployService({
      root: ROOT,
      serviceFolder: await writeService(emulators.folder, SERVICE),
      endpoint: emulators.ministackUrl,
      region: REGION,
      stage: 'check',
      folder: emulators.folder,
    });
    sqs = new SQSClient(client(emulators.ministackUrl));
  });

  afterAll(async () => {
    sqs?.destroy();
    await emulators?.stop();
  });

  const receive = (url: string | undefined): Promise<string> =>
    until(async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 1 }));
      return Messages[0]?.Body;
    }, `a message in ${url}`);

  const putEc2Event = (detail: Readonly<Record<string, unknown>>): Promise<void> =>
    putServiceEvents(emulators, [{ source: 'aws.ec2', detailType: 'EC2 Instance State-change Notification', detail }]);

  test('EC2 and ELB answer behind the proxy, and the stack behind MiniStack', async () => {
    const ec2 = new EC2Client(client(emulators.proxyUrl));
    const elb = new ElasticLoadBalancingV2Client(client(emulators.proxyUrl));
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
    expect((await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups).toEqual([]);
    expect(deployment.stackName).toBe('emulator-check-check');
    expect(Object.keys(deployment.resources)).toEqual(expect.arrayContaining(['Asked', 'Rule', 'TellLambdaFunction']));
  });

  test('Given an event of EC2, when it is put as the service puts it, then a Lambda worker on Node 24 knows which endpoint is whose', async () => {
    const { ToldUrl = '' } = deployment.outputs;
    await putEc2Event({ answerTo: ToldUrl.split('/').at(-1) });
    expect(JSON.parse(await receive(ToldUrl))).toEqual({
      node: expect.stringMatching(/^v24\./),
      own: emulators.ministackUrl,
      ec2: emulators.proxyUrl,
      detail: { answerTo: ToldUrl.split('/').at(-1) },
    });
  });

  test('Given a record that is reported as failed twice, then it is in the dead-letter queue', async () => {
    const { DeadUrl: deadUrl } = deployment.outputs;
    await putEc2Event({ fail: true });
    expect(JSON.parse(await receive(deadUrl))).toMatchObject({ detail: { fail: true } });
  });

  test('Given a customer, when an event with a source of AWS is put, then it is refused', async () => {
    const events = new EventBridgeClient(client(emulators.ministackUrl));
    const answer = await events.send(
      new PutEventsCommand({ Entries: [{ Source: 'aws.ec2', DetailType: 'anything', Detail: '{}' }] }),
    );
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries?.[0]?.ErrorCode).toBe('NotAuthorizedForSourceException');
  });

  test('Given a template that CloudFormation refuses, when it is deployed, then one line names the resource and the reason', async () => {
    const broken = SERVICE.replace('service: emulator-check', 'service: broken').replace(
      '    Told: { Type: AWS::SQS::Queue }',
      '    Told: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 901 } }',
    );
    const deploying = deployService({
      root: ROOT,
      serviceFolder: await writeService(join(emulators.folder, 'broken'), broken),
      endpoint: emulators.ministackUrl,
      region: REGION,
      stage: 'check',
      folder: emulators.folder,
    });
    await expect(deploying).rejects.toThrow(
      /^The service could not be deployed to MiniStack: .*Told.*DelaySeconds.*\(log: .*deploy\.log\)$/,
    );
  });

  test('Everything listens on 127.0.0.1 only', () => {
    const pids = processesOf(emulators.pids);
    expect(pids.length).toBeGreaterThan(emulators.pids.length); // the Lambda workers as well
    expect(pids.flatMap(listeningAddresses)).toEqual([LOOPBACK, LOOPBACK]);
  });
});

describe('The emulators, when they end', () => {
  test('Given running emulators with a Lambda worker, when they are stopped, then no process and no file of theirs is left', async () => {
    const emulators = await start();
    const serviceFolder = await writeService(emulators.folder, SERVICE);
    const where = { root: ROOT, serviceFolder, endpoint: emulators.ministackUrl, region: REGION };
    await deployService({ ...where, stage: 'check', folder: emulators.folder });
    await putServiceEvents(emulators, [{ source: 'aws.ec2', detailType: 'anything', detail: { fail: true } }]);
    await until(() => (processesOf(emulators.pids).length > 2 ? true : undefined), 'a Lambda worker');

    await emulators.stop();

    expect(processesOf(emulators.pids)).toEqual([]);
    expect(existsSync(emulators.folder)).toBe(false);
  });

  test('Given a holder that is killed and can tidy nothing up, then the emulators end by themselves', async () => {
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: holder.stdout }), 'line')) as [string];
    const pids = JSON.parse(line) as number[];
    expect(processesOf(pids)).toEqual(pids);

    holder.kill('SIGKILL');

    await until(() => (processesOf(pids).length === 0 ? true : undefined), 'the end of both emulators');
    expect(isAlive(holder.pid ?? 0)).toBe(false);
  });
});

describe('The emulators, when they do not come up', () => {
  const runFolder = async (name: string): Promise<string> => {
    const folder = join(ROOT, '.local', `run-${process.pid}-${name}`);
    await mkdir(folder, { recursive: true });
    return folder;
  };

  test('Given a port that is in use, then one line says whose it is', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const starting = startEmulators({
      root: ROOT,
      region: REGION,
      proxyFor: async (url) => ({ url, stop: async () => {} }),
      ports: { ministack: port },
    });
    await expect(starting).rejects.toThrow(`Port ${port} on 127.0.0.1, meant for MiniStack, is in use.`);
    holder.close();
  });

  test('Given an emulator that ends at once, then one line has the last words of its log', async () => {
    const folder = await runFolder('broken-python');
    const python = await preparePython({ root: ROOT });
    const root = join(folder, 'no-launcher-here');
    const starting = startMoto({ python, root, folder });
    await expect(starting).rejects.toThrow(
      /^moto did not come up: it ended with 2\. Log .*moto\.log: .*No such file or directory$/,
    );
    expect(await readFile(join(folder, 'moto.log'), 'utf8')).toContain('No such file or directory');
    await rm(folder, { recursive: true });
  });

  test('Given an emulator that is not ready in time, then it is stopped, and one line says so', async () => {
    const folder = await runFolder('impatient');
    const python = await preparePython({ root: ROOT });
    const starting = startMoto({ python, root: ROOT, folder, readyTimeoutMilliseconds: 1 });
    await expect(starting).rejects.toThrow(/^moto did not come up: no answer within 0\.001 s\. Log /);
    await rm(folder, { recursive: true });
  });
});
