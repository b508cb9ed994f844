import { describe, expect, test } from '@jest/globals';
import type { Instance } from '../../../domain/instance.ts';
import { seatKey } from '../../../domain/network/model.ts';
import type { Placement } from '../../../domain/seating/placements.ts';
import type { GroupFacts } from '../../../domain/seating/seats.ts';
import { seatsFor } from '../../../domain/seating/seats.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import { aClassicGroup, anAlb, anInstance, aTargetGroup } from '../../support/world/builders.ts';

const facts = (...groups: readonly TargetGroup[]): GroupFacts => ({
  targetGroups: new Map(groups.map((group) => [group.arn, group])),
  loadBalancers: new Map([[anAlb().arn, anAlb()]]),
  attachedTargetGroups: new Map(),
  lifecycleStates: new Map(),
});

const placed = (group: TargetGroup, instance: Instance = anInstance(), portOverride?: number): Placement => ({
  targetGroupArn: group.arn,
  instance,
  via: 'selector',
  portOverride,
});

/** The one seat's target, or the reasons why there is none. */
const outcome = (group: TargetGroup, instance?: Instance, portOverride?: number) => {
  const { seats, unseatable } = seatsFor([placed(group, instance, portOverride)], facts(group));
  return seats[0]?.seat.target ?? unseatable[0]?.findings.map(({ reason }) => reason);
};

const V6_ONLY = anInstance();
const withIpv6: Instance = {
  ...V6_ONLY,
  networkInterfaces: V6_ONLY.networkInterfaces.map((each) => ({ ...each, ipv6Addresses: ['2001:db8::1'] })),
};

describe('the exact target', () => {
  test('Given a group of instances, then the id and the group’s own port, with its balancer, interface and zone', () => {
    const group = aTargetGroup();
    const [desired] = seatsFor([placed(group)], facts(group)).seats;
    expect(desired).toMatchObject({
      owner: undefined,
      seat: {
        target: { id: 'i-00000001', port: 80 },
        loadBalancer: { name: 'web-alb' },
        instance: { instanceId: 'i-00000001', state: 'running', availabilityZone: 'ap-northeast-1a' },
        networkInterface: { networkInterfaceId: 'eni-00000001' },
      },
    });
    expect(desired && seatKey(desired.seat)).toBe(`${group.arn}|i-00000001:80`);
  });

  test('Given a group of addresses, then the primary address of the family asked for', () => {
    expect(outcome(aTargetGroup({ targetType: 'ip' }))).toEqual({ id: '10.0.1.1', port: 80 });
    const v6 = aTargetGroup({ targetType: 'ip', ipAddressType: 'ipv6' });
    expect(outcome(v6, withIpv6)).toEqual({ id: '2001:db8::1', port: 80 });
    expect(outcome(v6)).toEqual(['NoPrimaryAddress']);
  });

  test('Given an IPv6 group of instances, then the id, but only of an instance with an IPv6 address', () => {
    const v6 = aTargetGroup({ ipAddressType: 'ipv6' });
    expect(outcome(v6, withIpv6)).toEqual({ id: 'i-00000001', port: 80 });
    expect(outcome(v6)).toEqual(['NoPrimaryAddress']);
  });

  test('Given a group without a balancer, then there is a seat without one', () => {
    const group = aTargetGroup({ loadBalancerArns: [] });
    expect(seatsFor([placed(group)], facts(group)).seats[0]?.seat.loadBalancer).toBeUndefined();
    expect(outcome(group)).toEqual({ id: 'i-00000001', port: 80 });
  });
});

describe('the port', () => {
  const admitting = aTargetGroup({ tags: { 'usher:ports': '8080 9000-9010' } });

  test.each([
    ['admitted', admitting, 9005, { id: 'i-00000001', port: 9005 }],
    ['the group’s own, though not listed', admitting, 80, { id: 'i-00000001', port: 80 }],
    ['not asked for', admitting, undefined, { id: 'i-00000001', port: 80 }],
    ['not admitted', admitting, 22, ['PortNotAllowed']],
    ['not admitted by a group without the tag', aTargetGroup(), 8080, ['PortNotAllowed']],
    [
      'another than a tunnel’s, whatever the tag admits',
      aTargetGroup({ protocol: 'GENEVE', port: 6081, tags: { 'usher:ports': '6081 8080' } }),
      8080,
      ['PortNotAllowed'],
    ],
    [
      'asked of a tag that can’t be understood',
      aTargetGroup({ tags: { 'usher:ports': 'http' } }),
      8080,
      ['TagMalformed'],
    ],
    [
      'its own beside such a tag',
      aTargetGroup({ tags: { 'usher:ports': 'http' } }),
      undefined,
      { id: 'i-00000001', port: 80 },
    ],
  ])('Given a port that is %s, then the outcome is as written', (_, group, port, expected) => {
    expect(outcome(group, anInstance(), port)).toEqual(expected);
  });

  test('Given a port that is refused, then the finding says what would be admitted', () => {
    const { unseatable } = seatsFor([placed(admitting, anInstance(), 22)], facts(admitting));
    expect(unseatable[0]?.findings[0]?.evidence).toEqual({ port: '22', admitted: '8080 9000-9010' });
  });
});

