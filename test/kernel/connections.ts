import type { Dial, Endpoint } from './host.ts';
import type { HostName } from './layout.ts';
import { addressesOf, CLIENTS_OF, familyOf, HOST_NAMES, HOSTS, hostAt } from './layout.ts';
import type { Stage } from './namespaces.ts';
import type { Path, World } from './world.ts';
import { isOneWay, readEntry } from './world.ts';

/** One connection tried: by which node, from which address and port, and whether what was said came back, or arrived. */
export interface Connection {
  readonly node: HostName;
  /** The balancer's side of it. */
  readonly address: string;
  readonly sourcePort: number;
  readonly works: boolean;
}

/** Ports a balancer may open a connection from. @see https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html, "Ephemeral ports" */
const FIRST_PORT = 1_024;
const LAST_PORT = 65_535;

/** Source ports that stand for all: one between each two ports at which some entry of the world begins or ends. */
const sourcePortsOf = ({ acls, paths }: World, serial: number): readonly number[] => {
  const cuts = Object.values(acls)
    .flatMap((entries) => entries ?? [])
    .flatMap((entry) => readEntry(entry).ports ?? [])
    .map((port, index) => (index % 2 === 0 ? port : port + 1))
    .filter((port) => port > FIRST_PORT && port <= LAST_PORT);
  const starts = [...new Set([FIRST_PORT, ...cuts])].sort((a, b) => a - b);
  const served = paths.map(({ port }) => port);
  return starts.map((start, index) => {
    const width = (starts[index + 1] ?? LAST_PORT + 1) - start;
    // Another port for every world, so that no connection resembles an earlier one; none that somebody answers on.
    const port = start + (serial % width);
    return served.includes(port) ? start + ((serial + 1) % width) : port;
  });
};

interface Trial extends Dial {
  readonly node: HostName;
  /** The balancer's side of it. */
  readonly address: string;
  /** Who dials. */
  readonly host: HostName;
}

/** What the target sees of a node. Behind a balancer of both families a client of the other one comes by the node's own address. */
const addressesSeen = (path: Path, node: HostName): readonly string[] => {
  const family = familyOf(path.to);
  const own = HOSTS[node][family];
  if (path.balancer !== 'network-with-clients' || path.flow === 'health') return own;
  const clients = CLIENTS_OF[node]?.[family] ?? [];
  return family === 'ipv6' ? [...clients, ...own] : clients;
};

const trialsOf = (path: Path, allPorts: readonly number[]): readonly Trial[] => {
  // To what is not answered, the port that it comes from makes no difference; a tunnel's is among the highest.
  const ports = isOneWay(path) ? allPorts.slice(-1) : allPorts;
  return path.from.flatMap((node) =>
    addressesSeen(path, node).flatMap((address) =>
      ports.map((fromPort): Trial => {
        const { protocol, port, flow } = path;
        const asked = { node, address, protocol, fromPort, port, isOneWay: isOneWay(path) };
        return flow === 'return'
          ? { ...asked, host: hostAt(path.to), from: path.to, to: address }
          : { ...asked, host: node, from: address, to: path.to };
      }),
    ),
  );
};

const endpointsOf = (trials: readonly Trial[]): ReadonlyMap<HostName, readonly Endpoint[]> => {
  const endpoints = trials.map(
    ({ protocol, to, port }) => [`${protocol} ${to} ${port}`, { protocol, address: to, port }] as const,
  );
  return Map.groupBy(new Map(endpoints).values(), ({ address }) => hostAt(address));
};

const keyOf = ({ from, fromPort, to, port, protocol, isOneWay }: Dial): string =>
  [from, fromPort, to, port, protocol, isOneWay].join(' ');

/** Whether it was answered, by key. @throws {Error} when it came to anything but an answer or silence */
const dialAll = async (
  stage: Stage,
  host: HostName,
  trials: readonly Trial[],
  timeoutMilliseconds: number,
): Promise<readonly (readonly [string, boolean])[]> => {
  const dials = trials.map(({ protocol, from, fromPort, to, port, isOneWay }) => ({
    protocol,
    from,
    fromPort,
    to,
    port,
    isOneWay,
  }));
  const outcomes = await stage.dial(host, dials, timeoutMilliseconds);
  return dials.map((dial, index) => {
    const outcome = outcomes[index];
    if (outcome === 'answered' || outcome === 'silence') return [keyOf(dial), outcome === 'answered'];
    throw new Error(`${keyOf(dial)} came to ${outcome}`);
  });
};

/** What those heard who are called and give no answer. */
const heardBy = async (stage: Stage, trials: readonly Trial[]): Promise<readonly string[]> => {
  const hosts = new Set(trials.filter(({ isOneWay }) => isOneWay).map(({ to }) => hostAt(to)));
  return (await Promise.all([...hosts].map((host) => stage.heard(host)))).flat();
};

let tried = 0;

/**
 * Builds the world and tries every path from every address of every node and from every kind of source port. A connection fails
 * by staying silent for `timeoutMilliseconds`.
 * @returns the connections of each path, in the paths' order
 */
export const tryPaths = async (
  world: World,
  stage: Stage,
  timeoutMilliseconds: number,
): Promise<readonly (readonly Connection[])[]> => {
  const ports = sourcePortsOf(world, tried++);
  const trials = world.paths.map((path) => trialsOf(path, ports));
  const endpoints = endpointsOf(trials.flat());
  await Promise.all([stage.enact(world), stage.serve(endpoints)]);
  // Two paths may ask for the same connection.
  const different = [...new Map(trials.flat().map((trial) => [keyOf(trial), trial])).values()];
  const byHost = [...Map.groupBy(different, ({ host }) => host)];
  const answered = await Promise.all(byHost.map(([host, own]) => dialAll(stage, host, own, timeoutMilliseconds)));
  const works = new Map(answered.flat());
  const heard = new Set(await heardBy(stage, different));
  return trials.map((own) =>
    own.map((trial) => ({
      node: trial.node,
      address: trial.address,
      sourcePort: trial.fromPort,
      works: trial.isOneWay
        ? heard.has([trial.from, trial.fromPort, trial.to, trial.port].join(' '))
        : works.get(keyOf(trial)) === true,
    })),
  );
};

/** Everybody reaches everybody. */
const OPEN_WORLD: World = {
  title: 'no firewall at all',
  groups: {},
  wears: {},
  acls: {},
  prefixLists: {},
  middleboxes: [],
  paths: HOST_NAMES.flatMap((host) =>
    addressesOf(host).map((to) => ({
      balancer: 'application' as const,
      from: HOST_NAMES.filter((other) => other !== host),
      to,
      flow: 'traffic' as const,
      protocol: 'tcp' as const,
      port: 80,
    })),
  ),
};

/** Ends once everybody on the stage has found everybody else. @throws {Error} when they don't */
export const awaitStage = async (stage: Stage): Promise<void> => {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const connections = await tryPaths(OPEN_WORLD, stage, 500);
    if (connections.flat().every(({ works }) => works)) return;
  }
  throw new Error('Hosts that no firewall parts do not reach each other');
};
