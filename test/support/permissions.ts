import type { Simulation } from '@cloud-copilot/iam-simulate';
import { isWildcardOnlyAction, runSimulation } from '@cloud-copilot/iam-simulate';
import type { Json, Resource, Template } from './template.ts';
import { ACCOUNT, arn, at, listOf, ofType, REGION } from './template.ts';

/** One question to IAM: may this be done to that, under these circumstances? */
export interface IamRequest {
  /** `ec2:AuthorizeSecurityGroupIngress` */
  readonly action: string;
  /** An ARN, or `*` for actions that know no resource. */
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

const functionResource = (template: Template, functionName: string): Resource => {
  const found = ofType(template, 'AWS::Lambda::Function').find(([, { Properties }]) =>
    String(at(Properties, 'FunctionName')).endsWith(`-${functionName}`),
  );
  if (found === undefined) throw new Error(`The template has no function ${functionName}`);
  return found[1];
};

/** Names of all functions of a resolved template, without service and stage. */
export const functionNames = (template: Template): readonly string[] =>
  ofType(template, 'AWS::Lambda::Function')
    .map(([, { Properties }]) => String(at(Properties, 'FunctionName')).replace(/^usher-[a-z0-9]+-/, ''))
    .sort();

/** The stage a resolved template was compiled for. */
const stageOf = (template: Template, functionName: string): string =>
  String(at(functionResource(template, functionName).Properties, 'Environment', 'Variables', 'USHER_STAGE'));

/** The logical id and the role of a function. */
export const roleOf = (template: Template, functionName: string): readonly [string, Resource] => {
  const role = at(functionResource(template, functionName).Properties, 'Role');
  const found = ofType(template, 'AWS::IAM::Role').find(([id]) => `arn:aws:iam::${ACCOUNT}:role/${id}` === role);
  if (found === undefined) throw new Error(`The role of ${functionName} is not in the template`);
  return found;
};

const policiesOf = (role: Resource): readonly Json[] =>
  listOf(at(role.Properties, 'Policies')).map((policy) => at(policy, 'PolicyDocument') ?? null);

/** Statements of a role's policies. */
export const statementsOf = (role: Resource): readonly Json[] =>
  policiesOf(role).flatMap((policy) => listOf(at(policy, 'Statement')));

/** Every action that a role grants, once. */
export const grantedActions = (role: Resource): readonly string[] =>
  [...new Set(statementsOf(role).flatMap((statement) => listOf(at(statement, 'Action')).map(String)))].sort();

/** A key's default policy: it leaves to IAM who may use the key. Without one, no role may use it. */
const KEY_POLICY: Json = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

/** The resource's own policy, where it has one that matters: a queue's, as the template says, or a key's. */
const resourcePolicy = (template: Template, resource: string): Json | undefined => {
  if (resource.startsWith(arn('kms', 'key/'))) return KEY_POLICY;
  return ofType(template, 'AWS::SQS::QueuePolicy')
    .map(([, { Properties }]) => at(Properties, 'PolicyDocument'))
    .find((policy) => listOf(at(policy, 'Statement')).some((statement) => at(statement, 'Resource') === resource));
};

/**
 * The simulator drops keys whose variable part follows a colon. They are judged under the name of another key that holds
 * a text, in the policy and in the request alike.
 */
const ENCRYPTION_CONTEXT = /kms:EncryptionContext:(?=\w)/g;

const spelt = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value).replace(ENCRYPTION_CONTEXT, 'aws:PrincipalTag/EncryptionContext-')) as T;

const contextOf = ({ action, context }: IamRequest): Record<string, string | string[]> => {
  const region = action.startsWith('ec2:') ? { 'ec2:Region': REGION } : {};
  const entries = Object.entries({ 'aws:SecureTransport': 'true', ...region, ...context });
  return Object.fromEntries(entries.map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]));
};

