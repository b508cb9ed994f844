import { describe } from '@jest/globals';
import { surroundingsContract } from '../contracts/surroundings-contract.ts';
import { anAlb, VPC } from './builders.ts';
import { aWorld } from './world.ts';

describe('What surrounds a balancer in memory', () => {
  surroundingsContract(async () => ({
    ec2: aWorld().ports.ec2,
    loadBalancer: anAlb(),
    vpcId: VPC,
    cidr: '10.0.0.0/16',
  }));
});
