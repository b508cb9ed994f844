import { runningRefreshReader } from '../../aws/auto-scaling/refresh-reader.ts';
import { cloudFrontClient } from '../../aws/cloudfront/client.ts';
import { frontReader } from '../../aws/cloudfront/front-reader.ts';
import { cloudFrontReader } from '../../aws/cloudfront/reader.ts';
import { ec2Client } from '../../aws/ec2/client.ts';
import { fleetReader } from '../../aws/ec2/fleet-reader.ts';
import { publicAddressReader } from '../../aws/ec2/public-address-reader.ts';
import { ec2Reader } from '../../aws/ec2/reader.ts';
import { statusReader } from '../../aws/ec2/status-reader.ts';
import {
  everyBalancerFleetReader,
  everyBalancerReader,
  everyBalancerSettingsReader,
} from '../../aws/every-balancer.ts';
import { stateIn } from '../../aws/state/dynamo-state.ts';
import type { Table } from '../../aws/state/table.ts';
import type { Stage } from '../../domain/stage.ts';
import type { DoctorPorts } from '../../stories/doctor/ports.ts';
import type { Surroundings } from '../../stories/log.ts';

/** What looking into something reads of AWS and of Usher's own table. */
export const lookingPorts = (
  surroundings: Surroundings,
  stage: Stage,
  table: Table,
): Omit<DoctorPorts, 'http' | 'tls' | 'aliasesOf' | 'inTime'> => {
  const fleet = everyBalancerFleetReader(stage);
  return {
    ...surroundings,
    ...stateIn(table),
    stage,
    ec2: ec2Reader(ec2Client()),
    statuses: statusReader(),
    loadBalancing: everyBalancerReader(),
    settings: everyBalancerSettingsReader(),
    tags: fleet,
    runningRefreshes: runningRefreshReader(surroundings.now),
    cloudFront: cloudFrontReader(cloudFrontClient()),
    fronts: frontReader(cloudFrontClient()),
    fleet: fleetReader(ec2Client()),
    balancingFleet: fleet,
    addresses: publicAddressReader(ec2Client()),
  };
};
