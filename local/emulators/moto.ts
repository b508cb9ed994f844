import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Emulator } from './server-process.ts';
import { bareEnvironment, claimPort, startServer } from './server-process.ts';

export interface StartMoto {
  /** From `preparePython`. */
  readonly python: string;
  /** The checkout. */
  readonly root: string;
  /** An existing folder of this run: its log, home and temporary files. */
  readonly folder: string;
  /** A free one when absent. */
  readonly port?: number;
  readonly readyTimeoutMilliseconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * moto's server, which answers EC2, ELB, Auto Scaling, tagging, ACM, CloudFront and Route 53, on 127.0.0.1.
 * @throws {EmulatorStartError} when the port is in use or it does not come up
 */
export const startMoto = async (options: StartMoto): Promise<Emulator> => {
  const port = await claimPort('moto', options.port);
  const home = join(options.folder, 'moto');
  await mkdir(home, { recursive: true });
  return startServer({
    name: 'moto',
    command: options.python,
    args: [join(options.root, 'local', 'python', 'launcher.py'), 'moto', String(port)],
    env: { ...bareEnvironment(home, dirname(options.python)), MOTO_ACCOUNT_ID: '123456789012' },
    port,
    readyPath: '/moto-api/data.json',
    logFile: join(options.folder, 'moto.log'),
    readyTimeoutMilliseconds: options.readyTimeoutMilliseconds ?? 60_000,
    signal: options.signal,
  });
};
