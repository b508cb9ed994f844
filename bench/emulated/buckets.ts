/** A token bucket of AWS: full at first, a token for each call, so many back each second. */
export interface Bucket {
  readonly name: string;
  readonly size: number;
  readonly perSecond: number;
  readonly takes: (call: TimedCall) => boolean;
}

export interface TimedCall {
  readonly service: string;
  readonly action: string;
  readonly at: Date;
}

const isRead = ({ action }: TimedCall): boolean => /^(Describe|Get|List)/.test(action);

/** Facts 2.6; where AWS's page contradicts itself, the narrower one; one bucket for a category, though EC2 has one a call. */
export const BUCKETS: readonly Bucket[] = [
  { name: 'ELB, every call', size: 40, perSecond: 10, takes: ({ service }) => service === 'elbv2' },
  {
    name: 'ELB registrations',
    size: 20,
    perSecond: 4,
    takes: ({ action }) => action === 'RegisterTargets' || action === 'DeregisterTargets',
  },
  { name: 'EC2 reads', size: 100, perSecond: 20, takes: (call) => call.service === 'ec2' && isRead(call) },
  { name: 'EC2 rules', size: 50, perSecond: 5, takes: ({ action }) => /^(Authorize|Revoke)SecurityGroup/.test(action) },
];

/** The fewest tokens that were left; below zero, AWS would have refused a call. */
export const fewestLeft = ({ size, perSecond, takes }: Bucket, calls: readonly TimedCall[]): number => {
  let [tokens, fewest, last] = [size, size, 0];
  for (const call of calls.filter(takes).toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const at = call.at.getTime();
    tokens = Math.min(size, last === 0 ? size : tokens + ((at - last) / 1000) * perSecond) - 1;
    last = at;
    fewest = Math.min(fewest, tokens);
  }
  return fewest;
};
