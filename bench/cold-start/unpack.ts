import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

const CENTRAL_HEADER = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
const LOCAL_HEADER_BYTES = 30;
const DEFLATED = 8;

/**
 * One file of a ZIP archive.
 * @throws {Error} when it is not in there
 * @see APPNOTE.TXT 4.3.7 (local header) and 4.3.12 (central directory header)
 */
export const fileIn = async (archivePath: string, name: string): Promise<Buffer> => {
  const archive = await readFile(archivePath);
  for (let at = archive.indexOf(CENTRAL_HEADER); at !== -1; at = archive.indexOf(CENTRAL_HEADER, at + 46)) {
    const nameLength = archive.readUInt16LE(at + 28);
    if (archive.toString('utf8', at + 46, at + 46 + nameLength) !== name) continue;
    const local = archive.readUInt32LE(at + 42);
    const start = local + LOCAL_HEADER_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = archive.subarray(start, start + archive.readUInt32LE(at + 20));
    return archive.readUInt16LE(at + 10) === DEFLATED ? inflateRawSync(content) : content;
  }
  throw new Error(`${name} is not in ${archivePath}`);
};
