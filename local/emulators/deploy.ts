import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bareEnvironment, isAlive } from './server-process.ts';
import { unsignedHeaders } from './signing.ts';

/** Packaging or deploying failed; the message is one line with the cause, and the log's path. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
}

export interface PackageService {
  /** The checkout, whose Node and osls do the work. */
  readonly root: string;
  /** Where `serverless.yml` is; the checkout itself when absent. */
  readonly serviceFolder?: string;
  readonly stage: string;
  readonly region: string;
  /** What `serverless.yml` reads by `${env:…}`. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onProgress?: (line: string) => void;
  /** Aborted: osls is ended. */
  readonly signal?: AbortSignal | undefined;
}

export interface DeployService extends PackageService {
  /** MiniStack's URL. */
  readonly endpoint: string;
  /** An existing folder of this run, for the log. */
  readonly folder: string;
}

export interface Deployment {
  /** What was deployed, with the compiled template; in the checkout's `.local/`. */
  readonly packageFolder: string;
  readonly stackName: string;
  /** By output key. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Physical ids by logical id: a queue's is its URL, a function's, table's or bus's its name. */
  readonly resources: Readonly<Record<string, string>>;
}

/** Not part of any bundle or template, so a change there needs no new package. */
const NOT_PACKAGED = new Set(['bench', 'cli', 'coverage', 'docs', 'local', 'node_modules', 'test']);

const hashFolder = async (hash: ReturnType<typeof createHash>, folder: string, at: string): Promise<void> => {
  const entries = await readdir(at, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(at, entry.name);
    if (entry.name.startsWith('.') || (at === folder && NOT_PACKAGED.has(entry.name))) continue;
    if (entry.isDirectory()) await hashFolder(hash, folder, path);
    else if (entry.isFile())
      hash
        .update(`${relative(folder, path)}\0`)
        .update(await readFile(path))
        .update('\0');
  }
};

const OSLS_TIMEOUT_MILLISECONDS = 180_000;
const LOCK_TIMEOUT_MILLISECONDS = 200_000;

const takeLock = async (lock: string): Promise<boolean> => {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
    return false;
  }
};

const lockOf = (root: string): string => join(root, '.local', 'osls.lock');

/**
 * Two of osls in one checkout would overwrite each other's half-made bundles: whatever folder it is told, it packages into and
 * deploys from the checkout's `.serverless/`.
 */
