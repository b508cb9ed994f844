import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeTargetGroupAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { callAws } from '../call-aws.ts';

type Attribute = { readonly Key?: string | undefined; readonly Value?: string | undefined };

export const byKey = (attributes: readonly Attribute[] | undefined): ReadonlyMap<string, string> =>
  new Map((attributes ?? []).flatMap(({ Key, Value }) => (Key && Value ? [[Key, Value] as const] : [])));

export const truth = (value: string | undefined): boolean | undefined =>
  value === 'true' ? true : value === 'false' ? false : undefined;

/** Groups of Network Load Balancers alone have it. @see ELBv2 API reference, `TargetGroupAttribute` */
export const PRESERVES_CLIENT_ADDRESSES = 'preserve_client_ip.enabled';

/** @throws {AwsCallError} also when the group is gone */
export const readTargetGroupAttributes = async (
  client: ElasticLoadBalancingV2Client,
  TargetGroupArn: string,
): Promise<ReadonlyMap<string, string>> => {
  const answer = await callAws({ service: 'ELBv2', action: 'DescribeTargetGroupAttributes' }, () =>
    client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn })),
  );
  return byKey(answer.Attributes);
};
