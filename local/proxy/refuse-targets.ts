import { contains, isAddress } from './addresses.ts';
import { Refusal } from './protocol.ts';
import type { GroupRow } from './world.ts';

/** A target as a call to register or deregister names it. */
export interface AskedTarget {
  readonly id: string;
  readonly port: number | undefined;
  readonly zone: string | undefined;
}

/** What registering needs to know of an instance; `state` is the one that clients see. */
export interface KnownInstance {
  readonly id: string;
  readonly vpcId: string;
  readonly state: string;
}

const quoted = (ids: readonly string[]): string => ids.map((id) => `'${id}'`).join(', ');

const refuseWrongKind = (group: GroupRow, targets: readonly AskedTarget[]): void => {
  for (const { id, zone } of targets) {
    if (group.type === 'instance' && !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) {
      throw new Refusal('ValidationError', `Instance ID '${id}' is not valid`);
    }
    if (group.type === 'instance' && zone !== undefined) {
      throw new Refusal('ValidationError', 'You cannot specify an Availability Zone for targets of type instance');
    }
    if (group.type === 'ip' && !isAddress(id)) throw new Refusal('ValidationError', `IP address '${id}' is not valid`);
  }
};

const refuseWrongPort = (group: GroupRow, targets: readonly AskedTarget[]): void => {
  for (const { port } of targets) {
    if (port === undefined) continue;
    if (group.protocol === 'GENEVE' && port !== 6081) {
      throw new Refusal(
        'ValidationError',
        `Port '${port}' is not valid for a target group with protocol 'GENEVE': it must be 6081`,
      );
    }
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Refusal(
        'ValidationError',
        `1 validation error detected: Value '${port}' at 'targets.port' failed to satisfy constraint: Member must be between 1 and 65535`,
      );
    }
  }
};

/** @throws {Refusal} for what can be seen in the call itself */
export const refuseMalformedTargets = (group: GroupRow, targets: readonly AskedTarget[]): void => {
  refuseWrongKind(group, targets);
  refuseWrongPort(group, targets);
};

/** @throws {Refusal} naming every offender of the first kind found: one is enough to sink the whole call (facts 2.2) */
export const refuseUnfitInstances = (
  group: GroupRow,
  targets: readonly AskedTarget[],
  instances: readonly KnownInstance[],
): void => {
  const ids = [...new Set(targets.map(({ id }) => id))];
  const known = new Map(instances.map((instance) => [instance.id, instance]));
  const refuse = (offends: (instance: KnownInstance | undefined) => boolean, words: string): void => {
    const offenders = ids.filter((id) => offends(known.get(id)));
    if (offenders.length > 0)
      throw new Refusal('InvalidTarget', `The following targets are ${words}: ${quoted(offenders)}`);
  };
  refuse((instance) => instance === undefined, 'not valid instances');
  refuse((instance) => instance?.vpcId !== group.vpcId, `not in the target group VPC '${group.vpcId}'`);
  refuse((instance) => instance?.state !== 'running', 'not in a running state and cannot be registered');
};

/** Ranges from which addresses outside the VPC may come (ELB user guide, target type `ip`). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** @throws {Refusal} for addresses that no load balancer may send to */
export const refuseUnfitAddresses = (targets: readonly AskedTarget[], subnetCidrs: readonly string[]): void => {
  for (const { id, zone } of targets) {
    if (subnetCidrs.some((cidr) => contains(cidr, id))) continue;
    if (!PRIVATE.some((cidr) => contains(cidr, id))) {
      throw new Refusal('ValidationError', `The IP address '${id}' is not within a range of allowed IP addresses`);
    }
    if (zone !== 'all') {
      throw new Refusal(
        'ValidationError',
        `You must specify the Availability Zone 'all' for the IP address '${id}', which is outside the VPC`,
      );
    }
  }
};

/** @throws {Refusal} when the group would hold more than it may */
export const refuseTooMany = (present: number, limit: number): void => {
  if (present <= limit) return;
  throw new Refusal('TooManyTargets', `The maximum number of targets per target group (${limit}) has been reached`);
};
