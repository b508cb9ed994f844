import type { HostedZone as Given, ResourceRecordSet, Route53Client } from '@aws-sdk/client-route-53';
import {
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { readPages } from '../pages.ts';
import type { HostedZone, HostedZoneReader } from './port.ts';

const route53 = (action: string): AwsCall => ({ service: 'Route 53', action });

/** Route 53 writes names with a last dot, and everything but letters, digits, `-`, `_` and `.` as `\052`. */
const plainName = (name: string): string =>
  name
    .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/\.$/, '')
    .toLowerCase();

/** Answers say `/hostedzone/Z1`; requests and people say `Z1`. */
const toZoneId = (id: string): string => id.replace(/^\/hostedzone\//, '');

const isPublicZoneNamed = (zone: Given, name: string): boolean =>
  plainName(zone.Name ?? '') === name && zone.Config?.PrivateZone !== true;

/** Zones come in the order of their names, from the one asked for on, so that the first other name is the end. */
const listZonesNamed = async (client: Route53Client, name: string): Promise<readonly Given[]> => {
  const call = route53('ListHostedZonesByName');
  const pages = await readPages(
    call,
    (HostedZoneId) =>
      client.send(
        new ListHostedZonesByNameCommand({ DNSName: name, ...(HostedZoneId === undefined ? {} : { HostedZoneId }) }),
      ),
    ({ IsTruncated, NextDNSName, NextHostedZoneId }) =>
      IsTruncated && plainName(NextDNSName ?? '') === name ? NextHostedZoneId : undefined,
  );
  return pages
    .flatMap(({ HostedZones }) => given(call, 'HostedZones', HostedZones))
    .filter((zone) => isPublicZoneNamed(zone, name));
};

const readServers = async (client: Route53Client, zoneId: string): Promise<readonly string[]> => {
  const call = route53('GetHostedZone');
  const { DelegationSet } = await callAws(call, () => client.send(new GetHostedZoneCommand({ Id: zoneId })));
  return given(call, 'NameServers', given(call, 'DelegationSet', DelegationSet).NameServers).map(plainName);
};

/** An alias to another CNAME of the zone has no value of its own: what it points at says most of it. */
const valueGiven = ({ ResourceRecords, AliasTarget }: ResourceRecordSet): string | undefined =>
  ResourceRecords?.[0]?.Value ?? AliasTarget?.DNSName;

/** Hosted zones as they are read: a call for the names, one more for each zone. */
export const hostedZoneReader = (client: Route53Client): HostedZoneReader => ({
  async readHostedZones(name) {
    const wanted = plainName(name);
    const zones: HostedZone[] = [];
    for (const zone of await listZonesNamed(client, wanted)) {
      const zoneId = toZoneId(given(route53('ListHostedZonesByName'), 'Id', zone.Id));
      zones.push({ zoneId, name: wanted, servers: await readServers(client, zoneId) });
    }
    return zones;
  },
  async readCname(zoneId, name) {
    const call = route53('ListResourceRecordSets');
    const { ResourceRecordSets } = await callAws(call, () =>
      client.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          StartRecordName: name,
          StartRecordType: 'CNAME',
          MaxItems: 1,
        }),
      ),
    );
    // The list starts at the name, or, without such a record, at whatever comes next.
    const [record] = given(call, 'ResourceRecordSets', ResourceRecordSets);
    if (record?.Type !== 'CNAME' || plainName(record.Name ?? '') !== plainName(name)) return undefined;
    return { name: plainName(name), type: 'CNAME', value: plainName(given(call, 'Value', valueGiven(record))) };
  },
});
