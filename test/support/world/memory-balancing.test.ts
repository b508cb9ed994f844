import { describe } from '@jest/globals';
import type { BalancingPlace } from '../contracts/balancing-contract.ts';
import { balancingContract } from '../contracts/balancing-contract.ts';
import {
  aClassicBalancer,
  aClassicGroup,
  anAlb,
  anInstance,
  aTargetGroup,
  classicArn,
  targetGroupArn,
} from './builders.ts';
import { aWorld } from './world.ts';

const IDS = ['i-00000001', 'i-00000002'] as const;

const aPlace = (arn: string, goneArn: string, port: number | undefined): BalancingPlace => {
  const world = aWorld({
    targetGroups: [aTargetGroup(), aClassicGroup()],
    loadBalancers: [anAlb(), aClassicBalancer()],
    instances: IDS.map((instanceId) => anInstance({ instanceId })),
  });
  return {
    loadBalancing: world.ports.loadBalancing,
    arn,
    goneArn,
    targets: [
      { id: IDS[0], port },
      { id: IDS[1], port },
    ],
    stranger: { id: 'i-00000009', port },
  };
};

describe('A target group in memory', () => {
  balancingContract(async () => aPlace(targetGroupArn('web'), targetGroupArn('gone'), 8080));
});

describe('A Classic balancer in memory', () => {
  balancingContract(async () => aPlace(classicArn('old-web'), classicArn('gone'), undefined));
});
