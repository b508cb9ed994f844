import type * as z from 'zod/mini';
import { isInstanceId } from '../domain/instance.ts';
import type { Arn } from './arn.ts';
import type { ArrivedEvent } from './arrived-event.ts';
import { arns, complain, objectOf, optionalAccount, optionalInstant, optionalRegion, optionalText } from './fields.ts';

/**
 * EventBridge's envelope around `detail`; every part of it may be absent.
 * `source` and `detail-type` are the registry's business.
 * @see EventBridge user guide, "AWS service event metadata"
 */
export const envelope = <Detail extends z.ZodMiniType>(detail: Detail) =>
  objectOf({
    id: optionalText,
    account: optionalAccount,
    region: optionalRegion,
    time: optionalInstant,
    resources: arns,
    detail,
  });

interface Enveloped {
  readonly id: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly time: Date | undefined;
  readonly resources: readonly Arn[];
}

type Complaints = Parameters<typeof complain>[0];

/** What an event says in several places it must say alike: which of the two to believe is not ours to guess. */
const agreed = (said: readonly (string | undefined)[], path: PropertyKey[], complaints: Complaints) => {
  const [one, another] = new Set(said.filter((value) => value !== undefined));
  if (another === undefined) return one;
  return complain(complaints, `the event names both ${one} and ${another}`, path);
};

/** The event's own account, Region, id and time; account and Region from its ARNs where the envelope lacks them. */
export const arrival = (event: Enveloped, complaints: Complaints): ArrivedEvent => ({
  eventId: event.id,
  account: agreed([event.account, ...event.resources.map(({ account }) => account)], ['account'], complaints),
  region: agreed([event.region, ...event.resources.map(({ region }) => region)], ['region'], complaints),
  at: event.time,
});

const isInstanceArn = ({ service, resourceType }: Arn): boolean => service === 'ec2' && resourceType === 'instance';

/**
 * The one instance the event is about: from its detail, else from the ARN in `resources`. Anything that is not an
 * instance id, in either place, spoils the event: it is never acted on.
 * @param path of the field that should hold the id
 */
export const sightedInstance = (
  event: Enveloped,
  inDetail: string | undefined,
  path: PropertyKey[],
  complaints: Complaints,
): string => {
  const inResources = event.resources.filter(isInstanceArn).map(({ resourceId }) => resourceId);
  const named = [inDetail, ...inResources].filter((id) => id !== undefined);
  const instanceId = named.every(isInstanceId) ? agreed(named, path, complaints) : undefined;
  return instanceId ?? complain(complaints, 'expected an instance id (i- and 8 or 17 hexadecimal digits)', path);
};
