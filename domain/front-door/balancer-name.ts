/** `web-alb-1234567890.ap-northeast-1.elb.amazonaws.com`, an Application or Classic balancer's. */
const BEFORE_REGION = /^(?:dualstack\.)?(?:internal-)?(.+)-\d+\.[a-z0-9-]+\.elb\.amazonaws\.com(?:\.cn)?$/;
/** `web-nlb-0a1b2c3d4e5f6a7b.elb.ap-northeast-1.amazonaws.com` */
const AFTER_REGION = /^(.+)-[0-9a-f]{16}\.elb\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;

/** The name of the balancer, in small letters, whose own name in DNS this is; `undefined` of any other. */
export const balancerNameIn = (dnsName: string): string | undefined => {
  const name = dnsName.toLowerCase().replace(/\.$/, '');
  return (BEFORE_REGION.exec(name) ?? AFTER_REGION.exec(name))?.[1];
};

/** The name of the balancer whose interface describes itself so: `ELB app/web/0a1b`, of a Classic one `ELB web`. */
export const balancerNameOfInterface = (description: string): string | undefined =>
  /^ELB (?:(?:app|net)\/)?([A-Za-z0-9-]+)(?:\/[0-9a-f]+)?$/.exec(description)?.[1]?.toLowerCase();