const simulationOf = (template: Template, functionName: string, request: IamRequest): Simulation => {
  const [roleId, role] = roleOf(template, functionName);
  const policy = resourcePolicy(template, request.resource);
  return {
    request: {
      action: request.action,
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleId}/${functionName}`,
      resource: { resource: request.resource, accountId: ACCOUNT },
      // AWS's value for a role's session is the role. @see IAM user guide, "AWS global condition context keys"
      contextVariables: { ...contextOf(request), 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/${roleId}` },
    },
    identityPolicies: policiesOf(role).map((document, index) => ({ name: `${roleId}-${index}`, policy: document })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(policy === undefined ? {} : { resourcePolicy: policy }),
  };
};

/**
 * Whether the role of a function may do it, the resource's own policy considered.
 * @throws {Error} on an action, resource or context key that AWS's Service Authorization Reference doesn't know together
 */
export const isAllowed = async (template: Template, functionName: string, request: IamRequest): Promise<boolean> => {
  const answer = await runSimulation(spelt(simulationOf(template, functionName, request)), {});
  if (answer.resultType !== 'single') {
    const why = answer.resultType === 'error' ? JSON.stringify(answer.errors) : 'name one resource';
    throw new Error(`${request.action} on ${request.resource}: ${why}`);
  }
  const strange = answer.result.ignoredContextKeys ?? [];
  if (strange.length > 0) throw new Error(`${request.action} on ${request.resource} has no key ${strange.join(', ')}`);
  return answer.overallResult === 'Allowed';
};

const sentence = ({ action, resource, context }: IamRequest): string =>
  `${action} on ${resource}${context === undefined ? '' : ` with ${JSON.stringify(context)}`}`;

/** The requests that the role of a function refuses. */
export const refused = async (
  template: Template,
  functionName: string,
  requests: readonly IamRequest[],
): Promise<readonly string[]> => {
  const answers = await Promise.all(requests.map((request) => isAllowed(template, functionName, request)));
  return requests.filter((_, index) => answers[index] === false).map(sentence);
};

/** Actions that a role grants and none of the requests asks for. */
export const unused = (
  template: Template,
  functionName: string,
  requests: readonly IamRequest[],
): readonly string[] => {
  const asked = new Set(requests.map(({ action }) => action));
  return grantedActions(roleOf(template, functionName)[1]).filter((action) => !asked.has(action));
};

const trustProblems = (id: string, role: Resource): readonly string[] => {
  const statements = listOf(at(role.Properties, 'AssumeRolePolicyDocument', 'Statement'));
  const onlyLambda =
    statements.length === 1 &&
    JSON.stringify(at(statements[0] ?? null, 'Principal')) === '{"Service":"lambda.amazonaws.com"}' &&
    at(statements[0] ?? null, 'Action') === 'sts:AssumeRole';
  return onlyLambda ? [] : [`${id} can be assumed by others than Lambda`];
};

/**
 * Granted on everything though narrower grants exist: composite alarms are shown only to whoever may see all alarms, and AWS's
 * own metrics are asked for without a dataset.
 * @see CloudWatch API reference, `DescribeAlarms`; Service Authorization Reference, CloudWatch, ListMetrics
 */
const NEEDED_ON_EVERYTHING: ReadonlySet<string> = new Set(['cloudwatch:DescribeAlarms', 'cloudwatch:ListMetrics']);

const statementProblems = async (id: string, statement: Json): Promise<readonly string[]> => {
  const actions = listOf(at(statement, 'Action')).map(String);
  const name = `${id}.${String(at(statement, 'Sid'))}`;
  const broad = actions.filter((action) => action.includes('*')).map((action) => `${name} grants ${action}`);
  if (at(statement, 'NotAction') !== undefined || at(statement, 'NotResource') !== undefined) {
    return [...broad, `${name} grants all but something`];
  }
  if (!listOf(at(statement, 'Resource')).includes('*')) return broad;
  const narrower = await Promise.all(
    actions
      .filter((action) => !action.includes('*') && !NEEDED_ON_EVERYTHING.has(action))
      .map(async (action) => {
        const [service = '', verb = ''] = action.split(':');
        return (await isWildcardOnlyAction(service, verb)) ? [] : [`${name} grants ${action} on everything`];
      }),
  );
  return [...broad, ...narrower.flat()];
};

/**
 * What is too broad in the roles: a role that two functions share, that others than Lambda may assume, that holds managed
 * policies; an action with a wildcard; `*` for an action that AWS lets us narrow (Service Authorization Reference).
 */
