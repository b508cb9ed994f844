import type { RecordedCall } from './recorder.ts';

/** Calls by `service:Action`, the most frequent first. */
export const describeCounts = (calls: readonly RecordedCall[]): string =>
  [...Map.groupBy(calls, ({ service, action }) => `${service}:${action}`)]
    .map(([name, of]) => [name, of.length] as const)
    .toSorted(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

/** Services of AWS whose calls the design limits; a function's own table, queues and bus are not among them. */
const LIMITED = new Set(['ec2', 'elbv2', 'elb', 'autoscaling', 'tagging']);
const READ = /^(Describe|Get|List)/;

export const readsOf = (calls: readonly RecordedCall[]): readonly RecordedCall[] =>
  calls.filter(({ service, action }) => LIMITED.has(service) && READ.test(action));

export const writesOf = (calls: readonly RecordedCall[]): readonly RecordedCall[] =>
  calls.filter(({ service, action }) => LIMITED.has(service) && !READ.test(action));

/** The most calls of any one key. */
export const mostOf = (calls: readonly RecordedCall[], keyOf: (call: RecordedCall) => string): number =>
  Math.max(0, ...[...Map.groupBy(calls, keyOf).values()].map((of) => of.length));
