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
import { isPublicAddress } from '../../internet/addresses.ts';
import { aliasesOf } from '../../internet/dns/aliases.ts';
import { httpProbe } from '../../internet/http/probe.ts';
import { tlsProbe } from '../../internet/tls/probe.ts';
import type { Examination } from '../../stories/doctor/story.ts';
import { examineSaid } from '../../stories/doctor/story.ts';
import type { Surroundings } from '../../stories/log.ts';

const LOOPBACK = '127.0.0.1';

export interface ExaminingPlace {
  readonly stage: Stage;
  readonly table: Table;
  /** Where stand-ins on this machine take the place of what is asked. */
  readonly isLocal: boolean;
}

/** For each request, and for each handshake: with all that may follow each other an order stays within its time. */
const TIMEOUT_MILLISECONDS = 5_000;

/** Looks into what a person named. In a file of its own, which is loaded when somebody asks. */
export const examine = (
  surroundings: Surroundings,
  { stage, table, isLocal }: ExaminingPlace,
  said: string,
): Promise<Examination> => {
  const mayConnectTo = (address: string): boolean => isPublicAddress(address) || (isLocal && address === LOOPBACK);
  const fleet = everyBalancerFleetReader(stage);
  return examineSaid(
    {
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
      http: httpProbe({ mayConnectTo, timeoutMilliseconds: TIMEOUT_MILLISECONDS }),
      tls: tlsProbe({ mayConnectTo, timeoutMilliseconds: TIMEOUT_MILLISECONDS }),
      aliasesOf: aliasesOf(),
    },
    said,
  );
};
