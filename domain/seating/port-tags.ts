import type { Tags } from '../tags.ts';
import { tagValue, USHER_TAG } from '../tags.ts';

/** First and last port that a group admits for its targets, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** A TCP or UDP port from a tag's text, or `undefined` when it is none. */
export const parsePort = (text: string): number | undefined => {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text.trim()) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
};

const parseRange = (text: string): PortRange | undefined => {
  const [first = '', last = first, ...rest] = text.split('-');
  const from = parsePort(first);
  const to = parsePort(last);
  return from === undefined || to === undefined || to < from || rest.length > 0 ? undefined : { from, to };
};

/**
 * Ports a group admits by its tag `usher:ports` (`8080 9000-9010`); without the tag only its own port.
 * `undefined` when the tag can't be understood: then nothing but the group's own port is safe, and the tag is a finding.
 */
export const admittedPorts = (groupTags: Tags, ownPort: number | undefined): readonly PortRange[] | undefined => {
  const value = tagValue(groupTags, USHER_TAG.ports);
  if (value === undefined) return ownPort === undefined ? [] : [{ from: ownPort, to: ownPort }];
  const ranges = value
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map(parseRange);
  const valid = ranges.filter((range) => range !== undefined);
  return valid.length === 0 || valid.length < ranges.length ? undefined : valid;
};

export const admits = (ranges: readonly PortRange[], port: number): boolean =>
  ranges.some(({ from, to }) => from <= port && port <= to);
