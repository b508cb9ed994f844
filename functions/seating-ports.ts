import { autoScalingClient } from '../aws/auto-scaling/client.ts';
import { autoScalingReader } from '../aws/auto-scaling/reader.ts';
import { ec2Client } from '../aws/ec2/client.ts';
import { ec2Reader } from '../aws/ec2/reader.ts';
import { ec2Writer } from '../aws/ec2/writer.ts';
import { everyBalancerReader, everyBalancerWriter } from '../aws/every-balancer.ts';
import { stateIn } from '../aws/state/dynamo-state.ts';
import type { Table } from '../aws/state/table.ts';
import { taggingClient } from '../aws/tagging/client.ts';
import { taggingReader } from '../aws/tagging/reader.ts';

/** What every function that seats instances or takes them out reads and writes of AWS, and of Usher's own table. */
export const seatingPorts = (table: Table) => ({
  ...stateIn(table),
  ec2: { ...ec2Reader(ec2Client()), ...ec2Writer(ec2Client()) },
  loadBalancing: { ...everyBalancerReader(), ...everyBalancerWriter() },
  tagging: taggingReader(taggingClient()),
  autoScaling: autoScalingReader(autoScalingClient()),
});
