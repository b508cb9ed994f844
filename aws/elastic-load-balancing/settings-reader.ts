import type { Action, ElasticLoadBalancingV2Client, Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeRulesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Attributes } from '../../domain/diagnosis/evidence.ts';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { isNotFound } from '../existing.ts';
import { readPages } from '../pages.ts';
import { byKey, PRESERVES_CLIENT_ADDRESSES, readTargetGroupAttributes, truth } from './attributes.ts';
import type { BalancerSettingsReader, ReadListener } from './settings-port.ts';

const elb = (action: string): AwsCall => ({ service: 'ELBv2', action });

/** What went between two reads has nothing; every other failure is thrown. */
const unlessGone = async <Answer>(read: () => Promise<Answer>, gone: Answer): Promise<Answer> => {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) return gone;
    throw error;
  }
};

/** Groups that actions forward to, each once: one in short, several with weights. A weight of 0 sends nobody there. */
const forwardedTo = (actions: readonly Action[]): readonly string[] => [
  ...new Set(
    actions.flatMap(({ TargetGroupArn, ForwardConfig }) => {
      const weighted = ForwardConfig?.TargetGroups ?? [];
      return weighted.length === 0
        ? (TargetGroupArn ?? [])
        : weighted.flatMap((group) => (group.Weight === 0 ? [] : (group.TargetGroupArn ?? [])));
    }),
  ),
];

const hostsOf = ({ Conditions = [] }: Rule): readonly string[] =>
  Conditions.filter(({ Field }) => Field === 'host-header').flatMap(
    ({ HostHeaderConfig, Values }) => HostHeaderConfig?.Values ?? Values ?? [],
  );

/** Application balancers alone have rules besides the default action. */
const hasRules = ({ Protocol }: Listener): boolean => Protocol === 'HTTP' || Protocol === 'HTTPS';

const readRules = (client: ElasticLoadBalancingV2Client, listener: Listener): Promise<readonly Rule[]> => {
  if (!hasRules(listener)) return Promise.resolve([]);
  const call = elb('DescribeRules');
  const ListenerArn = given(call, 'ListenerArn', listener.ListenerArn);
  return unlessGone(async () => {
    const pages = await readPages(
      call,
      (Marker) => client.send(new DescribeRulesCommand({ ListenerArn, Marker })),
      ({ NextMarker }) => NextMarker,
    );
    return pages.flatMap(({ Rules }) => given(call, 'Rules', Rules));
  }, []);
};

const readListeners = (client: ElasticLoadBalancingV2Client): BalancerSettingsReader['readListeners'] => {
  const call = elb('DescribeListeners');
  return async (LoadBalancerArn) => {
    const pages = await unlessGone(
      () =>
        readPages(
          call,
          (Marker) => client.send(new DescribeListenersCommand({ LoadBalancerArn, Marker })),
          ({ NextMarker }) => NextMarker,
        ),
      [],
    );
    const listeners = pages.flatMap(({ Listeners }) => given(call, 'Listeners', Listeners));
    return Promise.all(
      listeners.map(async (listener): Promise<ReadListener> => {
        const rules = await readRules(client, listener);
        return {
          // A Gateway Load Balancer's listener has neither: it takes every packet.
          protocol: listener.Protocol ?? 'GENEVE',
          port: listener.Port ?? 0,
          targetGroupArns: forwardedTo([
            ...(listener.DefaultActions ?? []),
            ...rules.flatMap(({ Actions }) => Actions ?? []),
          ]),
          hosts: [...new Set(rules.flatMap(hostsOf))],
        };
      }),
    );
  };
};

const seconds = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;

const NONE: ReadonlyMap<string, string> = new Map();

/** @see ELBv2 API reference, `TargetGroupAttribute` and `LoadBalancerAttribute`; a group may say to do as its balancer does */
const toAttributes = (group: ReadonlyMap<string, string>, balancer: ReadonlyMap<string, string>): Attributes => ({
  crossZone:
    truth(group.get('load_balancing.cross_zone.enabled')) ?? truth(balancer.get('load_balancing.cross_zone.enabled')),
  slowStartSeconds: seconds(group.get('slow_start.duration_seconds')),
  preservesClientAddresses: truth(group.get(PRESERVES_CLIENT_ADDRESSES)),
  idleTimeoutSeconds: seconds(balancer.get('idle_timeout.timeout_seconds')),
});

const readAttributes =
  (client: ElasticLoadBalancingV2Client): BalancerSettingsReader['readAttributes'] =>
  async (TargetGroupArn, LoadBalancerArn) => {
    const [group, balancer] = await Promise.all([
      TargetGroupArn === undefined ? NONE : unlessGone(() => readTargetGroupAttributes(client, TargetGroupArn), NONE),
      LoadBalancerArn === undefined
        ? NONE
        : unlessGone(async () => {
            const call = elb('DescribeLoadBalancerAttributes');
            const ask = () => client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
            return byKey((await callAws(call, ask)).Attributes);
          }, NONE),
    ]);
    return toAttributes(group, balancer);
  };

/** Reads how target groups and their balancers are set up, from ELBv2. */
export const balancerSettingsReader = (client: ElasticLoadBalancingV2Client): BalancerSettingsReader => ({
  readListeners: readListeners(client),
  readAttributes: readAttributes(client),
});
