/** One entry of a target group or a Classic balancer: an instance id or an IP address, and the port it answers on. */
export interface Target {
  /** Instance id, or IP address in groups of type `ip`. */
  readonly id: string;
  /**
   * Always given in a target group, because an entry made with a port can only be removed with it (facts 2.2). `undefined`
   * behind a Classic balancer, whose listeners say where its instances answer.
   */
  readonly port: number | undefined;
  /** `all` for an address outside the group's VPC; absent for instance ids. */
  readonly availabilityZone?: string;
}

/** Identity of a target within its group: what was registered, so that a Classic balancer's listeners are no part of it. */
export const targetKey = ({ id, port }: Target): string => (port === undefined ? id : `${id}:${port}`);

/** @see ELBv2 API reference, `TargetHealth.State` */
export type TargetState =
  | 'initial'
  | 'healthy'
  | 'unhealthy'
  | 'unhealthy.draining'
  | 'unused'
  | 'draining'
  | 'unavailable';

/** A registered target with the health its balancer sees. */
export interface TargetHealth {
  readonly target: Target;
  readonly state: TargetState;
  /** AWS's reason code such as `Target.Timeout`; absent when healthy. */
  readonly reason: string | undefined;
  readonly description: string | undefined;
}
