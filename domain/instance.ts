import type { Tags } from './tags.ts';
import { tagValue } from './tags.ts';

/** @see EC2 API reference, `InstanceState.Name` */
export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

/** An elastic network interface, as far as traffic to it is concerned. */
export interface NetworkInterface {
  readonly networkInterfaceId: string;
  /** Place on the instance; 0 on network card 0 is the primary one, the one that receives an instance target's traffic. */
  readonly deviceIndex: number | undefined;
  readonly networkCardIndex: number | undefined;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  /** Private IPv4 addresses, the primary one first. */
  readonly privateIpv4Addresses: readonly string[];
  readonly ipv6Addresses: readonly string[];
  /** Whether it has a public IPv4 address; absent = it was not told of one. */
  readonly hasPublicAddress?: true;
}

/** An EC2 instance as one read saw it. */
export interface Instance {
  readonly instanceId: string;
  readonly state: InstanceState;
  /** Moment of the last launch or start. */
  readonly launchedAt: Date;
  readonly imageId: string | undefined;
  /** Such as `m7g.large`; absent = it was not told of one. */
  readonly instanceType?: string;
  /** Absent on a terminated instance, which has lost its network. */
  readonly vpcId: string | undefined;
  readonly subnetId: string | undefined;
  readonly availabilityZone: string | undefined;
  readonly tags: Tags;
  readonly networkInterfaces: readonly NetworkInterface[];
  /** Whether EC2 drops what is neither from nor to its own addresses; absent = it does, as it does unless told otherwise. */
  readonly sourceDestinationCheck?: boolean;
}

/** What people call the instance: its `Name` tag, else its id. */
export const instanceName = (instance: Pick<Instance, 'instanceId' | 'tags'>): string =>
  tagValue(instance.tags, 'Name')?.trim() || instance.instanceId;

/** The interface that receives traffic of an instance target: device 0 of network card 0. @see ELB guide, "Target type" */
export const primaryInterface = (instance: Instance): NetworkInterface | undefined =>
  instance.networkInterfaces.find(
    ({ deviceIndex, networkCardIndex }) => deviceIndex === 0 && (networkCardIndex ?? 0) === 0,
  );

const INSTANCE_ID = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** Whether a text is the id of an EC2 instance (8 or 17 hexadecimal digits); nothing else is ever acted on. */
export const isInstanceId = (text: string): boolean => INSTANCE_ID.test(text);
