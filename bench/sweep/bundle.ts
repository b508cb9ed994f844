import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parseDocument } from 'yaml';
import bundlePlugins from '../../infra/esbuild/plugins.ts';

/** Bundles one function as serverless.yml says; serverless-esbuild's own options left out. */
export const bundleFunction = async (root: string, functionName: string, outfile: string): Promise<void> => {
  const service = parseDocument(readFileSync(join(root, 'serverless.yml'), 'utf8'), { logLevel: 'silent' }).toJS();
  const { exclude, plugins: _, ...options } = service.custom.esbuild;
  await build({
    ...options,
    plugins: bundlePlugins,
    external: exclude,
    absWorkingDir: root,
    entryPoints: [`functions/${functionName}/handler.ts`],
    outfile,
    logLevel: 'silent',
  });
};
