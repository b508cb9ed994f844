import { expect, test } from '@jest/globals';
import { parseExpiryEvent } from '../../../events/parse-expiry-event.ts';
import type { Json } from '../samples.ts';
import { changed, refusalOf, sample } from '../samples.ts';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/61f50cd4-45b9-4259-b049-d0a53682fa4b';
const RENEWAL = 'health-event/renewal.json';

test('Given the sample of a renewal, when it is read, then it names the certificate, and what tells copies apart', () => {
  expect(parseExpiryEvent(sample(RENEWAL))).toStrictEqual({
    kind: 'certificates-in-health-event',
    eventId: '7bf73129-1428-4cd3-a780-95db273d1602',
    account: '123456789012',
    region: 'us-east-1',
    at: new Date('2023-01-27T09:01:22Z'),
    certificateArns: [ARN],
    communicationId: '01b0993207d81a09dcd552ebd1e633e36cf1f09a-1',
  });
});

test('Given the older fields, when it is read, then it names the Region, where any certificate may be meant', () => {
  expect(parseExpiryEvent(sample('health-event/older.json'))).toStrictEqual({
    kind: 'certificates-in-health-event',
    eventId: '7bf73129-1428-4cd3-a780-95db273d1603',
    account: '123456789012',
    region: 'us-east-1',
    at: new Date('2023-01-27T09:01:22Z'),
    certificateArns: [],
    communicationId: undefined,
  });
});

test('Given a copy in another Region, told to the account that manages the organisation, then it is about where the certificate is', () => {
  expect(
    parseExpiryEvent(changed(RENEWAL, { account: '210987654321', region: 'us-west-2' }, { affectedEntities: [] })),
  ).toMatchObject({ account: '123456789012', region: 'us-east-1', certificateArns: [ARN] });
  expect(
    parseExpiryEvent(
      changed(
        RENEWAL,
        { account: '210987654321', region: 'us-west-2', resources: null },
        { affectedAccount: undefined, eventRegion: undefined },
      ),
    ),
  ).toMatchObject({ account: '123456789012', region: 'us-east-1', certificateArns: [ARN] });
});

test.each<[string, Json | undefined, readonly string[]]>([
  ['one entity alone', { entityValue: ` ${ARN}` }, [ARN]],
  [
    'entities that are no certificates',
    [{ entityValue: 'example.com' }, { entityValue: 7 }, { entityValue: {} }, 3, null],
    [],
  ],
  ['no entities', undefined, []],
  [
    'two certificates, one twice',
    [{ entityValue: ARN }, { entityValue: `${ARN}0` }, { entityValue: ARN }],
    [ARN, `${ARN}0`],
  ],
])('Given %s, when it is read, then it names what is a certificate, once', (_, affectedEntities, certificateArns) => {
  expect(parseExpiryEvent(changed(RENEWAL, { resources: [] }, { affectedEntities }))).toMatchObject({
    certificateArns,
  });
});

test.each([
  [
    { service: 'EC2', eventTypeCode: 'AWS_EC2_INSTANCE_REBOOT_MAINTENANCE_SCHEDULED' },
    'EC2: AWS_EC2_INSTANCE_REBOOT_MAINTENANCE_SCHEDULED',
  ],
  [{ service: undefined, eventTypeCode: undefined }, 'no service: no type'],
])('Given health of another service (%j), when it is read, then it is ignored', (detail, said) => {
  expect(parseExpiryEvent(changed(RENEWAL, {}, detail))).toStrictEqual({
    kind: 'ignored',
    reason: 'HealthServiceNotOurs',
    detail: said,
  });
});

test.each<[string, { readonly [key: string]: Json | undefined }, string]>([
  ['a Region that is no text', { eventRegion: ['us-east-1'] }, 'detail.eventRegion: expected text'],
  ['an account that is none', { affectedAccount: '12' }, 'detail.affectedAccount: expected an account of 12 digits'],
])('Given %s, when it is read, then it is malformed and says where', (_, detail, message) => {
  expect(refusalOf(parseExpiryEvent, changed(RENEWAL, {}, detail)).message).toBe(message);
});

test('Given an event of everywhere, when it is read, then it is about where it arrived, or none of ours', () => {
  const everywhere = { eventRegion: 'global', affectedEntities: [] };
  expect(parseExpiryEvent(changed(RENEWAL, { resources: [] }, everywhere))).toMatchObject({ region: 'us-east-1' });
  expect(parseExpiryEvent(changed(RENEWAL, {}, { ...everywhere, service: 'IAM' }))).toMatchObject({ kind: 'ignored' });
});
