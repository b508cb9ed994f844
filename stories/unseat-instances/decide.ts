import type { DeregisterTarget } from '../../domain/change.ts';
import { isInstanceId } from '../../domain/instance.ts';
import type { Permission } from '../../domain/permit.ts';
import { permit } from '../../domain/permit.ts';
import type { Departures, ObservedGroup } from '../../domain/seating/departures.ts';
import { departuresFrom } from '../../domain/seating/departures.ts';
import type { Tags } from '../../domain/tags.ts';
import { readStops } from '../stops.ts';
import type { GroupToLookAt } from './observe.ts';
import { confirmStates, observeGroup, readHolders } from './observe.ts';
import type { GroupPorts } from './ports.ts';

/** What was read of a group, who is to leave it, and what of that is permitted; the budgets are not asked yet. */
export interface DecidedGroup {
  readonly observed: ObservedGroup;
  readonly departures: Departures;
  readonly permission: Permission;
}

const addressesOf = ({ removals }: Departures): readonly string[] =>
  [...new Set(removals.map(({ target }) => target.id))].filter((id) => !isInstanceId(id));

/** Reads on where the first look leaves something open: states that want a second look, and who holds the addresses. */
const readOn = async (ports: GroupPorts, first: ObservedGroup): Promise<ObservedGroup> => {
  const { toConfirm } = departuresFrom(first);
  const observed = toConfirm.length === 0 ? first : await confirmStates(ports, first, toConfirm);
  const addresses = addressesOf(departuresFrom(observed));
  return addresses.length === 0 ? observed : readHolders(ports, observed, addresses);
};

const tagsOfInstances = ({ sights }: ObservedGroup): ReadonlyMap<string, Tags> =>
  new Map([...sights].flatMap(([id, sight]) => (sight.kind === 'seen' ? [[id, sight.instance.tags] as const] : [])));

/** Departures of some instances only. What is wrong with the group's tags is nobody's in particular. */
const ofThese = (departures: Departures, isAsked: (instanceId: string) => boolean): Departures => ({
  ...departures,
  removals: departures.removals.filter(({ instanceId }) => isAsked(instanceId)),
  staying: departures.staying.filter(({ instanceId }) => isAsked(instanceId ?? '')),
  lookAgain: departures.lookAgain.filter(isAsked),
});

/**
 * Decides, under its lease, who leaves one group: the whole of it is read and judged, and of that what was asked is kept.
 * Changes nothing. `undefined` when the group is gone.
 * @throws {AwsCallError} for any failure but denied reads
 */
export const decideGroup = async (
  ports: GroupPorts,
  looked: GroupToLookAt,
  isAsked: (instanceId: string) => boolean,
  approvedKeys: ReadonlySet<string> = new Set(),
): Promise<DecidedGroup | undefined> => {
  const first = await observeGroup(ports, looked);
  if (first === undefined) return undefined;
  const observed = await readOn(ports, first);
  const departures = ofThese(departuresFrom(observed), isAsked);
  const { targetGroup } = looked;
  const permission = permit(departures.removals, {
    stage: ports.stage,
    ...(departures.removals.length > 0 ? await readStops(ports) : {}),
    targetGroupTags: new Map([[targetGroup.arn, targetGroup.tags]]),
    instanceTags: tagsOfInstances(observed),
    securityGroups: new Map(),
    ruleTags: new Map(),
    heldKeys: new Set(),
    approvedKeys,
  });
  return { observed, departures, permission };
};

/** The removals among permitted changes. */
export const removalsIn = ({ permitted }: Permission): readonly DeregisterTarget[] =>
  permitted.filter((change): change is DeregisterTarget => change.kind === 'deregister-target');
