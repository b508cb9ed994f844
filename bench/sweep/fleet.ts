import type { Answer, Call } from '../../local/proxy/protocol.ts';
import { answerTo, filtersOf, jsonAnswer, values } from '../../local/proxy/protocol.ts';
import type { XmlElement } from '../../local/proxy/xml.ts';
import { xml } from '../../local/proxy/xml.ts';

export const INSTANCES = 10_000;
export const GROUPS = 300;
const BALANCERS = 30;
export const INSTANCES_PER_PAGE = 500;
const TAGGED_PER_PAGE = 100;
const ALARMS_PER_PAGE = 100;

const REGION = 'ap-northeast-1';
const ACCOUNT = '123456789012';
const VPC = 'vpc-0aa1bb2cc3dd4ee55';
const ZONES = ['a', 'c'] as const;

const hex = (number: number): string => number.toString(16).padStart(17, '0');
const instanceId = (index: number): string => `i-${hex(index)}`;
const indexOf = (id: string): number => Number.parseInt(id.replace(/^[a-z]+-/, ''), 16);
const subnetId = (zone: number): string => `subnet-${hex(zone)}`;
const webGroupId = (group: number): string => `sg-${hex(group)}`;
const balancerGroupId = (balancer: number): string => `sg-${hex(1_000 + balancer)}`;
const arn = (rest: string): string => `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${rest}`;
const groupArn = (group: number): string => arn(`targetgroup/group-${group}/${group.toString(16).padStart(16, '0')}`);
const balancerArn = (balancer: number): string =>
  arn(`loadbalancer/app/alb-${balancer}/${balancer.toString(16).padStart(16, '0')}`);
const groupOf = (index: number): number => index % GROUPS;
const balancerOf = (group: number): number => group % BALANCERS;
const numberIn = (text: string): number => Number.parseInt(text.split('/').at(-1) ?? '', 16);

type Answering = (call: Call) => Answer;

const items = (name: string, entries: readonly (readonly XmlElement[])[]): XmlElement =>
  xml(name, ...entries.map((entry) => xml('item', ...entry)));
const members = (name: string, entries: readonly (readonly XmlElement[])[]): XmlElement =>
  xml(name, ...entries.map((entry) => xml('member', ...entry)));
const range = <T>(from: number, to: number, of: (index: number) => T): readonly T[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => of(from + index));

/** As much of an instance as AWS tells of an ordinary one: some kilobytes each. */
const instance = (index: number): readonly XmlElement[] => {
  const zone = index % ZONES.length;
  const group = groupOf(index);
  const address = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  return [
    xml('instanceId', instanceId(index)),
    xml('imageId', 'ami-0aa1bb2cc3dd4ee55'),
    xml('instanceState', xml('code', '16'), xml('name', 'running')),
    xml('privateDnsName', `ip-${address.replaceAll('.', '-')}.${REGION}.compute.internal`),
    xml('instanceType', 't4g.medium'),
    xml('launchTime', '2026-11-21T05:00:00.000Z'),
    xml('placement', xml('availabilityZone', `${REGION}${ZONES[zone]}`), xml('tenancy', 'default')),
    xml('monitoring', xml('state', 'disabled')),
    xml('subnetId', subnetId(zone)),
    xml('vpcId', VPC),
    xml('privateIpAddress', address),
    items('groupSet', [[xml('groupId', webGroupId(group)), xml('groupName', `web-${group}`)]]),
    xml('architecture', 'arm64'),
    xml('rootDeviceType', 'ebs'),
    items('tagSet', [
      [xml('key', 'Name'), xml('value', `server-${index}`)],
      [xml('key', 'Role'), xml('value', `group-${group}`)],
      [xml('key', 'Env'), xml('value', 'prod')],
      [xml('key', 'CostCenter'), xml('value', '12345')],
    ]),
    items('networkInterfaceSet', [
      [
        xml('networkInterfaceId', `eni-${hex(index)}`),
        xml('subnetId', subnetId(zone)),
        xml('vpcId', VPC),
        xml('status', 'in-use'),
        items('groupSet', [[xml('groupId', webGroupId(group)), xml('groupName', `web-${group}`)]]),
        xml('attachment', xml('deviceIndex', '0'), xml('networkCardIndex', '0'), xml('status', 'attached')),
        items('privateIpAddressesSet', [[xml('privateIpAddress', address), xml('primary', 'true')]]),
      ],
    ]),
  ];
};

const reservation = (index: number): readonly XmlElement[] => [
  xml('reservationId', `r-${hex(index)}`),
  items('instancesSet', [instance(index)]),
];

