import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { taggingReader } from '../../../aws/tagging/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const tagging = mockClient(ResourceGroupsTaggingAPIClient);
beforeEach(() => {
  tagging.reset();
});

const reader = taggingReader(new ResourceGroupsTaggingAPIClient({ region: 'ap-northeast-1' }));

const ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web/0123456789abcdef';
const WEB = {
  ResourceARN: ARN,
  Tags: [
    { Key: 'usher:selector', Value: 'Role=web' },
    { Key: 'Empty', Value: '' },
  ],
};

test('Given groups with a selector, when they are read, then AWS is asked for that tag on target groups and balancers, 100 a page', async () => {
  tagging.on(GetResourcesCommand).resolves({ ResourceTagMappingList: [WEB], PaginationToken: '' });
  expect(await reader.readTargetGroups('with-selector')).toEqual([
    { arn: ARN, tags: { 'usher:selector': 'Role=web', Empty: '' } },
  ]);
  expect(tagging.calls().map((call) => call.args[0].input)).toEqual([
    {
      ResourcesPerPage: 100,
      ResourceTypeFilters: ['elasticloadbalancing:targetgroup', 'elasticloadbalancing:loadbalancer'],
      TagFilters: [{ Key: 'usher:selector' }],
      PaginationToken: undefined,
    },
  ]);
});

test('Given a group that lost its tags, when all tagged groups are read, then it is left out and no tag is asked for', async () => {
  tagging.on(GetResourcesCommand).resolves({ ResourceTagMappingList: [WEB, { ResourceARN: `${ARN}2`, Tags: [] }] });
  expect((await reader.readTargetGroups('with-any-tag')).map(({ arn }) => arn)).toEqual([ARN]);
  expect(tagging.calls()[0]?.args[0].input).not.toHaveProperty('TagFilters');
});

test('Given tagged balancers of both generations, when groups are read, then the Classic one is, and the ALB, which has groups of its own, is not', async () => {
  const balancer = (name: string) => `arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/${name}`;
  tagging.on(GetResourcesCommand).resolves({
    ResourceTagMappingList: ['old-web', 'app/web-alb/0123456789abcdef'].map((name) => ({
      ...WEB,
      ResourceARN: balancer(name),
    })),
  });
  expect((await reader.readTargetGroups('with-any-tag')).map(({ arn }) => arn)).toEqual([balancer('old-web')]);
});

test('Given two pages, when groups are read, then both are', async () => {
  tagging
    .on(GetResourcesCommand)
    .resolvesOnce({ ResourceTagMappingList: [WEB], PaginationToken: 'page-2' })
    .resolves({ ResourceTagMappingList: [{ ...WEB, ResourceARN: `${ARN}2` }], PaginationToken: '' });
  expect((await reader.readTargetGroups('with-selector')).map(({ arn }) => arn)).toEqual([ARN, `${ARN}2`]);
  expect(tagging.calls()[1]?.args[0].input).toMatchObject({ PaginationToken: 'page-2' });
});

test('Given the second page fails, when groups are read, then it throws and answers no shorter list', async () => {
  tagging
    .on(GetResourcesCommand)
    .resolvesOnce({ ResourceTagMappingList: [WEB], PaginationToken: 'page-2' })
    .rejects(awsRefusal('ThrottledException', 'Rate exceeded'));
  await expect(reader.readTargetGroups('with-selector')).rejects.toMatchObject({
    service: 'Tagging',
    action: 'GetResources',
    meaning: 'throttled',
  });
});

test.each([
  ['no list', {}, 'ResourceTagMappingList'],
  ['no ARN', { ResourceTagMappingList: [{ Tags: WEB.Tags }] }, 'ResourceARN'],
])('Given an answer with %s, then it fails and names it', async (_what, answer, named) => {
  tagging.on(GetResourcesCommand).resolves(answer);
  await expect(reader.readTargetGroups('with-selector')).rejects.toMatchObject({
    code: 'UnexpectedAnswer',
    awsMessage: expect.stringContaining(named),
  });
});
