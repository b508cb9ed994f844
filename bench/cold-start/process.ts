import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bareEnvironment } from '../../local/emulators/server-process.ts';

export interface FreshProcess {
  readonly bundle: string;
  readonly eventFile: string;
  /** How the JSON of a good answer begins. */
  readonly answer: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

const HARNESS = join(import.meta.dirname, 'answer-one-event.cjs');

/**
 * Milliseconds from starting a process of this Node until its handler has answered and it has ended.
 * @throws {Error} when the handler fails or answers otherwise, as by giving a message back
 */
export const timeFreshProcess = async ({
  bundle,
  eventFile,
  answer,
  folder,
  environment,
}: FreshProcess): Promise<number> => {
  const started = performance.now();
  const child = spawn(process.execPath, [HARNESS, bundle, eventFile], {
    cwd: folder,
    env: { ...bareEnvironment(folder, ''), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  let ended = started;
  child.once('exit', () => {
    ended = performance.now();
  });
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  const output = Buffer.concat(said).toString();
  if (code !== 0 || !output.trimEnd().split('\n').at(-1)?.startsWith(answer))
    throw new Error(`${bundle} did not answer its event (ended with ${code}):\n${output}`);
  return ended - started;
};
