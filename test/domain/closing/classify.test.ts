import { describe, expect, test } from '@jest/globals';
import { classify, peerKey, ruleShape } from '../../../domain/closing/classify.ts';
import { splitOf } from '../../../domain/closing/split.ts';
import type { RulePeer, SecurityGroupRule } from '../../../domain/network/model.ts';

const rule = (parts: Partial<SecurityGroupRule> = {}): SecurityGroupRule => ({
  ruleId: 'sgr-1',
  groupId: 'sg-web',
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
  description: undefined,
  tags: {},
  ...parts,
});

const ASKED = [
  { protocol: 'tcp', port: 80 },
  { protocol: 'tcp', port: 8081 },
] as const;
const RIGHTFUL = new Set(['sg-alb', peerKey({ kind: 'cidr-ipv4', cidr: '10.0.1.7/32' })]);

const said = (parts: Partial<SecurityGroupRule>): readonly [string, string] | undefined => {
  const found = classify(rule(parts), ASKED, RIGHTFUL);
  return found && [found.extent, found.source];
};

const WORLD: RulePeer = { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' };
const WORLD_V6: RulePeer = { kind: 'cidr-ipv6', cidr: '::/0' };
const OFFICE: RulePeer = { kind: 'cidr-ipv4', cidr: '203.0.113.0/24' };
const HOST: RulePeer = { kind: 'cidr-ipv4', cidr: '203.0.113.9/32' };
const LIST: RulePeer = { kind: 'prefix-list', prefixListId: 'pl-1' };
const OTHERS: RulePeer = { kind: 'security-group', groupId: 'sg-bastion' };
const ALB: RulePeer = { kind: 'security-group', groupId: 'sg-alb' };
const NODE: RulePeer = { kind: 'cidr-ipv4', cidr: '10.0.1.7/32' };

describe('Whom a rule lets in, and to how much', () => {
  test.each([
    [{ peer: WORLD }, ['this-port', 'world']],
    [{ peer: WORLD_V6 }, ['this-port', 'world']],
    [{ peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/1' } as const }, ['this-port', 'cidr']],
    [{ peer: OFFICE }, ['this-port', 'cidr']],
    [{ peer: HOST }, ['this-port', 'single-host']],
    [{ peer: LIST }, ['this-port', 'prefix-list']],
    [{ peer: OTHERS }, ['this-port', 'group']],
    [{ fromPort: 8081, toPort: 8081 }, ['this-port', 'world']],
    [{ fromPort: 80, toPort: 443 }, ['wider-range', 'world']],
    [{ fromPort: 0, toPort: 65_535, peer: OFFICE }, ['all-ports', 'cidr']],
    [{ protocol: '6', fromPort: undefined, toPort: undefined, peer: HOST }, ['all-ports', 'single-host']],
    [{ protocol: '-1', fromPort: undefined, toPort: undefined, peer: OTHERS }, ['all-traffic', 'group']],
    [{ protocol: '-1', fromPort: undefined, toPort: undefined, peer: ALB }, ['all-traffic', 'balancer']],
    [{ fromPort: 0, toPort: 65_535, peer: ALB }, ['all-ports', 'balancer']],
    [{ fromPort: 80, toPort: 90, peer: NODE }, ['wider-range', 'balancer']],
  ] as const)('%j', (parts, expected) => {
    expect(said(parts)).toEqual(expected);
  });

  test.each([
    ['the balancer’s own group on the port', { peer: ALB }],
    ['the balancer’s own address on the port', { peer: NODE }],
    ['ssh', { fromPort: 22, toPort: 22 }],
    ['UDP on the same port', { protocol: 'udp' }],
    ['echo', { protocol: 'icmp', fromPort: 8, toPort: -1 }],
    ['path MTU discovery', { protocol: 'icmp', fromPort: 3, toPort: 4 }],
    ['all of ICMPv6', { protocol: 'icmpv6', fromPort: -1, toPort: -1, peer: WORLD_V6 }],
    ['a rule outward', { direction: 'egress' as const }],
  ])('%s is not broader', (_, parts) => {
    expect(said(parts)).toBeUndefined();
  });

  test('a range for the balancer that holds only what it asks on is not broader', () => {
    const asked = [
      { protocol: 'tcp', port: 80 },
      { protocol: 'tcp', port: 81 },
    ] as const;
    expect(classify(rule({ fromPort: 80, toPort: 81, peer: ALB }), asked, RIGHTFUL)).toBeUndefined();
  });

  test('a rule put back has the shape it had, however its block is written', () => {
    expect(ruleShape(rule({ ruleId: 'sgr-2', peer: { kind: 'cidr-ipv4', cidr: '203.0.113.9/24' } }))).toBe(
      ruleShape(rule({ peer: OFFICE })),
    );
    expect(ruleShape(rule({ peer: WORLD }))).not.toBe(ruleShape(rule({ peer: WORLD_V6 })));
  });
});

describe('What stands in the place of a rule that covers other ports', () => {
  const split = (parts: Partial<SecurityGroupRule>): readonly string[] => {
    const broader = classify(rule(parts), ASKED, RIGHTFUL);
    if (broader === undefined) throw new Error('not broader');
    return splitOf(broader).map(({ protocol, fromPort, toPort }) => `${protocol} ${fromPort}-${toPort}`);
  };

  test.each([
    [{ fromPort: 80, toPort: 443 }, ['tcp 81-443']],
    [{ fromPort: 22, toPort: 80 }, ['tcp 22-79']],
    [{ fromPort: 0, toPort: 65_535 }, ['tcp 0-79', 'tcp 81-8080', 'tcp 8082-65535']],
    [
      { protocol: '-1', fromPort: undefined, toPort: undefined },
      ['tcp 0-79', 'tcp 81-8080', 'tcp 8082-65535', 'udp 0-65535', 'icmp -1--1'],
    ],
    [{ protocol: '-1', fromPort: undefined, toPort: undefined, peer: ALB }, ['tcp 80-80', 'tcp 8081-8081']],
  ] as const)('%j', (parts, expected) => {
    expect(split(parts)).toEqual(expected);
  });
});
