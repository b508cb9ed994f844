import { readerOfBoth, writerOfBoth } from './both-generations.ts';
import { classicAsTargetGroups } from './classic-load-balancing/as-target-groups.ts';
import { classicLoadBalancingClient } from './classic-load-balancing/client.ts';
import { classicLoadBalancingReader } from './classic-load-balancing/reader.ts';
import { classicLoadBalancingWriter } from './classic-load-balancing/writer.ts';
import { ec2Client } from './ec2/client.ts';
import { ec2Reader } from './ec2/reader.ts';
import { loadBalancingClient } from './elastic-load-balancing/client.ts';
import type { LoadBalancingReader, LoadBalancingWriter } from './elastic-load-balancing/port.ts';
import { loadBalancingReader } from './elastic-load-balancing/reader.ts';
import { loadBalancingWriter } from './elastic-load-balancing/writer.ts';

/** The process's reader of target groups and Classic balancers alike. */
export const everyBalancerReader = (): LoadBalancingReader =>
  readerOfBoth(
    loadBalancingReader(loadBalancingClient()),
    classicAsTargetGroups(classicLoadBalancingReader(classicLoadBalancingClient()), ec2Reader(ec2Client())),
  );

/** The process's writer to target groups and Classic balancers alike. */
export const everyBalancerWriter = (): LoadBalancingWriter =>
  writerOfBoth(
    loadBalancingWriter(loadBalancingClient()),
    classicLoadBalancingWriter(classicLoadBalancingClient(), classicLoadBalancingReader(classicLoadBalancingClient())),
  );
