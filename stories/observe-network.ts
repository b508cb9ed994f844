import { AwsCallError } from '../aws/aws-call-error.ts';
import type { Ec2Reader } from '../aws/ec2/port.ts';
import type { LoadBalancingReader } from '../aws/elastic-load-balancing/port.ts';
import type { LoadBalancer } from '../domain/load-balancer.ts';
import { clientNeeds } from '../domain/network/clients.ts';
import { allWanted } from '../domain/network/hop.ts';
import { judge } from '../domain/network/judge.ts';
import type { Judgement, Network, Seat, Wants } from '../domain/network/model.ts';
import { NOTHING_READ } from '../domain/network/model.ts';
import { needsOf, repairNeeds, wantsOf } from '../domain/network/needs.ts';
import { outgrownIn } from '../domain/network/outgrown.ts';
import { requiredFlows } from '../domain/network/required-flows.ts';
import type { Reading } from '../domain/reading.ts';
import { read, unreadable } from '../domain/reading.ts';
import { withoutRules } from '../domain/sweep/own-rules.ts';

/** What is read around seats: EC2's network, and how a Network Load Balancer's groups treat their clients' addresses. */
export interface NetworkPorts {
  readonly ec2: Ec2Reader;
  readonly loadBalancing: Pick<LoadBalancingReader, 'readPreservation'>;
}

/**
 * Times that judging may ask for more: a path needs a subnet of an ACL entry or a list of a rule, or, once the routes are
 * known, a balancer's interfaces, and each of these may want one more thing. What is still wanted then stays unknown.
 */
const ROUNDS_OF_WANTS = 3;

/**
 * Reads keys into readings. What AWS denies us is `unreadable` and judged as unknown; any other failure is thrown, for a
 * later attempt may well succeed.
 */
const readingsOf = async <T>(
  keys: readonly string[],
  reader: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): Promise<ReadonlyMap<string, Reading<T>>> => {
  if (keys.length === 0) return new Map();
  try {
    const values = await reader(keys);
    return new Map(
      keys.map((key) => {
        const value = values.get(key);
        return [key, value === undefined ? unreadable('not found') : read(value)];
      }),
    );
  } catch (error) {
    if (error instanceof AwsCallError && error.meaning === 'denied')
      return new Map(keys.map((key) => [key, unreadable(`${error.action} was denied`)]));
    throw error;
  }
};

const merge = <T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
  new Map([...a, ...b]);

/** All flows of all seats, judged against what is known. */
export const judgeSeats = (seats: readonly Seat[], network: Network): readonly Judgement[] =>
  seats.flatMap(requiredFlows).map((flow) => judge(flow, network));

/** One call a group; a group without the attribute, or that is gone, is absent. */
const readPreservations = async (
  { loadBalancing }: NetworkPorts,
  arns: readonly string[],
): Promise<ReadonlyMap<string, boolean>> => {
  const asked = await Promise.all(arns.map(async (arn) => [arn, await loadBalancing.readPreservation(arn)] as const));
  return new Map(asked.flatMap(([arn, preserves]) => (preserves === undefined ? [] : [[arn, preserves] as const])));
};

/** One call for all of them: it is the services that are read. */
const readEndpointServices = async (
  { ec2 }: NetworkPorts,
  arns: readonly string[],
): Promise<ReadonlyMap<string, boolean>> => {
  const behind = await ec2.readEndpointServiceBalancers();
  return new Map(arns.map((arn) => [arn, behind.has(arn)]));
};

