import * as z from 'zod/mini';
import { isTargetGroupArn } from '../arn.ts';
import type { ArrivedEvent, EventParser } from '../arrived-event.ts';
import { ignored } from '../arrived-event.ts';
import { arrival, envelope, sightedInstance } from '../envelope.ts';
import { complain, objectOf, optionalText, tagKeys } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

interface TagsChanged extends ArrivedEvent {
  /** Added, changed or removed, exactly as written; empty when the event doesn't say, and then any may have changed. */
  readonly changedTagKeys: readonly string[];
}

export interface InstanceTagsChanged extends TagsChanged {
  readonly kind: 'instance-tags-changed';
  readonly instanceId: string;
}

export interface TargetGroupTagsChanged extends TagsChanged {
  readonly kind: 'target-group-tags-changed';
  readonly targetGroupArn: string;
}

const schema = z.pipe(
  envelope(objectOf({ service: optionalText, 'resource-type': optionalText, 'changed-tag-keys': tagKeys })),
  z.transform((event, complaints) => {
    const { detail, resources } = event;
    const service = detail.service?.toLowerCase() ?? resources[0]?.service;
    const resourceType = detail['resource-type']?.toLowerCase() ?? resources[0]?.resourceType;
    const changedTagKeys = detail['changed-tag-keys'];
    switch (`${service}/${resourceType}`) {
      case 'ec2/instance': {
        const instanceId = sightedInstance(event, undefined, ['resources'], complaints);
        return { kind: 'instance-tags-changed', ...arrival(event, complaints), instanceId, changedTagKeys } as const;
      }
      case 'elasticloadbalancing/targetgroup': {
        const groups = new Set(resources.map(({ text }) => text).filter(isTargetGroupArn));
        const [targetGroupArn, another] = groups;
        if (targetGroupArn === undefined || another !== undefined) {
          return complain(complaints, 'expected the ARN of one target group', ['resources']);
        }
        return {
          kind: 'target-group-tags-changed',
          ...arrival(event, complaints),
          targetGroupArn,
          changedTagKeys,
        } as const;
      }
      default:
        return ignored('TaggedResourceNotOurs', `${service ?? 'no service'}/${resourceType ?? 'no resource type'}`);
    }
  }),
);

/**
 * Sent for taggable resources of every service; best effort. The tags themselves are not taken from the event: they are
 * read afresh.
 * @see Tagging AWS Resources user guide, "Monitor tag changes with serverless workflows and Amazon EventBridge"
 * (tag-editor/latest/userguide/tag-monitor.html)
 */
export const tagChange: EventParser<InstanceTagsChanged | TargetGroupTagsChanged> = {
  source: 'aws.tag',
  detailType: 'Tag Change on Resource',
  parse: (raw) => parseWith(schema, raw),
};
