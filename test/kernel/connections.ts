import type { Dial, Endpoint } from './host.ts';
import type { HostName } from './layout.ts';
import { addressesOf, familyOf, HOST_NAMES, HOSTS, hostAt } from './layout.ts';
import type { Stage } from './namespaces.ts';
import type { Path, World } from './world.ts';
import { readEntry } from './world.ts';

/** One connection tried: from which of a node's addresses and ports, and whether what was sent came back. */
export interface Connection {
  readonly from: HostName;
  readonly source: string;
  readonly sourcePort: number;
  readonly works: boolean;
}

/** Ports a balancer may open a connection from. @see https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html, "Ephemeral ports" */
const FIRST_PORT = 1_024;
const LAST_PORT = 65_535;

/** Source ports that stand for all: one between each two ports at which some entry of the world begins or ends. */
export const sourcePortsOf = ({ acls }: World, serial: number): readonly number[] => {
  const cuts = Object.values(acls)
    .flatMap((entries) => entries ?? [])
    .flatMap((entry) => readEntry(entry).ports ?? [0, LAST_PORT])
    .flatMap((port, index) => (index % 2 === 0 ? [port] : [port + 1]))
    .filter((port) => port > FIRST_PORT && port <= LAST_PORT);
  const starts = [...new Set([FIRST_PORT, ...cuts])].sort((a, b) => a - b);
  return starts.map((start, index) => {
    const width = (starts[index + 1] ?? LAST_PORT + 1) - start;
    // Another port for every world, so that no connection resembles an earlier one.
    return start + (serial % width);
  });
};

interface Trial extends Dial {
  readonly host: HostName;
}

const trialsOf = ({ from: hosts, protocol, to, port }: Path, ports: readonly number[]): readonly Trial[] =>
  hosts.flatMap((host) =>
    HOSTS[host][familyOf(to)].flatMap((from) =>
      ports.map((fromPort) => ({ host, protocol, from, fromPort, to, port })),
    ),
  );

const endpointsOf = ({ paths }: World): ReadonlyMap<HostName, readonly Endpoint[]> => {
  const endpoints = new Map(
    paths.map(({ protocol, to, port }) => [`${protocol} ${to} ${port}`, { protocol, address: to, port }] as const),
  );
  return Map.groupBy(endpoints.values(), ({ address }) => hostAt(address));
};

const keyOf = ({ protocol, from, fromPort, to, port }: Dial): string => [protocol, from, fromPort, to, port].join(' ');

/** Whether it was answered, by key. @throws {Error} when it came to anything but an answer or silence */
const dialAll = async (
  stage: Stage,
  host: HostName,
  trials: readonly Trial[],
  timeoutMilliseconds: number,
): Promise<readonly (readonly [string, boolean])[]> => {
  const dials = trials.map(({ protocol, from, fromPort, to, port }) => ({ protocol, from, fromPort, to, port }));
  const outcomes = await stage.dial(host, dials, timeoutMilliseconds);
  return dials.map((dial, index) => {
    const outcome = outcomes[index];
    if (outcome === 'answered' || outcome === 'silence') return [keyOf(dial), outcome === 'answered'];
    throw new Error(`${keyOf(dial)} came to ${outcome}`);
  });
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
  await Promise.all([stage.enact(world), stage.serve(endpointsOf(world))]);
  const ports = sourcePortsOf(world, tried++);
  const trials = world.paths.map((path) => trialsOf(path, ports));
  // Two paths may ask for the same connection.
  const different = [...new Map(trials.flat().map((trial) => [keyOf(trial), trial])).values()];
  const byHost = [...Map.groupBy(different, ({ host }) => host)];
  const answered = await Promise.all(byHost.map(([host, own]) => dialAll(stage, host, own, timeoutMilliseconds)));
  const works = new Map(answered.flat());
  return trials.map((own) =>
    own.map((trial) => ({
      from: trial.host,
      source: trial.from,
      sourcePort: trial.fromPort,
      works: works.get(keyOf(trial)) === true,
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
  paths: HOST_NAMES.flatMap((host) =>
    addressesOf(host).map((to) => ({
      balancer: 'application' as const,
      from: HOST_NAMES.filter((other) => other !== host),
      to,
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
