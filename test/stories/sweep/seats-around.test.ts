import { describe, expect, test } from '@jest/globals';
import { anAlb, aTargetGroup, loadBalancerArn } from '../../support/world/builders.ts';
import { aClosableSite } from '../close-rules/closing.ts';

describe('Given a balancer of another VPC that sends to addresses, when a rule open to the world may go', () => {
  const AFAR = aTargetGroup({
    name: 'afar',
    targetType: 'ip',
    vpcId: 'vpc-2',
    tags: {},
    loadBalancerArns: [loadBalancerArn('afar-alb')],
  });
  const siteSendingTo = (address: string) => {
    const site = aClosableSite();
    const balancer = anAlb({ name: 'afar-alb', vpcId: 'vpc-2' });
    site.world.balancing.loadBalancers.set(balancer.arn, balancer);
    site.world.balancing.targetGroups.set(AFAR.arn, AFAR);
    site.world.balancing.registered.set(AFAR.arn, [
      { target: { id: address, port: 80, availabilityZone: 'all' }, at: new Date(0), drainingUntil: undefined },
    ]);
    return site;
  };

  test('then it stays for an instance whose address is a target there, for nobody can tell what that needs', async () => {
    const { close, ingressIds, proposals } = siteSendingTo('10.0.1.1');
    await close();
    expect(ingressIds()).toContain('sgr-world');
    expect(proposals()).toEqual([]);
  });

  test('then an address that nobody wears here keeps nothing', async () => {
    const { close, ingressIds } = siteSendingTo('10.9.9.9');
    await close();
    expect(ingressIds()).toEqual(['sgr-alb']);
  });
});
