import { CreateLoadBalancerCommand, ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { CreateListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { readerOfBoth, writerOfBoth } from '../../../aws/both-generations.ts';
import { classicAsTargetGroups } from '../../../aws/classic-load-balancing/as-target-groups.ts';
import { classicLoadBalancingReader } from '../../../aws/classic-load-balancing/reader.ts';
import { classicLoadBalancingWriter } from '../../../aws/classic-load-balancing/writer.ts';
import { ec2Reader } from '../../../aws/ec2/reader.ts';
import { loadBalancingReader } from '../../../aws/elastic-load-balancing/reader.ts';
import { loadBalancingWriter } from '../../../aws/elastic-load-balancing/writer.ts';
import { classicArnOf } from '../../../domain/classic-load-balancer.ts';
import type { BalancingPlace } from '../../support/contracts/balancing-contract.ts';
import { balancingContract } from '../../support/contracts/balancing-contract.ts';
import type { BehindProxy } from '../proxy/behind-proxy.ts';
import { clientSettings, REGION, startBehindProxy } from '../proxy/behind-proxy.ts';
import type { Site } from '../proxy/world.ts';
import { freshName, launchRunning, makeSite, makeTargetGroup } from '../proxy/world.ts';

const IN_MOTO = { region: REGION, account: '123456789012' };

let at: BehindProxy;
let classic: ElasticLoadBalancingClient;
let site: Site;
let ids: readonly [string, string];
let listeners = 0;

beforeAll(async () => {
  at = await startBehindProxy();
  classic = new ElasticLoadBalancingClient(clientSettings(at.proxy.url));
  site = await makeSite(at.ec2, at.elb);
  ids = [
    await launchRunning(at.ec2, site.subnetIds[0], site.webGroupId),
    await launchRunning(at.ec2, site.subnetIds[1], site.webGroupId),
  ];
}, 120_000);
afterAll(async () => {
  classic.destroy();
  await at.stop();
});

const placeAt = (arn: string, goneArn: string, port: number | undefined): BalancingPlace => {
  const reader = classicLoadBalancingReader(classic);
  return {
    loadBalancing: {
      ...readerOfBoth(loadBalancingReader(at.elb), classicAsTargetGroups(reader, ec2Reader(at.ec2))),
      ...writerOfBoth(loadBalancingWriter(at.elb), classicLoadBalancingWriter(classic, reader)),
    },
    arn,
    goneArn,
    targets: [
      { id: ids[0], port },
      { id: ids[1], port },
    ],
    stranger: { id: 'i-0123456789abcdef0', port },
  };
};

describe('A target group behind the proxy', () => {
  balancingContract(async () => {
    const arn = await makeTargetGroup(at.elb, { Protocol: 'HTTP', Port: 80, VpcId: site.vpcId });
    listeners += 1;
    await at.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: site.balancerArn,
        Protocol: 'HTTP',
        Port: 8000 + listeners,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
      }),
    );
    return placeAt(arn, arn.replace(/targetgroup\/[^/]+/, 'targetgroup/gone'), 8080);
  });
});

describe('A Classic balancer behind the proxy', () => {
  balancingContract(async () => {
    const name = freshName('classic');
    await classic.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: name,
        Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 8080 }],
        Subnets: [...site.subnetIds],
        SecurityGroups: [site.balancerGroupId],
      }),
    );
    return placeAt(classicArnOf(name, IN_MOTO), classicArnOf('gone', IN_MOTO), undefined);
  });
});
