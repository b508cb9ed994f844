import type { Stage } from './stage.ts';
import type { Tags } from './tags.ts';
import { tagValue, USHER_TAG } from './tags.ts';

/** The Slack destination that hears what names none. */
export const firstDestination = ({ destinations }: Pick<Stage, 'destinations'>): string => destinations[0] ?? 'default';

/** The Slack destination that hears about a resource: the one its tag names, if the stage has it, else the stage's first. */
export const destinationFor = (tags: Tags, stage: Stage): string => {
  const named = tagValue(tags, USHER_TAG.channel)?.trim();
  return stage.destinations.find((destination) => destination === named) ?? firstDestination(stage);
};
