import { describe, expect, test } from '@jest/globals';
import { broaderRules } from '../../../domain/closing/plan.ts';
import type { Seat, SecurityGroupRule } from '../../../domain/network/model.ts';
import { NOTHING_READ } from '../../../domain/network/model.ts';
import { anAlb, anInstance, aRule, aStage, aTargetGroup } from '../../support/world/builders.ts';

const instance = anInstance();

const seatNaming = (clients: string): Seat => ({
  targetGroup: aTargetGroup({ protocol: 'TCP', tags: { 'usher:client-cidrs': clients } }),
  loadBalancer: anAlb({ kind: 'network', securityGroupIds: [] }),
  target: { id: instance.instanceId, port: 80 },
  instance,
  networkInterface: instance.networkInterfaces[0],
});

const from = (cidr: string): SecurityGroupRule =>
  aRule({
    ruleId: cidr,
    groupId: 'sg-web',
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 80,
    toPort: 80,
    peer: { kind: 'cidr-ipv4', cidr },
  });

const broaderBeside = (clients: string): readonly string[] =>
  broaderRules(
    {
      stage: aStage(),
      putBack: new Set(),
      rules: ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16'].map(from),
      network: NOTHING_READ,
      balancerGroupIds: new Set(),
      group: { groupId: 'sg-web' },
    },
    [seatNaming(clients)],
  ).map(({ rule }) => rule.ruleId);

describe('Given rules for blocks of addresses, and clients that a tag names, then broader than those are', () => {
  test.each([
    ['all but the very block', '10.1.0.0/16', ['0.0.0.0/0', '10.0.0.0/8', '10.2.0.0/16']],
    ['none of several that it names, however it writes them', '10.0.0.1/8  10.1.0.0/16', ['0.0.0.0/0', '10.2.0.0/16']],
    ['none, where nobody knows what it means', '10.1.0.0/16, 10.2.0.0/16', []],
  ] as const)('%s', (_, clients, broader) => {
    expect(broaderBeside(clients)).toEqual(broader);
  });
});
