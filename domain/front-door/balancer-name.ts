import type { LoadBalancer } from '../load-balancer.ts';

/** `web-1234567890.ap-northeast-1.elb.amazonaws.com`, of a Network balancer `web-0a1b….elb.ap-northeast-1.amazonaws.com`. */
const OF_BALANCER = /\.elb\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/;

const plain = (dnsName: string): string => dnsName.toLowerCase().replace(/\.$/, '');

/** Whether a name in DNS is some balancer's own, whosever and wherever. */
export const isOfBalancer = (dnsName: string): boolean => OF_BALANCER.test(plain(dnsName));

/**
 * The balancer whose own name in DNS this is, or one below it: `dualstack.…` and those of single zones are the balancer's too.
 * A balancer's plain name tells nothing: another account, or another Region, may have one that is called the same.
 */
export const balancerOfName = (balancers: readonly LoadBalancer[], dnsName: string): LoadBalancer | undefined => {
  const asked = plain(dnsName);
  return balancers.find(({ dnsName: own }) => {
    const name = own === undefined ? undefined : plain(own);
    return name !== undefined && (asked === name || asked.endsWith(`.${name}`));
  });
};

/** The balancer whose interface describes itself so: `ELB app/web/0a1b`, as its ARN ends; of a Classic one `ELB web`. */
export const balancerOfInterface = (
  balancers: readonly LoadBalancer[],
  description: string,
): LoadBalancer | undefined => {
  const [, called] = /^ELB (\S+)$/.exec(description) ?? [];
  if (called === undefined) return undefined;
  return called.includes('/')
    ? balancers.find(({ arn }) => arn.endsWith(`:loadbalancer/${called}`))
    : balancers.find(({ kind, name }) => kind === 'classic' && name === called);
};
