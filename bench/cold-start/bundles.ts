import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageService } from '../../local/emulators/deploy.ts';
import { fileIn } from './unpack.ts';

export const FUNCTIONS = ['register-targets', 'watch-targets', 'post-to-slack', 'receive-slack'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];
export type BundleName = FunctionName | 'empty' | 'plain-clients' | 'plain-register-targets';

const EMPTY_HANDLER = 'exports.handler = async () => ({ batchItemFailures: [] });\n';

/** What somebody gets who changes no setting of esbuild but the platform. */
const bundlePlainly = (root: string, entry: string, outfile: string) =>
  build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'silent',
  });

/** Everything that is started, as files in `folder`: the functions as `npm run package` packs them, and what they are compared with. */
export const makeBundles = async (
  root: string,
  folder: string,
  say: (line: string) => void,
): Promise<Readonly<Record<BundleName, string>>> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{}\n');
  const fileOf = (name: BundleName): string => join(folder, `${name}.js`);
  const packages = await packageService({ root, stage: 'bench', region: 'ap-northeast-1', onProgress: say });
  for (const name of FUNCTIONS)
    await writeFile(
      fileOf(name),
      await fileIn(join(packages, `${name}.zip`), join('functions', name, 'handler.js').replaceAll('\\', '/')),
    );
  await writeFile(fileOf('empty'), EMPTY_HANDLER);
  await bundlePlainly(root, 'bench/cold-start/plain-clients.ts', fileOf('plain-clients'));
  await bundlePlainly(root, 'functions/register-targets/handler.ts', fileOf('plain-register-targets'));
  return {
    'register-targets': fileOf('register-targets'),
    'watch-targets': fileOf('watch-targets'),
    'post-to-slack': fileOf('post-to-slack'),
    'receive-slack': fileOf('receive-slack'),
    empty: fileOf('empty'),
    'plain-clients': fileOf('plain-clients'),
    'plain-register-targets': fileOf('plain-register-targets'),
  };
};
