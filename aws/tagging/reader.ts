import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { USHER_TAG } from '../../domain/tags.ts';
import { given, toTags } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { readPages } from '../pages.ts';
import type { TaggedTargetGroup, TaggingReader } from './port.ts';

/** The largest page. @see Resource Groups Tagging API reference, `GetResources` */
const ResourcesPerPage = 100;

const CALL: AwsCall = { service: 'Tagging', action: 'GetResources' };

/** Without a tag filter AWS also lists what once had tags and has none now. */
const isTagged = ({ tags }: TaggedTargetGroup): boolean => Object.keys(tags).length > 0;

/** Finds tagged target groups; may still list a group for a while after it was deleted. */
export const taggingReader = (client: ResourceGroupsTaggingAPIClient): TaggingReader => ({
  async readTargetGroups(which) {
    const query = {
      ResourcesPerPage,
      ResourceTypeFilters: ['elasticloadbalancing:targetgroup'],
      ...(which === 'with-selector' ? { TagFilters: [{ Key: USHER_TAG.selector }] } : {}),
    };
    const pages = await readPages(
      CALL,
      (PaginationToken) => client.send(new GetResourcesCommand({ ...query, PaginationToken })),
      ({ PaginationToken }) => PaginationToken,
    );
    return pages
      .flatMap(({ ResourceTagMappingList }) => given(CALL, 'ResourceTagMappingList', ResourceTagMappingList))
      .map(({ ResourceARN, Tags }) => ({ arn: given(CALL, 'ResourceARN', ResourceARN), tags: toTags(Tags) }))
      .filter(isTagged);
  },
});
