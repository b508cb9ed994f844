import { unsignedHeaders } from './signing.ts';

/** Signed with this access key id, `PutEvents` may name a source of AWS's own: see `local/python/launcher.py`. */
export const SERVICE_ACCESS_KEY_ID = 'AWSSERVICE';

/** One event as a service would put it on the default bus, or a forwarder on another; the bus adds id, account, Region and time. */
export interface ServiceEvent {
  /** `aws.ec2`, say. */
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** ARNs. */
  readonly resources?: readonly string[];
  /** Name of a bus of ours: what a forwarder sends from another Region. The default bus without it. */
  readonly busName?: string;
}

/** PutEvents takes ten entries a call. */
const ENTRIES_PER_CALL = 10;

/**
 * Puts events on a bus of MiniStack as AWS's services do: to a customer, MiniStack and AWS both refuse every
 * source that starts with `aws.`.
 * @throws {Error} when MiniStack refuses one, with its reason
 */
export const putServiceEvents = async (
  bus: { readonly ministackUrl: string; readonly region: string },
  events: readonly ServiceEvent[],
): Promise<void> => {
  for (let start = 0; start < events.length; start += ENTRIES_PER_CALL) {
    const Entries = events.slice(start, start + ENTRIES_PER_CALL).map((event) => ({
      Source: event.source,
      DetailType: event.detailType,
      Detail: JSON.stringify(event.detail),
      Resources: event.resources ?? [],
      ...(event.busName === undefined ? {} : { EventBusName: event.busName }),
    }));
    const response = await fetch(bus.ministackUrl, {
      method: 'POST',
      headers: {
        ...unsignedHeaders('events', bus.region, SERVICE_ACCESS_KEY_ID),
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSEvents.PutEvents',
      },
      body: JSON.stringify({ Entries }),
    });
    const answer = await response.text();
    if (!response.ok || !/"FailedEntryCount":\s*0\b/.test(answer)) {
      throw new Error(`MiniStack refused an event of ${events[start]?.source}: ${answer}`);
    }
  }
};
