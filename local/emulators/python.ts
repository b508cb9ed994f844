import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { isAlive } from './server-process.ts';

const run = promisify(execFile);

const OLDEST = { major: 3, minor: 10 } as const;

/** macOS's own `python3` is 3.9 while a newer one may stand beside it, so exact names are tried as well. */
const CANDIDATES: readonly (readonly [command: string, ...args: string[]])[] = [
  ['python3'],
  ['python'],
  ['py', '-3'],
  ['python3.14'],
  ['python3.13'],
  ['python3.12'],
  ['python3.11'],
  ['python3.10'],
];

/** No Python of the version that the emulators need; the message is one line that says what to install. */
export class PythonMissingError extends Error {
  override readonly name = 'PythonMissingError';
}

/** Python is there, but its virtual environment could not be made; the message is one line with pip's or venv's reason. */
export class PythonSetupError extends Error {
  override readonly name = 'PythonSetupError';
}

export interface Interpreter {
  /** Path of the real executable, past any version manager's shim. */
  readonly executable: string;
  /** `3.12`, say. */
  readonly version: string;
}

interface Seen {
  readonly major: number;
  readonly minor: number;
  readonly executable: string;
}

const ASK = 'import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)';

const ask = async ([command, ...args]: readonly [string, ...string[]]): Promise<Seen | undefined> => {
  try {
    const { stdout } = await run(command, [...args, '-c', ASK], { timeout: 20_000 });
    const [, major, minor, executable] = /^(\d+) (\d+) (.+)$/m.exec(stdout) ?? [];
    if (executable === undefined) return undefined;
    return { major: Number(major), minor: Number(minor), executable: executable.trim() };
  } catch {
    return undefined; // not installed, or a shim with nothing behind it
  }
};

const isNewEnough = ({ major, minor }: Seen): boolean => major === OLDEST.major && minor >= OLDEST.minor;

/**
 * The first Python ≥ 3.10 among the usual names.
 * @throws {PythonMissingError} when there is none
 */
export const findPython = async (candidates = CANDIDATES): Promise<Interpreter> => {
  const tooOld: string[] = [];
  for (const candidate of candidates) {
    const seen = await ask(candidate);
    if (seen === undefined) continue;
    const version = `${seen.major}.${seen.minor}`;
    if (isNewEnough(seen)) return { executable: seen.executable, version };
    tooOld.push(`${candidate.join(' ')} is ${version}`);
  }
  const found = tooOld.length === 0 ? 'none was found' : `found only: ${tooOld.join(', ')}`;
  throw new PythonMissingError(
    `The emulators need Python ${OLDEST.major}.${OLDEST.minor} or newer (${found}). ` +
      'Install it with your package manager or from https://www.python.org/downloads/, then run this again.',
  );
};

export interface PreparePython {
  /** The checkout; the environment is made in its git-ignored `.local/`. */
  readonly root: string;
  readonly onProgress?: (line: string) => void;
  /** Aborted: venv or pip is ended, and what it made is removed. */
  readonly signal?: AbortSignal | undefined;
}

const executableIn = (folder: string): string =>
  process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');

const lastLineOf = (text: string): string => text.trim().split('\n').at(-1) ?? '';

const makeEnvironment = async (
  { executable, version }: Interpreter,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  try {
    await run(executable, ['-m', 'venv', folder], { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? lastLineOf(cause.message) : String(cause);
    throw new PythonSetupError(
      `Python ${version} could not make a virtual environment (on Debian and Ubuntu: install python3-venv): ${reason}`,
      { cause },
    );
  }
};

/** Only what `requirements.txt` pins, by hash and ready built: nothing of a package runs while it is installed. */
const installPinned = (
  python: string,
  requirements: string,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const args = ['-m', 'pip', 'install', '--require-hashes', '--only-binary', ':all:', '--no-deps', '--no-compile'];
    const pip = spawn(python, [...args, '--no-input', '--requirement', requirements], {
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_USER: '0' },
    });
    const errors: string[] = [];
    createInterface({ input: pip.stdout }).on('line', (line) => {
      const [, requirement] = /^Collecting (\S+)/.exec(line) ?? [];
      if (requirement !== undefined) onProgress(`Python: fetching ${requirement}`);
      if (line.startsWith('Installing collected packages')) onProgress('Python: installing');
    });
    createInterface({ input: pip.stderr }).on('line', (line) => errors.push(line));
    pip.on('error', (error) => {
      if (pip.pid === undefined) reject(error); // else it was aborted, and its end is waited for
    });
    pip.on('close', (code) => {
      if (code === 0) return resolve();
      if (signal?.aborted) return reject(signal.reason);
      const reason = errors.find((line) => line.startsWith('ERROR')) ?? errors.at(-1) ?? `pip ended with ${code}`;
      reject(new PythonSetupError(`The emulators' Python packages could not be installed: ${reason}`));
    });
  });

const BUILDING = /^python-.+\.building-(\d+)$/;

const removeAbandoned = async (local: string): Promise<void> => {
  for (const entry of await readdir(local)) {
    const [, pid] = BUILDING.exec(entry) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(local, entry), { recursive: true, force: true });
  }
};

/**
 * The Python executable of a virtual environment that holds exactly `local/python/requirements.txt`.
 * The first call takes some 15 s; later ones only look whether it is there. Several processes may call at once: each
 * builds under a name of its own, and the first to finish gives its folder the final name.
 * @throws {PythonMissingError} when no Python ≥ 3.10 is installed
 * @throws {PythonSetupError} when venv or pip fails
 */
export const preparePython = async ({ root, onProgress = () => {}, signal }: PreparePython): Promise<string> => {
  const interpreter = await findPython();
  const requirements = join(root, 'local', 'python', 'requirements.txt');
  const key = createHash('sha256')
    .update(await readFile(requirements))
    .update(`${interpreter.version} ${interpreter.executable} ${process.platform} ${process.arch}`)
    .digest('hex')
    .slice(0, 16);
  const local = join(root, '.local');
  const folder = join(local, `python-${key}`);
  if (existsSync(executableIn(folder))) return executableIn(folder);

  await mkdir(local, { recursive: true });
  await removeAbandoned(local);
  const building = `${folder}.building-${process.pid}`;
  await rm(building, { recursive: true, force: true });
  try {
    onProgress(`Python: making an environment with Python ${interpreter.version} (once)`);
    await makeEnvironment(interpreter, building, signal);
    await installPinned(executableIn(building), requirements, onProgress, signal);
    // Fails when another process was first, whose folder then holds the same.
    await rename(building, folder).catch((cause: unknown) => {
      if (!existsSync(executableIn(folder))) throw cause;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return executableIn(folder);
};
