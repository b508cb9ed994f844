import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ACCOUNT_ID, endpointsElsewhere, startMinistack } from './ministack.ts';
import { startMoto } from './moto.ts';
import { preparePython } from './python.ts';
import { claimPort, isAlive } from './server-process.ts';

export interface RunningProxy {
  readonly url: string;
  stop(): Promise<void>;
}

export interface StartEmulators {
  /** The checkout. */
  readonly root: string;
  readonly region: string;
  /**
   * Starts what stands in front of moto. `ministackUrl` does not answer yet when this is called: it is for events that
   * are put later (`putServiceEvents`).
   */
  readonly proxyFor: (motoUrl: string, ministackUrl: string) => Promise<RunningProxy>;
  /** Free ones when absent. */
  readonly ports?: { readonly ministack?: number; readonly moto?: number };
  readonly onProgress?: (line: string) => void;
  /** Aborted while they start: what was started is stopped. */
  readonly signal?: AbortSignal | undefined;
}

export interface Emulators {
  readonly region: string;
  readonly accountId: string;
  /** The stack's services, and CloudFormation to deploy it. */
  readonly ministackUrl: string;
  /** EC2, ELB and the rest as Usher sees them. */
  readonly proxyUrl: string;
  /** The same without the proxy's checks. */
  readonly motoUrl: string;
  /** Of moto and MiniStack; each leads a process group, in which MiniStack's Lambda workers are. */
  readonly pids: readonly number[];
  /** Python with boto3, for a client that is not ours. */
  readonly python: string;
  /** This run's own folder under `.local/`, with the logs; removed by `stop`. */
  readonly folder: string;
  /** What an SDK client, the AWS CLI or boto3 needs in its environment to speak to all of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends everything that was started, the proxy included; calling it again changes nothing. */
  stop(): Promise<void>;
}

const RUN_FOLDER = /^run-(\d+)-/;

const makeRunFolder = async (root: string): Promise<string> => {
  const local = join(root, '.local');
  await mkdir(local, { recursive: true });
  for (const entry of await readdir(local)) {
    const [, pid] = RUN_FOLDER.exec(entry) ?? [];
    // Left by a run that was killed, or kept for its logs by one that failed.
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(local, entry), { recursive: true, force: true });
  }
  return mkdtemp(join(local, `run-${process.pid}-`));
};

/**
 * Python's environment, moto, the proxy in front of it, and MiniStack: all on 127.0.0.1, some 1.5 s once the environment
 * is made. When one does not come up, those already started are stopped, and the logs stay until the next start.
 * @throws {PythonMissingError} when no Python ≥ 3.10 is installed
 * @throws {PythonSetupError} when its packages can't be installed
 * @throws {EmulatorStartError} when a port is in use or an emulator does not come up
 * @throws the signal's reason when that is aborted meanwhile
 */
export const startEmulators = async (options: StartEmulators): Promise<Emulators> => {
  const { root, region, proxyFor, ports = {}, onProgress = () => {}, signal } = options;
  const python = await preparePython({ root, onProgress, signal });
  const ministackPort = await claimPort('MiniStack', ports.ministack);
  const folder = await makeRunFolder(root);
  const started: { stop(): Promise<void> }[] = [];
  const stopStarted = async (): Promise<void> => {
    const ends = await Promise.allSettled(started.map((each) => each.stop()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
  const keep = <T extends { stop(): Promise<void> }>(each: T): T => {
    started.push(each);
    return each;
  };
  try {
    onProgress('Starting the emulators');
    const motoPort = ports.moto === undefined ? {} : { port: ports.moto };
    const moto = keep(await startMoto({ python, root, folder, signal, ...motoPort }));
    const proxy = keep(await proxyFor(moto.url, `http://127.0.0.1:${ministackPort}`));
    const ministack = keep(
      await startMinistack({ python, root, folder, region, elsewhereUrl: proxy.url, port: ministackPort, signal }),
    );
    let stopping: Promise<void> | undefined;
    return {
      region,
      accountId: ACCOUNT_ID,
      ministackUrl: ministack.url,
      proxyUrl: proxy.url,
      motoUrl: moto.url,
      pids: [moto.pid, ministack.pid],
      python,
      folder,
      environment: {
        AWS_ENDPOINT_URL: ministack.url,
        ...endpointsElsewhere(proxy.url),
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_EC2_METADATA_DISABLED: 'true',
      },
      stop: () => {
        stopping ??= stopStarted().then(() => rm(folder, { recursive: true, force: true }));
        return stopping;
      },
    };
  } catch (error) {
    await stopStarted();
    if (signal?.aborted) await rm(folder, { recursive: true, force: true });
    throw error;
  }
};
