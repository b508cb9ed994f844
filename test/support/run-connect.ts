import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** `npm run slack:connect` as npm runs it, against AWS at `endpoint`, with answers on its standard input. */
export const runConnect = async (endpoint: string, answers: readonly string[], given: readonly string[]) => {
  const child = spawn(
    join(ROOT, 'node_modules', '.bin', 'node'),
    [join(ROOT, 'infra', 'slack', 'connect.ts'), ...given],
    {
      cwd: ROOT,
      env: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    },
  );
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    error += String(chunk);
  });
  child.stdin.on('error', () => {}); // it may be gone before it has asked everything
  child.stdin.end(answers.map((answer) => `${answer}\n`).join(''));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, out, error };
};
