import type { Stack } from '@aws-sdk/client-cloudformation';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import ForwarderPlugin, { ForwarderError } from '../../../infra/forwarder/plugin.ts';

const BUS = 'arn:aws:events:ap-northeast-1:123456789012:event-bus/usher-prod';
const cloudFormation = mockClient(CloudFormationClient);

/** Calls in order, each with the Region of its client. */
const callsIn = async () =>
  Promise.all(
    cloudFormation.calls().map(async ({ thisValue, args: [command] }) => {
      const { StackName } = command.input as { readonly StackName?: string };
      const client = thisValue as CloudFormationClient;
      return `${await client.config.region()} ${command.constructor.name.replace('Command', '')} ${StackName}`;
    }),
  );

const stack = (more: Partial<Stack>): { readonly Stacks: Stack[] } => ({
  Stacks: [{ StackName: 'any', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', ...more }],
});
const outputs = (regions: string) =>
  stack({
    Outputs: [
      { OutputKey: 'BusArn', OutputValue: BUS },
      { OutputKey: 'ForwardedRegions', OutputValue: regions },
    ],
  });
const refusal = (message: string) => Object.assign(new Error(message), { name: 'ValidationError' });
const absent = (name: string) => refusal(`Stack with id ${name} does not exist`);

const aPlugin = (regions: readonly string[]) => {
  const said: string[] = [];
  const { hooks } = new ForwarderPlugin(
    {
      service: { custom: { forwarder: { regions } } },
      getProvider: () => ({
        naming: { getStackName: () => 'usher-prod' },
        getStage: () => 'prod',
        getAwsSdkV3Config: async ({ region } = { region: 'ap-northeast-1' }) => ({
          region,
          credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        }),
      }),
    },
    {},
    { log: { notice: (text) => said.push(text) } },
  );
  const run = async (...names: readonly string[]) => {
    for (const name of names) await hooks[name]?.();
  };
  return {
    said,
    deploy: () => run('before:deploy:deploy', 'after:deploy:deploy'),
    remove: () => run('before:remove:remove', 'after:remove:remove'),
  };
};

beforeEach(() => {
  cloudFormation.reset();
  process.env['SLS_AWS_MONITORING_FREQUENCY'] = '1';
});

describe('a deployment', () => {
  test('Given a Region without a forwarder, when the stage is deployed, then it is made there, for this stage and its bus', async () => {
    cloudFormation.on(DescribeStacksCommand, { StackName: 'usher-prod' }).resolves(outputs('us-east-1'));
    cloudFormation.on(UpdateStackCommand).rejects(absent('usher-prod-forwarder'));
    cloudFormation.on(CreateStackCommand).resolves({});
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'usher-prod-forwarder' })
      .resolvesOnce(stack({ StackStatus: 'CREATE_IN_PROGRESS' }))
      .resolves(stack({ StackStatus: 'CREATE_COMPLETE' }));
    const { deploy, said } = aPlugin(['us-east-1']);
    await deploy();
    expect(said).toEqual(['Forwarder in us-east-1: made']);
    expect(cloudFormation.commandCalls(CreateStackCommand).map(({ args: [{ input }] }) => input)).toMatchObject([
      {
        StackName: 'usher-prod-forwarder',
        TemplateBody: expect.stringContaining('CertificateForwarder'),
        Parameters: [
          { ParameterKey: 'Stage', ParameterValue: 'prod' },
          { ParameterKey: 'BusArn', ParameterValue: BUS },
        ],
        Capabilities: ['CAPABILITY_IAM'],
        OnFailure: 'DELETE',
      },
    ]);
    expect(await callsIn()).toEqual([
      'ap-northeast-1 DescribeStacks usher-prod',
      'ap-northeast-1 DescribeStacks usher-prod',
      'us-east-1 UpdateStack usher-prod-forwarder',
      'us-east-1 CreateStack usher-prod-forwarder',
      'us-east-1 DescribeStacks usher-prod-forwarder',
      'us-east-1 DescribeStacks usher-prod-forwarder',
    ]);
  });

  test('Given forwarders that stand, then they are brought up to date, and one that is as it should be is left alone', async () => {
    cloudFormation.on(DescribeStacksCommand, { StackName: 'usher-prod' }).resolves(outputs('us-east-1,eu-west-1'));
    cloudFormation.on(UpdateStackCommand).resolvesOnce({}).rejects(refusal('No updates are to be performed.'));
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'usher-prod-forwarder' })
      .resolves(stack({ StackStatus: 'UPDATE_COMPLETE' }));
    const { deploy, said } = aPlugin(['us-east-1', 'eu-west-1']);
    await deploy();
    expect(said).toEqual(['Forwarder in us-east-1: updated', 'Forwarder in eu-west-1: unchanged']);
  });

  test('Given a Region that is surveyed no more, then its forwarder goes', async () => {
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'usher-prod' })
      .resolvesOnce(outputs('us-east-1,eu-west-1'))
      .resolves(outputs('us-east-1'));
    cloudFormation.on(UpdateStackCommand).rejects(refusal('No updates are to be performed.'));
    cloudFormation.on(DeleteStackCommand).resolves({});
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'usher-prod-forwarder' })
      .rejects(absent('usher-prod-forwarder'));
    const { deploy, said } = aPlugin(['us-east-1']);
    await deploy();
    expect(said).toEqual(['Forwarder in us-east-1: unchanged', 'Forwarder in eu-west-1: removed']);
    expect(await callsIn()).toContain('eu-west-1 DeleteStack usher-prod-forwarder');
  });

  test('Given the first deployment, in us-east-1 alone, then nothing is forwarded', async () => {
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'usher-prod' })
      .rejectsOnce(absent('usher-prod'))
      .resolves(outputs('none'));
    const { deploy, said } = aPlugin([]);
    await deploy();
    expect(said).toEqual([]);
    expect(await callsIn()).toEqual([
      'ap-northeast-1 DescribeStacks usher-prod',
      'ap-northeast-1 DescribeStacks usher-prod',
    ]);
  });

  test('Given a refusal, then the deployment fails with where, why, and what works all the same', async () => {
    cloudFormation.on(DescribeStacksCommand).resolves(outputs('us-east-1'));
    cloudFormation.on(UpdateStackCommand).rejects(refusal('User is not authorized to perform iam:CreateRole'));
    const { deploy } = aPlugin(['us-east-1']);
    await expect(deploy()).rejects.toThrow(ForwarderError);
    await expect(deploy()).rejects.toThrow(
      'The forwarder in us-east-1 could not be changed: User is not authorized to perform iam:CreateRole. The service itself is as it was deployed, and its daily survey reads us-east-1 all the same.',
    );
  });

  test('Given a Region that refuses, then the others are changed all the same, and what nothing tries again is said', async () => {
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'usher-prod' })
      .resolvesOnce(outputs('us-east-1,eu-west-1,eu-west-3'))
      .resolves(outputs('us-east-1'));
    cloudFormation
      .on(UpdateStackCommand)
      .rejectsOnce(refusal('not here'))
      .rejects(refusal('No updates are to be performed.'));
    cloudFormation.on(DeleteStackCommand).rejectsOnce(refusal('not there')).resolves({});
    cloudFormation
      .on(DescribeStacksCommand, { StackName: 'usher-prod-forwarder' })
      .rejects(absent('usher-prod-forwarder'));
    const { deploy, said } = aPlugin(['us-east-1', 'us-west-2']);
    await expect(deploy()).rejects.toThrow(
      [
        'The forwarder in us-east-1 could not be changed: not here. The service itself is as it was deployed, and its daily survey reads us-east-1 all the same.',
        'The forwarder in eu-west-1 could not be changed: not there. Nothing tries that again: delete the stack usher-prod-forwarder there by hand.',
      ].join('\n'),
    );
    expect(said).toEqual(['Forwarder in us-west-2: unchanged', 'Forwarder in eu-west-3: removed']);
  });
});

test('Given a stage that is removed, then its forwarders go with it', async () => {
  cloudFormation.on(DescribeStacksCommand, { StackName: 'usher-prod' }).resolves(outputs('us-east-1'));
  cloudFormation.on(DeleteStackCommand).resolves({});
  cloudFormation
    .on(DescribeStacksCommand, { StackName: 'usher-prod-forwarder' })
    .resolvesOnce(stack({ StackStatus: 'DELETE_IN_PROGRESS' }))
    .rejects(absent('usher-prod-forwarder'));
  const { remove, said } = aPlugin(['us-east-1']);
  await remove();
  expect(said).toEqual(['Forwarder in us-east-1: removed']);
});