export const broadRoles = async (template: Template): Promise<readonly string[]> => {
  const roles = ofType(template, 'AWS::IAM::Role');
  const worn = ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) => at(Properties, 'Role'));
  const perRole = await Promise.all(
    roles.map(async ([id, role]) => {
      const wearers = worn.filter((name) => name === `arn:aws:iam::${ACCOUNT}:role/${id}`).length;
      const statements = await Promise.all(statementsOf(role).map((statement) => statementProblems(id, statement)));
      return [
        ...(wearers === 1 ? [] : [`${id} is the role of ${wearers} functions`]),
        ...(at(role.Properties, 'ManagedPolicyArns') === undefined ? [] : [`${id} holds managed policies`]),
        ...trustProblems(id, role),
        ...statements.flat(),
      ];
    }),
  );
  return perRole.flat();
};

/** A call as the checking proxy saw it (`local/proxy`, `RecordedCall`). */
export interface SeenCall {
  /** `ec2`, `elbv2`, `autoscaling`, `tagging`, or the name a service signs with. */
  readonly service: string;
  readonly action: string;
  /** Flat parameters of the query protocol, or top-level members of a JSON body. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tagSpecifications: readonly {
    readonly resourceType: string;
    readonly tags: Readonly<Record<string, string>>;
  }[];
}

/** What a call doesn't say and IAM looks at all the same. */
export interface SeenWorld {
  readonly vpcIdOf: (securityGroupId: string) => string;
  readonly tagsOf: (groupArn: string) => Readonly<Record<string, string>>;
}

/** Names by which IAM knows the services of the proxy's record. */
const IAM_SERVICE: Readonly<Record<string, string>> = {
  elbv2: 'elasticloadbalancing',
  elb: 'elasticloadbalancing',
  tagging: 'tag',
};

const tagContext = (prefix: string, tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));

/** An authorize call is judged on the group, and with tags also on the rule and as `ec2:CreateTags` on the rule. */
const authorizeRequests = (call: SeenCall, world: SeenWorld): readonly IamRequest[] => {
  const action = `ec2:${call.action}`;
  const { GroupId: groupId = '' } = call.parameters;
  const context = { 'ec2:Vpc': arn('ec2', `vpc/${world.vpcIdOf(groupId)}`) };
  const tagged = call.tagSpecifications.filter(({ resourceType }) => resourceType === 'security-group-rule');
  return [
    { action, resource: arn('ec2', `security-group/${groupId}`), context },
    ...tagged.flatMap(({ tags }) => {
      const asked = { ...tagContext('aws:RequestTag', tags), 'aws:TagKeys': Object.keys(tags) };
      const resource = arn('ec2', 'security-group-rule/sgr-0a1b2c3d4e5f67890');
      return [
        { action, resource, context: asked },
        { action: 'ec2:CreateTags', resource, context: { ...asked, 'ec2:CreateAction': call.action } },
      ];
    }),
  ];
};

const targetRequests = (call: SeenCall, world: SeenWorld): readonly IamRequest[] => {
  const { TargetGroupArn: resource = '' } = call.parameters;
  const context = tagContext('aws:ResourceTag', world.tagsOf(resource));
  return [{ action: `elasticloadbalancing:${call.action}`, resource, context }];
};

/** A Classic balancer is named in the call, and by its ARN in policies. */
const classicRequests = (call: SeenCall, world: SeenWorld): readonly IamRequest[] => {
  const resource = arn('elasticloadbalancing', `loadbalancer/${call.parameters['LoadBalancerName'] ?? ''}`);
  const context = tagContext('aws:ResourceTag', world.tagsOf(resource));
  return [{ action: `elasticloadbalancing:${call.action}`, resource, context }];
};

/** CloudFront is global: its ARNs have no Region. */
const distributionRequests = ({ action, parameters: { DistributionId = '' } }: SeenCall): readonly IamRequest[] => [
  { action: `cloudfront:${action}`, resource: `arn:aws:cloudfront::${ACCOUNT}:distribution/${DistributionId}` },
];

const certificateRequests = ({ action, parameters: { CertificateArn = '' } }: SeenCall): readonly IamRequest[] => [
  { action: `acm:${action}`, resource: CertificateArn },
];

