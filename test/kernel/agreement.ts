import type { Judgement } from '../../domain/network/model.ts';
import type { Connection } from './connections.ts';
import { HOSTS, hostAt } from './layout.ts';
import type { Path, World } from './world.ts';
import { asTestCase, readRule } from './world.ts';

type Groups = readonly (readonly Connection[])[];

const apart = (connections: readonly Connection[], by: (connection: Connection) => string): Groups => [
  ...Map.groupBy(connections, by).values(),
];

const allWork = (connections: readonly Connection[]): boolean => connections.every(({ works }) => works);

/**
 * Whether what is seen of a balancer are addresses that it has for good, and the target must let in each of them; the nodes of other
 * kinds have some address of their subnets, and none knows which.
 */
const hasKnownAddresses = ({ balancer }: Path): boolean =>
  balancer === 'network-by-address' || balancer === 'network-with-clients' || balancer === 'gateway';

/** A node for which there is no address that it could get through from; each fails from some source port. */
const isShutOut = (node: readonly Connection[]): boolean => !apart(node, ({ address }) => address).some(allWork);

/**
 * What the engine says about connections, held against them; `undefined` where they agree.
 * - `passes`: every node gets through, from each of its addresses and each source port.
 * - `blocked`: some node does not, whichever address of its subnet it has, or from some address that is known.
 * - `unknown`, with everything read: rules make a difference between addresses that a node might have. So something fails, and if one
 *   hop alone is in doubt no node is shut out by it.
 */
export const disagreement = (
  path: Path,
  { verdict, hops }: Judgement,
  connections: readonly Connection[],
): string | undefined => {
  if (verdict === 'passes') return allWork(connections) ? undefined : 'the engine lets pass what the kernel stops';
  if (allWork(connections)) return `the engine says ${verdict} of what the kernel lets pass`;
  if (hasKnownAddresses(path)) {
    return verdict === 'blocked' ? undefined : 'the engine doubts what is known: the balancer’s addresses';
  }
  const isSomeNodeShutOut = apart(connections, ({ node }) => node).some(isShutOut);
  if (verdict === 'blocked') {
    return isSomeNodeShutOut ? undefined : 'the engine blocks what some addresses of every node get through';
  }
  const doubts = hops.filter((hop) => hop.verdict !== 'passes').length;
  return doubts === 1 && isSomeNodeShutOut ? 'the engine doubts what no address of some node gets through' : undefined;
};

const connectionText = ({ node, address, sourcePort, works }: Connection): string =>
  `  ${works ? 'works' : 'silent'}  ${node} ${address} port ${sourcePort}`;

const hopText = ({ hop, verdict, decidedBy = '', finding }: Judgement['hops'][number]): string =>
  `  ${verdict.padEnd(7)}  ${hop} ${decidedBy} ${finding?.reason ?? ''}`.trimEnd();

/** As much of a world as has to do with a path. */
const around = (world: World, path: Path): World => {
  const hosts = [...path.from, hostAt(path.to)];
  const subnets = hosts.map((host) => HOSTS[host].subnet);
  const worn = hosts.flatMap((host) => world.wears[host] ?? []);
  const peers = worn.flatMap((groupId) => world.groups[groupId] ?? []).map((rule) => readRule(rule).peer);
  const only = <T>(of: Readonly<Record<string, T>>, keys: readonly string[]): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(of).filter(([key]) => keys.includes(key)));
  return {
    ...world,
    // A group that is only referred to needs its name and no rules.
    groups: Object.fromEntries(
      Object.entries(only(world.groups, [...worn, ...peers])).map(([groupId, rules]) => [
        groupId,
        worn.includes(groupId) ? rules : [],
      ]),
    ),
    wears: only(world.wears, hosts),
    acls: only(world.acls, subnets),
    prefixLists: only(world.prefixLists, peers),
    paths: [path],
  };
};

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
    asTestCase(around(world, path)),
  ].join('\n');
