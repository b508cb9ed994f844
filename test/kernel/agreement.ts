import type { Judgement } from '../../domain/network/model.ts';
import type { Connection } from './connections.ts';
import { HOSTS, hostAt } from './layout.ts';
import type { Path, World } from './world.ts';
import { asTestCase, hasKnownAddresses, readRule } from './world.ts';

type Groups = readonly (readonly Connection[])[];

const apart = (connections: readonly Connection[], by: (connection: Connection) => string): Groups => [
  ...Map.groupBy(connections, by).values(),
];

const allWork = (connections: readonly Connection[]): boolean => connections.every(({ works }) => works);

/** A node that does not get through: from some address that it has for good, or from any address that it may have. */
const isShutOut = (world: World, path: Path, connections: readonly Connection[]): boolean => {
  const [first] = connections;
  if (first !== undefined && hasKnownAddresses(world, path, first.node)) return !allWork(connections);
  // From one address it fails as soon as one source port does.
  return !apart(connections, ({ address }) => address).some(allWork);
};

/**
 * What the engine says about connections, held against them; `undefined` where they agree.
 * - `passes`: every node gets through, from each of its addresses and each source port.
 * - `blocked`: some node is shut out.
 * - `unknown`, with everything read: rules make a difference between addresses that a node might have. So something fails, and if one
 *   hop alone is in doubt it shuts out no node.
 */
export const disagreement = (
  world: World,
  path: Path,
  { verdict, hops }: Judgement,
  connections: readonly Connection[],
): string | undefined => {
  if (verdict === 'passes') return allWork(connections) ? undefined : 'the engine lets pass what the kernel stops';
  if (allWork(connections)) return `the engine says ${verdict} of what the kernel lets pass`;
  const isSomeNodeShutOut = apart(connections, ({ node }) => node).some((own) => isShutOut(world, path, own));
  if (verdict === 'blocked') {
    return isSomeNodeShutOut ? undefined : 'the engine blocks what every node may get through';
  }
  if (path.from.every((node) => hasKnownAddresses(world, path, node)))
    return 'the engine doubts addresses that are known';
  const doubts = hops.filter((hop) => hop.verdict !== 'passes').length;
  return doubts === 1 && isSomeNodeShutOut ? 'the engine doubts what some node surely does not get through' : undefined;
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
    middleboxes: world.middleboxes.filter((pair) => pair.every((subnet) => subnets.includes(subnet))),
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