/** Calls of Route 53 are known by method and path. @see Route 53 API reference */
const HOSTED_ZONE_CALLS: readonly (readonly [pattern: RegExp, action: string])[] = [
  [/^GET \/2013-04-01\/hostedzone\/(\w+)$/, 'GetHostedZone'],
  [/^GET \/2013-04-01\/hostedzone\/(\w+)\/rrset$/, 'ListResourceRecordSets'],
];

const hostedZoneRequests = ({ service, action }: SeenCall): readonly IamRequest[] | undefined => {
  if (service !== 'route53') return undefined;
  if (action === 'GET /2013-04-01/hostedzonesbyname')
    return [{ action: 'route53:ListHostedZonesByName', resource: '*' }];
  const found = HOSTED_ZONE_CALLS.flatMap(([pattern, name]) => {
    const [, zone] = pattern.exec(action) ?? [];
    return zone === undefined ? [] : [{ action: `route53:${name}`, resource: `arn:aws:route53:::hostedzone/${zone}` }];
  });
  return found.length === 0 ? undefined : found;
};

/** Tags put on something that is there already: ours go on security group rules only. */
const tagRequests = ({ action, parameters }: SeenCall): readonly IamRequest[] => {
  const { 'ResourceId.1': id = '', 'Tag.1.Key': key = '', 'Tag.1.Value': value = '' } = parameters;
  const context = { [`aws:RequestTag/${key}`]: value, 'aws:TagKeys': [key] };
  return [{ action: `ec2:${action}`, resource: arn('ec2', `security-group-rule/${id}`), context }];
};

const special: Readonly<Record<string, (call: SeenCall, world: SeenWorld) => readonly IamRequest[]>> = {
  'ec2:AuthorizeSecurityGroupIngress': authorizeRequests,
  'ec2:AuthorizeSecurityGroupEgress': authorizeRequests,
  'ec2:CreateTags': tagRequests,
  'ec2:GetManagedPrefixListEntries': ({ action, parameters: { PrefixListId = '' } }) => [
    { action: `ec2:${action}`, resource: arn('ec2', `prefix-list/${PrefixListId}`) },
  ],
  'acm:DescribeCertificate': certificateRequests,
  'acm:ListTagsForCertificate': certificateRequests,
  'cloudfront:CreateInvalidation': distributionRequests,
  'cloudfront:GetDistribution': distributionRequests,
  'cloudfront:GetInvalidation': distributionRequests,
  'elb:RegisterInstancesWithLoadBalancer': classicRequests,
  'elb:DeregisterInstancesFromLoadBalancer': classicRequests,
  'elbv2:RegisterTargets': targetRequests,
  'elbv2:DeregisterTargets': targetRequests,
};

/** What IAM is asked when such a call is made, the implied actions included. */
export const requestsOfCall = async (call: SeenCall, world: SeenWorld): Promise<readonly IamRequest[]> => {
  const known = special[`${call.service}:${call.action}`];
  if (known !== undefined) return known(call, world);
  const aboutZones = hostedZoneRequests(call);
  if (aboutZones !== undefined) return aboutZones;
  const service = IAM_SERVICE[call.service] ?? call.service;
  if (await isWildcardOnlyAction(service, call.action)) return [{ action: `${service}:${call.action}`, resource: '*' }];
  throw new Error(`${service}:${call.action} is about a resource: say in test/support/permissions.ts which`);
};

/**
 * Holds recorded calls against the role of the function that made them. Calls of one function only: filter first.
 * @throws {Error} naming every call that IAM would refuse
 */
export const assertCallsAllowed = async (
  template: Template,
  functionName: string,
  calls: readonly SeenCall[],
  world: SeenWorld,
): Promise<void> => {
  const requests = (await Promise.all(calls.map((call) => requestsOfCall(call, world)))).flat();
  const distinct = [...new Map(requests.map((request) => [sentence(request), request])).values()];
  const problems = await refused(template, functionName, distinct);
  if (problems.length > 0) {
    throw new Error(
      `The role of ${functionName} (${stageOf(template, functionName)}) refuses:\n${problems.join('\n')}`,
    );
  }
};
