import { isTag, withoutDuplicates } from './paths.ts';
import type { Room } from './quota.ts';
import { addRoom, fitsInto, QUOTA, roomOf } from './quota.ts';

/** What becomes of more paths than CloudFront takes at a time. */
export type Gathered =
  | { readonly kind: 'fits'; readonly paths: readonly string[] }
  /** Directories in place of what lies below them; to be shown and confirmed, for they hold more than was asked for. */
  | { readonly kind: 'gathered'; readonly paths: readonly string[]; readonly from: number }
  /** Tags can't be gathered. */
  | { readonly kind: 'too-many' };

/** A directory with what was asked for in it. */
interface Directory {
  /** Ends with `/`. */
  readonly path: string;
  readonly items: string[];
  readonly children: Map<string, Directory>;
  /** Paths in it and below. */
  count: number;
}

const directory = (path: string): Directory => ({ path, items: [], children: new Map(), count: 0 });

/** `/a/b/` of `/a/b/c?d`. */
const directoryOf = (path: string): string => {
  const file = path.split('?', 1)[0] ?? '';
  return file.slice(0, file.lastIndexOf('/') + 1);
};

const treeOf = (paths: readonly string[]): Directory => {
  const root = directory('/');
  for (const path of paths) {
    let at = root;
    at.count += 1;
    for (const segment of directoryOf(path).slice(1).split('/').slice(0, -1)) {
      const next = at.children.get(segment) ?? directory(`${at.path}${segment}/`);
      at.children.set(segment, next);
      next.count += 1;
      at = next;
    }
    at.items.push(path);
  }
  return root;
};

/** A part of the answer: a directory in place of what is in it, or a path as it was asked for. */
type Part = Directory | string;

const pathOf = (part: Part): string => (typeof part === 'string' ? part : `${part.path}*`);

/** The only thing asked for in a directory stands for itself. */
const onlyItem = (of: Directory): Part => {
  let at = of;
  while (at.count === 1) {
    const [item] = at.items;
    if (item !== undefined) return item;
    const [child] = at.children.values();
    if (child === undefined) break;
    at = child;
  }
  return of;
};

const opened = (of: Directory): readonly Part[] => [...of.items, ...[...of.children.values()].map(onlyItem)];

const less = (a: Room, b: Room): Room => ({
  paths: a.paths - b.paths,
  wildcards: a.wildcards - b.wildcards,
  bytes: a.bytes - b.bytes,
});

const depth = ({ path }: Directory): number => path.split('/').length;

/** The widest first: what lies nearest the root, then what stands for most. */
const wider = (a: Directory, b: Directory): number =>
  depth(a) - depth(b) || b.count - a.count || (a.path < b.path ? -1 : 1);

/** Opens directories, the widest first, for as long as what comes out of them fits. */
const openWhatFits = (root: Directory, limits: Room): readonly string[] => {
  let taken = roomOf([pathOf(root)]);
  let waiting = [root];
  const done: string[] = [];
  while (waiting.length > 0) {
    waiting.sort(wider);
    const [first, ...rest] = waiting;
    if (first === undefined) break;
    waiting = rest;
    const parts = opened(first);
    const after = addRoom(less(taken, roomOf([pathOf(first)])), roomOf(parts.map(pathOf)));
    if (!fitsInto(after, limits)) {
      done.push(pathOf(first));
      continue;
    }
    taken = after;
    done.push(...parts.filter((part) => typeof part === 'string'));
    waiting.push(...parts.filter((part) => typeof part !== 'string'));
  }
  return done;
};

/**
 * The paths where they fit into one invalidation; else the longest directories that do, as wildcards. What was asked for
 * is always covered: no path is lost.
 */
export const gatherPaths = (paths: readonly string[], limits: Room = QUOTA): Gathered => {
  if (fitsInto(roomOf(paths), limits)) return { kind: 'fits', paths };
  const tags = paths.filter(isTag);
  const free = less(limits, roomOf(tags));
  if (!fitsInto(roomOf(['/*']), free)) return { kind: 'too-many' };
  const root = treeOf(paths.filter((path) => !isTag(path)));
  const covered = root.count === 0 ? [] : openWhatFits(root, free);
  const gathered = withoutDuplicates([...covered].sort());
  return { kind: 'gathered', paths: [...gathered, ...tags], from: paths.length };
};
