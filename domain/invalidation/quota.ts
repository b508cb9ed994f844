import { isWildcard } from './paths.ts';

/** What an invalidation takes of the room that a distribution has. */
export interface Room {
  /** Paths without wildcard; tags count as such. */
  readonly paths: number;
  readonly wildcards: number;
  /** UTF-8 bytes of them as JSON, for what one item of our table can hold. */
  readonly bytes: number;
}

/**
 * What a distribution takes at a time over all its invalidations in progress; both are fixed and counted apart. The bytes
 * are ours: DynamoDB holds 400 kB an item, and a request and a batch are one each.
 * @see facts 6.3
 */
export const QUOTA: Room = { paths: 3_000, wildcards: 15, bytes: 300_000 };

const encoder = new TextEncoder();

/** Two quotes and a comma. */
const BYTES_AROUND = 3;

const roomOfPath = (path: string): Room => ({
  paths: isWildcard(path) ? 0 : 1,
  wildcards: isWildcard(path) ? 1 : 0,
  bytes: encoder.encode(path).length + BYTES_AROUND,
});

export const NO_ROOM: Room = { paths: 0, wildcards: 0, bytes: 0 };

export const addRoom = (a: Room, b: Room): Room => ({
  paths: a.paths + b.paths,
  wildcards: a.wildcards + b.wildcards,
  bytes: a.bytes + b.bytes,
});

export const roomOf = (paths: Iterable<string>): Room => {
  let room = NO_ROOM;
  for (const path of paths) room = addRoom(room, roomOfPath(path));
  return room;
};

export const fitsInto = (room: Room, free: Room): boolean =>
  room.paths <= free.paths && room.wildcards <= free.wildcards && room.bytes <= free.bytes;

/** What batches in progress leave. Bytes are not shared: each batch has its own item. */
export const freeBeside = (inProgress: readonly { readonly paths: readonly string[] }[]): Room => {
  const used = inProgress.map(({ paths }) => roomOf(paths)).reduce(addRoom, NO_ROOM);
  return {
    paths: Math.max(0, QUOTA.paths - used.paths),
    wildcards: Math.max(0, QUOTA.wildcards - used.wildcards),
    bytes: QUOTA.bytes,
  };
};
