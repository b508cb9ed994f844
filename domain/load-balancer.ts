/** Kind of a balancer in our words; ELBv2's `Type` and Classic. */
export type LoadBalancerKind = 'application' | 'network' | 'gateway' | 'classic';

/** One zone a balancer is enabled in, with the subnet its node stands in. */
export interface EnabledZone {
  readonly availabilityZone: string;
  readonly subnetId: string;
}

/** A load balancer as one read saw it. */
export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly kind: LoadBalancerKind;
  /** Its own name in DNS, as AWS writes it; absent where AWS names none. */
  readonly dnsName?: string;
  readonly scheme: 'internet-facing' | 'internal' | undefined;
  readonly vpcId: string | undefined;
  readonly securityGroupIds: readonly string[];
  readonly zones: readonly EnabledZone[];
  readonly ipAddressType: 'ipv4' | 'dualstack' | 'dualstack-without-public-ipv4';
  /**
   * Of a network one: whether UDP leaves it for IPv6 targets from a prefix of each subnet instead of its interfaces' addresses;
   * absent = it does not. @see ELBv2 API reference, `LoadBalancer.EnablePrefixForIpv6SourceNat`
   */
  readonly hasSourceNatPrefixes?: true;
  /**
   * Of a network one with security groups: whether clients who come through PrivateLink are let in whatever its inbound rules
   * say; absent = they obey the rules. @see ELBv2 API reference, `LoadBalancer.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic`
   */
  readonly admitsPrivateLink?: true;
}
