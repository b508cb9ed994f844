import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  CreateStackCommand,
  DeleteStackCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';

const TEMPLATE = join(import.meta.dirname, '..', 'forwarder.yml');

/** A role and three rules are made in well under a minute. */
const MAXIMUM_WAIT_SECONDS = 600;

export interface Forwarder {
  readonly stage: string;
  /** ARN of the stage's bus, in the stage's own Region. */
  readonly busArn: string;
}

/** One forwarder a stage and Region: a stage in another Region has a bus, and a name, of its own. */
export const forwarderStackName = (stage: string): string => `usher-${stage}-forwarder`;

const saysThat = (error: unknown, words: RegExp): boolean => error instanceof Error && words.test(error.message);

/** CloudFormation tells these two by their words only. @see CloudFormation API reference, `UpdateStack` */
const isAbsent = (error: unknown): boolean => saysThat(error, /does not exist/);
const isUnchanged = (error: unknown): boolean => saysThat(error, /no updates are to be performed/i);

const waiting = (client: CloudFormationClient, lookEverySeconds: number) => ({
  client,
  maxWaitTime: MAXIMUM_WAIT_SECONDS,
  minDelay: lookEverySeconds,
  maxDelay: lookEverySeconds,
});

/** Makes the forwarder in the client's Region, or brings it up to date, and waits until it stands. */
export const deployForwarder = async (
  client: CloudFormationClient,
  { stage, busArn }: Forwarder,
  lookEverySeconds = 5,
): Promise<'made' | 'updated' | 'unchanged'> => {
  const StackName = forwarderStackName(stage);
  const stack = {
    StackName,
    TemplateBody: await readFile(TEMPLATE, 'utf8'),
    Parameters: [
      { ParameterKey: 'Stage', ParameterValue: stage },
      { ParameterKey: 'BusArn', ParameterValue: busArn },
    ],
    Capabilities: ['CAPABILITY_IAM' as const],
    Tags: [{ Key: 'STAGE', Value: stage }],
  };
  try {
    await client.send(new UpdateStackCommand(stack));
    await waitUntilStackUpdateComplete(waiting(client, lookEverySeconds), { StackName });
    return 'updated';
  } catch (error) {
    if (isUnchanged(error)) return 'unchanged';
    if (!isAbsent(error)) throw error;
  }
  // What fails half-way is taken away again, so that the next deployment can make it.
  await client.send(new CreateStackCommand({ ...stack, OnFailure: 'DELETE' }));
  await waitUntilStackCreateComplete(waiting(client, lookEverySeconds), { StackName });
  return 'made';
};

/** Takes the forwarder away; none there is no failure. */
export const removeForwarder = async (
  client: CloudFormationClient,
  stage: string,
  lookEverySeconds = 5,
): Promise<void> => {
  const StackName = forwarderStackName(stage);
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(waiting(client, lookEverySeconds), { StackName });
};
