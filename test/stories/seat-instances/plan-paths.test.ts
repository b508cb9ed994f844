import { expect, test } from '@jest/globals';
import type { ProposedRule, Repair } from '../../../domain/network/model.ts';
import { rulesAsked } from '../../../stories/seat-instances/plan-paths.ts';
import { anAlb, aTargetGroup } from '../../support/world/builders.ts';

const rule = (cidr: string): ProposedRule => ({
  groupId: 'sg-web',
  vpcId: 'vpc-1',
  direction: 'ingress',
  protocol: 'tcp',
  port: 25,
  peer: { kind: 'cidr-ipv4', cidr },
  seats: [
    {
      targetGroup: aTargetGroup(),
      loadBalancer: anAlb(),
      target: { id: 'i-00000001', port: 25 },
      instance: undefined,
      networkInterface: undefined,
    },
  ],
});

const repairOf = (...cidrs: readonly string[]): Repair => ({ rules: cidrs.map(rule), proposals: [], findings: [] });

test.each([
  ['nothing is blocked', [], ['10.1.0.0/16'], ['10.1.0.0/16']],
  ['both go together', ['10.0.1.7/32'], ['10.0.1.7/32', '10.1.0.0/16'], ['10.0.1.7/32', '10.1.0.0/16']],
  ['they take the room of what is blocked', ['10.0.1.7/32'], ['10.1.0.0/16'], ['10.0.1.7/32']],
] as const)(
  'Given rules that are to stand in the place of others, when %s, then what is blocked comes first',
  (_, blocked, besides, asked) => {
    const peers = rulesAsked(repairOf(...blocked), repairOf(...besides)).map(({ peer }) => peer);
    expect(peers).toEqual(asked.map((cidr) => ({ kind: 'cidr-ipv4', cidr })));
  },
);
