/** An Amazon Resource Name, taken apart. @see IAM user guide, "Identify AWS resources with ARNs" */
export interface Arn {
  readonly text: string;
  readonly service: string;
  readonly region: string | undefined;
  readonly account: string | undefined;
  /** `instance` of `instance/i-…`, `autoscalinggroup` of `autoScalingGroup:…`; lower case. */
  readonly resourceType: string;
  /** What follows the type and its `/` or `:`. */
  readonly resourceId: string;
}

const ACCOUNT = /^\d{12}$/;
/** `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`. */
const REGION = /^[a-z]+(?:-[a-z]+)+-\d+$/;
const RESOURCE = /^([^/:]+)[/:](.+)$/s;

export const isAccount = (text: string): boolean => ACCOUNT.test(text);
export const isRegion = (text: string): boolean => REGION.test(text);

/** `undefined` for a text that is no ARN, or names no resource within a type (as an S3 bucket's does). */
export const parseArn = (text: string): Arn | undefined => {
  const [scheme, , service = '', region = '', account = '', ...rest] = text.trim().split(':');
  const [, resourceType, resourceId] = RESOURCE.exec(rest.join(':')) ?? [];
  if (scheme?.toLowerCase() !== 'arn' || resourceType === undefined || resourceId === undefined) return undefined;
  const regionName = region.toLowerCase();
  return {
    text: text.trim(),
    service: service.toLowerCase(),
    region: isRegion(regionName) ? regionName : undefined,
    account: isAccount(account) ? account : undefined,
    resourceType: resourceType.toLowerCase(),
    resourceId,
  };
};

const TARGET_GROUP_ARN =
  /^arn:[a-z-]+:elasticloadbalancing:[a-z]+(?:-[a-z]+)+-\d+:\d{12}:(?:targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]+|loadbalancer\/[A-Za-z0-9-]{1,32})$/;

/**
 * Whether a text is the ARN of a target group, or of a Classic balancer, which is its own; the newer balancers' go on with
 * `app/`, `net/` or `gwy/`. Names hold letters, digits and hyphens, 32 at most. VPC Lattice has target groups too, of
 * another service.
 * @see ELBv2 API reference, `CreateTargetGroup`, and EC2 Auto Scaling API reference, `TrafficSourceIdentifier`
 */
export const isTargetGroupArn = (text: string): boolean => TARGET_GROUP_ARN.test(text);

const CERTIFICATE_ARN = /^arn:[a-z-]+:acm:[a-z]+(?:-[a-z]+)+-\d+:\d{12}:certificate\/[A-Za-z0-9-]{1,64}$/;

/** @see ACM API reference, `CertificateDetail.CertificateArn`; ids are UUIDs, of which AWS promises no form */
export const isCertificateArn = (text: string): boolean => CERTIFICATE_ARN.test(text);
