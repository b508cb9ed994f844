import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { RuleToAdd } from '../../../aws/ec2/port.ts';
import { ec2Writer } from '../../../aws/ec2/writer.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const writer = ec2Writer(new EC2Client({ region: 'ap-northeast-1' }));

const RULE: RuleToAdd = {
  protocol: 'tcp',
  port: 8080,
  peer: { kind: 'security-group', groupId: 'sg-alb' },
  description: 'Usher: web-alb to web',
};
const HEALTH: RuleToAdd = { ...RULE, port: 9090, description: 'Usher: health' };
const CLIENTS: RuleToAdd = {
  ...RULE,
  peer: { kind: 'cidr-ipv4', cidr: '100.68.0.18/18' },
  description: 'Usher: clients',
};
const TAGS = { 'usher:owner': 'prod', 'usher:entry': 'e-1' };
const DUPLICATE = 'the specified rule "peer: sg-alb, TCP, from port: 8080, to port: 8080, ALLOW" already exists';

const WRITTEN = {
  SecurityGroupRuleId: 'sgr-9',
  GroupId: 'sg-web',
  IsEgress: false,
  IpProtocol: 'tcp',
  FromPort: 8080,
  ToPort: 8080,
  ReferencedGroupInfo: { GroupId: 'sg-alb' },
  Tags: [
    { Key: 'usher:owner', Value: 'prod' },
    { Key: 'usher:entry', Value: 'e-1' },
  ],
};
const HEALTH_WRITTEN = { ...WRITTEN, SecurityGroupRuleId: 'sgr-health', FromPort: 9090, ToPort: 9090 };
const { ReferencedGroupInfo: _, ...WITHOUT_SOURCE } = WRITTEN;
/** The CIDR as AWS keeps it: the example of the EC2 API reference, AuthorizeSecurityGroupIngress. */
const CLIENTS_WRITTEN = { ...WITHOUT_SOURCE, SecurityGroupRuleId: 'sgr-clients', CidrIpv4: '100.68.0.0/18' };

const add = (...rules: readonly RuleToAdd[]) => writer.authorizeRules('sg-web', 'ingress', rules, TAGS);
const inputs = () => ec2.calls().map((call) => call.args[0].input);
/** Ports of each call to authorize, in order. */
const asked = () =>
  ec2
    .commandCalls(AuthorizeSecurityGroupIngressCommand)
    .map((call) => call.args[0].input.IpPermissions?.map(({ FromPort }) => FromPort));

describe('adding a rule', () => {
  test('Given room in the group, when a rule is authorized, then exactly one rule is asked for, described and tagged', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).resolves({ Return: true, SecurityGroupRules: [WRITTEN] });
    expect(await add(RULE)).toEqual([{ kind: 'applied', ruleId: 'sgr-9' }]);
    expect(inputs()).toEqual([
      {
        GroupId: 'sg-web',
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 8080,
            ToPort: 8080,
            UserIdGroupPairs: [{ GroupId: 'sg-alb', Description: 'Usher: web-alb to web' }],
          },
        ],
        TagSpecifications: [
          {
            ResourceType: 'security-group-rule',
            Tags: [
              { Key: 'usher:owner', Value: 'prod' },
              { Key: 'usher:entry', Value: 'e-1' },
            ],
          },
        ],
      },
    ]);
  });

  test('Given no rule, when nothing is to be authorized, then nothing is asked', async () => {
    expect(await add()).toEqual([]);
    expect(ec2.calls()).toHaveLength(0);
  });

  test('Given somebody has the rule, when it is authorized, then it is already there, at the cost of one call', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE));
    expect(await add(RULE)).toEqual([{ kind: 'already-there' }]);
    expect(ec2.calls()).toHaveLength(1);
  });

  test('Given the first attempt took effect and its answer was lost, when the second meets a duplicate, then the rule is ours', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE, 2));
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [WRITTEN] });
    expect(await add(RULE)).toEqual([{ kind: 'applied', ruleId: 'sgr-9' }]);
  });

  test.each([
    ['without our tags', { Tags: [] }],
    [
      'with the tags of another entry',
      {
        Tags: [
          { Key: 'usher:owner', Value: 'prod' },
          { Key: 'usher:entry', Value: 'e-0' },
        ],
      },
    ],
    ['on another port', { ToPort: 8090 }],
    ['in the other direction', { IsEgress: true }],
    ['of another source', { ReferencedGroupInfo: { GroupId: 'sg-other' } }],
  ])('Given a duplicate after two attempts is a rule %s, then it is somebody else’s', async (_what, difference) => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE, 2));
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [{ ...WRITTEN, ...difference }] });
    expect(await add(RULE)).toEqual([{ kind: 'already-there' }]);
  });

  test.each(['RulesPerSecurityGroupLimitExceeded', 'InvalidGroup.NotFound', 'InvalidPermission.Malformed', 'Unheard'])(
    'Given AWS refuses the rule with %s, then that is its outcome, in AWS’s own words',
    async (code) => {
      ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal(code, 'words of AWS'));
      expect(await add(RULE)).toEqual([{ kind: 'refused', code, message: 'words of AWS' }]);
    },
  );

  test.each([
    ['UnauthorizedOperation', 'denied'],
    ['RequestLimitExceeded', 'throttled'],
    ['InternalError', 'transient'],
  ])('Given AWS answers %s, which says nothing of rules, then it throws, meaning %s', async (code, meaning) => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal(code, 'words of AWS'));
    await expect(add(RULE, HEALTH)).rejects.toMatchObject({
      action: 'AuthorizeSecurityGroupIngress',
      code,
      meaning,
      awsMessage: 'words of AWS',
      progress: [],
    });
    expect(ec2.calls()).toHaveLength(1);
  });

  const NAMELESS = { Return: true, SecurityGroupRules: [{ ...WRITTEN, SecurityGroupRuleId: '' }] };

  test.each([[{}], [{ SecurityGroupRules: [] }], [{ SecurityGroupRules: [{}] }], [NAMELESS]])(
    'Given the answer %j names no rule, when the group has it with our tags, then that is the one',
    async (answer) => {
      ec2.on(AuthorizeSecurityGroupIngressCommand).resolves(answer);
      ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [HEALTH_WRITTEN, WRITTEN] });
      expect(await add(RULE)).toEqual([{ kind: 'applied', ruleId: 'sgr-9' }]);
    },
  );

  test('Given the answer names another rule, and the group has not ours, then it is refused: without an id it could never be ours', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).resolves({ SecurityGroupRules: [HEALTH_WRITTEN] });
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [HEALTH_WRITTEN] });
    expect(await add(RULE)).toEqual([
      { kind: 'refused', code: 'UnexpectedAnswer', message: 'the answer has no rule for tcp/8080 sg-alb' },
    ]);
  });
});

