import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { transformSync, version } from 'esbuild';

/**
 * Turns one TypeScript (or ES module) file into the CommonJS that Jest runs.
 * Types are stripped, not checked: `npm run check:types` does that.
 * `import.meta.dirname`, `.filename` and `.url` are answered from the CommonJS wrapper.
 * `jest.mock` is not hoisted above the imports: inject instead.
 */
const options = {
  loader: 'ts',
  format: 'cjs',
  platform: 'node',
  target: 'node24',
  // `import()` as the bundles have it: a `require` when it is reached. Jest has no modules of the other kind.
  supported: { 'dynamic-import': false },
  sourcemap: 'inline',
  sourcesContent: false,
  define: {
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
    'import.meta.url': '__fileUrl',
  },
};

/** On the first line, so that the lines of a stack trace still match the source. */
const fileUrl = "const __fileUrl = require('node:url').pathToFileURL(__filename).href;";

const ownSource = readFileSync(import.meta.filename);

const transformer = {
  process(source, path) {
    const { code } = transformSync(source, {
      ...options,
      sourcefile: path,
      banner: source.includes('import.meta.url') ? fileUrl : '',
    });
    return { code };
  },
  getCacheKey(source, path) {
    return createHash('sha256')
      .update(ownSource)
      .update(version)
      .update(path)
      .update('\0')
      .update(source)
      .digest('hex');
  },
};

export default transformer;
