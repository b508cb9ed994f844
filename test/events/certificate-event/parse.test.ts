import { expect, test } from '@jest/globals';
import { parseExpiryEvent } from '../../../events/parse-expiry-event.ts';
import type { Json } from '../samples.ts';
import { changed, refusalOf, sample } from '../samples.ts';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/61f50cd4-45b9-4259-b049-d0a53682fa4b';
const EXPIRED = 'certificate-event/expired.json';

test.each([
  [
    'approaching-expiration.json',
    '9c95e8e4-96a4-ef3f-b739-b6aa5b193afb',
    '2020-09-30T06:51:08Z',
    'approaching-expiration',
  ],
  [
    'approaching-expiration-newer.json',
    '9c95e8e4-96a4-ef3f-b739-b6aa5b193afc',
    '2020-09-30T06:51:08Z',
    'approaching-expiration',
  ],
  ['expired.json', '9c95e8e4-96a4-ef3f-b739-b6aa5b193afd', '2019-12-22T18:43:48Z', 'expired'],
  ['available.json', '9c95e8e4-96a4-ef3f-b739-b6aa5b193afe', '2019-12-22T18:43:48Z', 'available'],
  [
    'renewal-action-required.json',
    '9c95e8e4-96a4-ef3f-b739-b6aa5b193aff',
    '2019-12-22T18:43:48Z',
    'renewal-action-required',
  ],
  ['revoked.json', '9c95e8e4-96a4-ef3f-b739-b6aa5b193b00', '2019-12-22T18:43:48Z', 'revoked'],
  ['rotated.json', '9c95e8e4-96a4-ef3f-b739-b6aa5b193b01', '2019-12-22T18:43:48Z', 'rotated'],
])(
  'Given %s, when it is read, then it names the certificate and nothing to believe of it',
  (name, id, at, occasion) => {
    expect(parseExpiryEvent(sample(`certificate-event/${name}`))).toStrictEqual({
      kind: 'certificate-sighted',
      eventId: id,
      account: '123456789012',
      region: 'us-east-1',
      at: new Date(at),
      certificateArn: ARN,
      occasion,
    });
  },
);

test.each<[string, { readonly [key: string]: Json | undefined }]>([
  ['no detail', { detail: undefined }],
  ['a detail of another form', { detail: ['DaysToExpiry', 31] }],
  ['texts for numbers and flags', { detail: { DaysToExpiry: '31', InUse: 'TRUE' } }],
  ['odd case and spaces of source and type', { source: ' AWS.ACM ', 'detail-type': 'acm  certificate expired' }],
  ['only its ARN to say where it is', { account: undefined, region: undefined }],
  ['its ARN twice, and others', { resources: [ARN, ARN, 'arn:aws:s3:::bucket', 'certificate_ID'] }],
  ['its ARN not in a list', { resources: ARN }],
])('Given %s, when it is read, then it is understood', (_, change) => {
  expect(parseExpiryEvent(changed(EXPIRED, change))).toMatchObject({
    kind: 'certificate-sighted',
    account: '123456789012',
    region: 'us-east-1',
    certificateArn: ARN,
    occasion: 'expired',
  });
});

test('Given an event of ACM that AWS has grown since, when it is read, then it is ignored with its type', () => {
  expect(parseExpiryEvent(changed(EXPIRED, { 'detail-type': 'ACM Certificate Exported' }))).toStrictEqual({
    kind: 'ignored',
    reason: 'DetailTypeNotOurs',
    detail: 'aws.acm: ACM Certificate Exported',
  });
});

test.each<[string, { readonly [key: string]: Json | undefined }, string]>([
  ['no ARN', { resources: [] }, 'resources: expected the ARN of one certificate'],
  [
    'a placeholder for an ARN',
    { resources: ['arn:aws:acm:region:account:certificate/certificate_ID'] },
    'resources: expected the ARN of one certificate',
  ],
  ['two certificates', { resources: [ARN, `${ARN}0`] }, 'resources: expected the ARN of one certificate'],
  [
    'the ARN of an ACME endpoint',
    { resources: [ARN.replace('certificate/', 'acme-endpoint/')] },
    'resources: expected the ARN of one certificate',
  ],
  ['another Region than its ARN', { region: 'eu-west-1' }, 'region: the event names both eu-west-1 and us-east-1'],
  [
    'another account than its ARN',
    { account: '210987654321' },
    'account: the event names both 210987654321 and 123456789012',
  ],
])('Given %s, when it is read, then it is malformed and says where', (_, change, message) => {
  expect(refusalOf(parseExpiryEvent, changed(EXPIRED, change)).message).toBe(message);
});