const alone = async <T>(lock: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
  const deadline = performance.now() + LOCK_TIMEOUT_MILLISECONDS;
  while (!(await takeLock(lock))) {
    if (performance.now() > deadline)
      throw new DeployError(`Another deployment holds ${lock}; remove it if none runs.`);
    await delay(100, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
};

/** osls prints the cause in a paragraph after `Error:`; its last line may be a link to a console that isn't there. */
const causeIn = (output: string): string => {
  const [, paragraph] = /^Error:\n([\s\S]+?)(?:\n\n|\n*$(?![\s\S]))/m.exec(output) ?? [];
  const text =
    paragraph?.replace(/^Error: /, '').replaceAll(/^ +at .*$/gm, '') ?? output.trim().split('\n').at(-1) ?? '';
  return text.replaceAll(/\s+/g, ' ').trim() || 'osls said nothing';
};

interface Osls extends PackageService {
  readonly command: 'package' | 'deploy';
  readonly packageFolder: string;
  readonly endpoint: string;
  readonly home: string;
  readonly logFile: string;
}

const runOsls = async (options: Osls): Promise<void> => {
  const serviceFolder = options.serviceFolder ?? options.root;
  const osls = join(options.root, 'node_modules', 'osls', 'bin', 'serverless.js');
  const place = ['--stage', options.stage, '--region', options.region, '--package', options.packageFolder];
  const path = [join(options.root, 'node_modules', '.bin'), dirname(process.execPath)];
  const child = spawn(process.execPath, [osls, options.command, ...place], {
    cwd: serviceFolder,
    timeout: OSLS_TIMEOUT_MILLISECONDS,
    signal: options.signal,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...bareEnvironment(options.home, path.join(delimiter)),
      AWS_ENDPOINT_URL: options.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: options.region,
      SLS_AWS_MONITORING_FREQUENCY: '250', // milliseconds between looks at the stack; 5 s are for AWS
      ...options.environment,
    },
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', (error) => {
      if (child.pid === undefined) reject(error); // else it was aborted, and its end is waited for
    });
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  options.signal?.throwIfAborted();
  const output = Buffer.concat(said).toString();
  await appendFile(options.logFile, `$ osls ${options.command} ${place.join(' ')}\n${output}\n`);
  if (code === 0) return;
  const cause =
    code === 'SIGTERM' ? `it was ended after ${OSLS_TIMEOUT_MILLISECONDS / 1000} s at most` : causeIn(output);
  const doing = options.command === 'package' ? 'be packaged' : 'be deployed to MiniStack';
  throw new DeployError(`The service could not ${doing}: ${cause} (log: ${options.logFile})`);
};

const MILLISECONDS_PER_DAY = 86_400_000;

const removeOldPackages = async (local: string): Promise<void> => {
  for (const entry of await readdir(local)) {
    if (!/^package-[0-9a-f]{16}$/.test(entry)) continue;
    const { mtimeMs } = await stat(join(local, entry));
    if (Date.now() - mtimeMs > MILLISECONDS_PER_DAY) await rm(join(local, entry), { recursive: true, force: true });
  }
};

const packageInto = async (options: PackageService, local: string, folder: string): Promise<string> => {
  if (existsSync(folder)) return folder;
  options.onProgress?.('Packaging the functions');
  await removeOldPackages(local);
  const building = join(local, 'packaging');
  const logFile = join(local, 'package.log');
  await rm(building, { recursive: true, force: true });
  await rm(logFile, { force: true });
  await mkdir(join(building, 'home'), { recursive: true });
  try {
    await runOsls({
      ...options,
      command: 'package',
      packageFolder: join(building, 'package'),
      endpoint: 'http://127.0.0.1:9', // packaging asks AWS nothing; if it ever does, it fails at once
      home: join(building, 'home'),
      logFile,
    });
    await rename(join(building, 'package'), folder);
    return folder;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
};

/**
 * Packages the service, unless a package of the same sources, stage, Region and environment is there already.
 * @returns the package's folder, in the checkout's `.local/`
 * @throws {DeployError} when osls fails
 */
export const packageService = async (options: PackageService): Promise<string> => {
  const { root, serviceFolder = root, stage, region, environment = {} } = options;
  const local = join(root, '.local');
  await mkdir(local, { recursive: true });
  const hash = createHash('sha256').update(JSON.stringify([stage, region, Object.entries(environment).toSorted()]));
  if (serviceFolder !== root) hash.update(await readFile(join(root, 'package-lock.json')));
  await hashFolder(hash, serviceFolder, serviceFolder);
  const folder = join(local, `package-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  return alone(lockOf(root), options.signal, () => packageInto(options, local, folder));
};

const unescapeXml = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

const askCloudFormation = async (
  { endpoint, region }: { readonly endpoint: string; readonly region: string },
  action: string,
  stackName: string,
): Promise<string> => {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...unsignedHeaders('cloudformation', region), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Action: action, Version: '2010-05-15', StackName: stackName }),
  });
  const text = await response.text();
  if (!response.ok) throw new DeployError(`CloudFormation refused ${action} of ${stackName}: ${text}`);
  return text;
};

const pairs = (xml: string, keyTag: string, valueTag: string): Readonly<Record<string, string>> => {
  const pattern = new RegExp(
    `<${keyTag}>([^<]*)</${keyTag}>(?:(?!</member>)[\\s\\S])*?<${valueTag}>([^<]*)</${valueTag}>`,
    'g',
  );
  return Object.fromEntries([...xml.matchAll(pattern)].map(([, key = '', value = '']) => [key, unescapeXml(value)]));
};

/**
 * What a deployed stack is made of.
 * @throws {DeployError} when there is no such stack
 */
export const describeDeployment = async (
  where: { readonly endpoint: string; readonly region: string },
  stackName: string,
): Promise<Omit<Deployment, 'packageFolder'>> => ({
  stackName,
  outputs: pairs(await askCloudFormation(where, 'DescribeStacks', stackName), 'OutputKey', 'OutputValue'),
  resources: pairs(
    await askCloudFormation(where, 'DescribeStackResources', stackName),
    'LogicalResourceId',
    'PhysicalResourceId',
  ),
});

const stackNameOf = async (packageFolder: string, stage: string): Promise<string> => {
  const state: unknown = JSON.parse(await readFile(join(packageFolder, 'serverless-state.json'), 'utf8'));
  const { service } = state as { service: { service: string; provider: { stackName?: string } } };
  return service.provider.stackName ?? `${service.service}-${stage}`;
};

/**
 * Deploys the repository's own `serverless.yml` to MiniStack: packaged once per state of the sources (some seconds),
 * deployed from the package (some 3 s).
 * @throws {DeployError} when packaging or deploying fails
 */
export const deployService = async (options: DeployService): Promise<Deployment> => {
  const packageFolder = await packageService(options);
  options.onProgress?.('Deploying the stack to MiniStack');
  await alone(lockOf(options.root), options.signal, () =>
    runOsls({
      ...options,
      command: 'deploy',
      packageFolder,
      home: options.folder,
      logFile: join(options.folder, 'deploy.log'),
    }),
  );
  return { packageFolder, ...(await describeDeployment(options, await stackNameOf(packageFolder, options.stage))) };
};
