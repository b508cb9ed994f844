import * as z from 'zod/mini';
import type { ChangedBy, RecentChange, Touched, TouchedKind } from '../../domain/recent-change.ts';
import { isTargetGroupArn } from '../arn.ts';
import type { ArrivedEvent, EventParser } from '../arrived-event.ts';
import { ignored } from '../arrived-event.ts';
import { arrival, envelope } from '../envelope.ts';
import { complain, objectOf, optionalAccount, optionalInstant, optionalText, requiredText } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

/** Somebody changed something that decides whether a balancer reaches its targets, or who its targets are. */
export interface ApiCalled extends ArrivedEvent {
  readonly kind: 'api-called';
  readonly change: RecentChange;
}

/** Calls that change what Usher looks at, by the service that CloudTrail names. */
const CALLS = {
  'ec2.amazonaws.com': new Set([
    'AuthorizeSecurityGroupIngress',
    'AuthorizeSecurityGroupEgress',
    'RevokeSecurityGroupIngress',
    'RevokeSecurityGroupEgress',
    'ModifySecurityGroupRules',
    'CreateNetworkAclEntry',
    'ReplaceNetworkAclEntry',
    'DeleteNetworkAclEntry',
    'ReplaceNetworkAclAssociation',
    'CreateRoute',
    'ReplaceRoute',
    'DeleteRoute',
    'AssociateRouteTable',
    'DisassociateRouteTable',
    'ReplaceRouteTableAssociation',
    'ModifyNetworkInterfaceAttribute',
    'ModifyInstanceAttribute',
  ]),
  'elasticloadbalancing.amazonaws.com': new Set([
    'RegisterTargets',
    'DeregisterTargets',
    'RegisterInstancesWithLoadBalancer',
    'DeregisterInstancesFromLoadBalancer',
    'CreateListener',
    'ModifyListener',
    'DeleteListener',
    'CreateRule',
    'ModifyRule',
    'DeleteRule',
    'SetSecurityGroups',
    'ApplySecurityGroupsToLoadBalancer',
    'SetSubnets',
    'ModifyTargetGroup',
    'ConfigureHealthCheck',
  ]),
} as const;

/**
 * The calls that the rule on the bus lets through, for holding infra/sweep.yml to it.
 * @internal
 */
export const CALLED_NAMES: readonly string[] = Object.values(CALLS).flatMap((names) => [...names]);

type EventSource = keyof typeof CALLS;

const isOurs = (source: string): source is EventSource => Object.hasOwn(CALLS, source);

/**
 * Ids by their form. Where in a record they stand differs from call to call, and for some calls no sample is published;
 * what stands there is the same everywhere.
 */
const FORMS: readonly { readonly kind: TouchedKind; readonly form: RegExp }[] = [
  { kind: 'security-group', form: /^sg-[0-9a-f]{8,17}$/ },
  { kind: 'security-group-rule', form: /^sgr-[0-9a-f]{8,17}$/ },
  { kind: 'network-acl', form: /^acl-[0-9a-f]{8,17}$/ },
  { kind: 'route-table', form: /^rtb-[0-9a-f]{8,17}$/ },
  { kind: 'subnet', form: /^subnet-[0-9a-f]{8,17}$/ },
  { kind: 'instance', form: /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/ },
  { kind: 'network-interface', form: /^eni-[0-9a-f]{8,17}$/ },
  { kind: 'listener', form: /^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener(?:-rule)?\/\S{1,300}$/ },
  {
    kind: 'load-balancer',
    form: /^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/(?:app|net|gwy|gateway)\/\S{1,200}$/,
  },
];

/** Classic balancers are called by name, in a field of that name. */
const CLASSIC_NAME = /^[A-Za-z0-9-]{1,32}$/;

const touchedBy = (key: string, text: string): readonly Touched[] => {
  if (isTargetGroupArn(text)) return [{ kind: 'target-group', id: text }];
  if (key === 'loadBalancerName' && CLASSIC_NAME.test(text)) return [{ kind: 'classic-load-balancer', id: text }];
  return FORMS.filter(({ form }) => form.test(text)).map(({ kind }) => ({ kind, id: text }));
};

/** As deep as the parameters of a call go; and so many that all are one write of the table, the changed thing first. */
const DEEPEST = 12;
const MOST_TOUCHED = 90;

/** Everything named anywhere in a part of the record. */
const named = (value: unknown, key = '', depth = 0): readonly Touched[] => {
  if (typeof value === 'string') return touchedBy(key, value.trim());
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((item) => named(item, key, depth + 1));
  return Object.entries(value).flatMap(([field, item]) => named(item, field, depth + 1));
};

const eachOnce = (touched: readonly Touched[]): readonly Touched[] =>
  [...new Map(touched.map((one) => [`${one.kind}|${one.id}`, one])).values()].slice(0, MOST_TOUCHED);

