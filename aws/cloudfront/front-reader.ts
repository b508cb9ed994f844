import type {
  CacheBehavior,
  CloudFrontClient,
  DefaultCacheBehavior,
  Origin as Given,
} from '@aws-sdk/client-cloudfront';
import { GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import type { Behaviour, Front, Origin } from '../../domain/front-door/walk.ts';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { FrontReader } from './front-port.ts';

const CALL: AwsCall = { service: 'CloudFront', action: 'GetDistribution' };

/** AWS's own policies, by whether the visitor's `Host` is among what they send. @see CloudFront developer guide, managed policies */
const FORWARDS_HOST: ReadonlyMap<string | undefined, boolean> = new Map([
  [undefined, false],
  ['216adef6-5c7f-47e4-b989-5492eafa07d3', true], // AllViewer
  ['33f36d7e-f396-46d9-90e0-52428a34d9dc', true], // AllViewerAndCloudFrontHeaders-2022-06
  ['b689b0a8-53d0-40ab-baf2-68738e2966ac', false], // AllViewerExceptHostHeader
  ['88a5eaf4-2fd4-4709-b370-b4c650ea3fcf', false], // CORS-S3Origin
  ['59781a5b-3903-41f3-afcb-af62929ccde1', false], // CORS-CustomOrigin
  ['acba4595-bd28-49b8-b9fe-13317c0390fa', false], // UserAgentRefererHeaders
]);

/** What is part of the cache key is sent too. */
const KEYS_WITH_HOST: ReadonlyMap<string | undefined, boolean> = new Map([
  [undefined, false],
  ['4135ea2d-6df8-44a3-9df3-4b5a84be39ad', false], // CachingDisabled
  ['658327ea-f89d-4fab-a63d-7e88639e58f6', false], // CachingOptimized
  ['b2884449-e4de-46a7-ac36-70bc7f1ddd6d', false], // CachingOptimizedForUncompressedObjects
  ['2e54312d-136d-493c-8eb9-b001f22f67d2', true], // Amplify
]);

const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const KNOWN_TO_CACHE: ReadonlySet<string> = new Set([
  '658327ea-f89d-4fab-a63d-7e88639e58f6',
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
  '2e54312d-136d-493c-8eb9-b001f22f67d2',
]);

type Set = CacheBehavior | DefaultCacheBehavior;

/** Policies, or what was there before them: a list of headers in the behaviour itself. */
const forwardsHost = ({ ForwardedValues, OriginRequestPolicyId, CachePolicyId }: Set): boolean | undefined => {
  if (ForwardedValues !== undefined && CachePolicyId === undefined)
    return (ForwardedValues.Headers?.Items ?? []).some((name) => name === '*' || name.toLowerCase() === 'host');
  const sent = [FORWARDS_HOST.get(OriginRequestPolicyId || undefined), KEYS_WITH_HOST.get(CachePolicyId || undefined)];
  if (sent.includes(true)) return true;
  return sent.includes(undefined) ? undefined : false;
};

const caches = ({ CachePolicyId, MaxTTL, ForwardedValues }: Set): boolean | undefined => {
  if (!CachePolicyId) return ForwardedValues === undefined ? undefined : MaxTTL !== 0;
  if (CachePolicyId === CACHING_DISABLED) return false;
  return KNOWN_TO_CACHE.has(CachePolicyId) ? true : undefined;
};

const PROTOCOLS: readonly Behaviour['visitorProtocol'][] = ['allow-all', 'https-only', 'redirect-to-https'];

const toBehaviour = (behaviour: Set, pathPattern: string): Behaviour => ({
  pathPattern,
  visitorProtocol: PROTOCOLS.find((known) => known === behaviour.ViewerProtocolPolicy) ?? 'allow-all',
  caches: caches(behaviour),
  forwardsHost: forwardsHost(behaviour),
  originId: given(CALL, 'TargetOriginId', behaviour.TargetOriginId),
});

const HTTP_PORT = 80;
const HTTPS_PORT = 443;

const protocolOf = (written: string | undefined): Origin['protocol'] =>
  written === 'http-only' || written === 'https-only' ? written : 'match-viewer';

const toOrigin = ({ Id, DomainName, CustomOriginConfig, VpcOriginConfig }: Given): Origin => ({
  id: given(CALL, 'Id', Id),
  domainName: given(CALL, 'DomainName', DomainName).toLowerCase(),
  // An origin of a bucket's website endpoint is a custom one.
  kind: VpcOriginConfig !== undefined ? 'vpc' : CustomOriginConfig !== undefined ? 'custom' : 's3',
  protocol: protocolOf(CustomOriginConfig?.OriginProtocolPolicy),
  httpPort: CustomOriginConfig?.HTTPPort ?? HTTP_PORT,
  httpsPort: CustomOriginConfig?.HTTPSPort ?? HTTPS_PORT,
});

/** Distributions as they answer their visitors. */
export const frontReader = (client: CloudFrontClient): FrontReader => ({
  async readFront(Id): Promise<Front | undefined> {
    try {
      const answer = await callAws(CALL, () => client.send(new GetDistributionCommand({ Id })));
      const distribution = given(CALL, 'Distribution', answer.Distribution);
      const config = given(CALL, 'DistributionConfig', distribution.DistributionConfig);
      const others = config.CacheBehaviors?.Items ?? [];
      return {
        distributionId: given(CALL, 'Id', distribution.Id),
        domainName: given(CALL, 'DomainName', distribution.DomainName),
        aliases: config.Aliases?.Items ?? [],
        isEnabled: config.Enabled !== false,
        isDeployed: distribution.Status === 'Deployed',
        behaviours: [
          ...others.map((behaviour) => toBehaviour(behaviour, given(CALL, 'PathPattern', behaviour.PathPattern))),
          toBehaviour(given(CALL, 'DefaultCacheBehavior', config.DefaultCacheBehavior), '*'),
        ],
        origins: (config.Origins?.Items ?? []).map(toOrigin),
      };
    } catch (error) {
      if (error instanceof AwsCallError && error.meaning === 'not-found') return undefined;
      throw error;
    }
  },
});
