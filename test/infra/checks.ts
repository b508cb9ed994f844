import type { Json, Resource, Template } from '../support/template.ts';
import { ACCOUNT, arn, at, listOf, ofType } from '../support/template.ts';

/** A question about a resolved template: what is wrong with it, one sentence each; nothing is wrong when empty. */
export type Check = (template: Template) => readonly string[];

const arnOfRule = (id: string, { Properties }: Resource): string => {
  const bus = at(Properties, 'EventBusName');
  return arn('events', `rule/${typeof bus === 'string' && bus !== 'default' ? `${bus}/` : ''}${id}`);
};

const queueArn = ({ Properties }: Resource): string => arn('sqs', String(at(Properties, 'QueueName')));

const queueByArn = (template: Template, queue: Json | undefined): readonly [string, Resource] | undefined =>
  ofType(template, 'AWS::SQS::Queue').find(([, resource]) => queueArn(resource) === queue);

const targetsOf = (rule: Resource): readonly Json[] => listOf(at(rule.Properties, 'Targets'));

const isFifo = (queue: Resource): boolean => at(queue.Properties, 'FifoQueue') === true;

/**
 * AWS services publish on the default bus only; what is on another bus wakes nobody, unless it was forwarded: such a rule
 * says from whose accounts.
 */
export const rulesAreOnTheDefaultBus: Check = (template) =>
  ofType(template, 'AWS::Events::Rule').flatMap(([id, rule]) => {
    if (at(rule.Properties, 'ScheduleExpression') !== undefined) return [];
    const isForwarded = listOf(at(rule.Properties, 'EventPattern', 'account')).length > 0;
    const sources = listOf(at(rule.Properties, 'EventPattern', 'source'));
    const bus = at(rule.Properties, 'EventBusName') ?? 'default';
    if (sources.length === 0) return [`${id} takes events of any source`];
    const fromAws = sources.some((source) => String(source).startsWith('aws.'));
    return fromAws && bus !== 'default' && !isForwarded
      ? [`${id} waits for events of AWS on the bus ${String(bus)}`]
      : [];
  });

/** EventBridge drops what it can't deliver, unless the target has a dead-letter queue (whose policy is checked below). */
export const ruleTargetsKeepWhatFails: Check = (template) =>
  ofType(template, 'AWS::Events::Rule').flatMap(([id, rule]) =>
    targetsOf(rule).flatMap((target) => {
      const queue = queueByArn(template, at(target, 'DeadLetterConfig', 'Arn'));
      const age = Number(at(target, 'RetryPolicy', 'MaximumEventAgeInSeconds'));
      return [
        ...(queue === undefined ? [`${id} has a target without a dead-letter queue`] : []),
        ...(queue !== undefined && isFifo(queue[1])
          ? [`${id} has a FIFO dead-letter queue, which is not supported`]
          : []),
        ...(age >= 60 && age <= 86_400 ? [] : [`${id} has a target without a retry policy`]),
        ...(queueByArn(template, at(target, 'Arn')) === undefined
          ? [`${id} has a target that is none of our queues`]
          : []),
      ];
    }),
  );

const DAY = 86_400;

/** The one source queue whose messages are received more than five times: see infra/reports.yml. */
const RECEIVES: Readonly<Record<string, number>> = { ReportQueue: 1000 };

const isDeadLetterQueue = (template: Template, queue: Resource): boolean =>
  [
    ...ofType(template, 'AWS::SQS::Queue').map(([, { Properties }]) =>
      at(Properties, 'RedrivePolicy', 'deadLetterTargetArn'),
    ),
    ...ofType(template, 'AWS::Events::Rule').flatMap(([, rule]) =>
      targetsOf(rule).map((target) => at(target, 'DeadLetterConfig', 'Arn')),
    ),
  ].includes(queueArn(queue));

