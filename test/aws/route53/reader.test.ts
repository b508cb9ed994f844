import {
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { hostedZoneReader } from '../../../aws/route53/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const route53 = mockClient(Route53Client);
beforeEach(() => {
  route53.reset();
});

const reader = hostedZoneReader(new Route53Client({ region: 'us-east-1' }));

const zone = (id: string, Name: string, PrivateZone = false) => ({
  Id: `/hostedzone/${id}`,
  Name,
  CallerReference: id,
  Config: { PrivateZone },
});

const zonesPage = (HostedZones: ReturnType<typeof zone>[], next?: { name: string; id: string }) => ({
  HostedZones,
  IsTruncated: next !== undefined,
  MaxItems: 100,
  ...(next === undefined ? {} : { NextDNSName: next.name, NextHostedZoneId: next.id }),
});

const servers = (id: string, NameServers: string[]) =>
  route53
    .on(GetHostedZoneCommand, { Id: id })
    .resolves({ HostedZone: zone(id, 'example.co.jp.'), DelegationSet: { NameServers } });

describe('hosted zones', () => {
  test('Given several zones of the name over two pages, then the public ones are told with their servers', async () => {
    route53
      .on(ListHostedZonesByNameCommand, { DNSName: 'example.co.jp' })
      .resolves(
        zonesPage([zone('Z1', 'example.co.jp.'), zone('Z2', 'example.co.jp.', true)], {
          name: 'example.co.jp.',
          id: 'Z3',
        }),
      )
      .on(ListHostedZonesByNameCommand, { DNSName: 'example.co.jp', HostedZoneId: 'Z3' })
      .resolves(
        zonesPage([zone('Z3', 'example.co.jp.'), zone('Z4', 'www.example.co.jp.')], {
          name: 'other.example.',
          id: 'Z5',
        }),
      );
    servers('Z1', ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net.']);
    servers('Z3', ['ns-3.awsdns-03.org']);
    expect(await reader.readHostedZones('Example.co.jp')).toEqual([
      { zoneId: 'Z1', name: 'example.co.jp', servers: ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net'] },
      { zoneId: 'Z3', name: 'example.co.jp', servers: ['ns-3.awsdns-03.org'] },
    ]);
    expect(route53.commandCalls(ListHostedZonesByNameCommand)).toHaveLength(2);
    expect(route53.commandCalls(GetHostedZoneCommand)).toHaveLength(2);
  });

  test('Given none of the name, then none, after one call', async () => {
    route53.on(ListHostedZonesByNameCommand).resolves(zonesPage([zone('Z9', 'example.net.')]));
    expect(await reader.readHostedZones('example.co.jp')).toEqual([]);
    expect(route53.calls()).toHaveLength(1);
  });

  test('Given Route 53 refuses or answers without what it must have, then that is an error and no empty list', async () => {
    route53
      .on(ListHostedZonesByNameCommand)
      .rejectsOnce(awsRefusal('AccessDenied', 'no'))
      .resolvesOnce({ IsTruncated: false, MaxItems: 100, HostedZones: undefined })
      .resolves(zonesPage([zone('Z1', 'example.co.jp.')]));
    route53.on(GetHostedZoneCommand).resolves({ HostedZone: zone('Z1', 'example.co.jp.') });
    await expect(reader.readHostedZones('example.co.jp')).rejects.toMatchObject({ meaning: 'denied' });
    await expect(reader.readHostedZones('example.co.jp')).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
    await expect(reader.readHostedZones('example.co.jp')).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
  });
});

const NAME = '_3f1c9a7e.www.example.co.jp';

const records = (...ResourceRecordSets: object[]) =>
  route53.on(ListResourceRecordSetsCommand).resolves({
    ResourceRecordSets: ResourceRecordSets.map((record) => ({ Name: `${NAME}.`, Type: 'CNAME' as const, ...record })),
    IsTruncated: true,
    MaxItems: 1,
  });

describe('a CNAME in a zone', () => {
  test('Given it is there, then it is told without last dots, after one call for one record', async () => {
    records({ TTL: 300, ResourceRecords: [{ Value: '_8d2e4b61.acm-validations.aws.' }] });
    expect(await reader.readCname('Z1', NAME)).toEqual({
      name: NAME,
      type: 'CNAME',
      value: '_8d2e4b61.acm-validations.aws',
    });
    expect(route53.calls().map(({ args }) => args[0].input)).toEqual([
      { HostedZoneId: 'Z1', StartRecordName: NAME, StartRecordType: 'CNAME', MaxItems: 1 },
    ]);
  });

  test.each([
    ['the list starts at another name', { Name: `_4.www.example.co.jp.`, ResourceRecords: [{ Value: 'x.' }] }],
    ['the name has records of another type', { Type: 'TXT' as const, ResourceRecords: [{ Value: '"x"' }] }],
  ])('Given %s, then there is none', async (_, record) => {
    records(record);
    expect(await reader.readCname('Z1', NAME)).toBeUndefined();
  });

  test('Given the zone ends before the name, then there is none', async () => {
    records();
    expect(await reader.readCname('Z1', NAME)).toBeUndefined();
  });

  test('Given an alias, then what it points at is its value; and names that Route 53 escapes are read', async () => {
    records({
      Name: '\\052.example.co.jp.',
      AliasTarget: { HostedZoneId: 'Z1', DNSName: 'shared.example.co.jp.', EvaluateTargetHealth: false },
    });
    expect(await reader.readCname('Z1', '*.example.co.jp')).toEqual({
      name: '*.example.co.jp',
      type: 'CNAME',
      value: 'shared.example.co.jp',
    });
  });

  test.each([
    ['NoSuchHostedZone', 'not-found'],
    ['Throttling', 'throttled'],
    ['PriorRequestNotComplete', 'throttled'],
    ['AccessDenied', 'denied'],
  ])('Given Route 53 answers %s, then it means %s', async (code, meaning) => {
    route53.on(ListResourceRecordSetsCommand).rejects(awsRefusal(code, 'no'));
    await expect(reader.readCname('Z1', NAME)).rejects.toMatchObject({ code, meaning });
  });
});
