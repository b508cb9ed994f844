import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EntranceError, readManifest } from './manifest.ts';

/** As much of osls as is used here; osls ships no types. */
interface Osls {
  getProvider(name: 'aws'): {
    readonly naming: { getStackName(): string };
    /** Region and credentials as osls itself has them. */
    getAwsSdkV3Config(): Promise<CloudFormationClientConfig>;
  };
}

interface Log {
  notice(text: string): void;
  warning(text: string): void;
}

type WriteText = (text: string) => void;

/**
 * osls on the way to Slack: the command `slack-manifest` prints the app's manifest with the stage's entrance filled in, and
 * so does every deployment, when it is done.
 */
export default class ManifestPlugin {
  readonly commands = {
    'slack-manifest': {
      usage: 'Prints the manifest to create the Slack app from, with the entrance of a deployed stage',
      lifecycleEvents: ['print'],
    },
  };

  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(osls: Osls, _options: object, { log, writeText }: { readonly log: Log; readonly writeText: WriteText }) {
    const print = async (): Promise<void> => {
      const aws = osls.getProvider('aws');
      const StackName = aws.naming.getStackName();
      const cloudFormation = new CloudFormationClient(await aws.getAwsSdkV3Config());
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      const output = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'EntranceUrl');
      writeText(await readManifest(output?.OutputValue, StackName));
    };
    this.hooks = {
      'slack-manifest:print': print,
      // What was deployed is deployed: that the manifest can't be printed is worth a line and no failure.
      'after:deploy:deploy': async () => {
        try {
          log.notice('The manifest of the Slack app (docs/slack.md):');
          await print();
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          log.warning(error instanceof EntranceError ? why : `The manifest could not be printed: ${why}`);
        }
      },
    };
  }
}