/** A network with what was wanted besides, read all at once. */
const withWanted = async (ports: NetworkPorts, network: Network, wants: Partial<Wants>): Promise<Network> => {
  const { ec2 } = ports;
  const { balancers = [], routed = [], vpcIds = [], subnetIds = [], prefixListIds = [] } = wants;
  const [balancerInterfaces, preservation, endpointServices, routes, vpcs, subnets, prefixLists] = await Promise.all([
    readingsOf(
      balancers.map(({ arn }) => arn),
      () => ec2.readBalancerInterfaces(balancers),
    ),
    readingsOf(wants.preservationArns ?? [], (arns) => readPreservations(ports, arns)),
    readingsOf(wants.endpointServiceArns ?? [], (arns) => readEndpointServices(ports, arns)),
    readingsOf(
      routed.map(({ subnetId }) => subnetId),
      () => ec2.readRouteTables(routed),
    ),
    readingsOf(vpcIds, (ids) => ec2.readVpcs(ids)),
    readingsOf(subnetIds, (ids) => ec2.readSubnets(ids)),
    readingsOf(prefixListIds, (ids) => ec2.readPrefixLists(ids)),
  ]);
  return {
    ...network,
    balancerInterfaces: merge(network.balancerInterfaces, balancerInterfaces),
    preservation: merge(network.preservation, preservation),
    endpointServices: merge(network.endpointServices, endpointServices),
    routes: merge(network.routes, routes),
    vpcs: merge(network.vpcs, vpcs),
    subnets: merge(network.subnets, subnets),
    prefixLists: merge(network.prefixLists, prefixLists),
  };
};

/** What is wanted to judge seats, also without rules of ours that are to go: what these settle nothing else was asked. */
const allWantedOf = (seats: readonly Seat[], network: Network): Wants => {
  const outgrown = outgrownIn(network, seats);
  const wants = wantsOf(seats, network);
  return outgrown.size === 0 ? wants : allWanted([wants, wantsOf(seats, withoutRules(outgrown, network))]);
};

const isNothing = (wants: Wants): boolean => Object.values(wants).every((wanted) => wanted.length === 0);

/**
 * Reads what the paths of these seats depend on, and no more: rules, ACLs and routes always, a balancer's interfaces where no
 * group of it can be named, subnets and prefix lists only where a rule or an entry can't be judged without them.
 * @throws {AwsCallError} for any failure but a denied read
 */
export const observeNetwork = async (ports: NetworkPorts, seats: readonly Seat[]): Promise<Network> => {
  if (seats.length === 0) return NOTHING_READ;
  const { securityGroupIds, subnetIds, ...around } = needsOf(seats);
  const [rules, acls, surroundings] = await Promise.all([
    readingsOf(securityGroupIds, (ids) => ports.ec2.readSecurityGroupRules(ids)),
    readingsOf(subnetIds, (ids) => ports.ec2.readNetworkAcls(ids)),
    withWanted(ports, NOTHING_READ, around),
  ]);
  let network: Network = { ...surroundings, rules, acls };
  for (let round = 0; round < ROUNDS_OF_WANTS; round += 1) {
    const wants = allWantedOf(seats, network);
    if (isNothing(wants)) return network;
    network = await withWanted(ports, network, wants);
  }
  return network;
};

/**
 * Reads what a balancer's clients depend on at its own groups.
 * @throws {AwsCallError} for any failure but a denied read
 */
export const observeClients = async (
  { ec2 }: Pick<NetworkPorts, 'ec2'>,
  loadBalancer: LoadBalancer,
): Promise<Network> => {
  const { securityGroupIds, vpcIds } = clientNeeds(loadBalancer);
  const [rules, securityGroups, vpcs] = await Promise.all([
    readingsOf(securityGroupIds, (ids) => ec2.readSecurityGroupRules(ids)),
    readingsOf(securityGroupIds, (ids) => ec2.readSecurityGroups(ids)),
    readingsOf(vpcIds, (ids) => ec2.readVpcs(ids)),
  ]);
  return { ...NOTHING_READ, rules, securityGroups, vpcs };
};

/** Adds what choosing the place of a rule needs: names, tags and wearers of the groups, weights of prefix lists. */
export const observeForRepair = async (
  ec2: Ec2Reader,
  network: Network,
  judgements: readonly Judgement[],
): Promise<Network> => {
  const { securityGroupIds, prefixListIds } = repairNeeds(judgements, network);
  const [securityGroups, wearers, prefixLists] = await Promise.all([
    readingsOf(securityGroupIds, (ids) => ec2.readSecurityGroups(ids)),
    readingsOf(securityGroupIds, (ids) => ec2.readWearers(ids)),
    readingsOf(prefixListIds, (ids) => ec2.readPrefixLists(ids)),
  ]);
  return { ...network, securityGroups, wearers, prefixLists: merge(network.prefixLists, prefixLists) };
};