describe('adding rules together', () => {
  test('Given rules of every kind of source, when egress is authorized, then one call asks for all, each with its own description', async () => {
    const peers = [
      { kind: 'security-group', groupId: 'sg-web' },
      { kind: 'cidr-ipv4', cidr: '10.0.1.7/32' },
      { kind: 'cidr-ipv6', cidr: '2001:db8::7/128' },
      { kind: 'prefix-list', prefixListId: 'pl-1' },
    ] as const;
    const rules = peers.map(
      (peer, index): RuleToAdd => ({ protocol: 'udp', port: 53, peer, description: `d${index}` }),
    );
    const common = { GroupId: 'sg-alb', IsEgress: true, IpProtocol: 'udp', FromPort: 53, ToPort: 53 };
    ec2.on(AuthorizeSecurityGroupEgressCommand).resolves({
      SecurityGroupRules: [
        { ...common, SecurityGroupRuleId: 'sgr-pl', PrefixListId: 'pl-1' },
        { ...common, SecurityGroupRuleId: 'sgr-6', CidrIpv6: '2001:db8::7/128' },
        { ...common, SecurityGroupRuleId: 'sgr-sg', ReferencedGroupInfo: { GroupId: 'sg-web' } },
        { ...common, SecurityGroupRuleId: 'sgr-4', CidrIpv4: '10.0.1.7/32' },
      ],
    });
    expect(await writer.authorizeRules('sg-alb', 'egress', rules, { 'usher:owner': 'prod' })).toEqual([
      { kind: 'applied', ruleId: 'sgr-sg' },
      { kind: 'applied', ruleId: 'sgr-4' },
      { kind: 'applied', ruleId: 'sgr-6' },
      { kind: 'applied', ruleId: 'sgr-pl' },
    ]);
    const ports = { IpProtocol: 'udp', FromPort: 53, ToPort: 53 };
    expect(inputs()).toEqual([
      {
        GroupId: 'sg-alb',
        IpPermissions: [
          { ...ports, UserIdGroupPairs: [{ GroupId: 'sg-web', Description: 'd0' }] },
          { ...ports, IpRanges: [{ CidrIp: '10.0.1.7/32', Description: 'd1' }] },
          { ...ports, Ipv6Ranges: [{ CidrIpv6: '2001:db8::7/128', Description: 'd2' }] },
          { ...ports, PrefixListIds: [{ PrefixListId: 'pl-1', Description: 'd3' }] },
        ],
        TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'usher:owner', Value: 'prod' }] }],
      },
    ]);
  });

  test('Given AWS clears host bits and answers in an order of its own, then each rule gets the id of what it is', async () => {
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .resolves({ SecurityGroupRules: [CLIENTS_WRITTEN, HEALTH_WRITTEN, WRITTEN] });
    expect(await add(RULE, HEALTH, CLIENTS)).toEqual([
      { kind: 'applied', ruleId: 'sgr-9' },
      { kind: 'applied', ruleId: 'sgr-health' },
      { kind: 'applied', ruleId: 'sgr-clients' },
    ]);
    expect(ec2.calls()).toHaveLength(1);
  });

  test('Given an answer that leaves one out, then only that one is looked for', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).resolves({ SecurityGroupRules: [WRITTEN] });
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [WRITTEN, HEALTH_WRITTEN] });
    expect(await add(HEALTH, RULE)).toEqual([
      { kind: 'applied', ruleId: 'sgr-health' },
      { kind: 'applied', ruleId: 'sgr-9' },
    ]);
  });

  test('Given somebody has one of them, when the call is refused, then the group is read once and the others go one a call', async () => {
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .rejectsOnce(awsRefusal('InvalidPermission.Duplicate', DUPLICATE))
      .resolvesOnce({ SecurityGroupRules: [HEALTH_WRITTEN] })
      .resolvesOnce({ SecurityGroupRules: [CLIENTS_WRITTEN] });
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [{ ...WRITTEN, Tags: [] }] });
    expect(await add(HEALTH, RULE, CLIENTS)).toEqual([
      { kind: 'applied', ruleId: 'sgr-health' },
      { kind: 'already-there' },
      { kind: 'applied', ruleId: 'sgr-clients' },
    ]);
    expect(asked()).toEqual([[9090, 8080, 8080], [9090], [8080]]);
    expect(ec2.commandCalls(DescribeSecurityGroupRulesCommand)).toHaveLength(1);
  });

  test('Given AWS wrote the others and refused for one, when the group is looked at, then what it wrote is ours, and nothing is asked again', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE));
    ec2
      .on(DescribeSecurityGroupRulesCommand)
      .resolves({ SecurityGroupRules: [{ ...WRITTEN, Tags: [] }, CLIENTS_WRITTEN, HEALTH_WRITTEN] });
    expect(await add(HEALTH, RULE, CLIENTS)).toEqual([
      { kind: 'applied', ruleId: 'sgr-health' },
      { kind: 'already-there' },
      { kind: 'applied', ruleId: 'sgr-clients' },
    ]);
    expect(asked()).toHaveLength(1);
  });

  test('Given the first look comes too early to see what a refused call wrote, when it is a duplicate, then the second finds it ours', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE));
    ec2
      .on(DescribeSecurityGroupRulesCommand)
      .resolvesOnce({ SecurityGroupRules: [{ ...WRITTEN, Tags: [] }] })
      .resolves({ SecurityGroupRules: [{ ...WRITTEN, Tags: [] }, HEALTH_WRITTEN] });
    expect(await add(HEALTH, RULE)).toEqual([{ kind: 'applied', ruleId: 'sgr-health' }, { kind: 'already-there' }]);
  });

  test('Given room for one only, when the call is refused as full, then the first is in and the second has the refusal', async () => {
    const full = awsRefusal('RulesPerSecurityGroupLimitExceeded', 'words of AWS');
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .rejectsOnce(full)
      .resolvesOnce({ SecurityGroupRules: [WRITTEN] })
      .rejectsOnce(full);
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [] });
    expect(await add(RULE, HEALTH)).toEqual([
      { kind: 'applied', ruleId: 'sgr-9' },
      { kind: 'refused', code: 'RulesPerSecurityGroupLimitExceeded', message: 'words of AWS' },
    ]);
    expect(asked()).toEqual([[8080, 9090], [8080], [9090]]);
  });

  test('Given the same rule twice, when AWS refuses that, then one is ours and the other already there', async () => {
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .rejectsOnce(awsRefusal('InvalidParameterValue', 'The same permission must not appear multiple times'))
      .resolvesOnce({ SecurityGroupRules: [WRITTEN] })
      .rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE));
    ec2
      .on(DescribeSecurityGroupRulesCommand)
      .resolvesOnce({ SecurityGroupRules: [] })
      .resolves({ SecurityGroupRules: [WRITTEN] });
    expect(await add(RULE, RULE)).toEqual([{ kind: 'applied', ruleId: 'sgr-9' }, { kind: 'already-there' }]);
  });

  test('Given AWS is crowded halfway, when the rules go one a call, then it throws with the outcomes known until then', async () => {
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .rejectsOnce(awsRefusal('InvalidGroup.NotFound', 'no such source'))
      .resolvesOnce({ SecurityGroupRules: [WRITTEN] })
      .rejectsOnce(awsRefusal('InvalidGroup.NotFound', 'no such source'))
      .rejects(awsRefusal('RequestLimitExceeded', 'slow down'));
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [] });
    await expect(add(RULE, HEALTH, CLIENTS)).rejects.toMatchObject({
      name: 'InterruptedAuthorization',
      code: 'RequestLimitExceeded',
      meaning: 'throttled',
      progress: [
        { kind: 'applied', ruleId: 'sgr-9' },
        { kind: 'refused', code: 'InvalidGroup.NotFound', message: 'no such source' },
      ],
    });
  });

  test('Given a look that fails, when the call was refused, then it throws: not having looked is not an empty group', async () => {
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(awsRefusal('InvalidPermission.Duplicate', DUPLICATE));
    ec2.on(DescribeSecurityGroupRulesCommand).rejects(awsRefusal('RequestLimitExceeded', 'slow down'));
    await expect(add(RULE, HEALTH)).rejects.toMatchObject({ action: 'DescribeSecurityGroupRules', progress: [] });
    expect(asked()).toHaveLength(1);
  });

  test('Given 1,001 rules, when they are authorized, then 1,000 go in the first call', async () => {
    const rules = Array.from({ length: 1001 }, (_one, port) => ({ ...RULE, port }));
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .callsFake(({ IpPermissions }: { IpPermissions: { FromPort: number }[] }) => ({
        SecurityGroupRules: IpPermissions.map(({ FromPort }) => ({
          ...WRITTEN,
          SecurityGroupRuleId: `sgr-${FromPort}`,
          FromPort,
          ToPort: FromPort,
        })),
      }));
    expect((await add(...rules)).at(-1)).toEqual({ kind: 'applied', ruleId: 'sgr-1000' });
    expect(asked().map((ports) => ports?.length)).toEqual([1000, 1]);
  });
});

