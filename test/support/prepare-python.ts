/**
 * Makes the emulators' Python environment before the tests that need it, so that none of them waits for it, and a
 * missing Python is one clear line and a failed tier: nothing is ever skipped.
 */
import { join } from 'node:path';
import { preparePython } from '../../local/emulators/python.ts';

try {
  await preparePython({ root: join(import.meta.dirname, '..', '..'), onProgress: (line) => console.log(line) });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
