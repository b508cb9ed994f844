import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '.serverless');
const CENTRAL_HEADER = Buffer.from([0x50, 0x4b, 0x01, 0x02]);

/** Bytes of a ZIP archive's files when unpacked. @see APPNOTE.TXT 4.3.12, central directory header */
const unpackedBytes = (archive: Buffer): number => {
  let bytes = 0;
  for (let at = archive.indexOf(CENTRAL_HEADER); at !== -1; at = archive.indexOf(CENTRAL_HEADER, at + 46)) {
    bytes += archive.readUInt32LE(at + 24);
  }
  return bytes;
};

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1000)} kB`.padStart(8);

// What a function unpacks and loads is most of its cold start.
for (const name of (await readdir(FOLDER)).filter((file) => file.endsWith('.zip')).sort()) {
  const archive = await readFile(join(FOLDER, name));
  console.log(`${name.padEnd(24)} ${kilobytes(archive.length)} packed ${kilobytes(unpackedBytes(archive))} unpacked`);
}