const instances: Answering = (call) => {
  const asked = filtersOf(call.parameters).get('instance-id');
  if (asked !== undefined) return answerTo(call, items('reservationSet', asked.map(indexOf).map(reservation)));
  const from = Number(call.parameters.get('NextToken') ?? '0');
  const to = Math.min(INSTANCES, from + INSTANCES_PER_PAGE);
  const next = to < INSTANCES ? xml('nextToken', String(to)) : undefined;
  return answerTo(call, items('reservationSet', range(from, to, reservation)), ...(next ? [next] : []));
};

const everythingOut = (groupId: string): readonly XmlElement[] => [
  xml('securityGroupRuleId', `sgr-out-${groupId.slice(3)}`),
  xml('groupId', groupId),
  xml('isEgress', 'true'),
  xml('ipProtocol', '-1'),
  xml('fromPort', '-1'),
  xml('toPort', '-1'),
  xml('cidrIpv4', '0.0.0.0/0'),
];

const fromBalancer = (group: number): readonly XmlElement[] => [
  xml('securityGroupRuleId', `sgr-in-${group}`),
  xml('groupId', webGroupId(group)),
  xml('isEgress', 'false'),
  xml('ipProtocol', 'tcp'),
  xml('fromPort', '8080'),
  xml('toPort', '8080'),
  xml('referencedGroupInfo', xml('groupId', balancerGroupId(balancerOf(group))), xml('userId', ACCOUNT)),
  items('tagSet', [[xml('key', 'usher:owner'), xml('value', 'bench')]]),
];

const rules: Answering = (call) => {
  const asked = filtersOf(call.parameters).get('group-id');
  const all =
    asked === undefined
      ? range(0, GROUPS, fromBalancer)
      : asked.flatMap((groupId) => {
          const number = indexOf(groupId);
          return [everythingOut(groupId), ...(number < GROUPS ? [fromBalancer(number)] : [])];
        });
  return answerTo(call, items('securityGroupRuleSet', all));
};

const acls: Answering = (call) =>
  answerTo(
    call,
    items('networkAclSet', [
      [
        xml('networkAclId', 'acl-0aa1bb2cc3dd4ee55'),
        items(
          'entrySet',
          [true, false].map((egress) => [
            xml('ruleNumber', '100'),
            xml('protocol', '-1'),
            xml('ruleAction', 'allow'),
            xml('egress', String(egress)),
            xml('cidrBlock', '0.0.0.0/0'),
          ]),
        ),
        items(
          'associationSet',
          ZONES.map((_, zone) => [xml('subnetId', subnetId(zone))]),
        ),
      ],
    ]),
  );

/** One table for the whole VPC: what is inside it, and the internet. */
const routeTables: Answering = (call) =>
  answerTo(
    call,
    items('routeTableSet', [
      [
        xml('routeTableId', 'rtb-0aa1bb2cc3dd4ee55'),
        xml('vpcId', VPC),
        items('routeSet', [
          [xml('destinationCidrBlock', '10.0.0.0/8'), xml('gatewayId', 'local'), xml('state', 'active')],
          [xml('destinationCidrBlock', '0.0.0.0/0'), xml('gatewayId', 'igw-0aa1bb2cc3dd4ee55'), xml('state', 'active')],
        ]),
        items('associationSet', [[xml('main', 'true'), xml('associationState', xml('state', 'associated'))]]),
      ],
    ]),
  );

const targetGroup = (group: number): readonly XmlElement[] => [
  xml('TargetGroupArn', groupArn(group)),
  xml('TargetGroupName', `group-${group}`),
  xml('Protocol', 'HTTP'),
  xml('Port', '8080'),
  xml('VpcId', VPC),
  xml('HealthCheckProtocol', 'HTTP'),
  xml('HealthCheckPort', 'traffic-port'),
  xml('HealthCheckEnabled', 'true'),
  xml('HealthCheckIntervalSeconds', '30'),
  xml('HealthCheckTimeoutSeconds', '5'),
  xml('HealthyThresholdCount', '5'),
  xml('UnhealthyThresholdCount', '2'),
  xml('HealthCheckPath', '/'),
  xml('LoadBalancerArns', xml('member', balancerArn(balancerOf(group)))),
  xml('TargetType', 'instance'),
  xml('IpAddressType', 'ipv4'),
];

const targetGroups: Answering = (call) => {
  const asked = values(call.parameters, 'TargetGroupArns.member').map(numberIn);
  return answerTo(
    call,
    members('TargetGroups', (asked.length > 0 ? asked : range(0, GROUPS, (n) => n)).map(targetGroup)),
  );
};

