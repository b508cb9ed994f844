import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Interface } from 'node:readline';
import { createInterface } from 'node:readline';
import type { Answer, Dial, DialOutcome, Endpoint, Order } from './host.ts';
import type { HostName, SubnetName } from './layout.ts';
import { addressesOf, CLIENTS_OF, familyOf, HOST_NAMES, HOSTS, hostAt, SUBNET_NAMES, SUBNETS } from './layout.ts';
import { legOf, renderHost, renderRouter } from './nftables.ts';
import type { World } from './world.ts';

/** The hosts and the router of the layout, each in a network namespace of its own, with a process in each host's. */
export interface Stage {
  /** Puts a world's firewalls in place of the last one's. */
  enact(world: World): Promise<void>;
  /** Who answers, instead of who did. */
  serve(at: ReadonlyMap<HostName, readonly Endpoint[]>): Promise<void>;
  /** What became of each connection of one host, in their order. */
  dial(from: HostName, dials: readonly Dial[], timeoutMilliseconds: number): Promise<readonly DialOutcome[]>;
  /** What reached a host by UDP since it began to answer: from, source port, to, port. */
  heard(by: HostName): Promise<readonly string[]>;
  /** Ends the processes and removes the namespaces. */
  close(): Promise<void>;
}

const PREFIX = 'usher';
const NAMESPACE = new RegExp(`^${PREFIX}-(\\d+)-`);