const redriveProblems = (template: Template, id: string, queue: Resource): readonly string[] => {
  const dead = queueByArn(template, at(queue.Properties, 'RedrivePolicy', 'deadLetterTargetArn'));
  const receives = at(queue.Properties, 'RedrivePolicy', 'maxReceiveCount');
  if (dead === undefined) return [`${id} has no dead-letter queue`];
  return [
    ...(isFifo(dead[1]) === isFifo(queue) ? [] : [`${id} and its dead-letter queue are of different kinds`]),
    ...(receives === (RECEIVES[id] ?? 5) ? [] : [`${id} is received ${String(receives)} times`]),
  ];
};

/** Retention 4 days, dead letters 14, encrypted, five attempts (design section 5). */
export const queuesAreSet: Check = (template) =>
  ofType(template, 'AWS::SQS::Queue').flatMap(([id, queue]) => {
    const isDead = isDeadLetterQueue(template, queue);
    const retention = at(queue.Properties, 'MessageRetentionPeriod');
    return [
      ...(retention === (isDead ? 14 : 4) * DAY ? [] : [`${id} keeps messages for ${String(retention)} s`]),
      ...(at(queue.Properties, 'SqsManagedSseEnabled') === true ? [] : [`${id} is not encrypted`]),
      ...(isDead ? [] : redriveProblems(template, id, queue)),
    ];
  });

const statementsOf = (template: Template, queueUrl: Json): readonly Json[] =>
  ofType(template, 'AWS::SQS::QueuePolicy')
    .filter(([, { Properties }]) => listOf(at(Properties, 'Queues')).includes(queueUrl))
    .flatMap(([, { Properties }]) => listOf(at(Properties, 'PolicyDocument', 'Statement')));

const sorted = (values: readonly Json[]): string => JSON.stringify([...values].map(String).sort());

/** ARNs of the rules that send to a queue, or leave there what they could not send. */
const rulesInto = (template: Template, queue: Resource): readonly string[] =>
  ofType(template, 'AWS::Events::Rule')
    .filter(([, rule]) =>
      targetsOf(rule).some((target) =>
        [at(target, 'Arn'), at(target, 'DeadLetterConfig', 'Arn')].includes(queueArn(queue)),
      ),
    )
    .map(([id, rule]) => arnOfRule(id, rule));

const allowProblems = (template: Template, id: string, queue: Resource, statement: Json): readonly string[] => {
  const rules = rulesInto(template, queue);
  const condition = at(statement, 'Condition');
  const asItShouldBe =
    sorted(listOf(at(statement, 'Principal', 'Service'))) === sorted(['events.amazonaws.com']) &&
    sorted(listOf(at(statement, 'Action'))) === sorted(['sqs:SendMessage']) &&
    sorted(listOf(at(statement, 'Resource'))) === sorted([queueArn(queue)]) &&
    sorted(listOf(at(condition, 'ArnEquals', 'aws:SourceArn'))) === sorted(rules) &&
    at(condition, 'StringEquals', 'aws:SourceAccount') === ACCOUNT;
  return rules.length > 0 && asItShouldBe ? [] : [`${id} admits others than exactly the rules that send to it`];
};

const deniesPlainText = (queue: Resource, statement: Json): boolean =>
  at(statement, 'Effect') === 'Deny' &&
  at(statement, 'Principal') === '*' &&
  at(statement, 'Action') === 'sqs:*' &&
  at(statement, 'Resource') === queueArn(queue) &&
  at(statement, 'Condition', 'Bool', 'aws:SecureTransport') === 'false';

/** Every queue refuses plain text, and a queue admits exactly the rules that send to it. */
export const queuePoliciesAreExact: Check = (template) =>
  ofType(template, 'AWS::SQS::Queue').flatMap(([id, queue]) => {
    const url = `https://sqs.${arn('sqs', '').split(':')[3]}.amazonaws.com/${ACCOUNT}/${String(at(queue.Properties, 'QueueName'))}`;
    const statements = statementsOf(template, url);
    const allowing = statements.filter((statement) => at(statement, 'Effect') === 'Allow');
    return [
      ...(statements.some((statement) => deniesPlainText(queue, statement)) ? [] : [`${id} takes plain text`]),
      ...(rulesInto(template, queue).length > 0 && allowing.length === 0 ? [`${id} admits none of its rules`] : []),
      ...allowing.flatMap((statement) => allowProblems(template, id, queue, statement)),
    ];
  });

