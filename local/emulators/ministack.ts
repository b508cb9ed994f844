import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Emulator } from './server-process.ts';
import { bareEnvironment, claimPort, startServer } from './server-process.ts';

/** The account of both emulators; moto's own default, and a number that AWS keeps for examples. */
export const ACCOUNT_ID = '123456789012';

/** Names that the SDKs take in `AWS_ENDPOINT_URL_<SERVICE>`: the services that moto answers, behind the proxy. */
const SERVICES_ELSEWHERE = [
  'EC2',
  'ELASTIC_LOAD_BALANCING_V2',
  'ELASTIC_LOAD_BALANCING',
  'AUTO_SCALING',
  'RESOURCE_GROUPS_TAGGING_API',
  'ACM',
  'CLOUDFRONT',
  'ROUTE_53',
  'ROUTE_53_DOMAINS',
] as const;

/**
 * `AWS_ENDPOINT_URL_EC2` and its like, all with `url`: whoever has them in his environment (a Lambda worker, the AWS CLI,
 * boto3) asks `url` about those services. CloudWatch is not among them: MiniStack sends its alarms to SNS, moto doesn't.
 */
export const endpointsElsewhere = (url: string): Readonly<Record<string, string>> =>
  Object.fromEntries(SERVICES_ELSEWHERE.map((service) => [`AWS_ENDPOINT_URL_${service}`, url]));

export interface StartMinistack {
  /** From `preparePython`. */
  readonly python: string;
  /** The checkout; Lambda workers run on the Node of its `node_modules/.bin`. */
  readonly root: string;
  /** An existing folder of this run: its log, home and temporary files. */
  readonly folder: string;
  readonly region: string;
  /** Where Lambda workers find EC2, ELB and the rest: moto, or the checking proxy in front of it. */
  readonly elsewhereUrl: string;
  /** A free one when absent. */
  readonly port?: number;
  readonly readyTimeoutMilliseconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * MiniStack, which runs the stack (CloudFormation, Lambda, EventBridge, SQS, SNS, DynamoDB, SSM, logs, alarms), on
 * 127.0.0.1. It hands its environment to its Lambda workers, and adds `AWS_ENDPOINT_URL` (itself) unless it is set: so
 * the services of `endpointsElsewhere` go to `elsewhereUrl` and all others come back to MiniStack.
 * @throws {EmulatorStartError} when the port is in use or it does not come up
 */
export const startMinistack = async (options: StartMinistack): Promise<Emulator> => {
  const port = await claimPort('MiniStack', options.port);
  const home = join(options.folder, 'ministack');
  await mkdir(home, { recursive: true });
  // Lambda code is unpacked below this folder. Without a package.json of its own, Node would find ours above it and take
  // every .js file for an ES module; on AWS there is none above /var/task.
  await writeFile(join(home, 'package.json'), '{}\n');
  const path = [join(options.root, 'node_modules', '.bin'), dirname(options.python)].join(delimiter);
  return startServer({
    name: 'MiniStack',
    command: options.python,
    args: [join(options.root, 'local', 'python', 'launcher.py'), 'ministack'],
    env: {
      ...bareEnvironment(home, path),
      ...endpointsElsewhere(options.elsewhereUrl),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_ACCOUNT_ID: ACCOUNT_ID,
      MINISTACK_REGION: options.region,
      AWS_DEFAULT_REGION: options.region,
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LAMBDA_EXECUTOR: 'local',
      NODE_OPTIONS: '--disable-warning=DEP0169', // MiniStack's worker script uses url.parse; our logs needn't say so
    },
    port,
    readyPath: '/_ministack/ready',
    logFile: join(options.folder, 'ministack.log'),
    readyTimeoutMilliseconds: options.readyTimeoutMilliseconds ?? 60_000,
    signal: options.signal,
  });
};