const tags: Answering = (call) =>
  answerTo(
    call,
    members(
      'TagDescriptions',
      values(call.parameters, 'ResourceArns.member').map((resource) => [
        xml('ResourceArn', resource),
        members('Tags', [[xml('Key', 'usher:selector'), xml('Value', `Role=group-${numberIn(resource)}`)]]),
      ]),
    ),
  );

const balancer = (number: number): readonly XmlElement[] => [
  xml('LoadBalancerArn', balancerArn(number)),
  xml('LoadBalancerName', `alb-${number}`),
  xml('Scheme', 'internet-facing'),
  xml('VpcId', VPC),
  xml('Type', 'application'),
  members(
    'AvailabilityZones',
    ZONES.map((zone, index) => [xml('ZoneName', `${REGION}${zone}`), xml('SubnetId', subnetId(index))]),
  ),
  xml('SecurityGroups', xml('member', balancerGroupId(number))),
  xml('IpAddressType', 'ipv4'),
];

const balancers: Answering = (call) => {
  const asked = values(call.parameters, 'LoadBalancerArns.member').map(numberIn);
  return answerTo(
    call,
    members('LoadBalancers', (asked.length > 0 ? asked : range(0, BALANCERS, (n) => n)).map(balancer)),
  );
};

const health: Answering = (call) => {
  const group = numberIn(call.parameters.get('TargetGroupArn') ?? '');
  const own = range(0, Math.ceil((INSTANCES - group) / GROUPS), (index) => group + index * GROUPS);
  return answerTo(
    call,
    members(
      'TargetHealthDescriptions',
      own.map((index) => [
        xml('Target', xml('Id', instanceId(index)), xml('Port', '8080')),
        xml('HealthCheckPort', '8080'),
        xml('TargetHealth', xml('State', 'healthy')),
      ]),
    ),
  );
};

const tagged: Answering = (call) => {
  const from = Number(call.parameters.get('PaginationToken') ?? '0');
  const to = Math.min(GROUPS, from + TAGGED_PER_PAGE);
  return jsonAnswer({
    PaginationToken: to < GROUPS ? String(to) : '',
    ResourceTagMappingList: range(from, to, (group) => ({
      ResourceARN: groupArn(group),
      Tags: [{ Key: 'usher:selector', Value: `Role=group-${group}` }],
    })),
  });
};

const securityGroups: Answering = (call) =>
  answerTo(
    call,
    items(
      'securityGroupInfo',
      (filtersOf(call.parameters).get('group-id') ?? []).map((groupId) => [
        xml('groupId', groupId),
        xml('groupName', groupId),
        xml('vpcId', VPC),
      ]),
    ),
  );

/** One on each group's unhealthy targets, so that none is missing. */
const alarms: Answering = (call) => {
  const from = Number(call.parameters.get('NextToken') ?? '0');
  const to = Math.min(GROUPS, from + ALARMS_PER_PAGE);
  const nameIn = (arn: string, before: string): string => arn.slice(arn.indexOf(before));
  return jsonAnswer({
    ...(to < GROUPS ? { NextToken: String(to) } : {}),
    MetricAlarms: range(from, to, (group) => ({
      AlarmName: `group-${group}-unhealthy`,
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'UnHealthyHostCount',
      Dimensions: [
        { Name: 'TargetGroup', Value: nameIn(groupArn(group), 'targetgroup/') },
        { Name: 'LoadBalancer', Value: nameIn(balancerArn(balancerOf(group)), 'app/') },
      ],
      Statistic: 'Minimum',
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    })),
  });
};

/** Answers by `service:Action` of a fleet in order: everybody registered, every path open. */
export const FLEET_ANSWERS: Readonly<Record<string, Answering>> = {
  'ec2:DescribeInstances': instances,
  'ec2:DescribeSecurityGroupRules': rules,
  'ec2:DescribeNetworkAcls': acls,
  'ec2:DescribeRouteTables': routeTables,
  'ec2:DescribeSecurityGroups': securityGroups,
  'monitoring:DescribeAlarms': alarms,
  'elbv2:DescribeTargetGroups': targetGroups,
  'elbv2:DescribeTags': tags,
  'elbv2:DescribeLoadBalancers': balancers,
  'elbv2:DescribeTargetHealth': health,
  'elb:DescribeLoadBalancers': (call) => answerTo(call, xml('LoadBalancerDescriptions')),
  'tagging:GetResources': tagged,
};

export const FLEET_REGION = REGION;
export const FLEET_ACCOUNT = ACCOUNT;