const identity = objectOf({
  type: optionalText,
  arn: optionalText,
  accountId: z.catch(optionalAccount, undefined),
  userName: optionalText,
  invokedBy: optionalText,
  sessionContext: z.catch(
    z.optional(objectOf({ sessionIssuer: z.optional(objectOf({ userName: optionalText })) })),
    undefined,
  ),
});

const LONGEST_NAME = 128;

/** An assumed role's ARN ends in the role and the session; the session is the person, as most people set it up. */
const nameOf = ({ type, arn, userName, invokedBy }: z.output<typeof identity>): string => {
  const session = type === 'AssumedRole' ? arn?.split('/').at(-1) : undefined;
  return (session || userName || (type === 'Root' ? 'root' : undefined) || invokedBy || arn || 'unknown').slice(
    0,
    LONGEST_NAME,
  );
};

/** What the terminal calls itself (cli/run.ts), as the SDK puts it into its user agent. @see AWS SDKs reference guide, "Application ID" */
const TERMINAL = 'usher-terminal';

/** @see CloudTrail user guide, "CloudTrail record contents": `sessionCredentialFromConsole`, `userAgent`, `invokedBy` */
const viaOf = (
  invokedBy: string | undefined,
  fromConsole: string | undefined,
  userAgent: string | undefined,
): ChangedBy['via'] => {
  const agent = `${invokedBy ?? ''} ${userAgent ?? ''}`.toLowerCase();
  if (agent.includes(`app/${TERMINAL}`)) return 'usher';
  if (agent.includes('cloudformation.amazonaws.com')) return 'cloudformation';
  if (fromConsole?.toLowerCase() === 'true' || agent.includes('console.amazonaws.com')) return 'console';
  if (agent.includes('terraform')) return 'terraform';
  if (invokedBy !== undefined || /(?:^|\s)\S+\.amazonaws\.com$/.test(agent)) return 'service';
  return agent.includes('aws-cli/') ? 'cli' : undefined;
};

const flag = z.pipe(
  z.optional(z.unknown()),
  z.transform((value): string | undefined =>
    typeof value === 'boolean' ? String(value) : typeof value === 'string' ? value : undefined,
  ),
);

const record = objectOf({
  eventSource: requiredText('expected the service that was called'),
  eventName: requiredText('expected the name of the call'),
  eventID: optionalText,
  eventTime: optionalInstant,
  errorCode: optionalText,
  readOnly: flag,
  sessionCredentialFromConsole: flag,
  userAgent: optionalText,
  userIdentity: z.catch(z.optional(identity), undefined),
  requestParameters: z.optional(z.unknown()),
  responseElements: z.optional(z.unknown()),
});

const schema = z.pipe(
  envelope(record),
  z.transform((event, complaints) => {
    const { detail } = event;
    const source = detail.eventSource.toLowerCase();
    const call = `${source}: ${detail.eventName}`;
    if (!isOurs(source) || !CALLS[source].has(detail.eventName)) return ignored('CallNotOurs', call);
    if (detail.errorCode !== undefined) return ignored('CallFailed', `${call}: ${detail.errorCode}`);
    const eventId = detail.eventID ?? event.id;
    if (eventId === undefined) return complain(complaints, 'expected the id of the record', ['detail', 'eventID']);
    const at = detail.eventTime ?? event.time;
    if (at === undefined) return complain(complaints, 'expected when the call was made', ['detail', 'eventTime']);
    const who = detail.userIdentity;
    return {
      kind: 'api-called',
      ...arrival(event, complaints),
      change: {
        eventId,
        at,
        service: source === 'ec2.amazonaws.com' ? 'ec2' : 'elasticloadbalancing',
        action: detail.eventName,
        by: {
          name: who === undefined ? 'unknown' : nameOf(who),
          roleName: who?.sessionContext?.sessionIssuer?.userName,
          account: who?.accountId,
          via: viaOf(who?.invokedBy, detail.sessionCredentialFromConsole, detail.userAgent),
        },
        touched: eachOnce([...named(detail.requestParameters), ...named(detail.responseElements)]),
      },
    } as const;
  }),
);

const parse = (raw: unknown): ApiCalled | ReturnType<typeof ignored> => parseWith(schema, raw);

const DETAIL_TYPE = 'AWS API Call via CloudTrail';

/**
 * Comes only where a trail of the account records management events; best effort. A call that failed, or that changes
 * nothing we look at, is ignored.
 * @see Amazon EventBridge user guide, "AWS service events delivered via AWS CloudTrail"
 * (eventbridge/latest/userguide/eb-service-event-cloudtrail.html)
 */
export const ec2Call: EventParser<ApiCalled> = { source: 'aws.ec2', detailType: DETAIL_TYPE, parse };

export const loadBalancingCall: EventParser<ApiCalled> = {
  source: 'aws.elasticloadbalancing',
  detailType: DETAIL_TYPE,
  parse,
};
