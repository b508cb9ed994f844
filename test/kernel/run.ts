/**
 * `npm run test:kernel [-- --worlds=2000 --seed=1]`: runs the kernel tier where there are root, Linux and the tools it needs, having
 * installed what Debian has of them. Elsewhere it says what is missing, in one line; that is a failure where `CI` is set, and
 * else ends with `NOT_RUN`. Further options go to Jest.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { NOT_RUN } from '../support/not-run.ts';
import { removeLeftovers } from './namespaces.ts';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGES = ['nftables', 'iproute2'];

const succeeds = (program: string, ...options: readonly string[]): boolean =>
  spawnSync(program, options, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    .status === 0;

const areToolsThere = (): boolean => succeeds('ip', '-Version') && succeeds('nft', '--version');

/** With the package lists that are there, else with new ones. */
const install = (): void => {
  if (!succeeds('apt-get', '--version')) return;
  console.log(`Installing ${PACKAGES.join(' and ')}.`);
  const installed = () => succeeds('apt-get', 'install', '-y', '--no-install-recommends', ...PACKAGES);
  if (!installed() && succeeds('apt-get', 'update')) installed();
};

/** What is missing, when something is that can't be installed here. */
const missing = (): string | undefined => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'root and Linux';
  if (!areToolsThere()) install();
  if (!areToolsThere()) return `\`ip\` and \`nft\` (on Debian: apt-get install ${PACKAGES.join(' ')})`;
  const probe = `usher-${process.pid}-probe`;
  const isAllowed = succeeds('ip', 'netns', 'add', probe);
  if (isAllowed) spawnSync('ip', ['netns', 'del', probe]);
  return isAllowed ? undefined : 'the right to make network namespaces (CAP_SYS_ADMIN and CAP_NET_ADMIN)';
};

/** `--worlds=2000` becomes `USHER_KERNEL_WORLDS`; Jest takes no options but its own. */
const settingOf = (option: string): readonly [string, string] | undefined => {
  const [, name, value = ''] = /^--(worlds|seed)=(\d+)$/.exec(option) ?? [];
  return name === undefined ? undefined : [`USHER_KERNEL_${name.toUpperCase()}`, value];
};

const runJest = async (options: readonly string[]): Promise<number> => {
  const settings = Object.fromEntries(options.map(settingOf).filter((setting) => setting !== undefined));
  const rest = options.filter((option) => settingOf(option) === undefined);
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [jest, '--selectProjects', 'kernel', ...rest], {
    stdio: 'inherit',
    env: { ...process.env, ...settings },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [status] = await once(child, 'close');
  // Jest may have been killed before it could clear up.
  removeLeftovers();
  return typeof status === 'number' ? status : 1;
};

const lacking = missing();
if (lacking === undefined) {
  process.exitCode = await runJest(process.argv.slice(2));
} else {
  console.log(`npm run test:kernel needs ${lacking}.`);
  process.exitCode = process.env['CI'] ? 1 : NOT_RUN;
}
