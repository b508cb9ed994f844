import { describe, expect, test } from '@jest/globals';
import { parseEvent } from '../../events/parse-event.ts';
import { changed, refusal, sample } from './samples.ts';

const RUNNING = 'instance-state-change/running.json';
const RUNNING_EVENT = parseEvent(sample(RUNNING));
const ARN = 'arn:aws:ec2:us-east-1:123456789012:instance/i-1234567890abcdef0';

describe('Given an untidy event, when it is read, then it means the same', () => {
  test.each([
    ['without version', { version: undefined }, {}],
    ['with a number as version', { version: 0 }, {}],
    ['without resources', { resources: undefined }, {}],
    ['with null for resources', { resources: null }, {}],
    ['with no resources', { resources: [] }, {}],
    ['with one resource that is not in a list', { resources: ARN }, {}],
    ['with placeholders and rubbish among the resources', { resources: ['instance-arn', ARN, 5, null, {}] }, {}],
    ['with an ARN whose id is empty', { resources: ['arn:aws:ec2:us-east-1:123456789012:instance/'] }, {}],
    [
      'with an ARN whose account and Region are placeholders',
      { resources: ['arn:aws:ec2:REGION:ACCOUNT:instance/i-1234567890abcdef0'] },
      {},
    ],
    [
      'with its ARN shouted',
      { resources: ['ARN:AWS:EC2:US-EAST-1:123456789012:INSTANCE/i-1234567890abcdef0'] },
      { 'instance-id': '' },
    ],
    [
      'with the ARN of its volume',
      { resources: [ARN, 'arn:aws:ec2:us-east-1:123456789012:volume/vol-1234567890abcdef0'] },
      {},
    ],
    [
      "with another service's instance",
      { resources: [ARN, 'arn:aws:ssm:us-east-1:123456789012:instance/mi-1234567890abcdef0'] },
      {},
    ],
    [
      'with what only looks like an ARN',
      { resources: [ARN, 'urn:aws:ec2:eu-west-1:210987654321:instance/i-0fedcba0987654321'] },
      {},
    ],
    ['with its account as a number', { account: 123456789012 }, {}],
    ['without account and Region, which its ARN has', { account: undefined, region: '' }, {}],
    ['with unknown extra fields', { 'replay-name': 'x', constructor: {}, toString: 1 }, { extra: { deep: [] } }],
    ['with its source shouted', { source: 'AWS.EC2' }, {}],
    ['with spaces around its source', { source: ' aws.ec2\t' }, {}],
    ['with odd case in its type', { 'detail-type': 'ec2 instance state-change notification' }, {}],
    ['with odd spaces in its type', { 'detail-type': '  EC2  Instance State-change\nNotification ' }, {}],
    ['with its Region shouted', { region: ' US-EAST-1 ' }, {}],
    ['with spaces around the instance id', {}, { 'instance-id': ' i-1234567890abcdef0\n' }],
    ['with an empty instance id, which its ARN has', {}, { 'instance-id': '' }],
    ['with a blank instance id, which its ARN has', {}, { 'instance-id': '   ' }],
    ['with null for instance id, which its ARN has', {}, { 'instance-id': null }],
    ['without instance id, which its ARN has', {}, { 'instance-id': undefined }],
  ])('%s', (_, top, detail) => {
    expect(parseEvent(changed(RUNNING, top, detail))).toStrictEqual(RUNNING_EVENT);
  });
});

test('Given an account that lost its leading zeros as a number, when it is read, then it has twelve digits again', () => {
  expect(parseEvent(changed(RUNNING, { account: 12345678, resources: [] }))).toMatchObject({ account: '000012345678' });
});

test('Given an event without account and Region anywhere, when it is read, then both are undefined', () => {
  const nowhere = changed(RUNNING, { account: undefined, region: undefined, resources: [] });
  expect(parseEvent(nowhere)).toMatchObject({
    account: undefined,
    region: undefined,
    instanceId: 'i-1234567890abcdef0',
  });
});

test.each([
  ['absent', undefined, undefined],
  ['a number', 7, '7'],
])('Given an event whose id is %s, when it is read, then its id is %s', (_, id, eventId) => {
  expect(parseEvent(changed(RUNNING, { id }))).toMatchObject({ eventId, instanceId: 'i-1234567890abcdef0' });
});

test.each([
  ['absent', undefined, undefined],
  ["AWS's placeholder", 'yyyy-mm-ddThh:mm:ssZ', undefined],
  ['a number', 1636666194, undefined],
  ['without a zone', '2021-11-11T21:30:12', undefined],
  ['a month too many', '2021-13-11T21:30:12Z', undefined],
  ['with a zone that has no colon', '2021-11-11T22:30:12.5+0100', new Date('2021-11-11T21:30:12.500Z')],
])('Given an event whose time is %s, when it is read, then it is %s', (_, time, at) => {
  expect(parseEvent(changed(RUNNING, { time }))).toMatchObject({ at, instanceId: 'i-1234567890abcdef0' });
});

describe('Given an event that nobody should act on, when it is read, then it is malformed and says where', () => {
  const NOT_AN_ID = 'detail.instance-id: expected an instance id (i- and 8 or 17 hexadecimal digits)';
  test.each([
    ['another kind of id', { resources: [] }, { 'instance-id': 'vol-1234567890abcdef0' }, NOT_AN_ID],
    ['an id in upper case', { resources: [] }, { 'instance-id': 'I-1234567890ABCDEF0' }, NOT_AN_ID],
    ['an id of nine digits', { resources: [] }, { 'instance-id': 'i-123456789' }, NOT_AN_ID],
    ['an on-premises id', { resources: [] }, { 'instance-id': 'mi-1234567890abcdef0' }, NOT_AN_ID],
    ['two ids in one', { resources: [] }, { 'instance-id': 'i-12345678,i-12345679' }, NOT_AN_ID],
    ['a number for an id', { resources: [] }, { 'instance-id': 12345678 }, NOT_AN_ID],
    ['a list of ids', {}, { 'instance-id': ['i-1234567890abcdef0'] }, 'detail.instance-id: expected text'],
    ['no id anywhere', { resources: [] }, { 'instance-id': '' }, NOT_AN_ID],
    ['a wrong id beside an ARN with a right one', {}, { 'instance-id': 'i-xyz' }, NOT_AN_ID],
    [
      'a right id beside an ARN with a wrong one',
      { resources: ['arn:aws:ec2:us-east-1:123456789012:instance/web-1'] },
      {},
      NOT_AN_ID,
    ],
    [
      'another id than its ARN',
      {},
      { 'instance-id': 'i-0fedcba0987654321' },
      'detail.instance-id: the event names both i-0fedcba0987654321 and i-1234567890abcdef0',
    ],
    [
      'another account than its ARN',
      { account: '210987654321' },
      {},
      'account: the event names both 210987654321 and 123456789012',
    ],
    [
      'another Region than its ARN',
      { region: 'eu-west-1' },
      {},
      'region: the event names both eu-west-1 and us-east-1',
    ],
    ['an account of eleven digits', { account: '12345678901' }, {}, 'account: expected an account of 12 digits'],
    ['an account that is a fraction', { account: 1.5 }, {}, 'account: expected an account of 12 digits'],
    ['an account that is an object', { account: {} }, {}, 'account: expected text'],
    ['a Region that is none', { region: 'Tokyo' }, {}, 'region: expected a Region'],
  ])('%s', (_, top, detail, message) => {
    const error = refusal(changed(RUNNING, top, detail));
    expect(error.message).toBe(message);
    expect(error.path).toBe(message.slice(0, message.indexOf(':')));
  });
});
