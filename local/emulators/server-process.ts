import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** An emulator did not come up; the message is one line with the last words of its log. */
export class EmulatorStartError extends Error {
  override readonly name = 'EmulatorStartError';
}

export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly pid: number;
  readonly logFile: string;
  /** Ends the emulator and every process it started; calling it again changes nothing. */
  stop(): Promise<void>;
}

export interface StartServer {
  /** As messages call it: `MiniStack`, `moto`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  /** A path that answers 200 once the server is ready. */
  readonly readyPath: string;
  readonly logFile: string;
  readonly readyTimeoutMilliseconds: number;
  /** Aborted: not waited for any longer, and ended. */
  readonly signal?: AbortSignal | undefined;
}

const STOP_GRACE_MILLISECONDS = 3_000;
const POLL_MILLISECONDS = 25;

/** Whether a process of that id exists (one that belongs to somebody else counts). */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** A port of 127.0.0.1 that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
};

/** @throws {EmulatorStartError} when something listens on that port of 127.0.0.1 already */
export const claimPort = async (name: string, port: number | undefined): Promise<number> => {
  if (port === undefined) return freePort();
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (cause) {
    throw new EmulatorStartError(`Port ${port} on 127.0.0.1, meant for ${name}, is in use.`, { cause });
  }
  probe.close();
  await once(probe, 'close');
  return port;
};

/** What an emulator may see of this machine: never a person's AWS profile, credentials, or proxies. */
export const bareEnvironment = (folder: string, path: string): Readonly<Record<string, string>> => {
  const { SystemRoot } = process.env; // without it, Windows opens no socket
  return {
    PATH: path,
    HOME: folder,
    TMPDIR: folder,
    TEMP: folder,
    TMP: folder,
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-credentials'),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
  };
};

const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

const lastWords = async (logFile: string): Promise<string> => {
  const lines = (await readFile(logFile, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-3).join(' | ') || 'its log is empty';
};

/** Workers share the group of their leader, so one signal reaches all; Windows has no groups to signal. */
const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // all of them are gone
  }
};

/**
 * Starts a server in a process group of its own and waits until it answers.
 * Its standard input is a pipe that only we hold: `local/python/launcher.py` ends the group when that closes, so nothing
 * survives us even when we are killed.
 * @throws {EmulatorStartError} when it ends, or does not answer in time
 * @throws the signal's reason when that is aborted meanwhile
 */
export const startServer = async (server: StartServer): Promise<Emulator> => {
  const log = openSync(server.logFile, 'w');
  const child = spawn(server.command, [...server.args], {
    detached: true,
    stdio: ['pipe', log, log],
    env: { ...server.env },
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? code}`));
  });
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  // A write end that breaks when the server ends is no news.
  child.stdin?.on('error', () => {});

  const { pid } = child;
  if (pid === undefined) throw new EmulatorStartError(`${server.name} could not be started: ${await ended}`);

  const end = async (): Promise<void> => {
    if (isRunning) {
      signalGroup(pid, 'SIGTERM');
      const grace = new AbortController();
      await Promise.race([ended, delay(STOP_GRACE_MILLISECONDS, undefined, { signal: grace.signal }).catch(() => {})]);
      grace.abort();
    }
    signalGroup(pid, 'SIGKILL');
    await ended;
  };
  let ending: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    ending ??= end();
    return ending;
  };

  const url = `http://127.0.0.1:${server.port}`;
  const deadline = performance.now() + server.readyTimeoutMilliseconds;
  while (isRunning && performance.now() < deadline && !server.signal?.aborted) {
    if (await answers(`${url}${server.readyPath}`)) return { url, pid, logFile: server.logFile, stop };
    await Promise.race([ended, delay(POLL_MILLISECONDS)]);
  }
  const reason = isRunning ? `no answer within ${server.readyTimeoutMilliseconds / 1000} s` : await ended;
  await stop();
  server.signal?.throwIfAborted();
  throw new EmulatorStartError(
    `${server.name} did not come up: ${reason}. Log ${server.logFile}: ${await lastWords(server.logFile)}`,
  );
};
