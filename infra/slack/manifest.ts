import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, 'manifest.yml');
const PLACEHOLDER = /\bENTRANCE_URL\b/g;

/** There is no entrance to put into the manifest; the message says what to do. */
export class EntranceError extends Error {
  override readonly name = 'EntranceError';
}

const checked = (entranceUrl: string | undefined, stackName: string): string => {
  if (entranceUrl === undefined)
    throw new EntranceError(`The stack ${stackName} has no output EntranceUrl: deploy this version of Usher first.`);
  if (!/^https?:\/\/[^\s"'#]+$/.test(entranceUrl))
    throw new EntranceError(`The output EntranceUrl of ${stackName} is no URL: ${entranceUrl}`);
  return entranceUrl;
};

/** The manifest without its comments, ready to be pasted into Slack. */
export const manifestFor = (template: string, entranceUrl: string): string =>
  template
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(PLACEHOLDER, () => entranceUrl);

/**
 * The manifest of a deployed stack.
 * @throws {EntranceError} when the stack has no entrance
 */
export const readManifest = async (entranceUrl: string | undefined, stackName: string): Promise<string> =>
  manifestFor(await readFile(FILE, 'utf8'), checked(entranceUrl, stackName));