/** Orders come from Slack's entrance alone. */
export const onlyTheEntranceSendsCommands: Check = (template) => {
  const { CommandQueue: queue } = template.Resources;
  if (queue === undefined) return ['There is no command queue'];
  const entrance = { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/ReceiveSlackRole` } };
  const denies = ofType(template, 'AWS::SQS::QueuePolicy')
    .flatMap(([, { Properties }]) => listOf(at(Properties, 'PolicyDocument', 'Statement')))
    .filter((statement) => at(statement, 'Resource') === queueArn(queue))
    .some(
      (statement) =>
        at(statement, 'Effect') === 'Deny' &&
        at(statement, 'Principal') === '*' &&
        at(statement, 'Action') === 'sqs:SendMessage' &&
        JSON.stringify(at(statement, 'Condition')) === JSON.stringify(entrance),
    );
  return denies ? [] : ['CommandQueue lets others send than the entrance'];
};

const functionOf = (template: Template, mapping: Resource): Resource | undefined =>
  ofType(template, 'AWS::Lambda::Function').find(
    ([, { Properties }]) =>
      arn('lambda', `function:${String(at(Properties, 'FunctionName'))}`) === at(mapping.Properties, 'FunctionName'),
  )?.[1];

const mappingProblems = (id: string, mapping: Resource, queue: Resource, woken: Resource): readonly string[] => {
  const { Properties } = mapping;
  const window = Number(at(Properties, 'MaximumBatchingWindowInSeconds') ?? 0);
  const batch = Number(at(Properties, 'BatchSize'));
  const visibility = Number(at(queue.Properties, 'VisibilityTimeout'));
  const needed = 6 * Number(at(woken.Properties, 'Timeout')) + window;
  const concurrency = Number(at(Properties, 'ScalingConfig', 'MaximumConcurrency'));
  return [
    ...(visibility >= needed ? [] : [`${id}: the queue hides messages for ${visibility} s, less than ${needed}`]),
    ...(sorted(listOf(at(Properties, 'FunctionResponseTypes'))) === sorted(['ReportBatchItemFailures'])
      ? []
      : [`${id}: one failure fails the batch`]),
    ...(isFifo(queue) && (window > 0 || batch > 10)
      ? [`${id}: a FIFO queue takes no window and at most 10 messages`]
      : []),
    ...(!isFifo(queue) && batch > 10 && window < 1 ? [`${id}: more than 10 messages need a window`] : []),
    ...(concurrency >= 2 && concurrency <= 5 ? [] : [`${id}: concurrency is not held down`]),
  ];
};

const PERMITTED = ['Action', 'Principal', 'FunctionUrlAuthType', 'InvokedViaFunctionUrl', 'SourceArn'] as const;

/** Who may call a function, and how, one text each. */
const permissionsOn = (template: Template, { Properties }: Resource): readonly string[] =>
  ofType(template, 'AWS::Lambda::Permission')
    .filter(
      ([, permission]) =>
        at(permission.Properties, 'FunctionName') ===
        arn('lambda', `function:${String(at(Properties, 'FunctionName'))}`),
    )
    .map(([, permission]) => PERMITTED.map((name) => String(at(permission.Properties, name) ?? '-')).join(' '));

/** Since October 2025 a Function URL asks for both. @see Lambda developer guide, "Control access to Lambda function URLs" */
const FOR_A_FUNCTION_URL = ['lambda:InvokeFunctionUrl * NONE - -', 'lambda:InvokeFunction * - true -'];

/** What the resources around a function of this kind need: the permissions asked for, none missing and none more. */
const entrancePermissions = (template: Template): readonly string[] => {
  const urls = ofType(template, 'AWS::Lambda::Url').length;
  const routes = ofType(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
    const [method = '', path = ''] = String(at(Properties, 'RouteKey')).split(' ');
    return `lambda:InvokeFunction apigateway.amazonaws.com - - ${arn('execute-api', `${String(at(Properties, 'ApiId'))}/*/${method}${path}`)}`;
  });
  return [...(urls > 0 ? FOR_A_FUNCTION_URL : []), ...routes];
};

/** The one entrance: to receive-slack, open to what comes through it, and bounded in what it may take from the account. */
export const entranceIsSet: Check = (template) => {
  const { ReceiveDashslackLambdaFunction: entrance } = template.Resources;
  if (entrance === undefined) return ['There is no entrance'];
  const wanted = entrancePermissions(template);
  const granted = permissionsOn(template, entrance);
  const url = ofType(template, 'AWS::Lambda::Url');
  const all = ofType(template, 'AWS::Lambda::Permission');
  return [
    ...wanted
      .filter((permission) => !granted.includes(permission))
      .map((permission) => `The entrance lacks ${permission}`),
    ...granted
      .filter((permission) => !wanted.includes(permission))
      .map((permission) => `The entrance admits ${permission}`),
    ...(all.length === granted.length ? [] : ['A function besides the entrance can be called from outside']),
    ...(url.every(([, { Properties }]) => at(Properties, 'AuthType') === 'NONE') ? [] : ['Slack cannot sign for IAM']),
    ...(wanted.length === 0 ? ['Nothing leads to the entrance'] : []),
    ...(at(template.Outputs['EntranceUrl'] as Json | undefined, 'Value') === undefined
      ? ['Nobody learns the address of the entrance']
      : []),
  ];
};

const wokenByHttp = (template: Template, resource: Resource): boolean =>
  resource === template.Resources['ReceiveDashslackLambdaFunction'];

/** Visibility ≥ 6 × time-out + window, failures by message, bounded concurrency; every function but the entrance is woken by a queue of ours. */
export const mappingsAreSet: Check = (template) => {
  const mappings = ofType(template, 'AWS::Lambda::EventSourceMapping');
  const woken = mappings.map(([, mapping]) => functionOf(template, mapping));
  return [
    ...mappings.flatMap(([id, mapping]) => {
      const queue = queueByArn(template, at(mapping.Properties, 'EventSourceArn'));
      const target = functionOf(template, mapping);
      if (queue === undefined || target === undefined) return [`${id} joins no queue of ours to a function of ours`];
      return mappingProblems(id, mapping, queue[1], target);
    }),
    ...ofType(template, 'AWS::Lambda::Function')
      .filter(([, resource]) => !woken.includes(resource) && !wokenByHttp(template, resource))
      .map(([id]) => `${id} is woken by nothing`),
  ];
};

const hasLogGroup = (template: Template, name: string): boolean =>
  ofType(template, 'AWS::Logs::LogGroup').some(
    ([, { Properties }]) =>
      at(Properties, 'LogGroupName') === `/aws/lambda/${name}` && Number(at(Properties, 'RetentionInDays')) > 0,
  );

/** Runtime, processor, a log that is kept for a time, and an environment that holds settings and no secrets. */
export const functionsAreSet: Check = (template) =>
  ofType(template, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) => {
    const variables = Object.keys(Object(at(Properties, 'Environment', 'Variables')));
    const strange = variables
      .filter((name) => name !== 'AWS_SDK_UA_APP_ID')
      .filter((name) => !name.startsWith('USHER_') || /WEBHOOK|TOKEN|SIGNING|PASSWORD/.test(name));
    return [
      ...(at(Properties, 'Runtime') === 'nodejs24.x' ? [] : [`${id} runs on ${String(at(Properties, 'Runtime'))}`]),
      ...(sorted(listOf(at(Properties, 'Architectures'))) === sorted(['arm64']) ? [] : [`${id} is not on arm64`]),
      ...(hasLogGroup(template, String(at(Properties, 'FunctionName'))) ? [] : [`${id} has no log with an end`]),
      ...strange.map((name) => `${id} has ${name} in its environment`),
    ];
  });

const alarmsOn = (template: Template, metric: string, dimension: string, value: string): readonly Resource[] =>
  ofType(template, 'AWS::CloudWatch::Alarm')
    .map(([, alarm]) => alarm)
    .filter(({ Properties }) => {
      const [only, ...more] = listOf(at(Properties, 'Dimensions'));
      return (
        at(Properties, 'MetricName') === metric &&
        more.length === 0 &&
        at(only, 'Name') === dimension &&
        at(only, 'Value') === value
      );
    });

const tellsTheTopic = (template: Template, { Properties }: Resource): boolean => {
  const topics = ofType(template, 'AWS::SNS::Topic').map(([, topic]) =>
    arn('sns', String(at(topic.Properties, 'TopicName'))),
  );
  const actions = listOf(at(Properties, 'AlarmActions'));
  return actions.length > 0 && actions.every((action) => topics.includes(String(action)));
};

/** One dead letter alarms, and so do errors, throttles and old messages; by a topic, never by Slack. */
export const alarmsAreThere: Check = (template) => {
  const queues = ofType(template, 'AWS::SQS::Queue').map(([, queue]) => queue);
  const wanted = [
    ...queues
      .filter((queue) => isDeadLetterQueue(template, queue))
      .map(
        (queue) => ['ApproximateNumberOfMessagesVisible', 'QueueName', at(queue.Properties, 'QueueName'), 0] as const,
      ),
    ...ofType(template, 'AWS::Lambda::EventSourceMapping')
      .map(([, mapping]) => queueByArn(template, at(mapping.Properties, 'EventSourceArn'))?.[1])
      .map(
        (queue) => ['ApproximateAgeOfOldestMessage', 'QueueName', at(queue?.Properties, 'QueueName'), 1800] as const,
      ),
    ...ofType(template, 'AWS::Lambda::Function').flatMap(([, { Properties }]) =>
      (['Errors', 'Throttles'] as const).map(
        (metric) => [metric, 'FunctionName', at(Properties, 'FunctionName'), 2] as const,
      ),
    ),
  ];
  return wanted
    .filter(([metric, dimension, name, threshold]) =>
      alarmsOn(template, metric, dimension, String(name)).every(
        (alarm) => at(alarm.Properties, 'Threshold') !== threshold || !tellsTheTopic(template, alarm),
      ),
    )
    .map(([metric, , name]) => `Nobody is told about ${metric} of ${String(name)}`);
};

/** The one table, as design section 6 needs it. */
export const tableIsSafe: Check = (template) =>
  ofType(template, 'AWS::DynamoDB::Table').flatMap(([id, { Properties, DeletionPolicy }]) => [
    ...(DeletionPolicy === 'Retain' ? [] : [`${id} goes with the stack`]),
    ...(at(Properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled') === true
      ? []
      : [`${id} can't be restored`]),
    ...(at(Properties, 'SSESpecification', 'SSEEnabled') === true
      ? []
      : [`${id} is not encrypted by a key of the account`]),
    ...(at(Properties, 'BillingMode') === 'PAY_PER_REQUEST' ? [] : [`${id} has a capacity to run out of`]),
    ...(at(Properties, 'TimeToLiveSpecification', 'AttributeName') === 'ttl' ? [] : [`${id} never tidies up`]),
    ...(sorted(listOf(at(Properties, 'KeySchema')).map((key) => at(key, 'AttributeName') ?? '')) ===
    sorted(['pk', 'sk'])
      ? []
      : [`${id} has other keys than pk and sk`]),
  ]);

export const ALL_CHECKS: readonly Check[] = [
  rulesAreOnTheDefaultBus,
  ruleTargetsKeepWhatFails,
  queuesAreSet,
  queuePoliciesAreExact,
  onlyTheEntranceSendsCommands,
  entranceIsSet,
  mappingsAreSet,
  functionsAreSet,
  alarmsAreThere,
  tableIsSafe,
];
