import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** Every process that runs; a zombie doesn't. */
const running = (): readonly Row[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([pid, , , state]) => pid !== '' && !state?.startsWith('Z'))
    .map(([pid, parent, group]) => ({ pid: Number(pid), parent: Number(parent), group: Number(group) }));

/** Ids of the living processes of these groups. */
export const processesOf = (groups: readonly number[]): readonly number[] =>
  running()
    .filter(({ group }) => groups.includes(group))
    .map(({ pid }) => pid);

/** Ids of those of these processes that live. */
export const alive = (pids: readonly number[]): readonly number[] =>
  running()
    .filter(({ pid }) => pids.includes(pid))
    .map(({ pid }) => pid);

/** Ids of what a process started, and what that started, and so on. */
export const descendantsOf = (ancestor: number): readonly number[] => {
  const rows = running();
  const below = (pid: number): readonly number[] =>
    rows.filter(({ parent }) => parent === pid).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(ancestor);
};

/** Addresses on which a process listens, as Linux keeps them (`0100007F`), or as lsof prints them. */
export const listeningAddresses = (pid: number): readonly string[] => {
  if (process.platform !== 'linux') {
    const lsof = ['-nP', '-iTCP', '-sTCP:LISTEN', '-a', '-p', String(pid), '-Fn'];
    return [...execFileSync('lsof', lsof, { encoding: 'utf8' }).matchAll(/^n(.+):\d+$/gm)].map(([, at = '']) => at);
  }
  const sockets = readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    } catch {
      return ''; // closed meanwhile
    }
  });
  const LISTENING = '0A';
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTENING && sockets.includes(`socket:[${fields[9]}]`))
      .map((fields) => fields[1]?.split(':')[0] ?? ''),
  );
};

/** 127.0.0.1 as `listeningAddresses` gives it. */
export const LOOPBACK = process.platform === 'linux' ? '0100007F' : '127.0.0.1';