/** Runs a command to its end, with `input`. @throws {Error} with what it said, when it fails */
const run = async (command: readonly string[], input = ''): Promise<void> => {
  const [program = '', ...options] = command;
  const child = spawn(program, options, { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  child.stdin.on('error', () => undefined); // it ended before it read; its own word says why
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${command.join(' ')}: ${said}\n${input}`);
};

const removeNamespaces = (names: readonly string[]): void => {
  for (const name of names) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const isLeftover = (name: string): boolean => {
  const [, pid] = NAMESPACE.exec(name) ?? [];
  return pid !== undefined && !isAlive(Number(pid));
};

/** Removes the namespaces of runs that were killed before they could. */
export const removeLeftovers = (): void => {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  removeNamespaces(
    stdout
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '')
      .filter(isLeftover),
  );
};

/** Where br_netfilter is loaded it would show the router's firewall what only passes within a subnet. */
const ROUTER_SETTINGS = `
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
for each in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e "$each" ] || echo 0 > "$each"; done`;

/** Half-open connections of one world are forgotten before the next. */
const HOST_SETTINGS = 'echo 1 > /proc/sys/net/ipv4/tcp_synack_retries';

/** A subnet is a bridge in the router's namespace, with the router's addresses. */
const subnetLines = (name: SubnetName): readonly string[] => {
  const { ipv4, ipv6 } = SUBNETS[name];
  return [
    `link add ${legOf(name)} type bridge mcast_snooping 0`,
    `link set ${legOf(name)} up`,
    `addr add ${ipv4.router}/24 dev ${legOf(name)}`,
    `addr add ${ipv6.router}/64 dev ${legOf(name)} nodad`,
  ];
};

const portLines = (host: HostName, namespace: string): readonly string[] => [
  `link add to-${host} type veth peer name eth0 netns ${namespace}`,
  `link set to-${host} master ${legOf(HOSTS[host].subnet)} up`,
];

const clientsOf = (host: HostName): readonly string[] => {
  const clients = CLIENTS_OF[host];
  return clients === undefined ? [] : [...clients.ipv4, ...clients.ipv6];
};

/** The way to clients is by the node that passes on what they send, and within its subnet straight to it. */
const wayToClients = (from: SubnetName | 'router'): readonly string[] =>
  HOST_NAMES.filter((host) => from === 'router' || HOSTS[host].subnet === from).flatMap((host) =>
    clientsOf(host).map((client) => `route add ${client} via ${HOSTS[host][familyOf(client)][0]}`),
  );

const hostLines = (host: HostName): readonly string[] => {
  const { ipv4, ipv6 } = SUBNETS[HOSTS[host].subnet];
  return [
    'link set lo up',
    'link set eth0 up',
    ...addressesOf(host).map((address) =>
      familyOf(address) === 'ipv4' ? `addr add ${address}/24 dev eth0` : `addr add ${address}/64 dev eth0 nodad`,
    ),
    `route add default via ${ipv4.router}`,
    `route add default via ${ipv6.router}`,
    ...(clientsOf(host).length > 0
      ? clientsOf(host).map((client) => `addr add ${client} dev lo`)
      : wayToClients(HOSTS[host].subnet)),
  ];
};

/** A process in a namespace that carries out orders one after another. */
interface Inhabitant {
  readonly child: ChildProcess;
  order(order: Order): Promise<Answer>;
}

const settle = (namespace: string): Inhabitant => {
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, join(import.meta.dirname, 'host.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: Interface = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  return {
    child,
    async order(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`The process in ${namespace} has ended`);
      return JSON.parse(value);
    },
  };
};

const build = async (nameOf: (host: HostName | 'router') => string): Promise<void> => {
  const router = nameOf('router');
  await Promise.all([router, ...HOST_NAMES.map(nameOf)].map((namespace) => run(['ip', 'netns', 'add', namespace])));
  await run(['ip', 'netns', 'exec', router, 'sh', '-c', ROUTER_SETTINGS]);
  const ports = HOST_NAMES.flatMap((host) => portLines(host, nameOf(host)));
  await run(
    ['ip', '-n', router, '-batch', '-'],
    [...SUBNET_NAMES.flatMap(subnetLines), ...ports, ...wayToClients('router'), ''].join('\n'),
  );
  await Promise.all(
    HOST_NAMES.map(async (host) => {
      await run(['ip', 'netns', 'exec', nameOf(host), 'sh', '-c', HOST_SETTINGS]);
      await run(['ip', '-n', nameOf(host), '-batch', '-'], [...hostLines(host), ''].join('\n'));
    }),
  );
};

/** Sets the stage, having cleared away what killed runs left. Nothing of it can be seen from outside its namespaces. */
export const setStage = async (): Promise<Stage> => {
  removeLeftovers();
  const own = `${PREFIX}-${process.pid}-${randomBytes(2).toString('hex')}`;
  const nameOf = (host: HostName | 'router') => `${own}-${host}`;
  const names = [nameOf('router'), ...HOST_NAMES.map(nameOf)];
  const removeAll = () => removeNamespaces(names);
  process.once('exit', removeAll);
  const inhabitants = new Map<HostName, Inhabitant>();
  const inhabitantOf = (host: HostName): Inhabitant => {
    const found = inhabitants.get(host);
    if (found === undefined) throw new Error(`Nobody lives in ${nameOf(host)}`);
    return found;
  };
  const close = async (): Promise<void> => {
    const ended = [...inhabitants.values()].map(({ child }) => once(child, 'close'));
    for (const { child } of inhabitants.values()) child.stdin?.end();
    await Promise.all(ended);
    removeAll();
    process.off('exit', removeAll);
  };
  let worlds = 0;
  try {
    await build(nameOf);
    for (const host of HOST_NAMES) inhabitants.set(host, settle(nameOf(host)));
    await Promise.all(HOST_NAMES.map((host) => inhabitantOf(host).order({ kind: 'serve', at: [] })));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async enact(world) {
      worlds += 1;
      // Nobody else sends anything, or is sent any.
      const hosts = new Set(world.paths.flatMap(({ from, to }) => [...from, hostAt(to)]));
      const rulesets = [...hosts].map((host) => [nameOf(host), renderHost(world, host, worlds)] as const);
      await Promise.all(
        [...rulesets, [nameOf('router'), renderRouter(world)] as const].map(([namespace, ruleset]) =>
          run(['ip', 'netns', 'exec', namespace, 'nft', '-f', '-'], ruleset),
        ),
      );
    },
    async serve(at) {
      await Promise.all(HOST_NAMES.map((host) => inhabitantOf(host).order({ kind: 'serve', at: at.get(host) ?? [] })));
    },
    async dial(from, dials, timeoutMilliseconds) {
      const answer = await inhabitantOf(from).order({ kind: 'dial', dials, timeoutMilliseconds });
      if (answer.kind !== 'dialled') throw new Error(`${from} was to dial and answered ${answer.kind}`);
      return answer.outcomes;
    },
    async heard(by) {
      const answer = await inhabitantOf(by).order({ kind: 'tell' });
      if (answer.kind !== 'heard') throw new Error(`${by} was to tell what it heard and answered ${answer.kind}`);
      return answer.words;
    },
    close,
  };
};
