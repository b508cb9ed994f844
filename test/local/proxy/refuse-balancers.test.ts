import { describe, expect, test } from '@jest/globals';
import {
  refuseFewerSubnets,
  refuseFirstGroups,
  refuseGenevePort,
  refuseGroupsOfGateway,
  refuseUnfitGroup,
  refuseUnfitSubnets,
} from '../../../local/proxy/refuse-balancers.ts';

const subnet = (id: string, zone: string, vpcId = 'vpc-1') => ({
  id,
  vpcId,
  zone,
  cidr: '10.0.0.0/24',
  ipv6Cidrs: [],
  ownerId: '123456789012',
});
const subnets = [subnet('a1', '1a'), subnet('a2', '1a'), subnet('c1', '1c'), subnet('d1', '1d', 'vpc-2')];
const refusedSubnets = (type: string, ids: readonly string[]) => () => refuseUnfitSubnets(type, ids, subnets);

describe('Subnets of a new balancer', () => {
  test('Given one a zone, then they are taken; an ALB needs two, an NLB and a GWLB one', () => {
    expect(refusedSubnets('application', ['a1', 'c1'])).not.toThrow();
    expect(refusedSubnets('network', ['a1'])).not.toThrow();
    expect(refusedSubnets('gateway', ['c1'])).not.toThrow();
    expect(refusedSubnets('application', ['a1'])).toThrow('At least two subnets in two different Availability Zones');
  });
  test('Given two in one zone, or in two VPCs, then they are refused', () => {
    expect(refusedSubnets('network', ['a1', 'a2'])).toThrow('multiple subnets in the same Availability Zone');
    expect(refusedSubnets('gateway', ['a1', 'd1'])).toThrow('same VPC');
  });
  test('Given one that nobody knows, then the emulator is to say so', () => {
    expect(refusedSubnets('application', ['a1', 'nowhere'])).not.toThrow();
  });
  test('Given a GWLB, when one would be taken away, then it is refused; more may come', () => {
    expect(() => refuseFewerSubnets('gateway', ['a1', 'c1'], ['a1'])).toThrow('cannot remove');
    expect(() => refuseFewerSubnets('gateway', ['a1'], ['a1', 'c1'])).not.toThrow();
    expect(() => refuseFewerSubnets('network', ['a1', 'c1'], ['a1'])).not.toThrow();
  });
});

describe('Security groups of a balancer', () => {
  test('Given an NLB made without any, when it is to get one, then it is refused; one made with some may change them', () => {
    expect(() => refuseFirstGroups('network', [])).toThrow('which was created without any security groups');
    expect(() => refuseFirstGroups('network', ['sg-1'])).not.toThrow();
    expect(() => refuseFirstGroups('application', [])).not.toThrow();
  });
  test('Given a GWLB, then it never has any', () => {
    expect(() => refuseGroupsOfGateway('gateway', ['sg-1'])).toThrow("type 'gateway'");
    expect(() => refuseGroupsOfGateway('gateway', [])).not.toThrow();
    expect(() => refuseGroupsOfGateway('network', ['sg-1'])).not.toThrow();
  });
});

describe('Target groups of a balancer', () => {
  const group = { arn: 'arn:targets', type: 'instance', protocol: 'TCP', vpcId: 'vpc-1' };
  const refused = (kind: string, changes: Partial<typeof group> = {}) => {
    return () => refuseUnfitGroup({ kind, vpcId: 'vpc-1' }, { ...group, ...changes });
  };
  test.each([
    ['application', 'HTTP'],
    ['network', 'TCP_UDP'],
    ['gateway', 'GENEVE'],
  ])('Given a balancer of type %s, then it forwards to %s and to none of the others’', (kind, protocol) => {
    for (const other of ['HTTP', 'TCP_UDP', 'GENEVE']) {
      if (other === protocol) expect(refused(kind, { protocol: other })).not.toThrow();
      else expect(refused(kind, { protocol: other })).toThrow(`with protocol '${other}' is not supported`);
    }
  });
  test('Given a group of another VPC, then it is refused; what isn’t instances or addresses is not looked at', () => {
    expect(refused('network', { vpcId: 'vpc-2' })).toThrow('in a different VPC');
    expect(refused('application', { type: 'lambda', protocol: '' })).not.toThrow();
  });
  test('Given appliances, then their port is 6081 or none is said', () => {
    expect(() => refuseGenevePort('GENEVE', '6081')).not.toThrow();
    expect(() => refuseGenevePort('TCP', '80')).not.toThrow();
    expect(() => refuseGenevePort('GENEVE', '80')).toThrow('must be 6081');
  });
});
