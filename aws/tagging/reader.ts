import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { classicNameOf } from '../../domain/classic-load-balancer.ts';
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

/**
 * Target groups, and Classic balancers: their type is the newer balancers' without its ending, which may or may not bring
 * those along. @see Resource Groups and Tagging guide, "Supported resources"
 */
const TYPES = ['elasticloadbalancing:targetgroup', 'elasticloadbalancing:loadbalancer'];

/** Whether instances can sit there: the newer balancers have target groups for it. */
const holdsTargets = ({ arn }: TaggedTargetGroup): boolean =>
  arn.includes(':targetgroup/') || classicNameOf(arn) !== undefined;

/** Finds tagged target groups and Classic balancers; may still list one for a while after it was deleted. */
export const taggingReader = (client: ResourceGroupsTaggingAPIClient): TaggingReader => ({
  async readTargetGroups(which) {
    const query = {
      ResourcesPerPage,
      ResourceTypeFilters: TYPES,
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
      .filter((tagged) => isTagged(tagged) && holdsTargets(tagged));
  },
});
