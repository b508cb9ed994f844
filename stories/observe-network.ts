import { AwsCallError } from '../aws/aws-call-error.ts';
import type { Ec2Reader } from '../aws/ec2/port.ts';
import { judge } from '../domain/network/judge.ts';
import type { Judgement, Network, Seat } from '../domain/network/model.ts';
import { NOTHING_READ } from '../domain/network/model.ts';
import { needsOf, prefixListsNeeded, repairNeeds, subnetsNeeded } from '../domain/network/needs.ts';
import { requiredFlows } from '../domain/network/required-flows.ts';
import type { Reading } from '../domain/reading.ts';
import { read, unreadable } from '../domain/reading.ts';

/** Rounds of reading: the facts every path needs, then what judging them asked for, once more for what that asked for. */
const ROUNDS = 3;

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

/**
 * Reads what the paths of these seats depend on, and no more: rules and ACLs always, subnets and prefix lists only where a
 * rule or an entry can't be judged without them.
 * @throws {AwsCallError} for any failure but a denied read
 */
export const observeNetwork = async (ec2: Ec2Reader, seats: readonly Seat[]): Promise<Network> => {
  if (seats.length === 0) return NOTHING_READ;
  const needs = needsOf(seats);
  const [rules, acls] = await Promise.all([
    readingsOf(needs.securityGroupIds, (ids) => ec2.readSecurityGroupRules(ids)),
    readingsOf(needs.subnetIds, (ids) => ec2.readNetworkAcls(ids)),
  ]);
  let network: Network = { ...NOTHING_READ, rules, acls };
  for (let round = 1; round < ROUNDS; round += 1) {
    const subnetIds = subnetsNeeded(seats, network);
    const prefixListIds = prefixListsNeeded(seats, network);
    if (subnetIds.length + prefixListIds.length === 0) return network;
    const [subnets, prefixLists] = await Promise.all([
      readingsOf(subnetIds, (ids) => ec2.readSubnets(ids)),
      readingsOf(prefixListIds, (ids) => ec2.readPrefixLists(ids)),
    ]);
    network = {
      ...network,
      subnets: merge(network.subnets, subnets),
      prefixLists: merge(network.prefixLists, prefixLists),
    };
  }
  return network;
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
