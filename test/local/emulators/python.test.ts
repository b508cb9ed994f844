import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findPython, PythonMissingError } from '../../../local/emulators/python.ts';

describe('finding Python', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'usher-python-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A stand-in for an interpreter, which answers the question about its version whatever it is asked. */
  const interpreter = async (name: string, answer: string): Promise<readonly [string]> => {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\necho "${answer}"\n`);
    await chmod(path, 0o755);
    return [path];
  };

  test('Given no Python at all, when one is looked for, then one line says what to install', async () => {
    const looking = findPython([['no-such-python'], ['nor-this-one', '-3']]);
    await expect(looking).rejects.toBeInstanceOf(PythonMissingError);
    await expect(looking).rejects.toThrow(
      'The emulators need Python 3.10 or newer (none was found). Install it with your package manager or from ' +
        'https://www.python.org/downloads/, then run this again.',
    );
  });

  test('Given only an old Python, when one is looked for, then the line says which it found', async () => {
    const old = await interpreter('python3-old', '3 9 /usr/bin/python3');
    await expect(findPython([old])).rejects.toThrow(`(found only: ${old[0]} is 3.9)`);
  });

  test('Given an old Python before a new one, when one is looked for, then the new one is taken', async () => {
    const old = await interpreter('python3', '2 7 /usr/bin/python2');
    const recent = await interpreter('python3.13', '3 13 /opt/python 3.13/bin/python3.13');
    expect(await findPython([old, ['no-such-python'], recent])).toEqual({
      executable: '/opt/python 3.13/bin/python3.13',
      version: '3.13',
    });
  });

  test('Given a shim with nothing behind it, when one is looked for, then it is passed over', async () => {
    const shim = await interpreter('python-shim', 'command not found');
    await expect(findPython([shim])).rejects.toThrow('none was found');
  });
});
