import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { withConstantKeys } from './constant-keys.ts';

/** The schemas of every call of a service, in the ES module builds of `@aws-sdk/client-…` and `@aws-sdk/nested-clients`. */
const SCHEMA_FILES = /[\\/]@aws-sdk[\\/].+[\\/]dist-es[\\/](?:.+[\\/])?schemas[\\/]schemas_\d+\.js$/;

/** Lets esbuild drop the schemas of the calls that a function does not make (docs/decisions/0007-bundles.md). */
const unusedSchemas: Plugin = {
  name: 'unused-schemas',
  setup(build) {
    build.onLoad({ filter: SCHEMA_FILES }, async ({ path }) => ({
      contents: withConstantKeys(await readFile(path, 'utf8'), path),
      loader: 'js',
    }));
  },
};

const CREDENTIAL_CHAIN = /^@aws-sdk\/credential-provider-node$/;

/**
 * Lambda gives a function its role's credentials in the environment. The rest of the SDK's chain (profiles, sign-on,
 * processes, instance metadata) brings clients of three more services and is never reached there.
 * @see AWS Lambda developer guide, "Defined runtime environment variables"
 */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup(build) {
    build.onResolve({ filter: CREDENTIAL_CHAIN }, ({ path, resolveDir }) => ({
      path,
      namespace: 'environment-credentials',
      pluginData: resolveDir,
    }));
    build.onLoad({ filter: CREDENTIAL_CHAIN, namespace: 'environment-credentials' }, ({ pluginData }) => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
      resolveDir: String(pluginData),
    }));
  },
};

/** What serverless-esbuild adds to each bundle. */
export default [unusedSchemas, environmentCredentials];
