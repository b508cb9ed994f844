import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib';

/** What was read so far is unpacked, though its end may be missing. */
const unpacked = (body: Buffer, encoding: string | undefined, maxOutputLength: number): Buffer => {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength });
    case 'br':
      return brotliDecompressSync(body, { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength });
    default:
      return body;
  }
};

/**
 * The text of a body. `undefined` when it is not packed as it says, or unpacks to more than may be looked at: a little that
 * becomes a lot is made to hurt whoever opens it.
 */
export const plainText = (body: Buffer, encoding: string | undefined, maximumBytes: number): string | undefined => {
  try {
    return unpacked(body, encoding, 8 * maximumBytes)
      .subarray(0, maximumBytes)
      .toString('utf8');
  } catch {
    return undefined;
  }
};
