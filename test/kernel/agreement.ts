import type { Judgement } from '../../domain/network/model.ts';
import type { Connection } from './connections.ts';
import type { Path, World } from './world.ts';
import { asTestCase } from './world.ts';

type Groups = readonly (readonly Connection[])[];

const apart = (connections: readonly Connection[], by: (connection: Connection) => string): Groups => [
  ...Map.groupBy(connections, by).values(),
];

const allWork = (connections: readonly Connection[]): boolean => connections.every(({ works }) => works);

/** A node that gets through whatever address it sends from never does: from each of its addresses something fails. */
const isShutOut = (node: readonly Connection[]): boolean => !apart(node, ({ source }) => source).some(allWork);

/**
 * What the engine says about connections, held against them; `undefined` where they agree.
 * - `passes`: every node gets through, from each of its addresses and each source port.
 * - `blocked`: some node does not, whichever address of its subnet it has.
 * - `unknown`, with everything read: rules make a difference between addresses that a node might have. So something fails, and if one
 *   hop alone is in doubt no node is shut out by it.
 */
export const disagreement = ({ verdict, hops }: Judgement, connections: readonly Connection[]): string | undefined => {
  const nodes = apart(connections, ({ from }) => from);
  if (verdict === 'passes') return allWork(connections) ? undefined : 'the engine lets pass what the kernel stops';
  if (allWork(connections)) return `the engine says ${verdict} of what the kernel lets pass`;
  const isSomeNodeShutOut = nodes.some(isShutOut);
  if (verdict === 'blocked')
    return isSomeNodeShutOut ? undefined : 'the engine blocks what some addresses of every node get through';
  const doubts = hops.filter((hop) => hop.verdict !== 'passes').length;
  return doubts === 1 && isSomeNodeShutOut ? 'the engine doubts what no address of some node gets through' : undefined;
};

const connectionText = ({ from, source, sourcePort, works }: Connection): string =>
  `  ${works ? 'works ' : 'silent'}  ${from} ${source} port ${sourcePort}`;

const hopText = ({ hop, verdict, decidedBy = '', finding }: Judgement['hops'][number]): string =>
  `  ${verdict.padEnd(7)}  ${hop} ${decidedBy} ${finding?.reason ?? ''}`.trimEnd();

/** A disagreement for a person: what each side says, and the world with this path alone, to be put among the literal ones. */
export const disagreementText = (
  why: string,
  world: World,
  path: Path,
  judgement: Judgement,
  connections: readonly Connection[],
): string =>
  [
    `Disagreement: ${why}.`,
    `The engine says ${judgement.verdict}:`,
    ...judgement.hops.map(hopText),
    'The kernel:',
    ...connections.map(connectionText),
    'The world, as a test case:',
    asTestCase({ ...world, paths: [path] }),
  ].join('\n');