describe('removing a rule', () => {
  test('Given an ingress rule, when it is revoked, then it goes by its id', async () => {
    ec2
      .on(RevokeSecurityGroupIngressCommand)
      .resolves({ Return: true, RevokedSecurityGroupRules: [{ SecurityGroupRuleId: 'sgr-1' }] });
    expect(await writer.revokeRule('sg-web', 'ingress', 'sgr-1')).toBe(true);
    expect(ec2.calls().map((call) => call.args[0].input)).toEqual([
      { GroupId: 'sg-web', SecurityGroupRuleIds: ['sgr-1'] },
    ]);
  });

  test('Given an egress rule, when it is revoked, then the egress call is used', async () => {
    ec2.on(RevokeSecurityGroupEgressCommand).resolves({ Return: true });
    expect(await writer.revokeRule('sg-alb', 'egress', 'sgr-2')).toBe(true);
    expect(ec2.commandCalls(RevokeSecurityGroupIngressCommand)).toHaveLength(0);
  });

  test.each(['InvalidSecurityGroupRuleId.NotFound', 'InvalidPermission.NotFound', 'InvalidGroup.NotFound'])(
    'Given AWS answers %s, then the rule was already gone',
    async (code) => {
      ec2.on(RevokeSecurityGroupIngressCommand).rejects(awsRefusal(code, 'does not exist'));
      expect(await writer.revokeRule('sg-web', 'ingress', 'sgr-1')).toBe(false);
    },
  );

  test('Given success that lists unknown permissions, as in a default VPC, then the rule was already gone', async () => {
    ec2.on(RevokeSecurityGroupIngressCommand).resolves({ Return: true, UnknownIpPermissions: [{ IpProtocol: 'tcp' }] });
    expect(await writer.revokeRule('sg-web', 'ingress', 'sgr-1')).toBe(false);
  });

  test('Given AWS denies it, then it throws and nobody takes the rule for gone', async () => {
    ec2.on(RevokeSecurityGroupIngressCommand).rejects(awsRefusal('UnauthorizedOperation', 'not authorized'));
    await expect(writer.revokeRule('sg-web', 'ingress', 'sgr-1')).rejects.toMatchObject({ meaning: 'denied' });
  });
});

describe('Keeping a rule', () => {
  test('Given a rule, when it is to be kept, then our tag is put on it and nothing else', async () => {
    ec2.on(CreateTagsCommand).resolves({});
    expect(await writer.keepRule('sgr-9')).toBe(true);
    expect(ec2.commandCalls(CreateTagsCommand).map(({ args }) => args[0].input)).toEqual([
      { Resources: ['sgr-9'], Tags: [{ Key: 'usher:keep', Value: 'true' }] },
    ]);
  });

  test('Given a rule that is gone, then that is an answer; given a refusal, then it is thrown', async () => {
    ec2.on(CreateTagsCommand).rejects(awsRefusal('InvalidSecurityGroupRuleId.NotFound', 'no such rule'));
    expect(await writer.keepRule('sgr-9')).toBe(false);
    ec2.on(CreateTagsCommand).rejects(awsRefusal('UnauthorizedOperation', 'You are not authorized.'));
    await expect(writer.keepRule('sgr-9')).rejects.toMatchObject({ meaning: 'denied', action: 'CreateTags' });
  });
});
