import { describe, expect, test } from '@jest/globals';
import { coversPort, portsFor, portsText } from '../../../domain/network/ports.ts';

const opening = (protocol: string, fromPort?: number, toPort?: number) => ({ protocol, fromPort, toPort });

describe('Given a rule, when a flow of TCP to port 80 is held against it', () => {
  test.each([
    [opening('tcp', 80, 80), true],
    [opening('tcp', 79, 81), true],
    [opening('tcp', 0, 65_535), true],
    [opening('tcp', -1, -1), true],
    [opening('tcp'), true],
    [opening('6', 80, 80), true],
    [opening('TCP', 80, 80), true],
    [opening('-1'), true],
    [opening('-1', 22, 22), true], // every protocol opens every port, whatever From and To say (facts 3.3)
    [opening('all'), true],
    [opening('tcp', 81, 90), false],
    [opening('tcp', 443, 443), false],
    [opening('udp', 80, 80), false],
    [opening('17', 80, 80), false],
    [opening('icmp', -1, -1), false],
    [opening('icmpv6', -1, -1), false],
    [opening('50'), false],
    [opening(''), false],
  ])('then %p covers it: %p', (rule, covered) => {
    expect(coversPort(rule, 'tcp', 80)).toBe(covered);
  });
});

test('Given a rule of UDP, when a flow of UDP is held against it, then its ports are the rule’s', () => {
  expect(portsFor(opening('17', 6_081, 6_081), 'udp')).toEqual({ first: 6_081, last: 6_081 });
  expect(portsFor(opening('udp', 1, 9), 'tcp')).toBeUndefined();
});

test('Given ports, when they are shown, then one port is one number', () => {
  expect(portsText({ first: 80, last: 80 })).toBe('80');
  expect(portsText({ first: 1_024, last: 65_535 })).toBe('1024-65535');
});
