import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { deployForwarder, forwarderStackName, removeForwarder } from './stack.ts';

/** As much of osls as is used here; osls ships no types. */
interface Osls {
  readonly service: { readonly custom: { readonly forwarder: { readonly regions: readonly string[] } } };
  getProvider(name: 'aws'): {
    readonly naming: { getStackName(): string };
    getStage(): string;
    /** Credentials as osls itself has them, and its Region unless another is named. */
    getAwsSdkV3Config(options?: { readonly region: string }): Promise<CloudFormationClientConfig>;
  };
}

interface Log {
  notice(text: string): void;
}

/** A forwarder could not be put in place; the message says where, why, and what works all the same. */
export class ForwarderError extends Error {
  override readonly name = 'ForwarderError';
}

interface Deployed {
  readonly busArn: string | undefined;
  /** Regions that were given a forwarder. */
  readonly regions: readonly string[];
}

const NOTHING: Deployed = { busArn: undefined, regions: [] };

/** 250 ms on one machine, where a stack is made at once; AWS is asked every 5 s (as osls does itself). */
const lookEverySeconds = (): number => Number(process.env['SLS_AWS_MONITORING_FREQUENCY'] ?? 5_000) / 1_000;

/**
 * osls on the way to other Regions: a deployment puts a forwarder (infra/forwarder.yml) into each surveyed Region but the
 * stage's own, takes it away where none is wanted any more, and so does a removal everywhere.
 */
export default class ForwarderPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(osls: Osls, _options: object, { log }: { readonly log: Log }) {
    const aws = osls.getProvider('aws');
    let before = NOTHING;

    const clientIn = async (region: string) => new CloudFormationClient(await aws.getAwsSdkV3Config({ region }));

    /** What the stage's stack says of itself; of one that isn't there, or from before it said so, nothing. */
    const readDeployed = async (): Promise<Deployed> => {
      const client = new CloudFormationClient(await aws.getAwsSdkV3Config());
      try {
        const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: aws.naming.getStackName() }));
        const output = (key: string) => Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
        const regions = (output('ForwardedRegions') ?? 'none').split(',').filter((region) => region !== 'none');
        return { busArn: output('BusArn'), regions };
      } catch (error) {
        if (error instanceof Error && /does not exist/.test(error.message)) return NOTHING;
        throw error;
      } finally {
        client.destroy();
      }
    };

    const inRegion = async (
      region: string,
      work: (client: CloudFormationClient) => Promise<string>,
      andSo: string,
    ): Promise<void> => {
      const client = await clientIn(region);
      try {
        log.notice(`Forwarder in ${region}: ${await work(client)}`);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new ForwarderError(`The forwarder in ${region} could not be changed: ${why}. ${andSo}`, { cause: error });
      } finally {
        client.destroy();
      }
    };

    const remove = (region: string): Promise<void> =>
      inRegion(
        region,
        async (client) => {
          await removeForwarder(client, aws.getStage(), lookEverySeconds());
          return 'removed';
        },
        `Nothing tries that again: delete the stack ${forwarderStackName(aws.getStage())} there by hand.`,
      );

    const deploy = (region: string, busArn: string): Promise<void> =>
      inRegion(
        region,
        (client) => deployForwarder(client, { stage: aws.getStage(), busArn }, lookEverySeconds()),
        `The service itself is as it was deployed, and its daily survey reads ${region} all the same.`,
      );

    /** Each on its own, so that a Region that refuses stands in no other's way; then the refusals are told together. */
    const inEach = async (works: readonly (() => Promise<void>)[]): Promise<void> => {
      const refused: ForwarderError[] = [];
      for (const work of works)
        try {
          await work();
        } catch (error) {
          if (!(error instanceof ForwarderError)) throw error;
          refused.push(error);
        }
      if (refused.length > 0)
        throw new ForwarderError(refused.map(({ message }) => message).join('\n'), { cause: refused[0]?.cause });
    };

    this.hooks = {
      'before:deploy:deploy': async () => {
        before = await readDeployed();
      },
      'after:deploy:deploy': async () => {
        const wanted = osls.service.custom.forwarder.regions;
        const { busArn } = await readDeployed();
        if (busArn === undefined) throw new ForwarderError(`${aws.naming.getStackName()} has no output BusArn.`);
        await inEach([
          ...wanted.map((region) => () => deploy(region, busArn)),
          ...before.regions.filter((region) => !wanted.includes(region)).map((region) => () => remove(region)),
        ]);
      },
      'before:remove:remove': async () => {
        before = await readDeployed();
      },
      'after:remove:remove': async () => {
        await inEach(before.regions.map((region) => () => remove(region)));
      },
    };
  }
}