describe('behind a Classic balancer', () => {
  const classic = aClassicGroup();

  test.each([
    ['no port', undefined],
    ['the port of a listener', 8080],
  ])(
    'Given %s is asked for, then the target has none: whatever becomes of the listeners, it stays the same',
    (_, port) => {
      expect(outcome(classic, anInstance(), port)).toEqual({ id: 'i-00000001', port: undefined });
      const { seats } = seatsFor([placed(classic, anInstance(), port)], facts(classic));
      expect(seats.map(({ seat }) => seatKey(seat))).toEqual([`${classic.arn}|i-00000001`]);
    },
  );

  test('Given a port that no listener sends to, then it is not seated, and the finding names those that there are', () => {
    const { seats, unseatable } = seatsFor([placed(classic, anInstance(), 80)], facts(classic));
    expect(seats).toEqual([]);
    expect(unseatable).toMatchObject([
      {
        port: undefined,
        findings: [{ reason: 'PortNotAllowed', evidence: { port: '80', listenerPorts: '2525 8080' } }],
      },
    ]);
  });

  test('Given the instance is in another VPC, then it is not seated', () => {
    expect(outcome(aClassicGroup({ vpcId: 'vpc-2' }))).toEqual(['WrongVpc']);
  });

  test('Given its Auto Scaling group is attached to the balancer, then the seat is left to it', () => {
    const instance = anInstance({ tags: { 'aws:autoscaling:groupName': 'asg-web' } });
    const attached = { ...facts(classic), attachedTargetGroups: new Map([['asg-web', [classic.arn]]]) };
    expect(seatsFor([placed(classic, instance)], attached).seats.map(({ owner }) => owner)).toEqual(['auto-scaling']);
  });
});

describe('what can’t be seated', () => {
  test.each([
    [
      'a lambda group',
      aTargetGroup({ targetType: 'lambda', port: undefined, protocol: undefined, vpcId: undefined }),
      ['WrongTargetType'],
    ],
    ['an alb group', aTargetGroup({ targetType: 'alb' }), ['WrongTargetType']],
    ['a group of another VPC', aTargetGroup({ vpcId: 'vpc-2' }), ['WrongVpc']],
    ['a QUIC group', aTargetGroup({ protocol: 'QUIC' }), ['QuicServerIdNeeded']],
    ['several at once', aTargetGroup({ vpcId: 'vpc-2', protocol: 'TCP_QUIC' }), ['WrongVpc', 'QuicServerIdNeeded']],
  ])('Given %s, then the findings are as written', (_, group, reasons) => {
    expect(outcome(group)).toEqual(reasons);
  });

  test('Given a group that is gone, then nothing is said of it', () => {
    expect(seatsFor([placed(aTargetGroup())], facts())).toEqual({ seats: [], unseatable: [] });
  });
});

test('Given a group attached to the instance’s Auto Scaling group, then the seat is left to it', () => {
  const group = aTargetGroup();
  const instance = anInstance({ tags: { 'aws:autoscaling:groupName': 'asg-web' } });
  const attached = { ...facts(group), attachedTargetGroups: new Map([['asg-web', [group.arn]]]) };
  expect(seatsFor([placed(group, instance)], attached).seats.map(({ owner }) => owner)).toEqual(['auto-scaling']);
});

test('Given placements in any order, then seats come in the order of their keys', () => {
  const [web, api] = [aTargetGroup(), aTargetGroup({ name: 'api' })];
  const two = anInstance({ instanceId: 'i-00000002' });
  const { seats } = seatsFor([placed(web, two), placed(web), placed(api)], facts(web, api));
  expect(seats.map(({ seat }) => `${seat.targetGroup.name} ${seat.target.id}`)).toEqual([
    'api i-00000001',
    'web i-00000001',
    'web i-00000002',
  ]);
});
