import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BuildOptions, Plugin } from 'esbuild';
import { build } from 'esbuild';
import { parse } from 'yaml';
import plugins from '../../../infra/esbuild/plugins.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SOUND = join(ROOT, 'domain', 'network', 'judge.ts');
const BROKEN = join(import.meta.dirname, 'judge.ts');

/** Whoever asks the engine is given the broken one, which asks the sound one. */
const brokenEngine: Plugin = {
  name: 'broken-engine',
  setup(building) {
    building.onResolve({ filter: /\/judge\.ts$/ }, ({ path, resolveDir, importer }) =>
      join(resolveDir, path) === SOUND && importer !== BROKEN ? { path: BROKEN } : undefined,
    );
  },
};

/** How the service itself is bundled, without what only the Serverless plugin reads. */
const serviceOptions = async (): Promise<BuildOptions> => {
  const { custom } = parse(await readFile(join(ROOT, 'serverless.yml'), 'utf8'), { logLevel: 'silent' }) as {
    readonly custom: { readonly esbuild: BuildOptions & { readonly exclude: readonly string[] } };
  };
  const { exclude: _, ...options } = custom.esbuild;
  return options;
};

/**
 * A function's package as it is deployed, but for the broken engine.
 * @param python an interpreter, for its zip
 */
export const bundleWithBrokenEngine = async (functionName: string, python: string): Promise<Buffer> => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-broken-'));
  try {
    await build({
      ...(await serviceOptions()),
      plugins: [...plugins, brokenEngine],
      absWorkingDir: ROOT,
      entryPoints: [`functions/${functionName}/handler.ts`],
      outbase: '.',
      outdir: folder,
    });
    await promisify(execFile)(python, ['-m', 'zipfile', '-c', 'package.zip', 'functions'], { cwd: folder });
    return await readFile(join(folder, 'package.zip'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
